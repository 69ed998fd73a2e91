"""A changed bit anywhere in an index is noticed, shown to nobody, and not written into new files under a new checksum."""

import json
import random
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from indexer.load.reindex import copy_index, reindex
from search.engines.codec import DocumentDamaged, decode_article, encode
from search.engines.disk.durable_files import read_signed, write_signed
from search.engines.protocol import Collection, Document, Engine, Skip, open_engine
from search.engines.tantivy.integrity import damaged_files
from search.errors import EngineError, IndexDamaged, IndexMismatch
from search.model.article import Article, Caption, Paragraph
from search.query.nodes import MatchAll, Phrase, SearchRequest, Word
from search.settings import Settings
from web.app import create_app

FLIPS, LONG_FLIPS = 60, 1_000
LATE = Article("desk/late", "late", headline="Late harvest")


def article(number: int, captured: str = "2022-03-01T00:00:00Z") -> Article:
    return Article(
        f"desk/{number}/{captured}",
        f"id{number}",
        headline=f"Truce talks, day {number}",
        paragraphs=(Paragraph(f"Envoys met for the {number}th time in the old customs house."), Paragraph("No date was set.")),
        captions=(Caption(f"The customs house, entrance {number}", "A. Reyes"),),
        tags=("talks",),
        captured=captured,
    )


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """An index of an engine with segments that were merged, documents that were removed and an earlier version."""
    made: dict[str, Path] = {}

    def of(kind: str) -> Path:
        if kind not in made:
            made[kind] = tmp_path_factory.mktemp("pristine") / kind
            with open_engine(f"{kind}:{made[kind]}", create=True) as engine:
                for number in range(0, 24, 2):
                    engine.add([article(number), article(number + 1)])
                engine.add([article(3, "2022-04-01T00:00:00Z"), Skip("desk/s", "1", "empty", ""), Collection("desk", "/desk")])
                engine.remove([article(7).source, article(23).source])
        return made[kind]

    return of


@pytest.fixture
def index(engine_kind: str, pristine: Callable[[str], Path], tmp_path: Path) -> Path:
    return shutil.copytree(pristine(engine_kind), tmp_path / "index")


@pytest.fixture
def url(engine_kind: str, index: Path) -> str:
    return f"{engine_kind}:{index}"


def documents(engine: Engine) -> set[Document]:
    return set(engine.reader().documents())


def answers(engine: Engine) -> list[object]:
    """What readers see of the archive."""
    queries = (MatchAll(), Word("truce"), Word("day"), Phrase(("customs", "house")))
    reader = engine.reader()
    found = [reader.search(SearchRequest(query, size=50, facets=("tag",), versions=True)) for query in queries]
    hits = [(each.total, each.facets, sorted((hit.article.source, hit.current) for hit in each.hits)) for each in found]
    return [*hits, *(reader.versions(f"id{number}") for number in (3, 7, 8)), reader.stats().articles]


def shown(engine: Engine) -> Iterator[Article]:
    """Articles as pages and the API show them."""
    yield from (hit.article for hit in engine.reader().search(SearchRequest(MatchAll(), size=50, versions=True)).hits)
    for number in range(24):
        yield from engine.reader().versions(f"id{number}")


def flip(place: Path, chance: random.Random) -> str:
    file = chance.choice(sorted(file for file in place.iterdir() if file.stat().st_size))
    content = bytearray(file.read_bytes())
    at, bit = chance.randrange(len(content)), chance.randrange(8)
    content[at] ^= 1 << bit
    file.unlink()  # a file must not be overwritten while it is mapped to memory
    file.write_bytes(content)
    return f"bit {bit} of byte {at} of {file.name}"


def problems(url: str) -> list[str]:
    try:
        with open_engine(url) as engine:
            return engine.verify()
    except EngineError as error:
        return [str(error)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh lets go of a file it cannot read
@pytest.mark.parametrize("flips", [FLIPS, pytest.param(LONG_FLIPS, marks=pytest.mark.long)])
def test_a_flipped_bit_is_noticed_shown_to_nobody_and_not_written_anew(
    engine_kind: str, pristine: Callable[[str], Path], tmp_path: Path, flips: int
) -> None:
    chance = random.Random(flips)
    with open_engine(f"{engine_kind}:{pristine(engine_kind)}") as whole:
        written, right = documents(whole), answers(whole)
    for number in range(flips):
        place = shutil.copytree(pristine(engine_kind), tmp_path / str(number))
        url = f"{engine_kind}:{place}"
        what = f"{number}: {flip(place, chance)}"
        noticed = problems(url)
        try:
            with open_engine(url) as engine:
                assert written.issuperset(shown(engine)), what
                assert noticed or answers(engine) == right, what
        except EngineError:
            assert noticed, what
        for change in (lambda url: open_and_add(url, LATE), reindex):
            try:
                change(url)
            except EngineError:
                assert noticed, what
            else:
                assert not noticed, what
        if not noticed:
            with open_engine(url) as engine:
                assert documents(engine) == written | {LATE}, what
        shutil.rmtree(place, ignore_errors=True)  # an index that made tantivy panic is still looked at by a thread of it


def open_and_add(url: str, document: Document) -> None:
    with open_engine(url) as engine:
        engine.add([document])


def test_a_whole_index_has_no_problems(url: str) -> None:
    assert problems(url) == []
    open_and_add(url, LATE)
    assert problems(url) == []
    assert reindex(url) == 26
    assert problems(url) == []


def damage_text(index: Path) -> Path:
    """Changes a stored article."""
    for file in sorted((*index.glob("*.store"), *index.glob("*.seg"))):
        content = file.read_bytes()
        if start := max(content.find(b"customs house"), _compressed(content, b"customs house")):
            file.unlink()
            file.write_bytes(content[:start] + bytes((content[start] ^ 1,)) + content[start + 1 :])
            return file
    raise AssertionError("no stored text")


def _compressed(content: bytes, text: bytes) -> int:
    """Where a text is in the file that zlib compressed, 0 for nowhere."""
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        stream = zlib.decompressobj()
        with suppress(zlib.error):
            if text in stream.decompress(content[found.start() :]):
                return (found.start() + len(content) - len(stream.unused_data)) // 2
    return 0


def test_a_changed_article_is_an_error_where_it_is_shown(url: str, index: Path) -> None:
    damage_text(index)
    with open_engine(url) as engine, pytest.raises(IndexDamaged):
        list(shown(engine))
    with open_engine(url) as engine, pytest.raises(IndexDamaged):
        documents(engine)


def test_a_server_answers_for_a_changed_article_with_an_error_that_it_logs(
    url: str, index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damage_text(index)
    client = create_app(Settings(index=url)).test_client()
    shown = {f"/api/articles/id{number}": client.get(f"/api/articles/id{number}") for number in range(23) if number != 7}
    refused = [address for address, answer in shown.items() if answer.status_code == 503]
    assert {answer.status_code for answer in shown.values()} == {200, 503}
    assert all("customs house" in answer.text for answer in shown.values() if answer.status_code == 200)
    assert [f"GET {address}: " in caplog.text for address in refused] == [True] * len(refused)
    assert client.get("/api/search?q=customs&page-size=50").status_code == 503


def test_nothing_is_written_to_an_index_with_a_changed_article(url: str, index: Path, tmp_path: Path) -> None:
    damaged = damage_text(index)
    before = {file.name: file.read_bytes() for file in index.iterdir()}
    for change in (
        lambda: open_and_add(url, LATE),
        lambda: reindex(url),
        lambda: copy_index(url, f"tantivy:{tmp_path / 'copy'}"),
    ):
        with pytest.raises(IndexDamaged, match=damaged.name):
            change()
    assert {file.name: file.read_bytes() for file in index.iterdir()}.items() >= before.items()
    assert not index.with_name(".index.reindex").exists()


def test_a_changed_digest_of_a_stored_document_is_an_error() -> None:
    stored = encode(article(1))
    assert decode_article(stored) == article(1)
    for at in range(len(stored)):
        with pytest.raises(DocumentDamaged):
            decode_article(stored[:at] + bytes((stored[at] ^ 4,)) + stored[at + 1 :])


def test_a_document_of_an_earlier_schema_has_no_digest() -> None:
    assert decode_article(encode(article(1))[17:]) == article(1)


def test_a_description_without_a_checksum_is_damage_but_for_an_earlier_schema(url: str, index: Path) -> None:
    values = read_signed(index / "broadsheet.json")
    for schema, error in ((values["schema"], IndexDamaged), (6, IndexMismatch)):
        (index / "broadsheet.json").write_text(json.dumps(values | {"schema": schema}))
        with pytest.raises(error):
            open_engine(url)


def change_meta(index: Path, change: Callable[[dict], None]) -> None:  # type: ignore[type-arg]
    meta = json.loads((index / "meta.json").read_text())
    change(meta)
    (index / "meta.json").unlink()
    (index / "meta.json").write_text(json.dumps(meta))


@pytest.fixture
def tantivy_index(pristine: Callable[[str], Path], tmp_path: Path) -> Path:
    return shutil.copytree(pristine("tantivy"), tmp_path / "index")


CHANGES = {
    "a segment is left out": lambda meta: meta["segments"].pop(),
    "removed documents come back": lambda meta: [segment.update(deletes=None) for segment in meta["segments"]],
    "an older commit": lambda meta: meta.update(opstamp=meta["opstamp"] - 1),
    "a commit that was never made": lambda meta: meta.update(opstamp=meta["opstamp"] + 1),
    "another schema": lambda meta: meta["schema"][0]["options"].update(fast=True),
    "a name that tantivy does not know": lambda meta: meta.update(qayload=None),
    "a name of a segment that tantivy does not know": lambda meta: meta["segments"][0].update(x=1),
    "a name of deletes that tantivy does not know": lambda meta: [
        segment["deletes"].update(x=1) for segment in meta["segments"] if segment["deletes"]
    ],
    "a name less": lambda meta: meta["segments"][0].pop("deletes"),
    "other settings": lambda meta: meta["index_settings"].update(docstore_blocksize=16_385),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_what_tantivy_has_no_checksum_of_is_damage(tantivy_index: Path, change: Callable[[dict], None]) -> None:  # type: ignore[type-arg]
    change_meta(tantivy_index, change)
    with pytest.raises(IndexDamaged):
        open_engine(f"tantivy:{tantivy_index}")


def test_an_index_that_holds_other_documents_than_were_committed_is_damaged(tantivy_index: Path) -> None:
    record = read_signed(tantivy_index / "commit.json")
    write_signed(tantivy_index / "commit.json", record | {"checksum": "1f"})
    assert problems(f"tantivy:{tantivy_index}") == ["the documents are not those of the last commit"]


def test_a_commit_that_was_begun_and_not_made_is_no_damage(tantivy_index: Path) -> None:
    """A writer was killed after it had noted what its commit would leave."""
    record = read_signed(tantivy_index / "commit.json")
    write_signed(tantivy_index / "commit.json", record | {"next": {"documents": 99, "checksum": "1f"}})
    assert problems(f"tantivy:{tantivy_index}") == []
    open_and_add(f"tantivy:{tantivy_index}", LATE)
    assert problems(f"tantivy:{tantivy_index}") == []


def test_a_commit_that_was_made_and_not_noted_is_no_damage(tantivy_index: Path) -> None:
    """A writer was killed right after its commit."""
    record = read_signed(tantivy_index / "commit.json")
    contents = {name: record[name] for name in ("documents", "checksum")}
    write_signed(
        tantivy_index / "commit.json",
        record | {"opstamp": record["opstamp"] - 1, "documents": 2, "checksum": "1f", "next": contents},
    )
    assert problems(f"tantivy:{tantivy_index}") == []


@pytest.mark.parametrize("name", ["version", "major", "minor", "patch", "index_format_version", "crc"])
def test_a_changed_name_in_the_footer_of_a_file_is_damage(tantivy_index: Path, name: str) -> None:
    file = next(tantivy_index.glob("*.del"))
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content.replace(f'"{name}"'.encode(), f'"{name.title()}"'.encode()))
    assert damaged_files(tantivy_index) == [f"{file.name} is damaged"]


def test_an_older_state_is_damage_even_while_a_commit_was_begun(tantivy_index: Path) -> None:
    record = read_signed(tantivy_index / "commit.json")
    contents = {name: record[name] for name in ("documents", "checksum")}
    write_signed(tantivy_index / "commit.json", record | {"next": contents})
    change_meta(tantivy_index, lambda meta: meta.update(opstamp=meta["opstamp"] - 1))
    with pytest.raises(IndexDamaged, match=r"meta\.json"):
        open_engine(f"tantivy:{tantivy_index}")


def test_a_file_of_a_version_of_tantivy_that_never_wrote_to_the_index_is_damaged(tantivy_index: Path) -> None:
    record = read_signed(tantivy_index / "commit.json")
    (library,) = record["written_by"]
    for written_by, problem in ((["0.1.0.7", library], []), (["0.1.0.7"], ["is damaged"])):
        write_signed(tantivy_index / "commit.json", record | {"written_by": written_by})
        assert [line[-10:] for line in problems(f"tantivy:{tantivy_index}")[:1]] == problem
    write_signed(tantivy_index / "commit.json", record | {"written_by": ["0.1.0.7", library]})
    open_and_add(f"tantivy:{tantivy_index}", LATE)
    assert read_signed(tantivy_index / "commit.json")["written_by"] == ["0.1.0.7", library]


@pytest.mark.parametrize("content", ['["meta.json"]', '["meta.json", 3]', "{}"])
def test_a_list_of_files_that_leaves_some_out_is_damaged(tantivy_index: Path, content: str) -> None:
    (tantivy_index / ".managed.json").write_text(content)
    assert ".managed.json" in problems(f"tantivy:{tantivy_index}")[0]


def test_a_file_of_tantivy_that_its_list_does_not_have_is_a_fault(tantivy_index: Path) -> None:
    (tantivy_index / f"{'0' * 32}.store").write_bytes(b"x")
    assert ".managed.json" in problems(f"tantivy:{tantivy_index}")[0]


def test_a_table_of_contents_that_changed_is_damage_before_it_is_read(pristine: Callable[[str], Path], tmp_path: Path) -> None:
    index = shutil.copytree(pristine("whoosh"), tmp_path / "index")
    with closing(open_engine(f"whoosh:{index}")):
        pass
    (toc,) = index.glob("*.toc")
    toc.write_bytes(toc.read_bytes() + b" ")
    with pytest.raises(IndexDamaged, match="toc"):
        open_engine(f"whoosh:{index}")


def test_a_small_file_tells_any_change_of_itself(tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    write_signed(file, {"documents": 3, "next": None})
    assert read_signed(file) == {"documents": 3, "next": None}
    content = file.read_bytes()
    for at in range(len(content) * 8):
        changed = bytearray(content)
        changed[at // 8] ^= 1 << at % 8
        file.write_bytes(changed)
        with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
            read_signed(file)
