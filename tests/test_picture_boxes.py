"""Captions and credits on whole pages, in the mark-up of many systems, of which few mark them up as a figure does."""

import pytest

from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.model.article import Article
from search.settings import Settings

TEXT = (
    "<p>The bridge was opened on a wet Tuesday, with a band, two speeches and no umbrellas at all.</p>",
    "<p>By the evening half of the town had crossed it, some of them three times and in both directions.</p>",
    "<p>Its builders say that it will last for at least a hundred years, if it is painted every five.</p>",
)
PICTURE = "<img src=/b.jpg alt='A bridge over a river'>"
TWO = (("a", "at dawn"), ("b", "at noon"))


def article_with(markup: str, above: str = "", headline: str = "", end: str = "") -> Article:
    """headline: what stands above it; above, end: what stands above and below the text."""
    body = f"{TEXT[0]}{markup}{TEXT[1]}{TEXT[2]}{end}"
    page = f"<h1>Bridge opens</h1>{above}<div>{body}</div>"
    page = f"<html><body><main><article>{headline}{page}</article></main></body></html>"
    return extract(RawPage(source="pages/a.html", stamp="", data=page.encode()), Settings())


def found(article: Article) -> list[tuple[str | None, str | None]]:
    return [(caption.text, caption.credit) for caption in article.captions]


NOON = ("The bridge at noon", "Ann Roe")
ROE = (None, "Ann Roe")
WITHIN = {
    "a credit below the picture's box": (
        f"<div class=page-photo>{PICTURE}</div><div class=photo-credit>Photo: Ann Roe / <a href=x>Unsplash</a></div>",
        [(None, "Ann Roe / Unsplash")],
    ),
    "a credit named so, without a label": (f"<div>{PICTURE}</div><p class=image_credits>Ann Roe</p>", [ROE]),
    "a credit that is a link": (f"<div class=slide-image>{PICTURE}<a class=image-credit href=x>Ann Roe</a></div>", [ROE]),
    "a credit in a link that enlarges": (
        "<div class=gallery>"
        + "".join(
            f"<div class=item><a href={at}-large.jpg><img src={at}.jpg><b class=credit>Photo: {by}</b></a>"
            f"<p class=caption>At {at}</p></div>"
            for at, by in (("dawn", "Bo Low"), ("noon", "Ann Roe"))
        )
        + "</div>",
        [("At dawn", "Bo Low"), ("At noon", "Ann Roe")],
    ),
    "a caption without a figure, a credit beside it": (
        f"<div><div>{PICTURE}</div><div><figcaption>The bridge at noon</figcaption><cite>Photo by Ann Roe</cite></div></div>",
        [NOON],
    ),
    "a caption beside the figure": (
        f"<div><figure>{PICTURE}</figure><figcaption class=caption-text>Image: Roe</figcaption></div>",
        [(None, "Roe")],
    ),
    "a caption beside the credit's": (
        f"<div>{PICTURE}<div><figcaption data-key=photo-credit><b>Ann Roe; Bo Low</b></figcaption>"
        "<div data-element=caption>The bridge at noon</div></div></div>",
        [("The bridge at noon", "Ann Roe; Bo Low")],
    ),
    "a figure around figures": (
        "<figure><ul>"
        + "".join(f"<li><figure><img src={k}.jpg><figcaption>The bridge {at}</figcaption></figure></li>" for k, at in TWO)
        + "</ul><figcaption>Two views of it.</figcaption></figure>",
        [("The bridge at dawn", None), ("The bridge at noon", None), ("Two views of it.", None)],
    ),
    "a figure around one that has the credit": (
        f"<figure><figure>{PICTURE}<figcaption><b class=credit>Credit: Ann Roe</b></figcaption></figure>"
        "<figcaption>The bridge at noon</figcaption></figure>",
        [NOON],
    ),
    "two pictures in one box": (
        "<div class=gallery>"
        + "".join(f"<dl><dt><img src={k}.jpg></dt><dd class=caption>The bridge {at}</dd></dl>" for k, at in TWO)
        + "</div>",
        [("The bridge at dawn", None), ("The bridge at noon", None)],
    ),
    "the thumb of a wiki": (
        f"<div class=thumb><div class=thumbinner>{PICTURE}<div class=thumbcaption>The bridge at noon</div></div></div>",
        [("The bridge at noon", None)],
    ),
    "a line below a picture": (f"<p>{PICTURE}</p><p>Photo via Pexels</p>", [(None, "Pexels")]),
    "a line in small print": (f"<p>{PICTURE}</p><p><small>Bildquelle: Anna Rot</small></p>", [(None, "Anna Rot")]),
    "a paragraph that ends with a label": (
        f"<p>{PICTURE}</p><p>They paint it every five years. Photo by: ‘Ann Roe’.</p>",
        [("They paint it every five years.", "Ann Roe")],
    ),
    "the link around a picture": (
        f"<a data-fancybox=g data-caption='The bridge at noon. © Ann Roe' href=/b-large.jpg>{PICTURE}</a>",
        [("The bridge at noon.", "Ann Roe")],
    ),
    "the item around a picture": (
        f"<ul><li data-sub-html='&lt;p&gt;The bridge at noon&lt;/p&gt;'>{PICTURE}</li></ul>",
        [("The bridge at noon", None)],
    ),
    "a button beside a picture": (
        f"<figure>{PICTURE}<button data-c-caption='The bridge at noon' data-c-credit='Ann Roe'></button></figure>",
        [NOON],
    ),
    "a caption that is called a credit": (
        f"<div class=image>{PICTURE}<b class=credit>Always look at the river first, as it may rise in an hour</b></div>",
        [("Always look at the river first, as it may rise in an hour", None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), WITHIN.values(), ids=WITHIN)
def test_captions_and_credits_are_found_without_a_figure(markup: str, expected: list[tuple[str | None, str | None]]) -> None:
    article = article_with(markup)
    assert found(article) == expected
    assert len(article.paragraphs) == len(TEXT)


def test_a_credit_may_stand_above_the_headline() -> None:
    credit = f"<figure>{PICTURE}</figure><p class=header-credit>Credit: Ann Roe / Getty Images</p>"
    assert found(article_with("", headline=credit)) == [(None, "Ann Roe / Getty Images")]


def test_a_credit_at_the_end_of_the_text_is_of_the_picture_without_one() -> None:
    picture = f"<figure>{PICTURE}<figcaption>The bridge at noon</figcaption></figure>"
    assert found(article_with(picture, end="<p>Titelbild: Anna Rot</p>")) == [("The bridge at noon", "Anna Rot")]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f"<div>{PICTURE}</div><p class=copyright>© 2024 The Harbour Post</p>", id="rights of a site"),
        pytest.param(f"<div>{PICTURE}</div><div class=attribution>Ann Roe | Published a day ago</div>", id="byline"),
        pytest.param(f"<div>{PICTURE}</div><p class=author-image-name>Ann Roe</p>", id="name below a portrait"),
        pytest.param(
            f"<div class=slider><a href=/photo-stories/towers>{PICTURE}<p>Ten towers that fell</p></a></div>", id="other story"
        ),
        pytest.param(
            f"<div class=picture><figure>{PICTURE}</figure><figcaption>The speeches in full</figcaption><video></video></div>",
            id="title of a film",
        ),
        pytest.param(
            f"<figure>{PICTURE}<button data-description='A chart of bridges' data-share=1></button></figure>", id="to share"
        ),
        pytest.param(f"<figure>{PICTURE}<a href=/b.png>Download the chart</a></figure>", id="to download"),
        pytest.param(
            f"<div>{PICTURE}</div><table><caption class=caption>Bridges of the town</caption><tr><td>Old</td></tr></table>",
            id="of a table",
        ),
        pytest.param(f"<figure data-show-caption=true>{PICTURE}</figure>", id="a switch"),
    ],
)
def test_what_only_looks_like_a_caption_is_none(markup: str) -> None:
    assert found(article_with(markup)) == []


def test_prose_below_a_picture_stays_text() -> None:
    prose = "<p>The mayor liked one photo: it showed the bridge as nobody had seen it. She had it framed.</p>"
    assert len(article_with(f"<p>{PICTURE}</p>{prose}").paragraphs) == len(TEXT) + 1
