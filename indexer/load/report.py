"""The report of `index`, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from indexer.sources.formats.kinds import is_asset, is_left_out
from search.engines.protocol import Skip
from search.model.article import Article

SHORT_BODY_CHARACTERS = 250
"""A shorter article may be a teaser, or its text was not found. In Chinese, Japanese, Korean and Thai half as many characters say
as much."""
_DENSE_LANGUAGES = frozenset(("zh", "ja", "ko", "th"))
MAX_PATHS = 1_000
"""Of pages with one of the notices that say {paths}; in words a report names the first few."""
PATHS_SHOWN = 5

NOTICES = {
    "undated": "without a date (list them with `NOT has:date`)",
    "without_author": "without an author (list them with `NOT has:author`)",
    "future": "dated in the future (list them with `after:{today}`)",
    "guessed_encoding": "in an encoding that was guessed (see it with `broadsheet extract --explain`): {paths}",
    "cut": "that break off, indexed as far as they go: {paths}",
    "short": "with a suspiciously short body (see why with `broadsheet extract --explain`): {paths}",
}


@dataclass(frozen=True, slots=True)
class Skipped:
    path: str
    code: str
    message: str


@dataclass(slots=True)
class Report:
    """Counts of sources that are durably in the index. `indexed`: new ones; `updated`: changed ones; `removed`: vanished ones;
    `withdrawn`: articles that `broadsheet withdraw` keeps out; `skipped`: what could not be read or indexed, by code one of
    errors.PAGE_ERRORS. `passed_over`: how many files, and records of the archives that were read, are of no format, by what
    formats.kinds.format_of counts them as. `notices`: how many of the indexed articles lack something, by NOTICES. `paths`: some
    of those, of some. `articles`, `versions`: in the index after the run, as in Stats: sources may be versions of one article.
    `seen`: pages so far."""

    indexed: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    withdrawn: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    paths: dict[str, list[str]] = field(
        default_factory=lambda: {name: [] for name, words in NOTICES.items() if "{paths}" in words}
    )
    articles: int = 0
    versions: int = 0
    interrupted: bool = False
    seconds: float = 0.0
    seen: int = 0

    @property
    def all_well(self) -> bool:
        return not self.skipped and not self.interrupted and not self.unread

    @property
    def unread(self) -> dict[str, int]:
        return unread(self.passed_over, any_page=bool(self.seen or self.skipped))

    def skip(self, path: str, skip: Skip) -> None:
        self.skipped.append(Skipped(path, skip.code, skip.message))

    def count(self, path: str, update: bool, remarks: tuple[str, ...] = ()) -> None:
        """An article that is in the index."""
        if update:
            self.updated += 1
        else:
            self.indexed += 1
        for name in remarks:
            self.notices[name] += 1
            if len(paths := self.paths.get(name, [])) < MAX_PATHS:
                paths.append(path)


def unread(passed_over: Counter[str], any_page: bool) -> dict[str, int]:
    """What was passed over that may hold articles, the most frequent first: all but what belongs to pages. Where there is no page
    at all, pictures do not belong to one."""
    return {kind: n for kind, n in passed_over.most_common() if not is_asset(kind) or (not any_page and kind[0] == ".")}


def unread_line(kinds: dict[str, int]) -> str:
    return f"not read, since no format is known for them: {', '.join(f'{count:,} {kind}' for kind, count in kinds.items())}"


def counted(number: int, noun: str) -> str:
    """counted(1, "page") -> 1 page; counted(2000, "page") -> 2,000 pages"""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def notices(article: Article) -> tuple[str, ...]:
    """What the article lacks, by NOTICES."""
    body = sum(len(paragraph.text) for paragraph in article.paragraphs)
    short = SHORT_BODY_CHARACTERS // 2 if article.language in _DENSE_LANGUAGES else SHORT_BODY_CHARACTERS
    lacks = {
        "undated": article.published is None,
        "without_author": not article.authors,
        "future": article.day is not None and article.day > date.today().toordinal() + 1,  # it may be tomorrow elsewhere
        "short": body < short,
    }
    return tuple(name for name, holds in lacks.items() if holds)


def report_json(report: Report) -> dict[str, Any]:
    values = asdict(report)
    del values["seen"], values["paths"]
    values |= report.paths | {"passed_over": dict(report.passed_over.most_common()), "unread": report.unread}
    return values | {"notices": {name: report.notices[name] for name in NOTICES}, "seconds": round(report.seconds, 3)}


def report_lines(report: Report) -> Iterator[str]:
    """The report as text: each skipped page with its reason, then the totals."""
    yield from skip_lines(report)
    for counted_as, count in report.passed_over.items():
        if is_left_out(counted_as):
            path, _, what = counted_as.rpartition(": ")
            yield f"left out of {path}: {what} ({count:,})"
    left_out = sum(count for counted_as, count in report.passed_over.items() if is_left_out(counted_as))
    if parts := report.passed_over.total() - sum(report.unread.values()) - left_out:
        belong = "belongs to a page or is" if parts == 1 else "belong to pages or are"
        yield f"passed over {counted(parts, 'file')} that {belong} hidden (listed by --json)"
    for name, words in NOTICES.items():
        if report.notices[name]:
            paths = report.paths.get(name, [])
            more = f" and more (--json lists up to {MAX_PATHS:,})" if len(paths) > PATHS_SHOWN else ""
            yield f"{report.notices[name]:,} {words}".format(
                today=date.today().isoformat(), paths=", ".join(paths[:PATHS_SHOWN]) + more
            )
    if report.withdrawn:
        yield f"{report.withdrawn:,} left out as withdrawn (list them with `broadsheet withdraw --list`)"
    counts = {
        "new": report.indexed,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "withdrawn": report.withdrawn,
        "removed": report.removed,
    }
    sums = [f"{count:,} {word}" for word, count in counts.items() if count or word == "new"]
    classes = Counter(skipped.code for skipped in report.skipped)
    if classes:
        sums.append(f"{classes.total():,} skipped ({', '.join(f'{count} {code}' for code, count in classes.most_common())})")
    yield f"{', '.join(sums)}; {report.seconds:.1f} s"
    versions = f" and {counted(report.versions, 'earlier version')} of them" if report.versions else ""
    yield f"the index has {counted(report.articles, 'article')}{versions}"
    if report.interrupted:
        yield "interrupted: everything counted here is in the index; run the same command again to continue"


SKIPS_SHOWN = 3
"""Of the records of one file that were skipped for one reason; the others are counted."""


def skip_lines(report: Report) -> Iterator[str]:
    """What makes the run less than a success: each skipped page with its reason, and what was not read. Of many
    records of one file that were skipped for one reason the first are told."""
    records: Counter[tuple[str, str]] = Counter()
    for skipped in report.skipped:
        archive, is_record, _ = skipped.path.partition("!/")
        records[archive, skipped.code] += bool(is_record)
        if records[archive, skipped.code] <= SKIPS_SHOWN:
            yield f"skipped {skipped.path}: {skipped.code}: {skipped.message}"
    for (archive, code), count in records.items():
        if count > SKIPS_SHOWN:
            yield f"skipped {count - SKIPS_SHOWN:,} more of {archive}: {code} (--json names them all)"
    if report.unread:
        yield unread_line(report.unread)
