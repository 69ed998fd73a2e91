"""The regular expressions that meet what others wrote, files, pages and queries, take linear time.

The patterns are found by walking the modules; each is run over pieces repeated to n and 4n characters: what hostile pages are
made of, and what the pattern itself asks for, by its parsed form. It is tried in the ways in which the modules use it: one that
is only matched at one place is not searched for.
"""

import importlib
import inspect
import pkgutil
import re
import signal
import time
from collections.abc import Collection, Iterator
from functools import cache
from re import _parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any, Literal

import pytest

import indexer
import search

Pattern = re.Pattern[str] | re.Pattern[bytes]

PIECES = (
    "<", "</", "<!--", "<a ", "a ", "a", "A", "e={t:1};", "'", '"', '="" ', "(", "[", "{", "[ ", "1", "1 ", "1.", "-", "- ", ".",
    ",", "\n", "\n \n", " ", "\t", "\xa0", "/", "//", "/*", "&#", "&", "&amp;", ";", ":", "=", "http://", "a@", "É", "中", "“",
)  # fmt: skip
SHORT, LONG = 2_000, 8_000
"""Characters. What is quadratic takes 16 times as long for the second, what is linear 4 times."""
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


def grows(pattern: Pattern, piece: str, methods: Collection[str] = ("finditer", *MATCHED)) -> bool:
    """Whether the time grows faster than the text, each time it is tried."""
    for _ in range(TRIES):
        long = seconds(pattern, piece, LONG, methods)
        if long == float("inf"):
            return True
        if long < NOTICED_SECONDS or long <= MAX_GROWTH * seconds(pattern, piece, SHORT, methods):
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


def test_every_pattern_takes_linear_time() -> None:
    found = patterns()
    assert {"indexer.sources.first_bytes._BEGINNING", "indexer.extract.fields.author_names._NOISE"} <= set(found)
    slow = [
        (name, piece) for name, pattern in found.items() for piece in constructs(pattern) if grows(pattern, piece, uses(name))
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
