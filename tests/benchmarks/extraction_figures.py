"""How well extracted articles agree with what is known of their pages: one page's figures, and those of many.

Words are compared without case, in one kind of quotation mark and dash, counted as often as they occur; in scripts that are
written without spaces a letter stands for a word.
"""

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SAME_CAPTION = 0.8
"""The F1 of the words of two captions from which on they are the same one."""

_SPACELESS = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W{_SPACELESS}]+")
_ONE_FORM = str.maketrans(
    dict.fromkeys("“”„‟«»〝〞", '"')
    | dict.fromkeys("‘’‚‛`´‹›ʼ", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\ufeff\u2060", "")
)


@dataclass(frozen=True, slots=True)
class Found:
    """What an extractor made of a page. body: paragraphs and standfirst. published: ISO 8601. captions: (text, credit)."""

    headline: str | None = None
    body: str = ""
    published: str | None = None
    authors: Sequence[str] = ()
    captions: Sequence[tuple[str | None, str | None]] = ()


@dataclass(slots=True)
class Tally:
    """The figures of one extractor on one set of pages, filled page by page. The counts of pairs: of captions (same, found,
    true), of credits (found, true), of segments (in the body and wanted, in it and unwanted, wanted and missing)."""

    bodies: list[tuple[float, float, float]] = field(default_factory=list)
    headlines: list[tuple[float, float]] = field(default_factory=list)
    days: list[float] = field(default_factory=list)
    authors: list[float] = field(default_factory=list)
    captions: Counter[str] = field(default_factory=Counter)
    segments: Counter[str] = field(default_factory=Counter)
    empty: int = 0
    crashes: int = 0
    milliseconds: list[float] = field(default_factory=list)

    def count(self, truth: dict[str, Any], found: Found | None, milliseconds: float) -> None:
        """One page; found: None if the extractor crashed."""
        self.milliseconds.append(milliseconds)
        self.crashes += found is None
        found = found or Found()
        self.empty += not found.body.strip()
        if "body" in truth:
            self.bodies.append(agreement(words(truth["body"]), words(found.body)))
        if "with" in truth:
            self.segments.update(_segments(truth, found.body))
        if "headline" in truth:
            same = one_form(truth["headline"]) == one_form(found.headline)
            self.headlines.append((float(same), agreement(words(truth["headline"]), words(found.headline))[0]))
        if "published" in truth:
            self.days.append(float(not days(truth["published"]).isdisjoint(days(found.published))))
        if "authors" in truth:
            self.authors.append(agreement(_names(truth["authors"]), _names(found.authors))[0])
        if "captions" in truth:
            self.captions.update(_captions(truth["captions"], found.captions))


# --- the table's rows -------------------------------------------------------------------------------------------------


def rows(tally: Tally, gives: Iterable[str]) -> dict[str, str]:
    """Name of the figure -> figure, as the table shows it; "–" for what the extractor does not give."""
    columns = list(zip(*tally.bodies, strict=True))
    captions, segments = tally.captions, tally.segments
    figures: dict[str, tuple[str, list[float | None]]] = {
        "body F1 / P / R": ("body", [_mean(column) for column in columns]),
        "segments F1 / P / R": ("body", _f1(segments["wanted"], segments["unwanted"], segments["missing"])),
        "headline exact / words F1": ("headline", [_mean(column) for column in zip(*tally.headlines, strict=True)]),
        "day of publication": ("published", [_mean(tally.days)]),
        "authors F1": ("authors", [_mean(tally.authors)]),
        "captions F1 / P / R": (
            "captions",
            _f1(captions["same"], captions["found"] - captions["same"], captions["true"] - captions["same"]),
        ),
        "credits found": ("captions", [captions["credited"] / captions["credits"] if captions["credits"] else None]),
    }
    shown = {}
    for name, (of_field, values) in figures.items():
        if any(value is not None for value in values):
            shown[name] = " / ".join(f"{value:.3f}" for value in values if value is not None) if of_field in gives else "–"
    shown["empty bodies / crashes"] = f"{tally.empty} / {tally.crashes}"
    shown["CPU ms a page, median / 95th percentile"] = " / ".join(f"{value:.1f}" for value in costs(tally))
    return shown


def quality(shown: dict[str, str]) -> dict[str, str]:
    """Of `rows`, the figures of which more is better: all but times and failures."""
    return {name: figure for name, figure in shown.items() if "CPU" not in name and "crashes" not in name}


def lower_figures(baseline: dict[str, dict[str, str]], found: dict[str, dict[str, str]]) -> list[str]:
    """A line for each figure of a set that is lower than in the baseline, or missing; sets that were not measured are passed
    over."""
    lines = []
    for name in sorted(baseline.keys() & found.keys()):
        for figure, before in baseline[name].items():
            now = found[name].get(figure, "missing")
            if now == "missing" or any(float(a) < float(b) for a, b in zip(now.split(" / "), before.split(" / "), strict=True)):
                lines.append(f"{name}: {figure}: {now}, was {before}")
    return lines


def costs(tally: Tally) -> tuple[float, float]:
    """Median and 95th percentile of the milliseconds."""
    ordered = sorted(tally.milliseconds)
    return statistics.median(ordered), ordered[int(0.95 * len(ordered))]


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None


def _f1(right: int, surplus: int, missing: int) -> list[float | None]:
    if not right + surplus + missing:
        return [None]
    precision = right / (right + surplus) if right + surplus else 0.0
    recall = right / (right + missing) if right + missing else 0.0
    return [2 * right / (2 * right + surplus + missing), precision, recall]


# --- one page ---------------------------------------------------------------------------------------------------------


def one_form(text: str | None) -> str:
    """The text with one kind of quotation mark, dash and space."""
    return " ".join(unicodedata.normalize("NFKC", (text or "").translate(_ONE_FORM)).replace("''", '"').split())


def words(text: str | None) -> Counter[str]:
    return Counter(_WORD.findall(one_form(text).casefold()))


def agreement(true: Counter[str], found: Counter[str]) -> tuple[float, float, float]:
    """(F1, precision, recall); nothing found where there is nothing agrees."""
    both = (true & found).total()
    if not true and not found:
        return 1.0, 1.0, 1.0
    precision = both / found.total() if found else 0.0
    recall = both / true.total() if true else 0.0
    return 2 * both / (true.total() + found.total()), precision, recall


def days(date: str | None) -> set[str]:
    """The day as printed and, if the zone is known, the day in Greenwich; they may differ."""
    try:
        when = datetime.fromisoformat((date or "").strip())
    except ValueError:
        return set(re.findall(r"^\s*(\d{4}-\d\d-\d\d)", date or ""))
    return {str(when.date()), str(when.astimezone(UTC).date() if when.tzinfo else when.date())}


def _names(names: Iterable[str]) -> Counter[str]:
    return Counter({one_form(name).casefold() for name in names} - {""})


def _segments(truth: dict[str, Any], body: str) -> Counter[str]:
    """truth: "with", the segments that belong to the text, and "without", those that do not."""
    text = one_form(body)
    wanted = sum(one_form(segment) in text for segment in truth["with"])
    unwanted = sum(one_form(segment) in text for segment in truth["without"])
    return Counter(wanted=wanted, unwanted=unwanted, missing=len(truth["with"]) - wanted)


def _captions(true: list[dict[str, Any]], found: Sequence[tuple[str | None, str | None]]) -> Counter[str]:
    """Every true caption is paired with at most one that was found, the most alike first."""
    worded = [(words(text), words(credit)) for text, credit in found if words(text)]
    alike = [
        (agreement(own, text)[0], -at, -number)
        for at, own in enumerate(words(caption["text"]) for caption in true)
        for number, (text, _) in enumerate(worded)
        if own
    ]
    pairs: dict[int, int] = {}
    for likeness, at, number in sorted(alike, reverse=True):
        if likeness >= SAME_CAPTION and -at not in pairs and -number not in pairs.values():
            pairs[-at] = -number
    credited = [
        words(caption["credit"]) <= worded[pairs[at]][1] for at, caption in enumerate(true) if caption["credit"] and at in pairs
    ]
    return Counter(
        same=len(pairs),
        found=len(worded),
        true=len(true),
        credited=sum(credited),
        credits=sum(bool(caption["credit"]) for caption in true),
    )
