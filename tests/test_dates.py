"""Printed and marked-up dates: the day as printed, no more precise than the text."""

from datetime import date

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.dates import date_in_url, find_date, opening_date, readers_day
from indexer.extract.fields.printed_dates import is_plausible, parse_printed_date
from search.model.article import PrintedDate


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("2022-03-04", None, "2022-03-04"),
        ("2022-03", None, "2022-03"),
        ("1650", None, "1650"),
        ("2022-03-04T10:00", None, "2022-03-04T10:00"),
        ("2022-03-04T10:00:05Z", None, "2022-03-04T10:00:05+00:00"),
        ("2022-03-04T10:00:05.123+0100", None, "2022-03-04T10:00:05+01:00"),
        ("2022-03-04 6:30 PM", None, "2022-03-04T18:30"),
        ("2022/03/04 10:00", None, "2022-03-04T10:00"),
        ("20220304", None, "2022-03-04"),
        ("20220304T101500Z", None, "2022-03-04T10:15:00+00:00"),
        ("Fri, 04 Mar 2022 10:00:00 +0100", None, "2022-03-04T10:00:00+01:00"),
        ("Fri Mar 04 2022 10:00:00 GMT+0100 (CET)", None, "2022-03-04T10:00:00+01:00"),
        ("1646388000", None, "2022-03-04T10:00:00+00:00"),
        ("1646388000000", None, "2022-03-04T10:00:00+00:00"),
    ],
)
def test_machine_dates_are_read_in_all_their_shapes(text: str, language: str | None, iso: str) -> None:
    when = parse_printed_date(text, language)
    assert when is not None
    assert when.iso == iso


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("Tuesday, November 9, 1999", "en", "1999-11-09"),
        ("Nov. 24, 2016, 3:30 p.m. Eastern time", "en", "2016-11-24T15:30-05:00"),
        ("July 4, 2016, 9 a.m. ET", "en", "2016-07-04T09:00-04:00"),
        ("March 9, 2024, 9 a.m. ET", "en", "2024-03-09T09:00-05:00"),
        ("March 10, 2024, 9 a.m. ET", "en", "2024-03-10T09:00-04:00"),
        ("November 2, 2024, 9 a.m. Pacific", "en", "2024-11-02T09:00-07:00"),
        ("November 3, 2024, 9 a.m. Pacific", "en", "2024-11-03T09:00-08:00"),
        ("March 7, 2021, 9 a.m. CT", "en", "2021-03-07T09:00-06:00"),
        ("October 31, 2021, 9 a.m. CT", "en", "2021-10-31T09:00-05:00"),
        ("March 8, 2020, 9 a.m. CT", "en", "2020-03-08T09:00-05:00"),
        ("November 1, 2020, 9 a.m. MT", "en", "2020-11-01T09:00-07:00"),
        ("Updated 9:05 AM EDT, Mon April 29, 2024", "en", "2024-04-29T09:05-04:00"),
        ("1st of May 2020", "en", "2020-05-01"),
        ("March 2022", "en", "2022-03"),
        ("9. November 1999", "de", "1999-11-09"),
        ("Mo., 3. Jänner 2022, 18.30 Uhr", "de", "2022-01-03T18:30"),
        ("10 de marzo de 2022, 18:30 h", "es", "2022-03-10T18:30"),
        ("le 3 mai 2021 à 18h30", "fr", "2021-05-03T18:30"),
        ("25 de abril de 1974 às 10h15", "pt", "1974-04-25T10:15"),
        ("10 gennaio 2022", "it", "2022-01-10"),
        ("3 augustus 2021", "nl", "2021-08-03"),
        ("12. lokakuuta 2024 klo 18.30", "fi", "2024-10-12T18:30"),
        ("3. desember 2021", "no", "2021-12-03"),
        ("2 lutego 2025, 21:52", "pl", "2025-02-02T21:52"),
        ("15 listopada 2024", "pl", "2024-11-15"),
        ("15. listopada 2024.", "hr", "2024-10-15"),
        ("8. července 2024", "cs", "2024-07-08"),
        ("8. června 2024", "cs", "2024-06-08"),
        ("28. 4. 2024 10:30", "cs", "2024-04-28T10:30"),
        ("2024. április 28.", "hu", "2024-04-28"),
        ("2024 m. kovo 3 d.", "lt", "2024-03-03"),
        ("3 Temmuz 2024 Çarşamba 18:24", "tr", "2024-07-03T18:24"),
        ("3 июля 2024, 18:24 МСК", "ru", "2024-07-03T18:24+03:00"),
        ("13 жовтня 2024", "uk", "2024-10-13"),
        ("12 Οκτωβρίου 2024", "el", "2024-10-12"),
        ("10 tháng 3 năm 2022", "vi", "2022-03-10"),
        ("10 Maret 2022 16:46 WIB", "id", "2022-03-10T16:46+07:00"),
        ("10 ตุลาคม 2567", "th", "2024-10-10"),
        ("١٠ مارس ٢٠٢٢", "ar", "2022-03-10"),
        ("10 मार्च 2022", "hi", "2022-03-10"),
        ("1964年10月10日", "ja", "1964-10-10"),
        ("令和６年５月３日 午後6時30分", "ja", "2024-05-03T18:30"),
        ("2024년 5월 3일 오후 6:30", "ko", "2024-05-03T18:30"),
    ],
)
def test_printed_dates_are_read_in_many_languages(text: str, language: str, iso: str) -> None:
    when = parse_printed_date(text, language)
    assert when is not None
    assert (when.iso, when.text) == (iso, text)


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("10/03/2022", "en", "2022-10-03"),
        ("10/03/2022", "en-GB", "2022-03-10"),
        ("10/03/2022", "fr", "2022-03-10"),
        ("10.03.2022", "en", "2022-03-10"),
        ("13/03/2022", "en", "2022-03-13"),
        ("03/13/2022", "fr", "2022-03-13"),
    ],
)
def test_the_language_orders_day_and_month_unless_only_one_order_is_a_date(text: str, language: str, iso: str) -> None:
    when = parse_printed_date(text, language)
    assert when is not None
    assert when.iso == iso


@pytest.mark.parametrize("text", ["", "no date", "2022-02-31", "31 February 2022", "room 12", "9" * 300, "10-20", "chapter 3, 4"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_printed_date(text, "en") is None


@given(st.text(max_size=80), st.sampled_from([None, "en", "de", "ja", "x-y"]))
def test_any_text_is_read_without_an_error(text: str, language: str | None) -> None:
    when = parse_printed_date(text, language)
    assert when is None or when.day > 0


def test_a_future_day_and_a_placeholder_are_not_plausible() -> None:
    today = date(2022, 3, 10)
    found = [is_plausible(PrintedDate(iso, iso), today) for iso in ("2022-03-11", "2023-01-01", "1970-01-01", "1650")]
    assert found == [True, False, False, True]


def test_the_address_gives_day_or_month() -> None:
    urls = (
        "https://beacon.example/2022/03/10/truce",
        "https://beacon.example/2022/03/truce",
        "https://beacon.example/truce-20221",
    )
    assert [when and when.iso for when in map(date_in_url, urls)] == ["2022-03-10", "2022-03", None]


def _tree(body: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(f"<html lang='en'><head><title>x</title></head><body>{body}</body></html>")


def test_the_visible_date_is_the_one_by_the_headline_not_that_of_another_story() -> None:
    tree = _tree(
        "<nav><time datetime='2020-01-01'>1 Jan</time></nav><h1>Truce signed</h1><p class='posted'>Published March 10, 2022</p>"
        "<div class='related'><time datetime='2021-01-01'>x</time></div>"
    )
    found = find_date(PageElements(tree), "en")
    assert found is not None
    assert found.iso == "2022-03-10"


def test_the_date_of_publication_is_preferred_to_that_of_an_update() -> None:
    tree = _tree(
        "<h1>Truce signed</h1><p>Updated <time datetime='2022-03-12'>March 12</time></p>"
        "<p>First printed <time datetime='2022-03-10'>March 10</time></p>"
    )
    found = find_date(PageElements(tree), "en")
    assert found is not None
    assert found.iso == "2022-03-10"


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Ice</h1><p class=meta>A comment, written on 5 May 2022, and how very true"
        " all of this is, says somebody who was there as well.</p><p>10 March 2022</p>",
        "<h1>Ice</h1><time datetime='1970-01-01'>1970</time><p>10 March 2022</p>",
        "<div class='post category-popular tag-latest'><h1>Ice</h1><p>10 March 2022</p></div>",
        "<h1>Ice</h1><p>10 March 2022</p><p class=Publication>Report of 5 May 2022</p>",
    ],
    ids=["before that in a longer text", "a placeholder in a mark", "in a post named after its topics", "of a publication"],
)
def test_the_date_line_by_the_headline_is_found(page: str) -> None:
    found = find_date(PageElements(_tree(page)), "en")
    assert found is not None
    assert found.iso == "2022-03-10"


def test_a_long_text_is_no_date_line() -> None:
    text = "The board of the lake met on 10 March 2022 and asked for the ice to be measured by somebody every day. "
    found = [find_date(PageElements(_tree(f"<h1>Ice</h1><p class=meta>{text * times}</p>")), "en") for times in (1, 2)]
    assert [when and when.iso for when in found] == ["2022-03-10", None]


@pytest.mark.parametrize(
    ("text", "iso"),
    [("10.3.2022 - The talks", "2022-03-10"), ("Oslo, (10.3.2022). The talks", "2022-03-10"), ("By 2022 the talks", None)],
)
def test_a_text_may_open_with_its_date(text: str, iso: str | None) -> None:
    found = opening_date(text, "de")
    assert (found and found.iso) == iso


def test_the_address_in_a_web_archive_gives_the_day_of_the_archived_one() -> None:
    urls = (
        "https://archive.example/web/20240506/https://beacon.example/2022/03/10/truce",
        "https://archive.example/web/2024/05/06/https://beacon.example/truce",
    )
    assert [when and when.iso for when in map(date_in_url, urls)] == ["2022-03-10", None]


def test_the_address_of_the_page_and_else_the_canonical_one_gives_the_date() -> None:
    page = "<html><head><link rel=canonical href='https://beacon.example/2021/01/truce'></head><body><h1>Truce signed</h1>"
    tree = lxml.html.document_fromstring(page)
    found = [
        find_date(PageElements(tree), "en", url)
        for url in ("https://beacon.example/2022/03/10/truce", "https://beacon.example/x", None)
    ]
    assert [when and when.iso for when in found] == ["2022-03-10", "2021-01", "2021-01"]


@pytest.mark.parametrize(
    "capture",
    [
        "<div id=wm-ipp-base><div id=wm-ipp-inside><p class=date>06 May 2024</p></div></div>",
        "<div id=HEADER><p class=date>6 May 2024 09:30:00 UTC</p></div>",
        "<p class=date>Archived from the original on 6 May 2024</p>",
        "<p class=meta>Retrieved 6 May 2024</p>",
        "<div id=wm-ipp-base><time datetime=2024-05-06>06 May</time></div>",
    ],
    ids=["toolbar", "header", "archived", "retrieved", "marked up"],
)
def test_the_day_of_a_capture_is_no_publication(capture: str) -> None:
    assert find_date(PageElements(_tree(f"{capture}<h1>Ice</h1><p>The lake froze over.</p>")), "en") is None
    found = find_date(PageElements(_tree(f"{capture}<h1>Ice</h1><p class=date>10 March 2022</p>")), "en")
    assert found is not None
    assert found.iso == "2022-03-10"


@pytest.mark.parametrize(
    ("url", "lang", "iso"),
    [
        ("https://beacon.example/a", "en", "2022-10-03"),
        ("https://www.beacon.co.uk/a", "en", "2022-03-10"),
        ("https://beacon.in/a", "en", "2022-03-10"),
        ("https://beacon.io/a", "en", "2022-10-03"),
        ("https://beacon.ph/a", "en", "2022-10-03"),
        ("https://www.beacon.co.uk/a", "en-US", "2022-10-03"),
        ("https://beacon.example/a", "en-GB", "2022-03-10"),
    ],
)
def test_the_region_of_page_or_site_orders_day_and_month(url: str, lang: str, iso: str) -> None:
    page = f"<html lang={lang}><head><title>x</title></head><body><h1>Ice</h1><p class=date>10/03/2022</p>"
    found = find_date(PageElements(lxml.html.document_fromstring(page)), "en", url)
    assert found is not None
    assert found.iso == iso


def test_a_day_in_another_part_of_the_page_counts_if_all_time_elements_are_of_it() -> None:
    aside = "<aside><time datetime='2022-03-10'>10 March</time></aside>"
    other = "<aside><time datetime='2022-03-12'>12 March</time></aside>"
    found = [
        find_date(PageElements(_tree(f"<h1>Ice</h1><p>The lake froze over.</p>{times}")), "en")
        for times in (aside, aside + other)
    ]
    assert [when and when.iso for when in found] == ["2022-03-10", None]


@pytest.mark.parametrize(
    ("claimed", "shown", "iso"),
    [
        ("2021-05-05T03:30:00Z", "<time>May 4, 2021 11:30 PM EDT</time>", "2021-05-04T23:30-04:00"),
        ("2021-05-05T03:30:00Z", "<time>May 4, 2021 11:30 PM</time>", "2021-05-04T23:30-04:00"),
        ("2021-05-04T20:15:00Z", "<time>5 May 2021, 01:45</time>", "2021-05-05T01:45+05:30"),
        ("2021-05-05T03:30:00Z", "<time>May 4, 2021</time>", "2021-05-04"),
        ("2021-05-04T20:15:00Z", "<time>May 5, 2021</time>", "2021-05-05"),
        ("2021-05-05T03:30:00Z", "<time>May 5, 2021</time>", "2021-05-05T03:30:00+00:00"),  # the same day
        ("2021-05-05T10:00:00Z", "<time>May 4, 2021</time>", "2021-05-05T10:00:00+00:00"),  # no zone is so far west
        ("2021-05-04T09:59:00Z", "<time>May 5, 2021</time>", "2021-05-04T09:59:00+00:00"),  # no zone is so far east
        ("2021-05-04T10:00:00Z", "<time>May 5, 2021</time>", "2021-05-05"),
        ("2021-05-05T03:30:00Z", "<time>May 4, 2021 11:37 PM</time>", "2021-05-05T03:30:00+00:00"),  # no zone is 233 minutes off
        ("2021-05-05T03:30:00Z", "<time>May 4, 2021 9:30 PM EDT</time>", "2021-05-05T03:30:00+00:00"),  # another moment
        ("2021-05-05T03:30:00Z", "<p>Updated <time>May 4, 2021</time></p>", "2021-05-05T03:30:00+00:00"),
        ("2021-05-05T03:30:00Z", "<aside><time>May 4, 2021</time></aside>", "2021-05-05T03:30:00+00:00"),
        ("2021-05-05T03:30:00-04:00", "<time>May 4, 2021</time>", "2021-05-05T03:30:00-04:00"),  # a local day already
        ("2021-05-05", "<time>May 4, 2021</time>", "2021-05-05"),
    ],
)
def test_the_day_is_the_one_that_the_reader_sees(claimed: str, shown: str, iso: str) -> None:
    marked_up = parse_printed_date(claimed, "en")
    assert marked_up is not None
    assert readers_day(marked_up, PageElements(_tree(f"<h1>Ice</h1>{shown}<p>The lake froze over.</p>")), "en", None).iso == iso
