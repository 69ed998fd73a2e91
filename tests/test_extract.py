"""Saved pages of many kinds of mark-up become the articles that are on them; hostile ones are refused by name."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from indexer.extract.json_articles import article_record
from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.errors import PageError
from search.model.article import Article
from search.settings import Settings

PAGES = Path(__file__).parent / "pages"
HOSTILE_SECONDS = 10
PROSE = "".join(
    f"<p>The envoys met again on day {day} and agreed on nothing but the hour of the next meeting.</p>" for day in range(9)
)


def read(data: bytes | str, **fields: Any) -> Article:
    data = data.encode() if isinstance(data, str) else data
    return extract(RawPage(source="pages/page.html", stamp="", data=data, **fields), Settings())


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_saved_page_becomes_the_article_on_it(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    record = json.loads(json.dumps(article_record(read(page.read_bytes()))))
    record["paragraphs"] = [[paragraph["kind"], paragraph["text"]] for paragraph in record["paragraphs"]]
    assert {name: record[name] for name in expected} == expected


def test_a_lower_heading_is_the_headline_where_the_h1_names_the_site() -> None:
    page = (
        f"<title>The lake froze over</title><h1>Post</h1><p>All of it, daily.</p><h3>The lake froze over</h3><div>{PROSE}</div>"
    )
    article = read(page)
    assert (article.headline, article.standfirst, len(article.paragraphs)) == ("The lake froze over", None, 9)


def test_the_same_bytes_give_the_same_article() -> None:
    data = (PAGES / "en-semantic.html").read_bytes()
    assert read(data) == read(data)


def test_the_identity_comes_from_the_canonical_address_else_from_the_source() -> None:
    with_address = read((PAGES / "en-semantic.html").read_bytes())
    assert with_address.id == read(f'<link rel="canonical" href="{with_address.url}"><h1>Other</h1>{PROSE}').id
    assert read(f"<h1>Truce</h1>{PROSE}").id != with_address.id


def test_what_was_known_of_the_page_stays_with_the_article() -> None:
    article = read(f"<h1>Truce</h1>{PROSE}", captured="2022-03-04T10:00:00Z", url="https://post.example/truce")
    assert (article.captured, article.url) == ("2022-03-04T10:00:00Z", "https://post.example/truce")


def test_a_page_saved_as_plain_text_is_read_as_text() -> None:
    article = read("TRUCE SIGNED\n\nBy Jane Doe\n\nGENEVA — It holds, so far, said the envoy on Monday.\n", kind="text")
    assert (article.authors, article.dateline) == (("Jane Doe",), "GENEVA")


def test_embedded_pictures_do_not_count_against_the_size_limit() -> None:
    picture = f'<img src="data:image/png;base64,{"QUJD" * 3_000_000}">'
    assert len(read(f"<h1>Truce</h1>{picture}{PROSE}").paragraphs) == 9


@pytest.mark.parametrize(
    "wrapper", ['class="content-with-sidebar"', 'class="teaser-wrap"', 'id="comments-page"', 'style="display:none"']
)
def test_a_wrapper_with_a_wrong_name_does_not_lose_the_article(wrapper: str) -> None:
    assert len(read(f"<h1>Truce</h1><div {wrapper}>{PROSE}</div>").paragraphs) == 9


def test_an_article_in_two_sibling_containers_is_read_whole() -> None:
    half = len(PROSE) // 9
    page = f"<article><h1>Truce</h1><div>{PROSE[: 4 * half]}</div><div>{PROSE[4 * half :]}</div></article>"
    assert len(read(page).paragraphs) == 9


def test_nested_but_readable_pages_lose_nothing() -> None:
    deep = "<div>" * 900 + PROSE + "</div>" * 900
    assert len(read(f"<h1>Truce</h1>{deep}<p>The end, said everyone who had been in the room.</p>").paragraphs) >= 9


def test_broken_metadata_does_not_stop_the_page_from_being_read() -> None:
    blocks = "".join(
        f'<script type="application/ld+json">{bad}</script>'
        for bad in ("{", "[" * 5_000, '{"headline": NaN, "@type": 7}', "9" * 9_000)
    )
    assert texts(read(f"{blocks}<h1>Truce</h1>{PROSE}"))[0].startswith("The envoys met")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param("<div>" * 100_000 + "x", "too-complex", id="100,000 nested elements"),
        pytest.param("<table><tr><td>" * 20_000 + "x", "too-complex", id="20,000 nested tables"),
        pytest.param(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>x", "too-complex", id="100,000 attributes"),
        pytest.param(
            "<h1>Truce</h1><div>" + "<p>" * 3 + "<section>" * 400 + PROSE.replace("<p>", "<section>"), "too-complex", id="stairs"
        ),
        pytest.param("<frameset cols='1,1'><frame src=a.html></frameset>", "frames", id="frames"),
        pytest.param("<!--" * 100_000, "no-article", id="comments without end"),
        pytest.param("<nav><a href=/>Home</a></nav>", "no-article", id="links only"),
        pytest.param("<p>word</p>" * 1_000_000, "too-large", id="eleven megabytes"),
    ],
)
def test_hostile_pages_are_refused_by_name(data: str, code: str) -> None:
    started = time.process_time()
    with pytest.raises(PageError) as refusal:
        read(data)
    assert refusal.value.code == code
    assert time.process_time() - started < HOSTILE_SECONDS


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PROSE * 4_500, id="four megabytes of paragraphs"),
        pytest.param("<p>" + "word, " * 1_500_000, id="one paragraph of nine megabytes"),
        pytest.param(
            PROSE + '<p title="' + "x" * 9_000_000 + '">End of it all, he said.</p>', id="an attribute of nine megabytes"
        ),
        pytest.param(PROSE + "<figure><img src=a.jpg><figcaption>A bridge.</figcaption></figure>" * 3_000, id="3,000 figures"),
        pytest.param(PROSE + "<br>" * 200_000, id="200,000 line breaks"),
        pytest.param(
            PROSE + "".join(f"<div class='c{n} d{n}'>" + "A" * 300 + "</div>" for n in range(9_000)), id="9,000 class names"
        ),
    ],
)
def test_large_pages_are_read_within_the_limit(data: str) -> None:
    started = time.process_time()
    assert read(data).paragraphs
    assert time.process_time() - started < HOSTILE_SECONDS


def test_a_page_that_declares_no_language_gets_that_of_its_text() -> None:
    sentence = "The delegates said that they had come to the table with an open mind and would stay as long as it takes. "
    page = f"<html><body><article><h1>Talks begin</h1><p>{sentence * 3}</p><p>{sentence * 2}</p></article></body></html>"
    assert extract(RawPage("pages/page.html", "", page.encode()), Settings()).language == "en"
    assert extract(RawPage("pages/page.html", "", page.replace("<html", "<html lang=cy").encode()), Settings()).language == "cy"


def test_the_deck_is_found_beside_the_text_where_no_h1_tells_its_place() -> None:
    deck = "The envoys leave, and the town at the lake has its hotels for itself again."
    page = f"<div><div><h3>Truce</h3><div class=teaser-text><p>{deck}</p></div><div class=text>{PROSE}</div></div></div>"
    assert read(page).standfirst == deck


def test_a_text_of_one_paragraph_is_its_text_not_its_standfirst() -> None:
    line = "The lake froze over on Monday night, for the first time in thirty years."
    assert texts(read(f'<meta name=description content="{line}"><h1>Ice</h1><article><p>{line}</p></article>')) == [line]


def test_a_subhead_above_the_text_stays_though_a_picture_follows_it() -> None:
    page = f"<h1>Truce</h1><article><h2>What the envoys say</h2><figure><img src=a.jpg></figure>{PROSE}</article>"
    assert texts(read(page))[0] == "What the envoys say"


def test_numbers_alone_are_left_out_of_the_text_but_not_of_a_table() -> None:
    table = "<table><tr><td>1954</td><td>73</td></tr><tr><td>1955</td><td>81</td></tr></table>"
    found = texts(read(f"<h1>Truce</h1><article>{PROSE}<p>23. 7. 1954 13:31</p>{table}{PROSE}</article>"))
    assert "1954 | 73\n1955 | 81" in found
    assert "23. 7. 1954 13:31" not in found


def test_a_place_on_two_lines_is_read_as_one() -> None:
    place = "<span class=dateline>Évian\n   les<br>Bains</span>"
    assert read(f"<h1>Truce</h1><article><p>{place} The envoys met again.</p>{PROSE}</article>").dateline == "Évian les Bains"


def test_paragraphs_in_a_cell_of_a_table_do_not_run_together() -> None:
    table = "<table><tr><td><p>Évian</p><p>1954</p></td><td><ul><li>ten</li><li>eleven</li></ul></td></tr></table>"
    assert "Évian 1954 | ten eleven" in texts(read(f"<h1>Truce</h1><article>{PROSE}{table}{PROSE}</article>"))


@pytest.mark.parametrize(
    "between",
    [
        "<figure><img src=a.jpg><figcaption>A bridge at noon.</figcaption></figure>",
        "<aside>More</aside>",
        "<div class=related>More stories</div>",
        "<nav>More</nav>",
    ],
)
def test_words_around_what_is_left_out_do_not_run_together(between: str) -> None:
    page = f"<h1>Truce</h1><article>{PROSE}<div>They met in Geneva{between}and in Bern, where they stayed.</div></article>"
    assert "They met in Geneva and in Bern, where they stayed." in texts(read(page))


@pytest.mark.parametrize("between", ["<script>draw()</script>", "<svg></svg>", "<button>+</button>"])
def test_what_is_left_out_within_a_line_leaves_no_blank_before_its_full_stop(between: str) -> None:
    page = f"<h1>Truce</h1><article>{PROSE}<div>They met in Geneva{between}, and stayed there for a week.</div></article>"
    assert "They met in Geneva, and stayed there for a week." in texts(read(page))


def paragraphs(first: int, last: int) -> list[str]:
    """Of 100 characters, each of words of its own."""
    letters = [chr(ord("a") + number) for number in range(first, last)]
    return [" ".join(f"{word}{a}{a}" for word in ["Envoys", *["meet"] * 12])[:99].ljust(99, a) + "." for a in letters]


def page_of(texts: list[str], body: str | None = None) -> str:
    data = json.dumps({"@type": "NewsArticle", "headline": "Truce", "articleBody": body})
    head = f"<head><script type='application/ld+json'>{data}</script></head>" if body else ""
    return f"<html lang=en>{head}<h1>Truce</h1><article>{''.join(f'<p>{text}</p>' for text in texts)}</article></html>"


@pytest.mark.parametrize(("below", "kept"), [(8, 11), (9, 20)], ids=["42 %", "45 %"])
def test_what_follows_a_closing_heading_goes_if_it_is_less_than_45_percent(below: int, kept: int) -> None:
    heading = "<h2>About the author</h2>"
    page = page_of(paragraphs(0, 11)).replace("</article>", heading + "".join(f"<p>{t}</p>" for t in paragraphs(11, 11 + below)))
    assert len([text for text in texts(read(page)) if text.startswith("Envoys")]) == kept


@pytest.mark.parametrize(("others", "kept"), [(8, 11), (9, 9)], ids=["8 of 11", "9 of 12"])
def test_a_body_in_the_metadata_that_holds_three_quarters_of_the_text_holds_all_of_it(others: int, kept: int) -> None:
    shown = paragraphs(0, others + 3)
    assert len(texts(read(page_of(shown, " ".join(shown[:others]))))) == kept


@pytest.mark.parametrize(("length", "kept"), [(49, 9), (50, 10)])
def test_50_characters_of_a_paragraph_tell_that_a_body_that_is_cut_holds_it(length: int, kept: int) -> None:
    shown = [*paragraphs(0, 9), "A".join(paragraphs(9, 10)[0].replace(" ", "x") for _ in range(2))]
    assert len(texts(read(page_of(shown, " ".join([*shown[:9], shown[9][:length]]))))) == kept


@pytest.mark.parametrize(
    ("shown", "declared", "taken"),
    [
        (600, 4_000, False),
        (599, 4_000, True),
        (900, 6_000, False),
        (900, 6_010, True),
        (1_500, 20_000, False),
        (1_499, 20_000, True),
    ],
    ids=["600 letters", "599", "15 %", "less than 15 %", "1,500 letters", "1,499"],
)
def test_a_short_part_of_the_body_in_the_metadata_gives_way_to_it(shown: int, declared: int, taken: bool) -> None:
    *others, last = paragraphs(0, -(-shown // 100))
    missing = 100 * (len(others) + 1) - shown
    article = read(page_of([*others, last[missing:]], "The whole of it. ".ljust(declared, "x")))
    assert texts(article)[0].startswith("The whole of it") == taken


@pytest.mark.parametrize(
    ("asides", "kept"),
    [((9,), 11), ((11,), 20), ((6, 6), 8), ((8, 8), 20), ((8, 1), 11), ((8, 3), 17)],
    ids=["45 %", "55 %", "twice 30 %", "twice 40 %", "40 % with 55 % left", "40 % with 45 % left"],
)
def test_an_aside_is_read_that_holds_half_of_the_text_or_a_third_without_which_little_is_left(
    asides: tuple[int, ...], kept: int
) -> None:
    parts = [paragraphs(0, 20 - sum(asides))]
    for size in asides:
        start = sum(map(len, parts))
        parts.append(paragraphs(start, start + size))
    text, *others = ("".join(f"<p>{text}</p>" for text in part) for part in parts)
    boxes = "".join(f"<aside class={name}>{other}</aside>" for name, other in zip(("map", "chart"), others, strict=False))
    page = f"<h1>Truce</h1><article>{text}{boxes}</article>"
    assert len(texts(read(page))) == kept


@pytest.mark.parametrize(("after", "found"), [(11, "Jane Doe contributed to this report."), (12, None)])
def test_contributors_stand_among_the_last_12_paragraphs(after: int, found: str | None) -> None:
    line = "Jane Doe contributed to this report."
    article = read(page_of([*paragraphs(0, 9), line, *paragraphs(9, 9 + after)]))
    assert (article.contributors, line in texts(article)) == (found, found is None)


def test_a_short_quotation_at_the_end_stays() -> None:
    quote = "It is not that we have too little time, it is what we do with it"
    assert texts(read(f"<h1>Time</h1><article>{PROSE}<blockquote>{quote}</blockquote></article>"))[-1] == quote


def test_what_stands_below_the_heading_of_the_comments_is_left_out() -> None:
    page = (
        f"<h1>Truce</h1><article>{PROSE}<h3>Leave a reply</h3><p>Tell us, politely, what you make of all of this.</p></article>"
    )
    assert len(read(page).paragraphs) == 9


def test_a_gallery_with_paragraphs_below_its_pictures_is_a_text() -> None:
    slides = "".join(
        f"<figure class=slide><img src=a{number}.jpg><figcaption><p>Costume number {number} is a sheet with two holes in it.</p>"
        f"<p>You will need a sheet, {number} pins and a friend.</p></figcaption></figure>"
        for number in range(1, 11)
    )
    article = read(f"<h1>Ten costumes</h1><article>{slides}</article>")
    assert (len(article.paragraphs), article.captions) == (20, ())


@pytest.mark.parametrize(
    "last",
    [
        "<h3>Most read in the village</h3>",
        "<p>You may find this of interest:</p>",
        "<p>Want to hear of it first? Follow us on Facebook and download our app, it costs nothing.</p>",
        "<p>Der Post fehlt es an Geld. Unterstützen Sie unabhängigen Journalismus und schließen Sie ein Abo ab.</p>",
        "<p>Jane Doe, born in 1950, has written of lakes for the Post since she could hold a pen.</p>",
        "<p>We use cookies on this website, and by reading on in your browser you agree to all of them.</p>",
        "<p>This entry was posted in Lakes by Jane Doe. Bookmark the permalink.</p>",
        "<p>Was this article helpful? (95 votes) Loading...</p>",
    ],
    ids=["heading", "label", "call", "German call", "author", "cookies", "where it is filed", "rating"],
)
def test_what_the_site_says_below_the_text_is_no_part_of_it(last: str) -> None:
    assert len(read(f"<meta name=author content='Jane Doe'><h1>Ice</h1><article>{PROSE}{last}</article>").paragraphs) == 9


@pytest.mark.parametrize(
    "last",
    [
        "The firm said that it would follow the ruling and take the page down from Facebook by Monday.",
        "“You should all follow us on Twitter and sign up,” the mayor said, and left.",
        "They bake cookies for the envoys, who have asked for more of them.",
        "It is a cookie-cutter treaty, say those who have read it.",
        "Jane Doe of the opposition did not want to speak of it before all the others had done so, at length and in the rain.",
    ],
)
def test_a_last_paragraph_that_speaks_of_such_things_stays(last: str) -> None:
    article = read(f"<meta name=author content='Jane Doe'><h1>Ice</h1><article>{PROSE}<p>{last}</p></article>")
    assert texts(article)[-1] == last


def test_who_took_a_picture_is_no_paragraph() -> None:
    page = f"<h1>Ice</h1><article>{PROSE}<p>(Photo: Ann Roe)</p><p>Bild: Ann Roe/Post</p>{PROSE}</article>"
    assert not [text for text in texts(read(page)) if "Ann Roe" in text]


def test_the_times_of_the_posts_of_a_live_report_are_no_paragraphs() -> None:
    assert len(read(f"<h1>Ice</h1><article>{PROSE}<p><b>21:22</b><i>Jane Doe</i></p></article>").paragraphs) == 9


def test_a_column_that_holds_much_beside_a_short_article_is_left_out() -> None:
    column = "<p>Once a year the village holds its fair at the lake, and all are welcome, says the mayor.</p>" * 6
    page = f"<h1>Ice</h1><div class=text>{PROSE}</div><aside class=widget>{column}</aside>"
    assert len(read(f"<div>{page}</div>").paragraphs) == 9


@pytest.mark.parametrize("name", ["cookie-consent", "privacy", "BorlabsCookieBox"])
def test_what_asks_for_consent_is_left_out_however_long_it_is(name: str) -> None:
    consent = "<p>We value your privacy, and so do our 812 partners, who would like to know where you are.</p>" * 30
    assert len(read(f"<h1>Ice</h1><div class=text>{PROSE}</div><div id={name}>{consent}</div>").paragraphs) == 9


def test_a_deck_is_known_by_the_description_whatever_it_is_called() -> None:
    deck = "The lake froze over on Monday night, for the first time in thirty years."
    head = f'<html><head><meta name=description content="{deck}"></head>'
    page = f"{head}<body><article><h1>Ice</h1><p class=topic>{deck}</p>{PROSE}</article>"
    assert read(page).standfirst == deck


def test_a_heading_of_two_sentences_above_the_text_is_the_deck() -> None:
    deck = (
        "The lake froze over on Monday night, for the first time in thirty years. "
        "Nobody who lives in the village is old enough to say when it did so last."
    )
    assert read(f"<h1>Ice</h1><div><h2>{deck}</h2>{PROSE}</div>").standfirst == deck


def test_paragraphs_that_are_shown_as_slides_are_the_text() -> None:
    long = "The envoys met again, and agreed on nothing but the hour of the next meeting, which none of them wrote down. " * 4
    slides = f"<div class=gamma-slide><img src=a.jpg><p>{long}</p></div>"
    assert long.strip() in texts(read(f"<article><h1>Ice</h1>{slides}<div class=text>{PROSE}{PROSE}</div></article>"))


def test_a_text_that_is_not_english_is_not_so_by_declaration() -> None:
    german = "".join(
        f"<p>Der See ist in der Nacht zugefroren, und das ist seit {n} Jahren nicht mehr so gewesen.</p>" for n in range(9)
    )
    assert read(f"<html lang=en><h1>Eis</h1><article>{german}</article>").language == "de"
    assert read(f"<html lang=en><h1>Ice</h1><article>{PROSE}</article>").language == "en"


@pytest.mark.parametrize("opening", ["10.3.2022 - ", "Oslo, 10 March 2022. ", "Oslo, (10.03.2022). "])
def test_the_date_that_a_text_opens_with_is_its_date(opening: str) -> None:
    article = read(f"<html lang=en><h1>Ice</h1><article><p>{opening}The lake froze over on Monday night.</p>{PROSE}</article>")
    assert article.published is not None
    assert article.published.iso == "2022-03-10"
