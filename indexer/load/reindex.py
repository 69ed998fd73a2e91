"""Rebuilds an index from its stored documents after a change of schema, analyser or engine."""

import ctypes
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from indexer.load.make_article import MakeArticle
from indexer.load.site_profiles import stored_profiles
from search.engines.directory import sync
from search.engines.protocol import Document, Engine, open_engine
from search.errors import EngineError
from search.model.article import Article

EXCHANGE = 2  # RENAME_EXCHANGE of Linux's <linux/fs.h>
CURRENT_DIRECTORY = -100  # AT_FDCWD of <fcntl.h>


def reindex(url: str, site_profiles: bool = True) -> int:
    """Returns the number of documents written. The new index is built next to the old one and replaces it in a single step; if
    the process is killed, the index at `url` is either the old one or the complete new one. site_profiles: take out of the
    articles what the profiles of their sites have; if not, it is put back.

    Raises IndexLocked, or EngineError if a document cannot be written or the index changes in the meantime; the old index then
    stays as it is.
    """
    with open_engine(url, any_version=True) as old:
        old.lock()  # what another process wrote from here on would be lost
        return _write_anew(old, url, site_profiles)


def copy_index(url: str, to: str, site_profiles: bool = True) -> int:
    """Returns the number of documents written to a new index at `to`, for any engine; if the process is killed, that index is
    empty or complete. site_profiles: as for `reindex`. Raises EngineError if it already contains documents."""
    with open_engine(url, any_version=True) as old:
        with open_engine(to, create=True) as new:
            if next(new.reader().documents(), None) is not None:
                raise EngineError(f"{to} already contains documents; give the address of a new index")
        return _write_anew(old, to, site_profiles)


def _write_anew(old: Engine, url: str, site_profiles: bool) -> int:
    """Replaces the index at `url` with a new one built from the documents of `old`."""
    engine_name, _, place = url.partition(":")
    path = Path(place).resolve()
    if path.is_mount():
        raise EngineError(f"{path} is a mount point and cannot be replaced; write the new index elsewhere with --to")
    fresh = path.with_name(path.name + ".reindex")
    shutil.rmtree(fresh, ignore_errors=True)  # of a run that was killed
    try:
        with open_engine(f"{engine_name}:{fresh}", create=True) as new:
            written = _copy(old, new, site_profiles)
        _exchange(path, fresh)
        sync(path.parent)  # before the old index is deleted
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return written


def _copy(old: Engine, new: Engine, site_profiles: bool) -> int:
    before = old.reader()
    languages = {collection.name: collection.language for collection in before.collections()}
    make = MakeArticle(stored_profiles(before) if site_profiles else {})
    report = new.add(_anew(document, languages, make) for document in before.documents())
    if report.failed:
        source, why = report.failed[0]
        raise EngineError(f"{len(report.failed)} documents cannot be written; the first is {source}: {why}. Nothing was changed.")
    if old.reader().generation != before.generation:
        raise EngineError("The index changed while it was being rebuilt; run `broadsheet reindex` again. Nothing was changed.")
    return report.added


def _anew(document: Document, languages: Mapping[str, str | None], make: MakeArticle) -> Document:
    """An article with its quotes, without its site's boilerplate and, if its collection has a default language by now, with a
    language."""
    if not isinstance(document, Article):
        return document
    return make.finish(replace(document, language=document.language or languages.get(document.collection)))


def _exchange(path: Path, fresh: Path) -> None:
    """Exchanges two directories, in a single step if the system supports it."""
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.renameat2(CURRENT_DIRECTORY, os.fsencode(path), CURRENT_DIRECTORY, os.fsencode(fresh), EXCHANGE) == 0:
            return
    aside = path.with_name(path.name + ".old")
    path.rename(aside)
    fresh.rename(path)
    aside.rename(fresh)
