"""Paths -> an up-to-date index: list the files, skip unchanged ones, read the rest in worker processes, add the articles.

    report = load(["archive"], engine, settings)

After an interruption or a crash, the next run continues where this one stopped: whatever the engine acknowledged counts as
unchanged.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from indexer.extract.language_id import default_language
from indexer.load.apply import Changes, Progress
from indexer.load.archive_reader import ArchiveReader
from indexer.load.interrupt import asked_to_stop
from indexer.load.make_article import MakeArticle, read_article
from indexer.load.plan import LoadPlan
from indexer.load.report import Report, Skipped
from indexer.load.site_profiles import stored_profiles
from indexer.load.withdraw import end_embargoes
from indexer.load.workers import Outcome, Pool
from indexer.sites.blocks import digest_of, site_of
from indexer.sources.files.folders import Listing, check_given
from indexer.sources.files.read import is_archive, looked_into, read_page
from indexer.sources.source_file import SourceFile
from search.engines.protocol import Collection, Engine, Reader
from search.errors import PageError
from search.model.site_profile import SiteProfile
from search.settings import Settings

if TYPE_CHECKING:
    from indexer.extract.explain import PageExplanation

NO_PROFILES: Mapping[str, SiteProfile] = {}


def load(
    paths: Iterable[str],
    engine: Engine,
    settings: Settings,
    *,
    collection: str | None = None,
    listed: Iterable[str] = (),
    language: str | None = None,
    prune: bool = False,
    retry_skipped: bool = False,
    site_profiles: bool = True,
    progress: Progress = lambda _: None,
    ready: Callable[[str], bool] = lambda _: True,
) -> Report:
    """Index what is new or changed below the paths. On return, everything reported is durable and searchable.

    collection, listed: as in folders.Listing. language: a code accepted by language_id.default_language, assumed from now on for
    articles in these paths' collections that declare none; without it, each collection keeps its own. prune: remove sources that
    no longer exist, in folders that were listed completely. retry_skipped: retry pages that were skipped, even if unchanged.
    site_profiles: leave out text that the index knows to be repeated on a site. progress: called for every page. ready: whether a
    new or changed file, given its path, is to be read now; one that is not stays as it was. After SIGINT or SIGTERM, pages in
    progress are committed and the run ends; the report says so.
    """
    start = time.monotonic()
    default = None if language is None else default_language(language)
    end_embargoes(engine)
    before = engine.reader()
    known = {each.name: each for each in before.collections()}
    listing = Listing(paths, {name: each.root for name, each in known.items()}, collection, listed)
    retry = frozenset(_skipped(before)) if retry_skipped else frozenset[str]()
    make_article = MakeArticle(stored_profiles(before) if site_profiles else {})
    with Pool(make_article, settings, prepares=True) as pool, ArchiveReader(settings) as reader, asked_to_stop() as stop:
        collections = {name: replace(known.get(name, Collection(name, root)), root=root) for name, root in listing.roots.items()}
        if language is not None:
            collections |= {name: replace(each, language=default) for name, each in collections.items() if listing.has(name)}
        plan = LoadPlan(listing, engine, reader, collections, retry, stop, ready)
        if changed := [each for name, each in collections.items() if each != known.get(name)]:
            engine.add(changed)
        with Changes(engine, settings, collections, progress) as changes:
            for task, outcome in pool.run(changes.pages(plan), stop=stop):
                changes.done(task, outcome)
            changes.flush()
        report = changes.report
        report.interrupted = stop()
    report.skipped += [Skipped(path, "unreadable", why) for path, why in listing.problems]
    if not report.interrupted:
        report.removed = engine.remove(vanished) if (vanished := list(plan.vanished(prune))) else 0
    stats = engine.reader().stats()
    report.articles, report.versions = stats.articles, stats.versions
    report.seconds = time.monotonic() - start
    return report


def check(paths: Iterable[str], language: str | None = None) -> None:
    """Raises SettingsError for what `load` would refuse at once, so that no index is made for it."""
    check_given(paths)
    if language is not None:
        default_language(language)


def each_page(
    paths: Iterable[str], settings: Settings, passed_over: Counter[str], profiles: Mapping[str, SiteProfile] = NO_PROFILES
) -> Iterator[tuple[str, Outcome]]:
    """Every page below the paths and what becomes of it, in the order of the paths, with what a person calls it. No index is
    needed. A folder that cannot be listed comes as an outcome too; what is of no format is counted in `passed_over`. profiles: of
    sites, to leave out what they repeat."""
    listings = [Listing([path], {}) for path in paths]
    with Pool(MakeArticle(profiles) if profiles else read_article, settings) as pool, ArchiveReader(settings) as reader:
        for task, outcome in pool.run(_pages(listings, reader, passed_over), ordered=True):
            yield task.path, outcome
    for path, why in (problem for listing in listings for problem in listing.problems):
        yield path, Outcome(None, ("unreadable", why), 0.0)


def explain_each(
    paths: Iterable[str], settings: Settings, profiles: Mapping[str, SiteProfile] = NO_PROFILES
) -> "Iterator[tuple[str, PageExplanation]]":
    """Every page below the paths with the explanation of its article, read in this process. profiles: as in `each_page`."""
    from indexer.extract.explain import PageExplanation, explain

    listings = [Listing([path], {}) for path in paths]
    with ArchiveReader(settings) as reader:
        for file in _pages(listings, reader, Counter()):
            try:
                yield file.path, _with_profile(explain(read_page(file, settings), settings), profiles)
            except PageError as refused:
                yield file.path, PageExplanation(None, (refused.code, str(refused)), (), ())
    for path, why in (problem for listing in listings for problem in listing.problems):
        yield path, PageExplanation(None, ("unreadable", why), (), ())


def _with_profile(explanation: "PageExplanation", profiles: Mapping[str, SiteProfile]) -> "PageExplanation":
    """The explanation of the article without what its site repeats, and which blocks that is."""
    from indexer.extract.explain import PagePiece, PagePieces

    article = explanation.article
    profile = profiles.get(site_of(article) or "") if article else None
    if article is None or profile is None:
        return explanation
    shorter = MakeArticle(profiles).finish(article)
    counts = {block.digest: block.articles for block in profile.blocks}
    pieces = []
    for block in shorter.boilerplate:
        count = counts.get(digest_of(block.paragraph.text))
        why = f"stands on {count:,} of {profile.articles:,} articles of the site" if count else "has nothing left below it"
        pieces.append(PagePiece(block.paragraph.text, None, why))
    source = f"the text, compared with version {profile.version} of the profile of {profile.site}"
    return replace(explanation, article=shorter, readings=(*explanation.readings, PagePieces(source, tuple(pieces))))


def _pages(listings: Iterable[Listing], reader: ArchiveReader, passed_over: Counter[str]) -> Iterator[SourceFile]:
    for listed in chain.from_iterable(listings):
        file = listed if listed.passed_over else looked_into(listed)
        for page in reader.records(file) if not file.passed_over and is_archive(file) else (file,):
            if page.passed_over:
                passed_over[page.passed_over] += 1
            else:
                yield page


def _skipped(reader: Reader) -> Iterator[str]:
    """The skipped sources, and the containers of skipped records."""
    for entry in reader.sources():
        if entry.kind == "skip":
            yield entry.source
            yield entry.source.partition("!/")[0]
