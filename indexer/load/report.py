"""The report of `index`, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from search.engines.protocol import Skip
from search.model.article import Article

SHORT_BODY_CHARACTERS = 250
"""A shorter article may be a teaser, or its text was not found. In Chinese, Japanese, Korean and Thai half as many characters say
as much."""
_DENSE_LANGUAGES = frozenset(("zh", "ja", "ko", "th"))
MAX_PATHS = 1_000
"""The maximum number of pages with a short body that a report names; as text it names the first few."""
PATHS_SHOWN = 5

NOTICES = {
    "undated": "without a date (list them with `NOT has:date`)",
    "without_author": "without an author (list them with `NOT has:author`)",
    "future": "dated in the future (list them with `after:{today}`)",
    "short": "with a suspiciously short body (see why with `broadsheet extract --explain`): {paths}",
}


@dataclass(frozen=True, slots=True)
class Skipped:
    path: str
    code: str
    message: str


@dataclass(slots=True)
class Report:
    """Counts of sources that are durably in the index. `indexed`: new; `updated`: changed; `removed`: no longer existing;
    `skipped`: could not be read or indexed, by code, one of errors.PAGE_ERRORS. `notices`: the number of indexed articles with
    each of NOTICES. `short`: the paths of those with a short body. `seen`: pages processed so far."""

    indexed: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)
    short: list[str] = field(default_factory=list)
    interrupted: bool = False
    seconds: float = 0.0
    seen: int = 0

    @property
    def all_well(self) -> bool:
        return not self.skipped and not self.interrupted

    def skip(self, path: str, skip: Skip) -> None:
        self.skipped.append(Skipped(path, skip.code, skip.message))

    def count(self, article: Article, known: bool, path: str) -> None:
        if known:
            self.updated += 1
        else:
            self.indexed += 1
        found = _notices(article)
        self.notices.update(name for name, holds in found.items() if holds)
        if found["short"] and len(self.short) < MAX_PATHS:
            self.short.append(path)


def _notices(article: Article) -> dict[str, bool]:
    body = sum(len(paragraph.text) for paragraph in article.paragraphs)
    short = SHORT_BODY_CHARACTERS // 2 if article.language in _DENSE_LANGUAGES else SHORT_BODY_CHARACTERS
    return {
        "undated": article.published is None,
        "without_author": not article.authors,
        "future": article.day is not None and article.day > date.today().toordinal() + 1,  # it may be tomorrow elsewhere
        "short": body < short,
    }


def report_json(report: Report) -> dict[str, Any]:
    values = asdict(report)
    del values["seen"]
    return values | {"notices": {name: report.notices[name] for name in NOTICES}, "seconds": round(report.seconds, 3)}


def report_lines(report: Report) -> Iterator[str]:
    """The report as text: each skipped page with its reason, then the totals."""
    yield from skip_lines(report)
    for name, words in NOTICES.items():
        if report.notices[name]:
            more = f" and more (--json lists up to {MAX_PATHS:,})" if len(report.short) > PATHS_SHOWN else ""
            yield f"{report.notices[name]:,} {words}".format(
                today=date.today().isoformat(), paths=", ".join(report.short[:PATHS_SHOWN]) + more
            )
    counts = {"new": report.indexed, "updated": report.updated, "unchanged": report.unchanged, "removed": report.removed}
    sums = [f"{count:,} {word}" for word, count in counts.items() if count or word == "new"]
    classes = Counter(skipped.code for skipped in report.skipped)
    if classes:
        sums.append(f"{classes.total():,} skipped ({', '.join(f'{count} {code}' for code, count in classes.most_common())})")
    yield f"{', '.join(sums)}; {report.seconds:.1f} s"
    if report.interrupted:
        yield "interrupted: everything counted here is in the index; run the same command again to continue"


def skip_lines(report: Report) -> Iterator[str]:
    for skipped in report.skipped:
        yield f"skipped {skipped.path}: {skipped.code}: {skipped.message}"
