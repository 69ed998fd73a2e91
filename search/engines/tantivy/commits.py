"""What the last commit left in a tantivy index: as tantivy's meta.json has it, and as a signed file of our own does.

    commit = read_commit(path)              # Commit(opstamp=12, removed=0, contents=Contents(documents=3, checksum=…))
    write_next(path, commit, contents)      # before tantivy commits
    write_done(path, commit)                # afterwards, with what was read then

meta.json is written by tantivy at each commit and at each merge, with no checksum: a bit flipped there brings removed articles
back or leaves a segment out. No merge changes how many documents there are and what they say, so that is what we keep.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import tantivy

from search.engines.disk.durable_files import read_signed, write_signed
from search.engines.tantivy.schema import schema

META_FILE = "meta.json"
COMMIT_FILE = "commit.json"
"""{"opstamp": 12, "documents": 3, "checksum": "9a…", "written_by": ["0.27.0.7"], "next": {"documents": 4, "checksum": "07…"}}:
what tantivy's commit of that number left, and what the commit that was begun afterwards will leave, null if there is none. A
greater opstamp in meta.json says that tantivy has made it. written_by: all versions of tantivy, and of its file format, that have
written to the index."""

_MODULUS = 1 << 128
_META_KEYS = {"index_settings", "segments", "schema", "opstamp"}
_SEGMENT_KEYS = {"segment_id", "max_doc", "deletes"}
_DELETES_KEYS = {"num_deleted_docs", "opstamp"}
_SETTINGS = {"docstore_compression": "lz4", "docstore_blocksize": 16384}
"""tantivy's own, with which every index is made."""


class Contents(NamedTuple):
    """checksum: the sum of codec.checksum of all documents."""

    documents: int
    checksum: int

    def changed(self, put: Iterable[int], gone: Iterable[int]) -> "Contents":
        """With documents of these checksums put in, and others taken out."""
        documents, checksum = self
        for each in put:
            documents, checksum = documents + 1, checksum + each
        for each in gone:
            documents, checksum = documents - 1, checksum - each
        return Contents(documents, checksum % _MODULUS)


NOTHING = Contents(0, 0)


class Commit(NamedTuple):
    """removed: how many documents the files still hold that were removed; ragged: the places of the segments that do; contents:
    None for an index of an earlier schema, which kept no record; written_by: as in the record; wrong: what does not fit together,
    None if all does."""

    opstamp: int
    removed: int
    contents: Contents | None
    ragged: frozenset[int] = frozenset()
    written_by: tuple[str, ...] = ()
    wrong: str | None = None


def read_commit(path: Path, same_schema: bool = True) -> Commit:
    """Raises OSError, ValueError, KeyError or TypeError when meta.json cannot be read. If another process commits meanwhile, what
    is read may not fit together; so look at `wrong` only if meta.json is still the same."""
    meta = json.loads((path / META_FILE).read_bytes())
    deleted = sum(segment["deletes"]["num_deleted_docs"] for segment in meta["segments"] if segment["deletes"])
    ragged = frozenset(place for place, segment in enumerate(meta["segments"]) if segment["deletes"])
    opstamp = int(meta["opstamp"])
    if not same_schema:
        return Commit(opstamp, deleted, None, ragged)
    documents = sum(segment["max_doc"] for segment in meta["segments"]) - deleted
    try:
        record = _read_record(path, meta)
        contents, written_by = _contents_at(record, opstamp), tuple(record["written_by"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        wrong = f"{COMMIT_FILE} {error if isinstance(error, ValueError) else 'cannot be read'}"
        return Commit(opstamp, deleted, None, ragged, wrong=wrong)
    fits = contents is not None and contents.documents == documents and _is_as_tantivy_writes(meta)
    return Commit(opstamp, deleted, contents, ragged, written_by, None if fits else f"{META_FILE} is not that of the last commit")


def write_next(path: Path, last: Commit, contents: Contents) -> None:
    """What the commit that follows `last` will leave; on the disk on return."""
    write_signed(path / COMMIT_FILE, _record(last) | {"next": _values(contents)})


def write_done(path: Path, last: Commit) -> None:
    """No other commit has been begun; on the disk on return, with all that tantivy wrote."""
    write_signed(path / COMMIT_FILE, _record(last) | {"next": None})


def _record(commit: Commit) -> dict[str, Any]:
    written_by = sorted({*commit.written_by, _library_version()})
    return {"opstamp": commit.opstamp} | _values(commit.contents or NOTHING) | {"written_by": written_by}


def _values(contents: Contents) -> dict[str, Any]:
    return {"documents": contents.documents, "checksum": f"{contents.checksum:x}"}


def _read_record(path: Path, meta: dict[str, Any]) -> dict[str, Any]:
    try:
        return read_signed(path / COMMIT_FILE)
    except FileNotFoundError:
        if meta["opstamp"] or meta["segments"]:
            raise
        return _record(Commit(0, 0, NOTHING)) | {"next": None}


def _contents_at(record: dict[str, Any], opstamp: int) -> Contents | None:
    """What the index is to hold after the commit of that number, None if it is neither of those on record."""
    if opstamp == record["opstamp"]:
        return _contents(record)
    return _contents(record["next"]) if record["next"] and opstamp > record["opstamp"] else None


def _contents(values: dict[str, Any]) -> Contents:
    return Contents(values["documents"], int(values["checksum"], 16))


def _is_as_tantivy_writes(meta: dict[str, Any]) -> bool:
    """tantivy ignores names that it does not know, and takes a default for one that is missing."""
    segments = meta["segments"]
    return (
        meta.keys() == _META_KEYS
        and meta["index_settings"] == _SETTINGS
        and meta["schema"] == _expected_schema()
        and all(segment.keys() == _SEGMENT_KEYS for segment in segments)
        and all(segment["deletes"].keys() == _DELETES_KEYS for segment in segments if segment["deletes"])
    )


@cache
def _expected_schema() -> Any:
    """As meta.json has it: what pickling a schema gives is made of the same."""
    values: Any = schema().__reduce__()
    return values[1][0]["inner"]


@cache
def _library_version() -> str:
    """Of "tantivy v0.27.0, index_format v7": "0.27.0.7"."""
    return ".".join(re.findall(r"\d+", tantivy.__version__))  # type: ignore[attr-defined]
