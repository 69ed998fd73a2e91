"""What a batch changes, planned without any index, and compared with tests/oracle.py, which works it out anew each time."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import current_versions, groups, is_edited

from search.analysis.analyzer import sampled_terms
from search.engines.prepare import prepare, version_of
from search.engines.protocol import Collection, Container, Document, Skip
from search.engines.versions import CURRENT, EARLIER, Place, Plan, Stamps, Version, ids_concerned, plan
from search.indexing import near_duplicates
from search.indexing.near_duplicates import Signature, sketch
from search.model.article import Article, Paragraph

_CHANCE = random.Random(1)
BRIDGE, HARVEST = (tuple(f"{name}{_CHANCE.randrange(10_000)}" for _ in range(240)) for name in ("bridge", "harvest"))
"""Two texts that have nothing in common."""

ALONE = Place(CURRENT, "")
BEFORE = Place(EARLIER, "")


class Archive:
    """What an index would hold, changed as planned. It reads no more than an engine is told to."""

    now = 1

    def __init__(self, *versions: Version) -> None:
        self.versions: dict[str, Version] = {}
        self.change(*versions)

    @property
    def places(self) -> dict[str, Place]:
        return {source: Place(version.state, version.group) for source, version in self.versions.items()}

    def change(self, *batch: Version, removed: Iterable[str] = ()) -> Plan:
        touched = {*removed, *(version.source for version in batch)}
        replaced = [version for source, version in self.versions.items() if source in touched]
        ids = ids_concerned(batch, replaced)
        versions = [version for version in self.versions.values() if version.is_article and version.id in ids]
        planned = plan(batch, {*removed}, (*replaced, *versions), self._look, self.now)
        self._apply(planned, {version.source: version for version in batch})
        return planned

    def _apply(self, planned: Plan, batch: dict[str, Version]) -> None:
        documents = self.versions | batch
        for source in planned.deletes:
            del self.versions[source]
        assert self.versions.keys().isdisjoint(planned.puts), "a source would be in the index twice"
        for source, (state, group) in planned.puts.items():
            stamps = planned.stamps.get(source, documents[source].stamps)
            self.versions[source] = replace(documents[source], state=state, group=group, stamps=stamps)

    def _look(self, keys: set[int], most: int) -> tuple[list[Signature], set[int]]:
        current = [version.signature for version in self.versions.values() if version.state == CURRENT]
        having = {key: [each for each in current if key in each.sketch.keys] for key in keys}
        common = {key for key, some in having.items() if len(some) > most}
        found = {each.source: each for key, some in having.items() if key not in common for each in some}
        return list(found.values()), common


def version(source: str, id: str, captured: str = "", words: tuple[str, ...] = ()) -> Version:
    return Version(source, CURRENT, id, captured, sketch(words, sampled_terms(words)))


def test_a_new_article_is_current_and_nothing_is_deleted() -> None:
    assert Archive().change(version("a", "x")) == Plan({"a": ALONE}, frozenset())


def test_nothing_changes_nothing() -> None:
    archive = Archive(version("a", "x"), version("b", "x", "2022"))
    assert archive.change() == archive.change(removed=["never there"]) == Plan({}, frozenset())


def test_of_the_same_source_twice_in_a_batch_the_last_counts() -> None:
    planned = Archive(version("a", "x")).change(version("b", "x", "2022"), version("b", "y"))
    assert planned == Plan({"b": ALONE}, frozenset())


def test_a_newer_capture_makes_the_current_version_an_earlier_one() -> None:
    planned = Archive(version("a", "x", "2021")).change(version("b", "x", "2022"))
    assert planned == Plan({"b": ALONE, "a": BEFORE}, frozenset({"a"}))


def test_an_older_capture_changes_nothing_for_the_current_version() -> None:
    planned = Archive(version("a", "x", "2022")).change(version("b", "x", "2021"))
    assert planned == Plan({"b": BEFORE}, frozenset())


def test_of_versions_captured_at_the_same_time_the_greatest_source_is_current() -> None:
    assert Archive(version("b", "x"), version("a", "x"), version("c", "x")).places == {"a": BEFORE, "b": BEFORE, "c": ALONE}


def test_a_version_without_a_capture_is_older_than_any_with_one() -> None:
    assert Archive(version("z", "x"), version("a", "x", "1999")).places == {"z": BEFORE, "a": ALONE}


def test_versions_that_come_in_one_batch_are_told_apart() -> None:
    planned = Archive().change(version("a", "x", "2022"), version("b", "x", "2023"), version("c", "x", "2021"), version("d", "y"))
    assert planned.puts == {"a": BEFORE, "b": ALONE, "c": BEFORE, "d": ALONE}


def test_several_articles_change_in_one_batch() -> None:
    archive = Archive(version("a1", "x", "2021"), version("b1", "y", "2022"), version("c1", "z", "2021"))
    planned = archive.change(version("a2", "x", "2022"), version("b2", "y", "2021"), removed=["c1"])
    assert planned == Plan({"a2": ALONE, "a1": BEFORE, "b2": BEFORE}, frozenset({"a1", "c1"}))


def test_removing_the_current_version_promotes_the_next_one() -> None:
    archive = Archive(version("a", "x", "2020"), version("b", "x", "2022"), version("c", "x", "2021"))
    assert archive.change(removed=["b"]) == Plan({"c": ALONE}, frozenset({"b", "c"}))


def test_removing_an_earlier_version_changes_no_other() -> None:
    archive = Archive(version("a", "x", "2020"), version("b", "x", "2022"))
    assert archive.change(removed=["a"]) == Plan({}, frozenset({"a"}))


def test_the_current_version_captured_anew_as_older_gives_way() -> None:
    archive = Archive(version("a", "x", "2021"), version("b", "x", "2022"))
    assert archive.change(version("b", "x", "2020")) == Plan({"b": BEFORE, "a": ALONE}, frozenset({"a", "b"}))


def test_a_source_that_moves_to_another_article_leaves_its_old_one_to_the_next_version() -> None:
    archive = Archive(version("a", "x", "2021"), version("b", "x", "2022"), version("c", "y", "2021"))
    planned = archive.change(version("b", "y", "2022"))
    assert planned == Plan({"b": ALONE, "a": ALONE, "c": BEFORE}, frozenset({"a", "b", "c"}))


def test_a_source_that_a_batch_adds_and_removes_is_added() -> None:
    assert Archive().change(version("a", "x"), removed=["a"]) == Plan({"a": ALONE}, frozenset())
    assert Archive(version("a", "y")).change(version("a", "x"), removed=["a"]) == Plan({"a": ALONE}, frozenset({"a"}))


def test_an_empty_id_is_an_id() -> None:
    assert Archive(version("a", ""), version("b", "")).places == {"a": BEFORE, "b": ALONE}


def test_ids_concerned_are_those_that_come_and_those_that_are_replaced() -> None:
    skip = coming(Skip("d", "1", "empty", "No text."))
    assert ids_concerned([version("a", "x"), version("b", "y"), skip], [version("b", "z"), skip]) == {"x", "y", "z"}


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        pytest.param(Skip("a", "1", "empty", "No text."), "skip", id="skip"),
        pytest.param(Container("a", "1"), "container", id="container"),
        pytest.param(Collection("a", "/archive/a"), "collection", id="collection"),
    ],
)
def test_what_is_no_article_has_its_kind_as_its_state_and_no_versions(document: Document, kind: str) -> None:
    new = coming(document)
    archive = Archive(version(new.source, "x", "2022"), version("c", "x", "2021"))
    planned = archive.change(new)
    assert planned == Plan({new.source: Place(kind, ""), "c": ALONE}, frozenset({new.source, "c"}))
    planned = archive.change(new, version("A", ""))
    assert planned == Plan({new.source: Place(kind, ""), "A": ALONE}, frozenset({new.source}))
    assert archive.change(removed=[new.source]) == Plan({}, frozenset({new.source}))


def test_a_copy_joins_the_article_it_is_a_copy_of() -> None:
    planned = Archive(version("a", "x", words=BRIDGE), version("b", "y", words=HARVEST)).change(version("c", "z", words=BRIDGE))
    assert planned == Plan({"c": Place(CURRENT, "x"), "a": Place(CURRENT, "x")}, frozenset({"a"}))


def test_a_copy_more_leaves_the_others_of_the_group_as_they_are() -> None:
    archive = Archive(version("a", "x", words=BRIDGE), version("b", "y", words=BRIDGE))
    assert archive.change(version("c", "z", words=BRIDGE)) == Plan({"c": Place(CURRENT, "x")}, frozenset())


def test_an_article_written_again_stays_in_its_group() -> None:
    archive = Archive(version("a", "x", words=BRIDGE), version("b", "y", words=BRIDGE))
    assert archive.change(version("b", "y", words=BRIDGE)) == Plan({"b": Place(CURRENT, "x")}, frozenset({"b"}))


def test_a_group_of_one_is_none() -> None:
    archive = Archive(version("a", "x", words=BRIDGE), version("b", "y", words=BRIDGE))
    assert archive.change(removed=["b"]) == Plan({"a": ALONE}, frozenset({"a", "b"}))


def test_a_shorter_copy_becomes_the_leader_of_the_group() -> None:
    archive = Archive(version("a", "x", words=BRIDGE), version("b", "y", words=BRIDGE))
    archive.change(version("c", "z", words=BRIDGE[:160]))
    assert {place.group for place in archive.places.values()} == {"z"}


def test_without_its_leader_a_group_has_another_one() -> None:
    archive = Archive(version("a", "x", words=BRIDGE[:160]), version("b", "y", words=BRIDGE), version("c", "z", words=BRIDGE))
    planned = archive.change(removed=["a"])
    assert planned == Plan({"b": Place(CURRENT, "y"), "c": Place(CURRENT, "y")}, frozenset("abc"))


def test_an_article_with_another_text_leaves_one_group_and_joins_another() -> None:
    texts = {"a": BRIDGE, "b": BRIDGE, "c": BRIDGE, "d": HARVEST, "e": HARVEST}
    archive = Archive(*(version(source, source, words=words) for source, words in texts.items()))
    planned = archive.change(version("b", "b", words=HARVEST))
    assert {source: place.group for source, place in archive.places.items()} == {"a": "a", "b": "b", "c": "a", "d": "b", "e": "b"}
    assert planned.puts.keys() == planned.deletes == {"b", "d", "e"}


def test_only_the_current_version_is_in_a_group() -> None:
    archive = Archive(version("a", "x", "2021", BRIDGE), version("b", "y", words=BRIDGE))
    planned = archive.change(version("c", "x", "2022", HARVEST))
    assert planned == Plan({"c": ALONE, "a": BEFORE, "b": ALONE}, frozenset({"a", "b"}))
    planned = archive.change(removed=["c"])
    assert planned == Plan({"a": Place(CURRENT, "x"), "b": Place(CURRENT, "x")}, frozenset({"a", "b", "c"}))


def test_an_earlier_version_that_goes_was_none_of_those_that_have_a_common_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_duplicates, "COMMON", 2)
    archive = Archive(version("a", "x", words=BRIDGE), version("b", "y", words=BRIDGE))
    archive.change(version("c", "z", "2021", BRIDGE), version("d", "z", "2022", HARVEST))
    planned = archive.change(version("e", "v", words=BRIDGE), removed=["c"])
    assert planned == Plan({"e": ALONE, "a": ALONE, "b": ALONE}, frozenset({"a", "b", "c"}))


def test_an_article_read_by_its_source_and_again_by_its_id_goes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_duplicates, "COMMON", 2)
    archive = Archive(version("a", "x", words=BRIDGE), version("b", "y", words=BRIDGE))
    planned = archive.change(version("b", "y", words=BRIDGE), version("c", "z", words=BRIDGE))
    assert planned == Plan({"b": ALONE, "c": ALONE, "a": ALONE}, frozenset({"a", "b"}))


def test_versions_of_an_article_with_the_same_text_are_no_copies() -> None:
    assert Archive(version("a", "x", "2021", BRIDGE), version("b", "x", "2022", BRIDGE)).places == {"a": BEFORE, "b": ALONE}


TEXTS = (BRIDGE, BRIDGE, BRIDGE[:160], BRIDGE[:100], HARVEST, HARVEST[40:], BRIDGE + HARVEST, BRIDGE[:20], ())


@st.composite
def articles(draw: st.DrawFn) -> Article:
    words = draw(st.sampled_from(TEXTS))
    captured = draw(st.sampled_from((None, "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z")))
    paragraphs = (Paragraph(" ".join(words)),) if words else ()
    return Article(draw(SOURCES), draw(st.sampled_from("pqrstuv")), captured=captured, paragraphs=paragraphs)


SOURCES = st.sampled_from([f"desk/{name}" for name in "abcdefgh"])
RECORDS = st.one_of(
    st.builds(Skip, SOURCES, st.just("1"), st.just("empty"), st.just("No text.")),
    st.builds(Container, SOURCES, st.just("1")),
    st.just(Collection("desk", "/archive/desk")),
)
STEPS = st.lists(
    st.tuples(st.lists(st.one_of(articles(), articles(), articles(), RECORDS), max_size=6), st.sets(SOURCES, max_size=3)),
    min_size=1,
    max_size=5,
)


def anew(documents: Iterable[Document]) -> dict[str, Place]:
    """The place of each document, by what the oracle finds in all of them together."""
    places = {document.source: Place(type(document).__name__.lower(), "") for document in documents}
    found = [document for document in documents if isinstance(document, Article)]
    current = current_versions(found)
    group = groups(current)
    places |= {article.source: BEFORE for article in found}
    return places | {article.source: Place(CURRENT, group.get(article.source, "")) for article in current}


def edited(documents: Iterable[Document]) -> dict[str, bool]:
    found = [document for document in documents if isinstance(document, Article)]
    current = current_versions(found)
    wanted = dict.fromkeys((document.source for document in documents), False)
    return wanted | {article.source: is_edited(article, found) for article in current}


def coming(document: Document) -> Version:
    return version_of(prepare(document))


@settings(deadline=None, max_examples=100, derandomize=True)
@given(steps=STEPS)
@pytest.mark.parametrize("common", [200, 2], ids=["", "with texts that become common"])
def test_after_each_batch_all_is_as_if_worked_out_anew_and_nothing_is_written_without_need(
    steps: list[tuple[list[Document], set[str]]], common: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_duplicates, "COMMON", common)
        archive, documents = Archive(), dict[str, Document]()
        for batch, removed in steps:
            before, stamps = archive.places, {source: each.stamps for source, each in archive.versions.items()}
            planned = archive.change(*map(coming, batch), removed=removed)
            documents = {source: document for source, document in documents.items() if source not in removed}
            documents |= {document.source: document for document in batch}
            assert archive.places == anew(documents.values())
            written_again = planned.puts.keys() - {document.source for document in batch}
            now = {source: each.stamps for source, each in archive.versions.items()}
            assert all((planned.puts[source], now[source]) != (before[source], stamps[source]) for source in written_again)
            assert {source: each.edited for source, each in now.items()} == edited(documents.values())
            assert planned.deletes == before.keys() & (planned.puts.keys() | removed)


def stamps(archive: Archive) -> dict[str, tuple[int, int]]:
    return {source: version.stamps[:2] for source, version in archive.versions.items()}


def test_an_article_keeps_when_it_was_added_and_a_version_when_its_text_came() -> None:
    archive = Archive(replace(version("a", "x", "2020"), text=1))
    archive.now = 2
    archive.change(replace(version("b", "x", "2021"), text=2))
    assert stamps(archive) == {"a": (1, 1), "b": (1, 2)}
    archive.now = 3
    archive.change(replace(version("b", "x", "2022"), text=2), replace(version("c", "y"), text=3))
    assert stamps(archive) == {"a": (1, 1), "b": (1, 2), "c": (3, 3)}, "indexed anew with the same text"
    archive.now = 4
    archive.change(replace(version("b", "x", "2022"), text=4), removed=["a"])
    assert stamps(archive) == {"b": (1, 4), "c": (3, 3)}
    archive.now = 5
    archive.change(replace(version("b", "z"), text=4))
    assert stamps(archive)["b"] == (5, 5), "another article"


def test_what_was_in_an_index_before_brings_its_instants() -> None:
    archive = Archive(replace(version("a", "x"), text=1))
    archive.now = 9
    archive.change(replace(version("b", "x"), text=2, stamps=Stamps(7, 8)), replace(version("c", "y"), stamps=Stamps(3, 4)))
    assert stamps(archive) == {"a": (1, 1), "b": (1, 8), "c": (3, 4)}


def test_the_current_version_is_edited_while_an_earlier_one_says_something_else() -> None:
    archive = Archive(replace(version("a", "x", "2020"), text=1), replace(version("b", "x", "2021"), text=1))
    assert [each.stamps.edited for each in archive.versions.values()] == [False, False]
    archive.change(replace(version("c", "x", "2022"), text=2))
    assert {source for source, each in archive.versions.items() if each.stamps.edited} == {"c"}
    archive.change(removed=["c"])
    assert not any(each.stamps.edited for each in archive.versions.values())
