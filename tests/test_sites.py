"""What stands on many articles of a site is boilerplate, what an article says itself is not."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from indexer.sites.blocks import site_of
from indexer.sites.boilerplate import restored, without_boilerplate
from indexer.sites.profiles import build_profiles
from search.model.article import Article, Caption, Paragraph
from search.model.site_profile import SiteProfile

FOOTER = "The Harbour Courier has reported from the quays since 1911 and belongs to its readers."
RULES = "Comments are open for two days; please stay with the subject and leave out addresses."
COLUMNIST = "Ann Roe writes about tides and timetables every second Thursday and keeps three boats."
GOODS = ["rope", "tar", "salt", "coal", "grain", "timber", "wool", "herring", "slate", "hides", "copper", "tea"]
PLACES = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kelp"]


def own_text(number: int) -> list[str]:
    """Four sentences that no other article has."""
    goods, place = GOODS[number % len(GOODS)], PLACES[number % len(PLACES)]
    return [
        f"The barge of dock {number} brought {goods} to {place} Quay on Monday morning before the tide turned.",
        f"Its master said that {number + 40} crates of {goods} were counted twice and that none was missing.",
        f"At {place} Quay the harbour office wants to widen berth {number} before the winter storms begin.",
        f"A third of the {goods} goes on by rail to the mills above lock {number} later this week.",
    ]


def article(number: int, paragraphs: Iterable[str | Paragraph], site: str = "harbour.example", **values: object) -> Article:
    blocks = tuple(each if isinstance(each, Paragraph) else Paragraph(each) for each in paragraphs)
    url = f"https://www.{site}/story-{number}"
    return replace(Article(f"{site}/{number}.html", f"{site}-{number}", url=url, paragraphs=blocks), **values)  # type: ignore[arg-type]


def site_articles(count: int = 30, site: str = "harbour.example") -> list[Article]:
    """Every one has the footer, two of three the comment rules, one of five the box of a columnist above them."""
    return [
        article(
            number,
            [*own_text(number), *([COLUMNIST] * (number % 5 == 0)), *([RULES] * (number % 3 != 0)), FOOTER],
            site,
        )
        for number in range(count)
    ]


def profiles(articles: list[Article], known: dict[str, SiteProfile] | None = None) -> dict[str, SiteProfile]:
    return {profile.site: profile for profile in build_profiles(lambda: articles, known or {})}


def texts(articles: list[Article]) -> set[str]:
    return {block.text for profile in profiles(articles).values() for block in profile.blocks}


def body(found: Article) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs]


def test_footer_comment_rules_and_columnist_box_are_boilerplate_and_nothing_else() -> None:
    articles = site_articles()
    profile = profiles(articles)["harbour.example"]
    assert {block.text: block.articles for block in profile.blocks} == {FOOTER: 30, RULES: 20, COLUMNIST: 6}
    assert [body(without_boilerplate(each, profile)) for each in articles] == [own_text(number) for number in range(30)]


def test_each_site_has_a_profile_of_its_own() -> None:
    inland = site_articles(site="inland.example")
    few = [article(number, [*own_text(number), FOOTER], "lone.example") for number in range(4)]
    assert profiles([*site_articles(), *inland, *few]).keys() == {"harbour.example", "inland.example"}


@pytest.mark.parametrize(
    ("on", "of", "is_boilerplate"), [(5, 30, True), (4, 30, False), (5, 50, True), (5, 51, False), (6, 51, True)]
)
def test_block_on_five_articles_and_a_tenth_is_boilerplate(on: int, of: int, is_boilerplate: bool) -> None:
    articles = [article(number, [*own_text(number), *([COLUMNIST] * (number < on))]) for number in range(of)]
    assert texts(articles) == ({COLUMNIST} if is_boilerplate else set())


def test_captures_of_one_article_count_once() -> None:
    captures = [article(1, [*own_text(1), COLUMNIST], source=f"harbour/{capture}.html") for capture in range(9)]
    assert texts([*captures, *(article(number, own_text(number)) for number in range(2, 12))]) == set()


@pytest.mark.parametrize(("on", "is_boilerplate"), [(8, False), (9, True)])
def test_block_within_the_text_has_to_stand_on_three_tenths(on: int, is_boilerplate: bool) -> None:
    articles = [
        article(number, [*own_text(number)[:2], *([COLUMNIST] * (number < on)), *own_text(number)[2:]]) for number in range(30)
    ]
    assert texts(articles) == ({COLUMNIST} if is_boilerplate else set())


@pytest.mark.parametrize(("on", "is_boilerplate"), [(9, False), (10, True)])
def test_short_sentence_at_the_end_has_to_stand_on_a_third(on: int, is_boilerplate: bool) -> None:
    articles = [article(number, [*own_text(number), *(["The case continues."] * (number < on))]) for number in range(30)]
    assert texts(articles) == ({"The case continues."} if is_boilerplate else set())


def test_story_that_is_printed_again_under_other_addresses_stays_whole() -> None:
    story = own_text(77)
    copies = [
        article(number, [*story, f"Printed again on day {number}, since readers asked for it.", FOOTER]) for number in range(8)
    ]
    articles = [*copies, *site_articles()[8:]]
    profile = profiles(articles)["harbour.example"]
    assert {block.text for block in profile.blocks} == {FOOTER, RULES}
    assert body(without_boilerplate(copies[3], profile))[:4] == story


def test_short_articles_with_a_long_footer_lose_the_footer() -> None:
    articles = [article(number, [own_text(number)[0], FOOTER, RULES, COLUMNIST]) for number in range(20)]
    assert texts(articles) == {FOOTER, RULES, COLUMNIST}


def test_article_of_nothing_else_keeps_what_it_has() -> None:
    profile = profiles(site_articles())["harbour.example"]
    lone = article(99, [Paragraph("About us", "subhead"), FOOTER])
    assert without_boilerplate(lone, profile) == lone


def test_case_and_blanks_make_no_difference_but_words_do() -> None:
    profile = profiles(site_articles())["harbour.example"]
    page = article(99, ["The tide is in.", FOOTER.upper().replace(" ", "  "), FOOTER + " Write to us."])
    assert body(without_boilerplate(page, profile)) == ["The tide is in.", FOOTER + " Write to us."]


def test_subhead_goes_with_all_that_stands_below_it() -> None:
    profile = profiles(site_articles())["harbour.example"]
    heads = [Paragraph("The tide", "subhead"), Paragraph("About us", "subhead")]
    page = article(99, [heads[0], RULES, "The tide is in.", heads[1], FOOTER, Paragraph("See also", "subhead")])
    assert body(without_boilerplate(page, profile)) == ["The tide", "The tide is in.", "See also"]


def test_restored_article_is_the_one_of_the_page_with_its_captions_in_place() -> None:
    profile = profiles(site_articles())["harbour.example"]
    captions = tuple(Caption(f"Picture {after}", after=after) for after in range(6))
    page = article(99, [RULES, "The tide is in.", FOOTER, "The boats are out.", FOOTER], captions=captions)
    shorter = without_boilerplate(page, profile)
    assert body(shorter) == ["The tide is in.", "The boats are out."]
    assert [caption.after for caption in shorter.captions] == [0, 0, 1, 1, 2, 2]
    assert body(restored(shorter)) == body(page)
    assert without_boilerplate(shorter, profile) == shorter
    assert without_boilerplate(shorter, None).boilerplate == ()


def test_profile_counts_the_blocks_that_it_has_taken_out() -> None:
    articles = site_articles()
    first = profiles(articles)
    shorter = [without_boilerplate(each, first["harbour.example"]) for each in articles]
    assert profiles(shorter, first) == first


def test_version_counts_up_when_the_blocks_change() -> None:
    first = profiles(site_articles())
    without_columnist = [
        replace(each, paragraphs=tuple(p for p in each.paragraphs if p.text != COLUMNIST)) for each in site_articles()
    ]
    second = profiles(without_columnist, first)["harbour.example"]
    assert (second.version, {block.text for block in second.blocks}) == (2, {FOOTER, RULES})
    nothing_repeated = profiles([article(number, own_text(number)) for number in range(30)], first)["harbour.example"]
    assert (nothing_repeated.version, nothing_repeated.blocks) == (2, ())


def test_block_of_the_last_tenth_of_a_large_site_is_found() -> None:
    """Counts of rare blocks are dropped on the way, so that memory stays bounded: never those of a frequent one."""
    articles = [article(number, [*own_text(number), *([COLUMNIST] * (number >= 900))]) for number in range(1_000)]
    assert texts(articles) == {COLUMNIST}


@pytest.mark.parametrize(
    ("url", "site"),
    [("https://www.harbour.example/a", "harbour.example"), ("http://[::1", None), (None, None), ("mailto:desk", None)],
)
def test_site_of_an_article_is_the_host_of_its_address(url: str | None, site: str | None) -> None:
    assert site_of(Article("a/b.html", "b", url=url)) == site
