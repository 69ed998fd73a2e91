"""Captions of many kinds of mark-up: what is seen, who took it, where the picture is and where it stands."""

import time

import pytest
from lxml.html import fromstring

from indexer.extract.fields.figure_text import read_figure
from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.model.article import Caption
from search.settings import Settings

BEFORE = "<p>The bridge was opened on a wet Tuesday, with a band, two speeches and no umbrellas at all.</p>"
AFTER = "<p>By the evening half of the town had crossed it, some of them three times and in both directions.</p>" * 1


def captions(markup: str) -> tuple[Caption, ...]:
    page = f"<link rel=canonical href='https://post.example/b/1'><h1>Bridge opens</h1><article>{BEFORE}{markup}{AFTER}</article>"
    return extract(RawPage(source="pages/a.html", stamp="", data=page.encode()), Settings()).captions


@pytest.mark.parametrize(
    ("markup", "text", "credit"),
    [
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The new bridge.</figcaption></figure>", "The new bridge.", None, id="figcaption"
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The new bridge. (Ann Roe/Wire)</figcaption></figure>",
            "The new bridge.",
            "Ann Roe/Wire",
            id="credit in parentheses",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The bridge.<span class=copyright>Foto: Ann Roe</span></figcaption></figure>",
            "The bridge.",
            "Ann Roe",
            id="credit element in the caption",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The bridge.</figcaption><footer>Ann Roe</footer></figure>",
            "The bridge.",
            "Ann Roe",
            id="credit beside the caption",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The bridge.</figcaption><figcaption>Photo: Ann Roe</figcaption></figure>",
            "The bridge.",
            "Ann Roe",
            id="credit in a second caption",
        ),
        pytest.param(
            "<div class=wp-caption><img src=b.jpg><p class=wp-caption-text>The bridge. Photo: Ann Roe</p></div>",
            "The bridge.",
            "Ann Roe",
            id="no figure element",
        ),
        pytest.param(
            "<div class=x7f><div><img src=b.jpg></div><div>The bridge at noon</div><div>Getty Images</div></div>",
            "The bridge at noon",
            "Getty Images",
            id="names that say nothing",
        ),
        pytest.param(
            "<button><figure><img src=b.jpg><figcaption>The bridge.<cite>(Image: Ann Roe)</cite></figcaption></figure></button>",
            "The bridge.",
            "Ann Roe",
            id="a button that enlarges",
        ),
        pytest.param(
            "<figure><img src=b.jpg><div class=caption>3 of 12 | The bridge. (AP Photo/Ann Roe)</div></figure>",
            "The bridge.",
            "AP Photo/Ann Roe",
            id="number of a gallery",
        ),
        pytest.param("<figure><img src=b.jpg><small class=credit>Ann Roe</small></figure>", None, "Ann Roe", id="a credit alone"),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>橋を渡る人たち＝７日、みなと市、浜田葉子撮影</figcaption></figure>",
            "橋を渡る人たち＝７日、みなと市",
            "浜田葉子",
            id="Japanese",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>El puente nuevo / Ana Rojo</figcaption></figure>",
            "El puente nuevo",
            "Ana Rojo",
            id="slash",
        ),
        pytest.param(
            "<figure><div><img src=b.jpg><span>© Ann Roe</span></div><figcaption>The bridge at noon</figcaption></figure>",
            "The bridge at noon",
            "Ann Roe",
            id="credit on the picture",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption><span>The bridge at noon</span><small>town hall</small></figcaption></figure>",
            "The bridge at noon",
            "town hall",
            id="credit in small print",
        ),
        pytest.param(
            "<div class=widget><div role=button><figure><img src=b.jpg><figcaption>The bridge at noon</figcaption></figure>"
            "<span>+</span></div></div>",
            "The bridge at noon",
            None,
            id="in a widget that holds nothing else",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The bridge at noon</figcaption><figcaption><b>Image credits:</b> Ann Roe"
            "</figcaption></figure>",
            "The bridge at noon",
            "Ann Roe",
            id="two captions that do not run together",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The bridge at noon <b>-</b> <i class=credit>Copyright Ann Roe</i>"
            "</figcaption></figure>",
            "The bridge at noon",
            "Ann Roe",
            id="a dash before the credit",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption><span>Image credit: Post</span><span class=credit>Image credit: Ann Roe</span>"
            "</figcaption></figure>",
            None,
            "Ann Roe",
            id="two credits and no caption",
        ),
        pytest.param(
            "<div class=x7f><div><img src=b.jpg width=900></div><div>The bridge at noon</div></div>",
            "The bridge at noon",
            None,
            id="a large picture",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>© Ann Roe</figcaption></figure>", None, "Ann Roe", id="nothing but a credit"
        ),
        pytest.param(
            "<div class=media><img src=b.jpg><p class=imagedescription>The bridge at noon. © Ann Roe</p></div>",
            "The bridge at noon.",
            "Ann Roe",
            id="the name of a caption in one word",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The bridge at noonAnn Roe<span class=credit>Ann Roe</span></figcaption></figure>",
            "The bridge at noon",
            "Ann Roe",
            id="a credit printed twice",
        ),
        pytest.param(
            "<figure><img src=b.jpg alt='Screenshot 1'><figcaption>The bridge at noon</figcaption></figure>",
            "The bridge at noon",
            None,
            id="the name of a file",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption><p>The bridge at noon</p><p class=source>(Bild: )</p></figcaption></figure>",
            "The bridge at noon",
            None,
            id="a label without a name",
        ),
        pytest.param(
            "<div class=image_video><figure><img src=b.jpg><figcaption>The bridge at noon</figcaption></figure></div>",
            "The bridge at noon",
            None,
            id="a picture where a film could stand",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption><p>A view of <a href=/g>Geneva</a>, at <i>noon</i> (<b>local time</b>).</p>"
            "<p>Ice.</p></figcaption></figure>",
            "A view of Geneva, at noon (local time). Ice.",
            None,
            id="a link before a comma",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>The bridge at noon.<p></p>The mayor opens it.</figcaption></figure>",
            "The bridge at noon. The mayor opens it.",
            None,
            id="lines with an empty paragraph between them",
        ),
    ],
)
def test_caption_credit_picture_and_place_are_found(markup: str, text: str | None, credit: str | None) -> None:
    assert captions(markup) == (Caption(text, credit, "https://post.example/b/b.jpg", after=1),)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<img src=b.jpg alt='A bridge'>", id="no words"),
        pytest.param(
            "<a href=/other><figure><img src=b.jpg><figcaption>Ten more bridges</figcaption></figure></a>", id="another story"
        ),
        pytest.param("<figure><img src=b.jpg><figcaption>Advertisement</figcaption></figure>", id="advertisement"),
        pytest.param("<figure><p>We need your consent to show you the bridge.</p></figure>", id="a figure without a picture"),
        pytest.param("<figure><img src=b.jpg><figcaption>Please enable JavaScript.</figcaption></figure>", id="notice"),
        pytest.param(
            "<aside><h3>Ten more bridges</h3><figure><img src=b.jpg><figcaption>The weir</figcaption></figure></aside>",
            id="a picture in a box with words of its own",
        ),
        pytest.param(
            "<div class=photo><img src=me.jpg><p>Ann Roe, reporter 7.6.2013, 12:40</p></div>", id="byline with a portrait"
        ),
        pytest.param(
            "<div class=video-player><figure><img src=b.jpg><figcaption>The speeches in full</figcaption></figure></div>",
            id="the title of a film",
        ),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>Slideshow ( 15 images )</figcaption></figure>", id="a number of pictures"
        ),
        pytest.param("<div class=photo><img src=b.jpg><p>images/2022/bridge_at_noon.png</p></div>", id="the name of a file"),
        pytest.param("<div><img src=b.jpg><div class='caption-s5-fx'>Two hours ago, in Oslo</div></div>", id="a size of letters"),
        pytest.param("<figure><img src=b.jpg><figcaption>Bridges</figcaption></figure>", id="one word"),
        pytest.param("<figure><img src=b.jpg><figcaption>14.90 € 7.90 €</figcaption></figure>", id="prices"),
        pytest.param("<form class=image><img src=b.jpg><span>A plank of the old bridge</span></form>", id="something to order"),
    ],
)
def test_what_is_no_caption_is_not_taken_for_one(markup: str) -> None:
    assert captions(markup) == ()


def test_each_picture_of_a_gallery_has_its_own_caption() -> None:
    slides = (f"<div><img src={at}.jpg alt='{at} of it'><span>The bridge at {at}</span></div>" for at in ("noon", "night"))
    assert [caption.text for caption in captions(f"<div class=gallery>{''.join(slides)}</div>")] == [
        "The bridge at noon",
        "The bridge at night",
    ]


def test_a_caption_shown_twice_is_kept_once_with_its_credit() -> None:
    shown = "<figure><img src=b.jpg><figcaption>The bridge.</figcaption></figure>"
    again = "<figure><img src=c.jpg><figcaption>The bridge. (Ann Roe/Wire)</figcaption></figure>"
    assert [caption.credit for caption in captions(shown + again)] == ["Ann Roe/Wire"]


def test_captions_do_not_leak_into_the_text() -> None:
    page = f"<h1>Bridge opens</h1>{BEFORE}<figure><img src=b.jpg><figcaption>The new bridge at noon.</figcaption></figure>{AFTER}"
    article = extract(RawPage(source="pages/a.html", stamp="", data=page.encode()), Settings())
    assert not any("at noon" in paragraph.text for paragraph in article.paragraphs)


def test_a_caption_of_very_many_pieces_is_read_within_seconds() -> None:
    """Weighed against the whole each time, these would take minutes."""
    pieces = "<small>Roe</small> " * 10_000
    began = time.process_time()
    found = captions(f"<figure><img src=b.jpg><figcaption>The bridge at noon {pieces}</figcaption></figure>")
    assert [caption.text for caption in found] == ["The bridge at noon"]
    assert time.process_time() - began < 10


def test_very_many_captions_without_a_picture_are_passed_over_within_seconds() -> None:
    """Were the article searched for a picture each time, these would take minutes."""
    began = time.process_time()
    assert not captions("<div class=caption>The bridge at noon</div>" * 40_000)
    assert time.process_time() - began < 10


# Kinds of mark-up that content management systems of the world make.
FIGURES = [
    (
        "agency in a second element, slash between",
        "<figcaption>Noon on the bridge. <span class=credit>Photo by Ann Roe</span> /<span>WIRE</span></figcaption>",
        ("Noon on the bridge.", "Ann Roe/WIRE"),
    ),
    (
        "slash in an element of its own",
        "<figcaption>Noon on the bridge. <b class=photographer>Ann Roe</b><b> / </b><b class=source>AFP</b></figcaption>",
        ("Noon on the bridge.", "Ann Roe / AFP"),
    ),
    (
        "agency in parentheses behind the credit",
        "<figcaption><b class=text>Noon on the bridge.</b> <b class=credit>Ann Roe</b> <b class=group>(AP)</b></figcaption>",
        ("Noon on the bridge.", "Ann Roe (AP)"),
    ),
    (
        "agency without a sign",
        "<figcaption>Noon on the bridge. <b class=credit>Ann Roe</b> <b>Getty Images</b></figcaption>",
        ("Noon on the bridge.", "Ann Roe Getty Images"),
    ),
    (
        "credit once for phones, once for desks",
        "<figcaption>Noon on the bridge. <b class=credit>Ann Roe</b> <b class='credit big'>Ann Roe</b></figcaption>",
        ("Noon on the bridge.", "Ann Roe"),
    ),
    (
        "words behind the credit that are no agency",
        "<figcaption><b class=credit>Ann Roe</b> <b>Noon on the bridge, with a band</b></figcaption>",
        ("Noon on the bridge, with a band", "Ann Roe"),
    ),
    (
        "person and agency in the last element",
        "<figcaption><span>Noon on the bridge</span><span>Ann Roe (WIRE)</span></figcaption>",
        ("Noon on the bridge", "Ann Roe (WIRE)"),
    ),
    (
        "person in the last paragraph",
        "<figcaption><p>Noon on the bridge</p><p>Ann Roe</p></figcaption>",
        ("Noon on the bridge", "Ann Roe"),
    ),
    (
        "person in italics after a sentence",
        "<figcaption>Noon on the bridge. <em>Ann Roe</em></figcaption>",
        ("Noon on the bridge.", "Ann Roe"),
    ),
    (
        "a person who is shown",
        "<figcaption>Noon on the bridge of <em>Ann Roe</em></figcaption>",
        ("Noon on the bridge of Ann Roe", None),
    ),
    (
        "a name and an office",
        "<figcaption><p>Ann Roe</p><p>Mayor Tom Low</p></figcaption>",
        ("Ann Roe Mayor Tom Low", None),
    ),
    (
        "initials of the house",
        "<div class=k2>Noon on the old bridge</div><div class=k3>ES</div>",
        ("Noon on the old bridge", "ES"),
    ),
    (
        "label in an element of its own",
        "<figcaption><b aria-hidden=true>Noon on the bridge.</b><b><b>Credit</b><b>Ann Roe for The Post</b></b></figcaption>",
        ("Noon on the bridge.", "Ann Roe for The Post"),
    ),
    (
        "labels that are read out",
        "<div><b>Image source, </b>Getty Images</div><figcaption><b>Image caption, </b>Noon on the bridge</figcaption>",
        ("Noon on the bridge", "Getty Images"),
    ),
    (
        "figcaption with the credit, caption beside it",
        "<div class=image__caption>Noon on the bridge.</div><figcaption class=image__credit>Ann Roe/AFP</figcaption>",
        ("Noon on the bridge.", "Ann Roe/AFP"),
    ),
    (
        "figcaption with a name of both",
        "<figcaption class='caption credit'>Noon on the bridge.</figcaption>",
        ("Noon on the bridge.", None),
    ),
    (
        "short and long form of a credit",
        "<figcaption>Noon on the bridge. (AP Photo/Ann Roe)<b class=credit>AP Photo</b></figcaption>",
        ("Noon on the bridge.", "AP Photo/Ann Roe"),
    ),
    (
        "link to buy it",
        "<figcaption>Noon on the bridge. REUTERS/Ann Roe <a href=x>Purchase Licensing Rights</a></figcaption>",
        ("Noon on the bridge.", "REUTERS/Ann Roe"),
    ),
    (
        "slash before a link",
        "<figcaption><span>Noon on the bridge / </span><a href=x>Ann Roe</a></figcaption>",
        ("Noon on the bridge", "Ann Roe"),
    ),
    (
        "words of two blocks",
        "<figcaption><p>seen at noon:</p><p>the bridge</p></figcaption>",
        ("seen at noon: the bridge", None),
    ),
    (
        "credit in the text, and another in an element",
        "<figcaption><p>Noon on the bridge. (Tom Low/WIRE)</p><p>Ann Roe</p></figcaption>",
        ("Noon on the bridge. (Tom Low/WIRE)", "Ann Roe"),
    ),
    (
        "small print without a figcaption",
        "<p>noon on the old bridge</p><small>town hall</small>",
        ("noon on the old bridge town hall", None),
    ),
    ("link to the photographer", "<figcaption><a href=x>Photo: Ann Roe</a></figcaption>", (None, "Ann Roe")),
    ("label of a picture", "<figcaption>Photo: the bridge at noon</figcaption>", ("the bridge at noon", None)),
    ("link to another story", "<figcaption><a href=x>Noon on the bridge, with a band</a></figcaption>", (None, None)),
    ("pointer to another story", "<figcaption>READ MORE: The bridge in maps</figcaption>", (None, None)),
    ("reading time", "<figcaption>4 min read</figcaption>", (None, None)),
    ("a text", f"<figcaption>{'The bridge at noon. ' * 80}</figcaption>", (None, None)),
    (
        "source of a text",
        f"<figcaption>Noon on the bridge.<b class=source> {'from a letter of those years ' * 8}</b></figcaption>",
        (f"Noon on the bridge. {'from a letter of those years ' * 8}".strip(), None),
    ),
    (
        "words of two elements",
        "<figcaption><span>Noon on the bridge</span><span>A band plays</span></figcaption>",
        ("Noon on the bridge A band plays", None),
    ),
    (
        "credit of three linked pieces",
        "<figcaption>Noon on the bridge. Photo by <a href=x>Ann Roe</a> on <a href=y>Unsplash</a></figcaption>",
        ("Noon on the bridge.", "Ann Roe on Unsplash"),
    ),
    ("link to the source alone", "<figcaption>(<a href=x>Image Source</a>)</figcaption>", ("(Image Source)", None)),
    (
        "via before a link",
        "<figcaption>The bridge, 1800s — via <a href=x>Wikimedia Commons</a></figcaption>",
        ("The bridge, 1800s", "Wikimedia Commons"),
    ),
    (
        "the name of a caption within it, at the credit",
        "<p class=description>Noon on the bridge <b class=description__caption>— Foto: Ann Roe</b></p>",
        ("Noon on the bridge", "Ann Roe"),
    ),
    (
        "link that enlarges in place of a caption",
        "<figcaption><p class=caption><a href=b.jpg>Enlarge</a></p>"
        "<p class=credit><a href=x>Ann Roe | Getty Images</a></p></figcaption>",
        (None, "Ann Roe | Getty Images"),
    ),
    ("a name in small letters", "<figcaption>Foto: Privatna arhiva</figcaption>", (None, "Privatna arhiva")),
    (
        "credit in the first line",
        "<figcaption>Ann Roe/Harbour Post<br>Noon on the bridge.</figcaption>",
        ("Noon on the bridge.", "Ann Roe/Harbour Post"),
    ),
    (
        "agency in the last line",
        "<figcaption>Noon on the bridge<br>Ann Roe/Harbour Post</figcaption>",
        ("Noon on the bridge", "Ann Roe/Harbour Post"),
    ),
    (
        "two lines of a text",
        "<figcaption>Noon on the bridge<br>Ann Roe</figcaption>",
        ("Noon on the bridge Ann Roe", None),
    ),
    (
        "label without a colon in an element",
        "<figcaption>Noon on the bridge. <b class=credit>Beeld Ann Roe</b></figcaption>",
        ("Noon on the bridge.", "Ann Roe"),
    ),
    (
        "short and long form in elements",
        "<figcaption>Noon on the bridge. <b class=credit>Ann Roe</b> <b class=credit>Ann Roe/WIRE</b></figcaption>",
        ("Noon on the bridge.", "Ann Roe/WIRE"),
    ),
    (
        "all of it once more",
        "<figcaption>Illustration: Ann Roe</figcaption><div><figcaption>Illustration: Ann Roe</figcaption></div>",
        (None, "Ann Roe"),
    ),
    ("credit of no name", "<figcaption><b class=credit>from a private album</b></figcaption>", (None, "from a private album")),
    (
        "credit of many names",
        "<figcaption><b class=credit>Ann Roe. Styling by Bo Low and Cal Dow at the Harbour Works</b></figcaption>",
        (None, "Ann Roe. Styling by Bo Low and Cal Dow at the Harbour Works"),
    ),
    (
        "part of a word in bold type",
        "<figcaption>Noon on the br<b>idge</b> (<a href=x>west</a>)</figcaption>",
        ("Noon on the bridge (west)", None),
    ),
]


@pytest.mark.parametrize(("markup", "caption"), [case[1:] for case in FIGURES], ids=[case[0] for case in FIGURES])
def test_a_figure_is_read_whatever_system_made_it(markup: str, caption: tuple[str | None, str | None]) -> None:
    assert read_figure(fromstring(f"<figure><div><img src=b.jpg></div>{markup}</figure>")) == caption


PICTURE = "<div class=image><div><img src=b.jpg></div><div class=image__metadata>"
CAPTION = "<div class=image__caption>Noon on the bridge</div>"
WAITED = "<blockquote><p>We waited for it for thirty years.</p></blockquote>"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"<figure>{WAITED}<figcaption>Ann Roe, mayor</figcaption></figure>", None),
        (
            "<figure><blockquote><img src=b.jpg></blockquote><figcaption>Ann Roe, the mayor</figcaption></figure>",
            "Ann Roe, the mayor",
        ),
        (
            "<div class=image><img src=b.jpg><noscript><img src=b.jpg></noscript><img src=c.jpg><p>Noon on the bridge</p></div>",
            "Noon on the bridge",
        ),
        ("<p><img src=b.jpg><br><em>Noon on the bridge</em></p>", "Noon on the bridge"),
        ("<p><img src=b.jpg><br><em>Noon</em> on the bridge</p>", None),
        ("<p><img src=b.jpg width=800><br>Noon on the bridge</p>", "Noon on the bridge"),
        (f"{PICTURE}{CAPTION}<figcaption class=image__credit>Ann Roe/AFP</figcaption></div></div>", "Noon on the bridge"),
        (f"{PICTURE}{CAPTION}<a href=/x>More</a><figcaption class=image__credit>Ann Roe/AFP</figcaption></div></div>", None),
    ],
    ids=[
        "speaker of a quote",
        "picture in a quote",
        "picture that is there three times",
        "italics below a picture",
        "a paragraph with a picture",
        "paragraph below a large picture",
        "caption among the data of a picture",
        "links among them",
    ],
)
def test_what_stands_with_a_picture_is_its_caption(markup: str, text: str | None) -> None:
    assert [caption.text for caption in captions(markup)] == ([text] if text else [])


def test_mark_up_in_an_attribute_is_read() -> None:
    value = "&lt;p&gt;Noon on the &lt;b&gt;bridge&lt;/b&gt; &amp;amp; below&lt;/p&gt;"
    markup = f"<figure><img src=b.jpg data-image-caption='{value}'></figure>"
    assert [caption.text for caption in captions(markup)] == ["Noon on the bridge & below"]
