"""What is left out of an article's text and what is not: each rule with a page that it is for, and one that looks alike."""

from collections.abc import Callable

import pytest
from lxml import html

from indexer.extract.body.dom_walk import Block
from indexer.extract.body.link_blocks import leading_elsewhere
from indexer.extract.body.side_matter import SideMatter
from indexer.extract.body.text_density import Prose
from indexer.extract.explain import explain
from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.settings import Settings

FERRY = "The harbour board has sold both of its ferries, and nobody at the quay can say who will row the mail across."
MILL = "The miller has counted four hundred sacks since the thaw, which is more than his father saw in a whole winter."
BELLS = "The bells of the lower church were rung by hand until a storm took the ringer's ladder, the rope and the roof."
CLOCK = "Nobody wound the clock on the town hall for a week, and the market opened an hour late without a complaint."
TEXT = f"<p>{FERRY}</p><p>{MILL}</p><p>{BELLS}</p><p>{CLOCK}</p>"


def page(body: str) -> RawPage:
    return RawPage("quay/a.html", "", f"<html><head><title>Ferries sold</title></head><body>{body}</body></html>".encode())


def text(body: str) -> list[str]:
    """The paragraphs of an article with this body, below its headline."""
    article = extract(page(f"<main><article><h1>Ferries sold</h1>{body}</article></main>"), Settings())
    return [*filter(None, [article.standfirst]), *(line for p in article.paragraphs for line in p.text.split("\n"))]


def reasons(body: str) -> set[str | None]:
    explanation = explain(page(f"<main><article><h1>Ferries sold</h1>{body}</article></main>"), Settings())
    return {piece.rule for reading in explanation.readings for piece in reading.pieces}


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["story-widget story-widget-text", "widget widget_sow-editor", "accordion-panel accordion-panel-hidden"]
)
def test_name_that_says_text_is_believed_before_widget_and_hidden(name: str) -> None:
    assert MILL in text(f'<p>{FERRY}</p><div class="{name}"><p>{MILL}</p></div><p>{BELLS}</p><p>{CLOCK}</p>')


@pytest.mark.parametrize("name", ["widget", "hidden", "story-hidden", "read-more"])
def test_name_alone_makes_side_matter(name: str) -> None:
    body = f'<p>{FERRY}</p><div class="{name}"><p>{MILL}</p></div><p>{BELLS}</p><p>{CLOCK}</p>'
    assert MILL not in text(body)
    assert "is called so by its class or id" in reasons(body)


def test_letters_made_by_a_machine_are_no_name() -> None:
    assert MILL in text(f'<p>{FERRY}</p><div class="element element-5f18ad9"><p>{MILL}</p></div><p>{BELLS}</p><p>{CLOCK}</p>')
    assert MILL not in text(f'<p>{FERRY}</p><div class="element element-ad"><p>{MILL}</p></div><p>{BELLS}</p><p>{CLOCK}</p>')


@pytest.mark.parametrize(
    ("ident", "heading"),
    [("sharing-the-ferry", "Sharing the ferry"), ("advertising-ban", "Advertising ban"), ("cookie-scandal", "A cookie scandal")],
)
def test_section_named_after_its_heading_is_kept(ident: str, heading: str) -> None:
    section = f'<section id="{ident}"><h2>{heading}</h2><p>{MILL}</p></section>'
    assert MILL in text(f"<p>{FERRY}</p>{section}<p>{BELLS}</p><p>{CLOCK}</p>")
    other = section.replace(heading, "In other words")
    assert MILL not in text(f"<p>{FERRY}</p>{other}<p>{BELLS}</p><p>{CLOCK}</p>")


def test_section_named_after_a_heading_of_more_stories_is_left_out() -> None:
    section = f'<section id="related-stories"><h2>Related stories</h2><p>{MILL}</p></section>'
    assert MILL not in text(f"<p>{FERRY}</p>{section}<p>{BELLS}</p><p>{CLOCK}</p>")


def test_long_id_is_made_of_a_heading_even_if_that_is_elsewhere() -> None:
    long = f'<div id="cookies-and-privacy-on-the-ferry"><p>{MILL}</p><p>{BELLS}</p></div>'
    assert MILL in text(f"<p>{FERRY}</p>{long}<p>{CLOCK}</p>")
    assert MILL not in text(f"<p>{FERRY}</p>{long.replace('-on-the-ferry', '')}<p>{CLOCK}</p><p>{CLOCK[::-1]}</p>")


def test_paragraphs_with_hardly_a_link_are_text_whatever_a_weak_name_says() -> None:
    others = "".join(f"<p>{paragraph.upper()}</p>" for paragraph in (CLOCK, FERRY, MILL))
    running = f'<p>{FERRY}</p><div class="content-nav">{{}}</div><p>{CLOCK}</p>{others}'
    paragraphs = f"<p>{MILL}</p><p>{BELLS}</p><p>{MILL[::-1]}</p><p>{BELLS[::-1]}</p>"
    assert BELLS in text(running.format(paragraphs))
    linked = paragraphs.replace("<p>", '<p><a href="/b">Bridge shut to carts</a> ')
    assert BELLS not in " ".join(text(running.format(linked)))
    assert BELLS not in text(running.format(paragraphs).replace("content-nav", "newsletter-box"))


def test_paragraph_of_subscribers_is_kept_but_not_the_line_that_asks_for_money() -> None:
    assert MILL in text(f'<p>{FERRY}</p><p class="paywall">{MILL}</p><p>{BELLS}</p><p>{CLOCK}</p>')
    assert "Read on for one coin." not in text(f'<p>{FERRY}</p><p class="paywall">Read on for one coin.</p><p>{BELLS}</p>')


# --- teasers ----------------------------------------------------------------------------------------------------------


def teasers(item: Callable[[str, str], str], count: int = 3) -> str:
    titles = ["Bridge shut to all carts", "Baker wins the regatta", "School has a new stove", "Frost takes the early plums"]
    return "".join(item(title, f"{title} is what the whole town speaks of since the fair.") for title in titles[:count])


def card(title: str, excerpt: str) -> str:
    return f'<li class="c"><h3><a href="/story">{title}</a></h3><p>{excerpt}</p></li>'


@pytest.mark.parametrize(
    "item",
    [
        card,
        lambda title, excerpt: f'<div class="x y"><div><a href="/story">{title}</a></div><div>{excerpt}</div></div>',
        lambda title, excerpt: (
            f'<article><span>14:44</span><div><h4><a href="/l">{title}</a></h4><p>{excerpt}</p></div></article>'
        ),
    ],
    ids=["list", "boxes", "ticker"],
)
def test_run_of_teasers_is_left_out(item: Callable[[str, str], str]) -> None:
    body = f"{TEXT}<div>{teasers(item)}</div>"
    assert text(body) == [FERRY, MILL, BELLS, CLOCK]


def test_reason_names_the_teasers() -> None:
    assert "is one of several teasers of other stories" in reasons(f"{TEXT}<ul>{teasers(card)}</ul>")


@pytest.mark.parametrize(
    "items",
    [
        teasers(card, 2),
        teasers(lambda title, excerpt: card(title, f"{excerpt} {MILL} {BELLS} {CLOCK} {FERRY}")),
        teasers(lambda title, excerpt: card(f"3. {title}", excerpt)),
        teasers(lambda title, excerpt: card(title, excerpt).replace("/story", "#part")),
        teasers(lambda title, excerpt: f'<li>In <a href="/r">{title}</a> one reads that {excerpt}</li>'),
        teasers(lambda title, excerpt: f"<li><h3>{title}</h3><p>{excerpt}</p></li>"),
    ],
    ids=["two", "reviews", "numbered", "contents", "sources", "answers"],
)
def test_list_of_the_article_is_no_run_of_teasers(items: str) -> None:
    assert "since the fair" in " ".join(text(f"{TEXT}<ul>{items}</ul><p>{CLOCK.upper()}</p>"))


@pytest.mark.parametrize("rest", [f"<p>{FERRY}</p>", f"<p>{FERRY}</p><p>{MILL}</p><p>{BELLS}</p>"], ids=["less", "not much more"])
def test_teasers_are_the_article_if_little_else_is_there(rest: str) -> None:
    assert "since the fair" in " ".join(text(f"{rest}<ul>{teasers(card)}</ul>"))


def test_reviews_below_linked_titles_are_kept_in_a_long_article() -> None:
    others = "".join(f"<p>{paragraph[::-1]}</p><p>{paragraph.upper()[::-1]} So.</p>" for paragraph in (FERRY, MILL, BELLS, CLOCK))
    reviews = teasers(lambda title, excerpt: card(title, f"{excerpt} {MILL} {BELLS} {CLOCK}"))
    assert "since the fair" in " ".join(text(f"{TEXT}{others}<ul>{reviews}</ul>"))


# --- first and last sentences -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", ["The case continues.", "Nobody was hurt.", "没有人受伤。", "“We shall see.”"])
def test_short_sentence_at_the_end_is_kept(last: str) -> None:
    assert text(f"{TEXT}<p>{last}</p>")[-1] == last


@pytest.mark.parametrize(
    "last", ["Lakes, ferries, mail", "Ends.", "04.05.1931, 14:10 4 Min.", '<a href="/all">All of our stories on lakes.</a>']
)
def test_label_at_the_end_is_left_out(last: str) -> None:
    assert text(f"{TEXT}<p>{last}</p>")[-1] == CLOCK


def test_short_sentence_at_the_start_is_kept() -> None:
    assert text(f"<div><p>It was cold.</p>{TEXT}</div>")[0] == "It was cold."
    assert text(f"<div><p>Lakes, ferries</p>{TEXT}</div>")[0] == FERRY


# --- links --------------------------------------------------------------------------------------------------------------

MOTIONS = "".join(f'<li><a href="/m/{n}">Motion {n}: extend the eastern pier before winter</a></li>' for n in (14, 15, 16))


def test_list_of_links_that_a_sentence_announces_is_kept() -> None:
    assert "Motion 15" in " ".join(
        text(f"<p>{FERRY}</p><p>The council voted on these motions:</p><ul>{MOTIONS}</ul><p>{MILL}</p>")
    )


@pytest.mark.parametrize("before", ["The council has voted again.", "More:", ""])
def test_list_of_links_that_nothing_announces_is_left_out(before: str) -> None:
    body = f"<p>{FERRY}</p><p>{before}</p><ul>{MOTIONS}</ul><p>{MILL}</p>"
    assert "Motion 15" not in " ".join(text(body))
    assert "is nothing but links" in reasons(body)


def test_announced_table_of_contents_is_left_out() -> None:
    contents = MOTIONS.replace("/m/", "#m")
    assert "Motion 15" not in " ".join(
        text(f"<p>{FERRY}</p><p>This is what you will read here:</p><ul>{contents}</ul><p>{MILL}</p>")
    )


def test_linked_line_among_paragraphs_is_kept_if_it_leads_to_no_story() -> None:
    line = '<p><a href="{}">The harbour bill of that year, section nine</a></p>'
    for address in ("/law", "https://law.example/bills/9"):
        assert len(text(f"<p>{FERRY}</p>{line.format(address)}<p>{MILL}</p>")) == 3
    for address in ("/1931/05/bill.html", "/town/harbour-bill-is-read-again", "/news/1234567"):
        assert len(text(f"<p>{FERRY}</p>{line.format(address)}<p>{MILL}</p>")) == 2


@pytest.mark.parametrize("words", ["Buy a ticket", "THE HARBOUR BILL OF THAT YEAR, SECTION NINE"])
def test_button_or_headline_among_paragraphs_is_left_out(words: str) -> None:
    assert len(text(f'<p>{FERRY}</p><p><a href="/law">{words}</a></p><p>{MILL}</p>')) == 2


def test_linked_heading_of_a_section_is_kept_and_that_of_an_excerpt_not() -> None:
    heading = '<h3><a href="/story">The stove of the school</a></h3>'
    assert "The stove of the school" in text(f"<p>{FERRY}</p>{heading}<p>{MILL}</p><p>{BELLS}</p><p>{CLOCK}</p>")
    assert "The stove of the school" not in text(f"<p>{FERRY}</p><p>{BELLS}</p>{heading}<p>{MILL}</p>")


# --- repeats, machines, tables ------------------------------------------------------------------------------------------


def test_text_once_more_in_microdata_is_left_out() -> None:
    whole = f"{FERRY} {MILL} {BELLS} {CLOCK} {'So it goes on. ' * 12}"
    again = (
        f'<div itemscope><div itemprop="datePublished">1931-05-04T08:00:00Z</div><div itemprop="articleBody">{whole}</div></div>'
    )
    assert text(TEXT + again) == [FERRY, MILL, BELLS, CLOCK]


def test_long_paragraph_that_quotes_a_shorter_one_is_kept() -> None:
    long = f"{FERRY} So said the clerk, and went on: {CLOCK[::-1]} {MILL[::-1]} {BELLS[::-1]} {FERRY[::-1]} {CLOCK}"
    assert len(text(f"{TEXT}<p>{long}</p>")) == 5


def test_longer_form_of_one_paragraph_is_kept() -> None:
    short = f"{FERRY} {MILL} {BELLS} {CLOCK}"
    long = f"{short} {short[::-1][:200]}"
    assert text(f"<p>{short}</p><p>{long}</p>") == [short, long]


@pytest.mark.parametrize(
    "line", ["1931-05-04T08:00:00Z", "https://quay.example/ferries", '&lt;img src="a.png" alt="Ferry at the quay"&gt;']
)
def test_line_for_machines_is_left_out(line: str) -> None:
    body = f"<p>{FERRY}</p><p>{line}</p><p>{MILL}</p>"
    assert len(text(body)) == 2
    assert line.startswith("1931") or "is an address, a time or mark-up, for machines" in reasons(body)  # the date has a field
    assert len(text(body.replace(line, f"See {line} there, says the clerk of the board."))) == 3


def test_table_in_a_figure_is_a_table() -> None:
    table = "<figure><table><tr><td>Mill</td><td>400 sacks</td></tr></table></figure>"
    assert "Mill | 400 sacks" in text(f"<p>{FERRY}</p>{table}<p>{MILL}</p>")


@pytest.mark.parametrize(("above", "kept"), [((FERRY,), []), ((FERRY, MILL, BELLS), ["On the quay"])])
def test_labels_above_the_headline_go_with_it_unless_the_text_stands_there(above: tuple[str, ...], kept: list[str]) -> None:
    """Such a headline is the heading said once more, as above a form."""
    opening = "".join(f"<p>{sentence}</p>" for sentence in above)
    article = extract(page(f"<div>{opening}<h3>On the quay</h3><h1>Ferries sold</h1>{TEXT}</div>"), Settings())
    assert [p.text for p in article.paragraphs if p.kind == "subhead"] == kept


# --- marked up wrongly ---------------------------------------------------------------------------------------------------


def test_main_part_in_a_menu_that_was_left_open_is_read() -> None:
    body = f"<nav><ul><li><a href='/'>Home</a></li><li><main><h1>Ferries sold</h1>{TEXT}</main>"
    assert [p.text for p in extract(page(body), Settings()).paragraphs] == [FERRY, MILL, BELLS, CLOCK]


@pytest.mark.parametrize(("notices", "read"), [(3, False), (8, True)])
def test_what_stands_outside_the_main_part_is_read_only_if_that_holds_the_lesser_part(notices: int, read: bool) -> None:
    notice = "Offer {0} ends when ferry {0} does, as notice {0} of the board to its customers says: read it, or ask at quay {0}."
    outside = "".join(f"<p>{notice.format(number)}</p>" for number in range(notices))
    article = extract(page(f"<main><h1>Ferries sold</h1>{TEXT}</main><div>{outside}</div>"), Settings())
    assert [p.text for p in article.paragraphs][:4] == [FERRY, MILL, BELLS, CLOCK]
    assert len(article.paragraphs) == (4 + notices if read else 4)


def test_text_in_a_menu_without_a_main_part_is_no_article() -> None:
    body = f"<nav><p>{FERRY}</p></nav><h1>Ferries sold</h1><p>{MILL}</p><p>{BELLS}</p>"
    assert [p.text for p in extract(page(body), Settings()).paragraphs] == [MILL, BELLS]


def test_teasers_are_the_article_if_they_hold_most_of_it() -> None:
    many = "".join(teasers(lambda title, excerpt, n=n: card(f"{title} {'again ' * n}", f"{excerpt} {MILL}")) for n in range(3))
    assert "since the fair" in " ".join(text(f"{TEXT}<ul>{many}</ul>"))


@pytest.mark.parametrize(("total", "are_left_out"), [(430.0, True), (429.0, False)], ids=["400 letters", "399 letters"])
def test_teasers_are_left_out_beside_400_letters_of_prose(total: float, are_left_out: bool) -> None:
    run = html.fragment_fromstring(f"<ul>{teasers(card)}</ul>")
    prose = Prose()
    for teaser in run:
        prose.add(teaser, 10.0, 10.0)
    assert SideMatter(prose, total).teasers(run) == frozenset(run if are_left_out else ())


@pytest.mark.parametrize(("link_share", "is_left_out"), [(0.6, False), (0.61, True)])
def test_list_leads_elsewhere_if_more_than_six_tenths_of_it_is_links(link_share: float, is_left_out: bool) -> None:
    items = [Block(letter * 10, "list", "body", link_share, (), group=1, number=at) for at, letter in enumerate("ab")]
    assert leading_elsewhere([Block(FERRY, "text", "body", 0.0, (), number=2), *items]) == set(items if is_left_out else ())


def test_each_list_is_weighed_by_itself() -> None:
    links = Block("Bridge shut for a week", "list", "body", 1.0, (), group=1, number=1)
    points = Block("Both ferries were sold to a yard in the north", "list", "body", 0.0, (), group=2, number=2)
    assert leading_elsewhere([Block(FERRY, "text", "body", 0.0, ()), links, points]) == {links}


def test_section_named_after_a_heading_of_other_stories_is_left_out() -> None:
    section = f"<section id='related-stories'><h2>Related stories</h2><p>{CLOCK}</p></section>"
    assert "is called so by its class or id" in reasons(f"<p>{FERRY}</p><p>{MILL}</p><p>{BELLS}</p>{section}")


# --- controls -----------------------------------------------------------------------------------------------------------


def test_label_of_a_control_is_left_out_but_not_one_that_marks_up_text() -> None:
    sort = "<p><label>Sort: <select><option>Newest first</option></select></label></p>"
    body = f"<p>{FERRY}</p><h2>Day by day</h2>{sort}<h2>Morning</h2><p><label>{MILL}</label></p><p>{BELLS}</p>"
    assert "Sort:" not in text(body)
    assert MILL in text(body)
    assert "is the label of a control" in reasons(body)
