"""Rebuilds an index from its stored documents after a change of schema, analyser or engine."""

import shutil
from collections.abc import Mapping
from dataclasses import replace

from indexer.load.make_article import MakeArticle
from indexer.load.report import counted
from indexer.load.site_profiles import stored_profiles
from search.engines.disk.replacement import fresh_place, replace_directory
from search.engines.protocol import Document, Engine, open_engine, parse_url
from search.errors import DiskFull, EngineError, IndexDamaged
from search.model.article import Article
from search.model.instants import instant_text, now


def reindex(url: str, site_profiles: bool = True) -> int:
    """Returns the number of documents written. The new index is built next to the old one, which is verified first. If the
    process is killed, the index at `url` is either the old one or the complete new one (search/engines/disk/replacement.py),
    and what it left goes with the next command that writes. site_profiles: take out of the articles what the profiles of their
    sites have; if not, it is put back.

    Raises IndexLocked, IndexDamaged, or EngineError if a document cannot be written or the index changes in the meantime; the old
    index then stays as it is.
    """
    with open_engine(url, any_version=True) as old:
        old.lock()  # what another process wrote from here on would be lost
        return _write_anew(old, url, site_profiles)


def copy_index(url: str, to: str, site_profiles: bool = True) -> int:
    """Returns the number of documents written to a new index at `to`, for any engine; if the process is killed, that index is
    empty or complete. site_profiles: as for `reindex`. Raises EngineError if it already contains documents."""
    with open_engine(url, any_version=True) as old, open_engine(to, create=True) as new:
        new.lock()  # who takes it later removes what is being built next to it
        if next(new.reader().documents(), None) is not None:
            raise EngineError(f"{to} already contains documents; give the address of a new index")
        return _write_anew(old, to, site_profiles)


def _write_anew(old: Engine, url: str, site_profiles: bool) -> int:
    """Replaces the index at `url` with a new one built from the documents of `old`."""
    for problem in old.verify():
        raise IndexDamaged(f"{problem}. Nothing was rebuilt; restore the index from a backup, or index the pages anew.")
    engine_name, path = parse_url(url)
    path = path.resolve()
    if path.is_mount():
        raise EngineError(f"{path} is a mount point and cannot be replaced; write the new index elsewhere with --to")
    fresh = fresh_place(path)
    shutil.rmtree(fresh, ignore_errors=True)  # of a run that was killed
    try:
        with open_engine(f"{engine_name}:{fresh}", create=True) as new:
            written = _copy(old, new, site_profiles)
    except BaseException as error:
        shutil.rmtree(fresh, ignore_errors=True)
        if isinstance(error, DiskFull):
            raise DiskFull(error.disk, "Nothing was changed; while it is rebuilt an index takes up twice the room.") from error
        raise
    replace_directory(path, fresh)
    return written


def _copy(old: Engine, new: Engine, site_profiles: bool) -> int:
    before = old.reader()
    languages = {collection.name: collection.language for collection in before.collections()}
    make = MakeArticle(stored_profiles(before) if site_profiles else {})
    at = instant_text(now())  # one for all that was indexed before there were such instants
    report = new.add(_anew(document, languages, make, at) for document in before.documents())
    if report.failed:
        source, why = report.failed[0]
        failed = counted(len(report.failed), "document")
        raise EngineError(f"{failed} cannot be written; the first is {source}: {why}. Nothing was changed.")
    if old.reader().generation != before.generation:
        raise EngineError("The index changed while it was being rebuilt; run `broadsheet reindex` again. Nothing was changed.")
    return report.added


def _anew(document: Document, languages: Mapping[str, str | None], make: MakeArticle, at: str | None) -> Document:
    """An article with its quotes, without its site's boilerplate and, if its collection has a default language by now, with a
    language."""
    if not isinstance(document, Article):
        return document
    language = document.language or languages.get(document.collection)
    return make.finish(replace(document, language=language, added=document.added or at, changed=document.changed or at))
