"""The headline of many kinds of page, and the other form that the publisher uses of it."""

import json

import pytest

from indexer.extract.explain import explain
from indexer.extract.fields.headline import MAX_HEADLINE_CHARACTERS, Headline, choose_headline
from indexer.extract.json_articles import article_from_record, article_record
from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.lexicon.read import LexiconEntry, read_lexicon
from search.model.article import Article
from search.settings import Settings

PROSE = "".join(
    f"<p>The envoys of both sides met at the lake on day {day}, and after hours of talks they had only this to say.</p>"
    for day in range(1, 7)
)


def read(head: str, body: str) -> Article:
    page = f"<head>{head}</head><body><article>{body}{PROSE}</article></body>"
    return extract(RawPage(source="pages/page.html", stamp="", data=page.encode()), Settings())


def json_ld(kind: str, headline: str) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': kind, 'headline': headline})}</script>"


def chosen(shown: str | None, *declared: str, site: str | None = None, declared_first: bool = False) -> str | None:
    return choose_headline(shown, declared, site, declared_first=declared_first).text


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("The bridge is open | Coast Post", "The bridge is open"),
        ("The bridge is open - The Coast Post", "The bridge is open"),
        ("The bridge is open - Coast Post.example", "The bridge is open"),
        (
            "The river rises: today nobody gets any letters by Coast Post",
            "The river rises: today nobody gets any letters by Coast Post",
        ),
        ("The river rises: no letters by the Overcoast Post", "The river rises: no letters by the Overcoast Post"),
        ("The bridge is open-Traffic|Coast Post", "The bridge is open"),
        ("The bridge is open_Traffic_Coast Post", "The bridge is open"),
        ("Coast_path is open @ Coast Post", "Coast_path is open"),
        ("Coast Post: The bridge is open", "The bridge is open"),
        ("Home | Coast Post", "Home"),
    ],
    ids=[
        "site name",
        "with its article",
        "with its domain",
        "part of a sentence",
        "a longer word",
        "with a section",
        "with a section behind an underscore",
        "an underscore in the headline",
        "before it",
        "a title of nothing else",
    ],
)
def test_the_site_name_is_no_part_of_a_headline(title: str, headline: str) -> None:
    assert chosen(None, title, site="Coast Post") == headline


def test_a_name_that_only_the_metadata_adds_is_no_part_of_a_headline() -> None:
    declared = "The bridge is open - CP24"
    assert chosen("The bridge is open", declared, site="Coast Post", declared_first=True) == "The bridge is open"
    assert chosen("The bridge", "The bridge is open at last", site="Coast Post") == "The bridge is open at last"


def test_the_h1_goes_before_what_is_declared_and_that_is_the_other_form() -> None:
    assert choose_headline("Both sides sign at the lake", ("Lake treaty: everything you need to know",), None) == Headline(
        "Both sides sign at the lake", "Lake treaty: everything you need to know", "the h1 goes before what the page declares"
    )


def test_what_a_newspaper_declares_goes_before_its_h1_and_that_is_the_other_form() -> None:
    found = choose_headline("Both sides sign", ("Envoys agree on the lake treaty",), None, declared_first=True)
    assert (found.text, found.alternative) == ("Envoys agree on the lake treaty", "Both sides sign")
    assert found.rule == "what the page declares as its headline goes before the h1"


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        ("NewsArticle", "Envoys agree on the treaty"),
        ("OpinionNewsArticle", "Envoys agree on the treaty"),
        ("LiveBlogPosting", "Envoys agree on the treaty"),
        ("Article", "Both sides sign at the lake"),
        ("BlogPosting", "Both sides sign at the lake"),
        ("WebPage", "Both sides sign at the lake"),
    ],
)
def test_the_type_of_the_article_tells_whose_headline_it_is(kind: str, headline: str) -> None:
    assert read(json_ld(kind, "Envoys agree on the treaty"), "<h1>Both sides sign at the lake</h1>").headline == headline


def test_keywords_for_news_tell_a_newspaper_that_declares_its_headline_in_meta_elements_alone() -> None:
    declared = "<meta property=og:title content='Envoys agree on the treaty'>"
    h1 = "<h1>Both sides sign at the lake</h1>"
    assert read(declared, h1).headline == "Both sides sign at the lake"
    assert read(declared + "<meta name=news_keywords content=treaty>", h1).headline == "Envoys agree on the treaty"
    page = declared + "<meta name=news_keywords content=treaty>" + json_ld("Article", "Lake treaty: all you need to know")
    assert read(page, h1).headline == "Both sides sign at the lake"


@pytest.mark.parametrize(
    ("titles", "taken"),
    [
        (["Envoys agree on the treaty"] * 3, True),
        (["Envoys agree on the treaty"] * 2, False),
        (["Envoys agree on the treaty"] * 2 + ["Lake treaty: all you need to know"], False),
        (["Lake treaty | All you need to know"] * 3, False),
    ],
    ids=["three", "two only", "one differs", "of several parts"],
)
def test_a_headline_that_title_and_meta_elements_repeat_goes_before_the_h1(titles: list[str], taken: bool) -> None:
    metas = "".join(
        f"<meta property={name} content='{text}'>" for name, text in zip(("og:title", "twitter:title"), titles[1:], strict=False)
    )
    h1 = "<h1>Both sides sign at the lake</h1>"
    assert read(f"<title>{titles[0]}</title>{metas}", h1).headline == (titles[0] if taken else "Both sides sign at the lake")


def test_words_that_run_together_in_the_h1_are_taken_from_what_is_declared() -> None:
    h1 = "<h1><span>Lake treaty:</span><span>Both sides sign</span></h1>"
    declared = "<meta property=og:title content='Lake treaty: Both sides sign'>"
    assert read(declared, h1).headline == "Lake treaty: Both sides sign"
    assert read("<title>Both sides</title>", h1).headline == "Lake treaty:Both sides sign"


@pytest.mark.parametrize(
    ("declared", "shown", "headline"),
    [
        (("cms", "Truce signed at the lake"), "Truce signed at the lake", "Truce signed at the lake"),
        (("Releases", "Truce signed at the lake"), "Release: Truce signed at the lake", "Truce signed at the lake"),
        (
            ("The envoys of both sides have met at the lake for days and sig...", "Truce signed | Post"),
            "Truce signed",
            "Truce signed",
        ),
        (("truce-signed-2022", "A truce, at last"), "Both sides sign", "Both sides sign"),
        (("The lake has its time...", "A market of the lake"), "A market of the lake", "The lake has its time..."),
        (("Truce", "Truce"), "Truce", "Truce"),
        (("Truce signed / World / post.example",), "Truce signed", "Truce signed"),
        (("Truce signed -Jane Doe",), "Truce signed", "Truce signed"),
        (
            ("Lake Post - Latest News &amp; Headlines", "Truce signed at the lake"),
            "Truce signed at the lake",
            "Truce signed at the lake",
        ),
    ],
    ids=[
        "the name of a system",
        "the name of a section",
        "the beginning of a description",
        "part of an address",
        "three dots at the end",
        "one word is all there is",
        "site behind slashes",
        "author behind a dash",
        "what a site says of all its pages",
    ],
)
def test_what_a_newspaper_declares_in_place_of_a_headline_is_none(declared: tuple[str, ...], shown: str, headline: str) -> None:
    site = "Lake Post" if "Lake Post" in declared[0] else None
    assert chosen(shown, *(form.replace("&amp;", "&") for form in declared), site=site, declared_first=True) == headline


@pytest.mark.parametrize(
    ("shown", "declared", "headline"),
    [
        ("Lake Post", "Truce signed at the lake", "Truce signed at the lake"),
        ("The Lake Post", "Truce signed at the lake", "Truce signed at the lake"),
        ("World news", "Truce signed at the lake", "Truce signed at the lake"),
        ("Day 7", "Truce signed at the lake", "Truce signed at the lake"),
        ("Lake town", "Lake Town", "Lake town"),
        ("Peace, finally", "", "Peace, finally"),
        ("湖の停戦", "両国の代表、湖畔で停戦に署名", "湖の停戦"),
        ("Truce" + " signed" * (MAX_HEADLINE_CHARACTERS // 7), "Truce signed at the lake", "Truce signed at the lake"),
    ],
    ids=[
        "the site",
        "the site with an article",
        "a section",
        "a subhead",
        "two words that are declared too",
        "two words, and nothing else is declared",
        "words without spaces",
        "a text",
    ],
)
def test_an_h1_that_names_something_else_is_no_headline(shown: str, declared: str, headline: str) -> None:
    assert chosen(shown, *filter(None, [declared]), site="Lake Post") == headline


@pytest.mark.parametrize(
    ("shown", "declared", "headline"),
    [
        ("Lake cup Home team loses at last", "Home team loses at last", "Home team loses at last"),
        ("Blog: Home team loses at last", "Home team loses at last", "Home team loses at last"),
        (
            "In the last minute of the game, the home team loses",
            "the home team loses",
            "In the last minute of the game, the home team loses",
        ),
        ("Home team loses at last | Sport", "Home team loses at last", "Home team loses at last"),
        (
            "Home team loses at last: a cup without its host",
            "Home team loses at last",
            "Home team loses at last: a cup without its host",
        ),
        ("Home team loses at last - again", "Home team loses at last", "Home team loses at last - again"),
        ("Overhome team loses at last", "home team loses at last", "Overhome team loses at last"),
        ("Home team loses at last again", "Home team loses at last", "Home team loses at last again"),
    ],
    ids=[
        "kicker",
        "kicker with a colon",
        "more than a kicker",
        "section",
        "second half",
        "a dash",
        "part of a word",
        "a title that was shortened",
    ],
)
def test_what_stands_around_the_declared_headline_in_the_h1_is_no_part_of_it(shown: str, declared: str, headline: str) -> None:
    assert chosen(shown, declared) == headline


def test_an_addition_that_is_declared_too_belongs_to_the_headline() -> None:
    assert chosen("Home team loses | Cup", "Home team loses", "Home team loses | Cup – Lake Post") == "Home team loses | Cup"


def test_two_words_are_the_headline_where_nothing_else_is_declared() -> None:
    assert choose_headline("Peace, finally", (), None).rule == "the h1 goes before what the page declares"


def test_a_newspaper_that_is_against_itself_in_all_else_does_not_declare_its_headline() -> None:
    declared = "Both sides agree on the lake treaty"
    head = (
        f"<title>{declared}</title><meta property=og:title content='{declared}'><meta name=twitter:title content='{declared}'>"
        "<link rel=canonical href='https://post.example/both-sides-agree-on-the-lake-treaty'>"
    )
    page = read(json_ld("NewsArticle", "Envoys come home at last") + head, "<h1>Treaty at the lake, at last</h1>")
    assert (page.headline, page.alternative_headline) == ("Treaty at the lake, at last", declared)


@pytest.mark.parametrize(
    ("heading", "declared", "headline"),
    [
        ("<span class=kicker>Lake talks</span>Both sides sign", "x", "Both sides sign"),
        ("<span class=overline>Lake talks<i class=sr-only>: </i></span><span>Both sides sign</span>", "x", "Both sides sign"),
        (
            "<span class=kicker>Lake talks</span><i class=sr-only>: </i>Both sides sign",
            "Lake talks: Both sides sign",
            "Lake talks: Both sides sign",
        ),
        ("Lake talks<i class=sr-only>: </i>Both sides sign", "x", "Lake talks: Both sides sign"),
        ("Both sides<br>sign <time>Monday</time>", "x", "Both sides sign"),
        ("Both sides <button>Listen</button> sign", "x", "Both sides sign"),
        ("<span class='headline latest'>Both sides sign</span>", "x", "Both sides sign"),
        ("Both si\u00addes sign", "x", "Both sides sign"),
        ("Both<div>sides sign</div>", "x", "Both sides sign"),
        ("Both si<b>des</b> sign", "x", "Both sides sign"),
    ],
    ids=[
        "kicker",
        "kicker with a hidden colon",
        "kicker that is declared too",
        "hidden colon",
        "line break and date",
        "button",
        "all of it in an element of such a name",
        "soft hyphen",
        "block",
        "part of a word in bold type",
    ],
)
def test_the_headline_is_what_is_printed_in_the_h1_without_labels(heading: str, declared: str, headline: str) -> None:
    assert read(f"<meta property=og:title content='{declared}'>", f"<h1>{heading}</h1>").headline == headline


def test_of_several_h1s_the_one_is_taken_that_differs_from_the_declared_headline_in_its_quotation_marks_alone() -> None:
    page = read(
        '<meta property=og:title content="The lake\'s envoys sign">',
        "<h1>Pin it here, reader</h1><h1>The lake’s envoys sign</h1>",
    )
    assert (page.headline, page.alternative_headline) == ("The lake’s envoys sign", None)


@pytest.mark.parametrize(
    ("headline", "other", "alternative"),
    [
        ("Both sides sign", "Envoys agree on the lake treaty", "Envoys agree on the lake treaty"),
        ("Both sides sign at the lake", "Both sides sign", None),
        ("Both sides sign at the lake", "BOTH SIDES: ‘SIGN AT THE LAKE’", None),
        ("Both sides sign at the lake", "Both sides sign at the lake today", None),
        ("Both sides sign at the lake", "Treaty", None),
        ("Both sides sign at the lake", "Lake Post – latest headlines", None),
        ("Both sides sign at the lake", "Envoys agree: Lake Post", "Envoys agree"),
        ("Both sides sign at the lake", "The envoys of both sides have met at the lake for days and nights and sig...", None),
        ("Both sides sign at the lake", "The envoys have met. " * 10, None),
    ],
    ids=[
        "other words",
        "fewer words",
        "the same words",
        "the same and a word more",
        "one word",
        "generic",
        "without the site's name",
        "cut description",
        "text",
    ],
)
def test_the_alternative_headline_says_something_else(headline: str, other: str, alternative: str | None) -> None:
    assert choose_headline(headline, (other,), "Lake Post").alternative == alternative


@pytest.mark.parametrize("entry", read_lexicon("indexer.extract.lexicon", "headlines").entries, ids=str)
def test_generic_title_is_no_headline(entry: LexiconEntry) -> None:
    title = f"{entry.text.title()} {entry.text}: Lake Post"
    assert chosen("Both sides sign", title, site="Lake Post", declared_first=True) == "Both sides sign"
    assert chosen("Both sides sign", title.replace(entry.text, "zz"), site="Lake Post", declared_first=True) != "Both sides sign"


def test_the_other_form_is_kept_by_a_line_of_json() -> None:
    article = read("<meta property=og:title content='Envoys agree on the treaty'>", "<h1>Both sides sign at the lake</h1>")
    record = article_record(article)
    assert record["alternativeHeadline"] == "Envoys agree on the treaty"
    line = json.dumps(record).encode()
    assert article_from_record(line, "pages/lines.jsonl!/1", "").alternative_headline == "Envoys agree on the treaty"
    plain = b'{"title": "Both sides sign", "alternative_headline": "Envoys agree", "text": "So it is."}'
    assert article_from_record(plain, "pages/lines.jsonl!/1", "").alternative_headline == "Envoys agree"


def test_an_explanation_tells_of_both_forms() -> None:
    page = f"<meta property=og:title content='Envoys agree on the treaty'><h1>Both sides sign at the lake</h1>{PROSE}"
    explained = explain(RawPage(source="pages/page.html", stamp="", data=page.encode()), Settings())
    fields = {field.name: (field.value, field.rule) for field in explained.fields}
    assert fields["headline"] == ("Both sides sign at the lake", "the h1 goes before what the page declares; from h1")
    assert fields["alternativeHeadline"][0] == "Envoys agree on the treaty"
