"""What a batch changes in an index: which version of an article is the current one, which group of wire copies an article is in.

    plan(batch, removed, indexed, look) -> Plan({"beacon/a.html": Place("current", "lens-7")}, {"beacon/b.html"})

Nothing is read or written here, and every engine changes the same. An engine reads the documents of the batch's sources and of
those to remove, then all versions of the `ids_concerned`; it deletes, then writes, what the plan says.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from search.indexing.near_duplicates import Lookup, Signature, Sketch, regroup

CURRENT = "current"
EARLIER = "earlier"
ARTICLE_STATES = (CURRENT, EARLIER)


class Stamps(NamedTuple):
    """When the first version of the article, and the text of this version, became searchable: instants, 0 for unknown. `edited`:
    whether it is current, and an earlier version has another text."""

    added: int = 0
    changed: int = 0
    edited: bool = False


NO_STAMPS = Stamps()


@dataclass(frozen=True, slots=True)
class Version:
    """A document, without what it says. `state`: CURRENT or EARLIER for an article, as the index has it, CURRENT in a batch; else
    the kind of document. Only an article has the others; `captured`: "" for unknown; `group`: in the index, "" for none; `text`:
    article.text_digest; `stamps`: those it comes with."""

    source: str
    state: str
    id: str = ""
    captured: str = ""
    sketch: Sketch = field(default_factory=Sketch)
    group: str = ""
    text: int = 0
    stamps: Stamps = NO_STAMPS

    @property
    def is_article(self) -> bool:
        return self.state in ARTICLE_STATES

    @property
    def key(self) -> tuple[str, str]:
        """As article.version_key."""
        return (self.captured, self.source)

    @property
    def signature(self) -> Signature:
        """Of an article that is, or becomes, current."""
        return Signature(self.source, self.id, self.sketch, self.group)


class Place(NamedTuple):
    """`state`: as Version has it; `group`: "" for none."""

    state: str
    group: str


@dataclass(frozen=True, slots=True)
class Plan:
    """puts: the place of each source to write; the documents of those that are not in the batch are in the index.
    deletes: the sources whose document in the index goes, since it is removed, replaced or written again.
    stamps: those that articles are written with; of the others the document has them."""

    puts: dict[str, Place]
    deletes: frozenset[str]
    stamps: dict[str, Stamps] = field(default_factory=dict, compare=False)


def ids_concerned(batch: Iterable[Version], replaced: Iterable[Version]) -> set[str]:
    """The ids of which another version may become current. replaced: what the index has under the sources of the batch and under
    those to remove."""
    return {version.id for version in (*batch, *replaced) if version.is_article}


def plan(batch: Iterable[Version], removed: Set[str], indexed: Iterable[Version], look: Lookup, now: int = 0) -> Plan:
    """What makes the batch part of the index, and takes out the sources to remove that are not in the batch. Afterwards each
    article has one current version, and the groups are those of the current versions.

    batch: of the same source twice the last counts; indexed: what the index has under the sources of the batch, under those to
    remove, and as versions of the `ids_concerned`; now: the instant of the commit, later than any in the index. Written again is
    a version that becomes current or is it no more, or whose stamps change, and a current one whose group changes."""
    coming = {version.source: version for version in batch}
    present = {version.source: version for version in indexed}
    touched = coming.keys() | removed
    replaced = [version for version in present.values() if version.source in touched]
    staying = [version for version in present.values() if version.source not in touched]
    newest = _newest_of_each_id((*coming.values(), *staying))
    stamps = _stamps(coming, staying, present, newest, now)
    turned = [
        each for each in staying if each.state != _state(each, newest) or each.stamps != stamps.get(each.source, each.stamps)
    ]

    written = coming | {version.source: version for version in turned}
    added = [version.signature for version in written.values() if _state(version, newest) == CURRENT]
    gone = [version.signature for version in (*replaced, *turned) if version.state == CURRENT]
    groups = regroup(added, gone, look)
    moved = groups.keys() - written.keys()

    states = {source: _state(version, newest) for source, version in written.items()}
    puts = {
        source: Place(states[source], groups.get(source, version.group if states[source] == CURRENT else ""))
        for source, version in written.items()
    }
    puts |= {source: Place(CURRENT, groups[source]) for source in moved}
    return Plan(puts, frozenset({version.source for version in (*replaced, *turned)} | moved), stamps)


def _newest_of_each_id(versions: Iterable[Version]) -> dict[str, str]:
    """The source of the current version of each article."""
    newest: dict[str, Version] = {}
    for version in versions:
        if version.is_article and (version.id not in newest or version.key > newest[version.id].key):
            newest[version.id] = version
    return {id: version.source for id, version in newest.items()}


def _stamps(
    coming: dict[str, Version], staying: list[Version], present: dict[str, Version], newest: dict[str, str], now: int
) -> dict[str, Stamps]:
    """Of each article that is there afterwards. An article keeps its instant as long as a version of it is left, and a source
    that of its text; what comes with an instant of its own was in an index before."""
    versions = [version for version in (*coming.values(), *staying) if version.is_article]
    added: dict[str, int] = {}
    for version in (*present.values(), *versions):
        if version.is_article and version.stamps.added:
            added[version.id] = min(added.get(version.id, version.stamps.added), version.stamps.added)
    texts: dict[str, set[int]] = {}
    for version in versions:
        texts.setdefault(version.id, set()).add(version.text)

    def changed(version: Version) -> int:
        before = present.get(version.source)
        same = before is not None and (before.id, before.text) == (version.id, version.text)
        return (before.stamps.changed if before and same else 0) or version.stamps.changed or now

    return {
        version.source: Stamps(
            added.get(version.id) or now,
            changed(version),
            newest[version.id] == version.source and len(texts[version.id]) > 1,
        )
        for version in versions
    }


def _state(version: Version, newest: dict[str, str]) -> str:
    if not version.is_article:
        return version.state
    return CURRENT if newest[version.id] == version.source else EARLIER
