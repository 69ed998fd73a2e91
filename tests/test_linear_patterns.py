"""The regular expressions that meet what others wrote, files, pages and queries, take linear time, and so does extraction.

The patterns are found by walking the modules; each is run over pieces repeated to n and 4n characters: what hostile pages are
made of, and what the pattern itself asks for, by its parsed form. It is tried in the ways in which the modules use it: one that
is only matched at one place is not searched for. Pages repeat a construct to n and 8n bytes.
"""

import importlib
import inspect
import pkgutil
import re
import signal
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cache
from re import _parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any, Literal

import pytest

import indexer
import search
from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.errors import PageError
from search.settings import Settings

Pattern = re.Pattern[str] | re.Pattern[bytes]

PIECES = (
    "<", "</", "<!--", "<a ", "a ", "a", "A", "e={t:1};", "'", '"', '="" ', "(", "[", "{", "[ ", "1", "1 ", "1.", "-", "- ", ".",
    ",", "\n", "\n \n", " ", "\t", "\xa0", "/", "//", "/*", "&#", "&", "&amp;", ";", ":", "=", "http://", "a@", "É", "中", "“",
)  # fmt: skip
SHORT = 2_000
"""Characters. What is quadratic takes 16 times as long for four times as many, what is linear 4 times."""
LONG_SHORT = 40_000
MAX_GROWTH = 9
NOTICED_SECONDS = 0.05
"""A shorter time says nothing: the clock of a process goes by steps of 0.004 s. The slowest linear pattern takes 0.01."""
LIMIT_SECONDS = 0.5
TRIES = 3
ROOMS = (
    "indexer.sources", "indexer.extract", "indexer.quotes", "indexer.sites",
    "search.analysis", "search.highlight", "search.lexicon", "search.model", "search.query",
)  # fmt: skip
MATCHED = frozenset(("match", "fullmatch"))
PAGE_BYTES, LONG_PAGE_BYTES = 40_000, 1_000_000
MAX_PAGE_GROWTH = 20
"""For eight times as many bytes; what is quadratic takes 64 times as long."""
NOTICED_PAGE_SECONDS = 0.5


class TooLong(Exception):
    pass


@pytest.fixture(autouse=True)
def limit() -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise TooLong

    previous = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, previous)


def modules() -> Iterator[Any]:
    for package in (indexer, search):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.startswith(ROOMS):
                yield importlib.import_module(found.name)


def within(value: Any) -> Iterator[Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (each for inner in value.values() for each in within(inner))
    elif isinstance(value, (tuple, list, frozenset)):
        yield from (each for inner in value for each in within(inner))


def patterns() -> dict[str, Pattern]:
    """Module and name -> pattern, each once."""
    names: dict[Pattern, str] = {}
    for module in modules():
        for name, value in vars(module).items():
            for number, pattern in enumerate(within(value)):
                names.setdefault(pattern, f"{module.__name__}.{name}" + (f"[{number}]" if number else ""))
    return {name: pattern for pattern, name in names.items()}


def asked_for(parsed: Any) -> Iterator[str]:
    """Texts that parts of a pattern match: its whole with each repetition once, and the repeated parts by themselves."""
    yield example(parsed)
    for operator, argument in parsed:
        match str(operator):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from asked_for(argument[2])
            case "SUBPATTERN":
                yield from asked_for(argument[3])
            case "BRANCH":
                for branch in argument[1][:3]:
                    yield from asked_for(branch)
            case "ATOMIC_GROUP":
                yield from asked_for(argument)


def example(parsed: Any) -> str:
    return "".join(letters(str(operator), argument) for operator, argument in parsed)


def letters(operator: str, argument: Any) -> str:
    match operator:
        case "LITERAL":
            return chr(argument)
        case "ANY" | "NOT_LITERAL":
            return "a"
        case "IN":
            return one_of(argument)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return example(argument[2]) * max(1, min(argument[0], 4))
        case "SUBPATTERN":
            return example(argument[3])
        case "BRANCH":
            return example(argument[1][0])
        case "ATOMIC_GROUP":
            return example(argument)
    return ""


def one_of(members: Any) -> str:
    kinds = {
        "CATEGORY_DIGIT": "1",
        "CATEGORY_SPACE": " ",
        "CATEGORY_WORD": "a",
        "CATEGORY_NOT_SPACE": "a",
        "CATEGORY_NOT_WORD": "-",
    }
    if str(members[0][0]) == "NEGATE":
        return next(char for char in "a 1-<é.#中\n" if not any(is_in(char, *member) for member in members[1:]))
    operator, argument = members[0]
    return {"LITERAL": lambda: chr(argument), "RANGE": lambda: chr(argument[0])}.get(
        str(operator), lambda: kinds.get(str(argument), "a")
    )()


def is_in(char: str, operator: Any, argument: Any) -> bool:
    match str(operator):
        case "LITERAL":
            return ord(char) == int(argument)
        case "RANGE":
            return bool(argument[0] <= ord(char) <= argument[1])
    tests = {"DIGIT": char.isdigit(), "SPACE": char.isspace(), "WORD": char.isalnum() or char == "_"}
    name = str(argument).removeprefix("CATEGORY_")
    return tests[name] if name in tests else not tests[name.removeprefix("NOT_")]


def constructs(pattern: Pattern) -> Iterator[str]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    own = [text for text in asked_for(_parser.parse(source, pattern.flags & ~re.LOCALE)) if 0 < len(text) < SHORT // 4]
    yield from dict.fromkeys((*PIECES, *own, *(text[: len(text) // 2] for text in own if len(text) > 3)))


def seconds(pattern: Pattern, piece: str, length: int, methods: Collection[str]) -> float:
    """CPU time to use the pattern on the text in these ways; infinite above the limit."""
    text = piece * (length // len(piece)) + "\x01"  # an end that is not what is asked for
    whole: Any = text if isinstance(pattern.pattern, str) else text.encode()
    start = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_SECONDS)
    try:
        for _ in pattern.finditer(whole) if not MATCHED.issuperset(methods) else ():
            pass
        for method in MATCHED.intersection(methods):
            getattr(pattern, method)(whole)
    except TooLong:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - start


def grows(pattern: Pattern, piece: str, methods: Collection[str] = ("finditer", *MATCHED), length: int = SHORT) -> bool:
    """Whether the time grows faster than the text, each time it is tried."""
    for _ in range(TRIES):
        long = seconds(pattern, piece, 4 * length, methods)
        if long == float("inf"):
            return True
        if long < NOTICED_SECONDS or long <= MAX_GROWTH * seconds(pattern, piece, length, methods):
            return False
    return True


def uses(name: str) -> set[str]:
    """The methods that modules call of the pattern, all kinds if one does anything else with it."""
    constant = name.partition("[")[0].rpartition(".")[2]
    found = re.findall(rf"\b{constant}\b(?!\s*(?:[:=]|,?\n|, [A-Z]))(?:\.(\w+))?", sources(constant.startswith("_") and name))
    return {*found} if found and all(found) and "pattern" not in found else {"finditer", *MATCHED}


@cache
def sources(name: str | Literal[False]) -> str:
    """Of the pattern's own module, if only that may use it, else of all."""
    return "\n".join(inspect.getsource(module) for module in modules() if not name or name.startswith(f"{module.__name__}._"))


@pytest.mark.parametrize("length", [SHORT, pytest.param(LONG_SHORT, marks=pytest.mark.long)])
def test_every_pattern_takes_linear_time(length: int) -> None:
    found = patterns()
    assert {"indexer.sources.first_bytes._BEGINNING", "indexer.extract.fields.author_names._NOISE"} <= set(found)
    slow = [
        (name, piece)
        for name, pattern in found.items()
        for piece in constructs(pattern)
        if grows(pattern, piece, uses(name), length)
    ]
    assert slow == []


@pytest.mark.parametrize("source", [r"(?:a+)+b", r"\s+$", r"\w+@\w+\.\w"])
def test_a_pattern_that_takes_more_than_linear_time_is_found(source: str) -> None:
    pattern = re.compile(source, re.DOTALL)
    assert any(grows(pattern, piece) for piece in constructs(pattern))


def test_a_pattern_is_tried_in_the_ways_in_which_it_is_used() -> None:
    assert uses("indexer.sources.first_bytes._BEGINNING") == {"match"}
    assert uses("indexer.sources.decode._META_CHARSET") == {"search"}
    assert uses("indexer.extract.lexicon.credits.CREDIT_LABEL_ALONE") == {"match"}
    assert uses("indexer.extract.fields.author_names._AND") == {"finditer", "match", "fullmatch"}


WORDS = "The envoys met for the third time in the old customs house. "
CONSTRUCTS = {
    "text": WORDS,
    "one word": "a",
    "an open attribute": "<a href='",
    "paragraphs": f"<p>{WORDS}</p>",
    "lines": f"{WORDS}<br>",
    "elements within elements": "<div>",
    "inline elements": "<b><i>",
    "ends": "</p>",
    "links": f'<a href="/2022/story-of-the-day">{WORDS[:20]}</a> ',
    "boxes": f"<div class=related><h3>{WORDS[:20]}</h3></div>",
    "headlines": f"<h1>{WORDS[:20]}</h1>",
    "lists": f"<ul><li>{WORDS}",
    "tables": f"<table><tr><td>{WORDS}</table>",
    "cells": "<td>1",
    "pictures": f"<figure><img src=a.jpg><figcaption>{WORDS[:20]}(Ann Reed)</figcaption></figure>",
    "bylines": "<p class=byline>By Ann Reed and Tom Hale</p>",
    "dates": "<time datetime=2022-03-04>March 4, 2022</time>",
    "quotes": f"<p>“{WORDS}” said Ann Reed.</p>",
    "open quotes": "“",
    "names": "Ann Reed, ",
    "metadata": "<meta property=article:tag content=talks>",
    "attributes": "<p a=1 ",
    "entities": "&amp;",
    "comments": f"<!-- {WORDS}-->",
    "open comments": "<!--",
    "open tags": "<",
    "scripts": "<script>e={t:1};</script>",
    "a script": "e={t:1};",
    "blanks": " \n",
}
"""What a page repeats."""


def page_seconds(piece: str, size: int) -> float:
    """CPU time to read a page that is little else."""
    start = "<script>" if piece == CONSTRUCTS["a script"] else "<p>"
    page = f"<title>Truce</title><h1>Truce holds</h1><p>{WORDS}</p>{start}{piece * (size // len(piece))}"
    started = time.process_time()
    with suppress(PageError):
        extract(RawPage("desk/a.html", "", page.encode()), Settings())
    return time.process_time() - started


@pytest.mark.parametrize("size", [PAGE_BYTES, pytest.param(LONG_PAGE_BYTES, marks=pytest.mark.long)])
@pytest.mark.parametrize("piece", CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_a_page_takes_time_in_proportion_to_its_size(piece: str, size: int) -> None:
    page_seconds(piece, PAGE_BYTES)  # reads what is read once in a process
    long = page_seconds(piece, 8 * size)
    print(f"{long:.2f} s for {8 * size:,} bytes")
    if long >= NOTICED_PAGE_SECONDS:  # again: what only a long page needs is loaded now, such as the model of languages
        long = page_seconds(piece, 8 * size)
    assert long < NOTICED_PAGE_SECONDS or long <= MAX_PAGE_GROWTH * page_seconds(piece, size)
