"""The walk reads each word of a part once, in order, and runs none together that the page shows apart."""

import random
from collections.abc import Iterator

import pytest
from lxml.html import HtmlElement

from indexer.extract.body.dom_walk import Block, Walk
from indexer.extract.body.text_density import weigh_prose
from indexer.extract.safe_parse import parse

BLOCKS = str.split("p div section h2 h3 ul ol li blockquote table tr td th dl dt dd pre center header")
INLINE = str.split("b i em a span small sub font abbr time")


def page(chance: random.Random, depth: int, count: Iterator[int]) -> str:
    pieces = []
    for _ in range(chance.randint(1, 4)):
        kind = chance.choice(["word", "word", "blank", "br", "inline", "block", "block"])
        if kind == "blank":
            pieces.append(chance.choice([" ", "\n  "]))
        elif kind == "br":
            pieces.append("<br>")
        elif kind == "word" or not depth:
            pieces.append(f"{chance.choice(['', ' '])}word{next(count)}{chance.choice(['', ' '])}")
        else:
            tag = chance.choice(INLINE if kind == "inline" else BLOCKS)
            pieces.append(f"<{tag}>{page(chance, depth - 1, count)}</{tag}>")
    return "".join(pieces)


def shown(element: HtmlElement) -> str:
    """The text as a browser shows it, with a blank where a line begins or ends."""
    edge = "" if element.tag in INLINE else " "
    inner = "".join(shown(child) + (child.tail or "") for child in element)
    return f"{edge}{element.text or ''}{inner}{edge}"


@pytest.mark.parametrize("zone", ["head", "body"])
def test_no_word_is_lost_doubled_or_run_together(zone: str) -> None:
    chance = random.Random(zone)
    for _ in range(1_000):
        source = page(chance, 4, iter(range(1_000_000)))
        body = parse(f"<body><div>{source}</div></body>".encode()).find("body")
        walk = Walk(weigh_prose(body), 1e9, None)
        walk.part(body, zone)  # type: ignore[arg-type]
        words = [word for item in walk.items if isinstance(item, Block) for word in item.text.split() if word != "|"]
        assert words == shown(body).split(), source


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>One</p></body></html><p>Two</p><p>Three</p>",
        "<html><body><p>One</p></body><div>Two</div>\nThree</html>",
        "<html><body>One</body>\nTwo</html>\nThree",
        "<html><head></head></html><html><head></head><body>One<p>Two</p></body></html>Three",
        "<html><body><p>One</p></body></html><html><body><p>Two</p></body></html><html><body><p>Three</p></body></html>",
    ],
)
def test_what_stands_below_an_early_end_of_the_page_is_read(page: str) -> None:
    assert shown(parse(page.encode()).find("body")).split() == ["One", "Two", "Three"]
