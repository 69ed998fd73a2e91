"""Write an index anew, of what is stored in it, after a change of schema, analyser or engine."""

import ctypes
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from indexer.quotes.detect import with_quotes
from search.engines.directory import sync
from search.engines.protocol import Document, Engine, open_engine
from search.errors import EngineError
from search.model.article import Article

EXCHANGE = 2  # RENAME_EXCHANGE of Linux's <linux/fs.h>
CURRENT_DIRECTORY = -100  # AT_FDCWD of <fcntl.h>


def reindex(url: str) -> int:
    """The number of documents written. The new index is made beside the old one and takes its place in one step when it is
    complete; killed at any moment, the index at `url` is the old one or the new one.

    Raises IndexLocked, or EngineError when a document cannot be written or the index changes meanwhile; it is left as it is."""
    with open_engine(url, any_version=True) as old:
        old.lock()  # what another process wrote from here on would be lost
        return _write_anew(old, url)


def copy_index(url: str, to: str) -> int:
    """The number of documents written into a new index at the address `to`, of any engine; killed at any moment, it is empty
    or complete. Raises EngineError if there is an index with something in it."""
    with open_engine(url, any_version=True) as old:
        with open_engine(to, create=True) as new:
            if next(new.reader().documents(), None) is not None:
                raise EngineError(f"{to} holds documents already; give the address of a new index")
        return _write_anew(old, to)


def _write_anew(old: Engine, url: str) -> int:
    """Put a new index with the documents of `old` in the place of the index at `url`."""
    engine_name, _, place = url.partition(":")
    path = Path(place).resolve()
    if path.is_mount():
        raise EngineError(f"{path} is a mount point and cannot change places with a new index; write one with --to elsewhere")
    fresh = path.with_name(path.name + ".reindex")
    shutil.rmtree(fresh, ignore_errors=True)  # of a run that was killed
    try:
        with open_engine(f"{engine_name}:{fresh}", create=True) as new:
            written = _copy(old, new)
        _exchange(path, fresh)
        sync(path.parent)  # before the old index is deleted
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return written


def _copy(old: Engine, new: Engine) -> int:
    before = old.reader()
    languages = {collection.name: collection.language for collection in before.collections()}
    report = new.add(_anew(document, languages) for document in before.documents())
    if report.failed:
        source, why = report.failed[0]
        raise EngineError(f"{len(report.failed)} documents cannot be written, the first is {source}: {why}. Nothing was changed.")
    if old.reader().generation != before.generation:
        raise EngineError("the index was changed while it was written anew; run `broadsheet reindex` again. Nothing was changed.")
    return report.added


def _anew(document: Document, languages: Mapping[str, str | None]) -> Document:
    """An article with its quotes, and with a language, if its collection has been given one since."""
    if not isinstance(document, Article):
        return document
    return with_quotes(replace(document, language=document.language or languages.get(document.collection)))


def _exchange(path: Path, fresh: Path) -> None:
    """Let two directories change names, in one step where the system can."""
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.renameat2(CURRENT_DIRECTORY, os.fsencode(path), CURRENT_DIRECTORY, os.fsencode(fresh), EXCHANGE) == 0:
            return
    aside = path.with_name(path.name + ".old")
    path.rename(aside)
    fresh.rename(path)
    aside.rename(fresh)
