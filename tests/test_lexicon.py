"""The data files of words: each reads, is shipped, has no dead entry and loses none unnoticed.

What an entry does is tested beside what uses it: a test there is generated from the file.
"""

from pathlib import Path

import pytest

from search.lexicon.read import LexiconEntry, read_lexicon
from search.service.suggestions.titles import without_title

ROOT = Path(__file__).parent.parent

ENTRIES = {  # file -> kind -> how many entries it has: who adds or drops a word says so here
    "indexer/extract/lexicon/hyphens.toml": {"first": 64, "second": 19},
    "indexer/sources/formats/exports/databases/labels.toml": {
        "section": 7, "length": 7, "byline": 8, "dateline": 3, "standfirst": 6, "graphic": 4, "language": 5, "tags": 3, "body": 4,
        "closing": 16, "classification": 25, "end": 4,
    },
    "indexer/sources/formats/exports/databases/languages.toml": {"name": 96},
    "search/lexicon/titles.toml": {"title": 141},
}  # fmt: skip


def _counts(path: Path) -> dict[str, int]:
    lexicon = read_lexicon(".".join(path.parent.relative_to(ROOT).parts), path.stem)
    return {kind: sum(entry.kind == kind for entry in lexicon.entries) for kind in dict.fromkeys(e.kind for e in lexicon.entries)}


def test_no_file_has_lost_or_won_an_entry_unnoticed() -> None:
    files = sorted(path for package in ("search", "indexer", "web") for path in (ROOT / package).rglob("*.toml"))
    assert {str(path.relative_to(ROOT)): _counts(path) for path in files} == ENTRIES


@pytest.mark.parametrize("entry", read_lexicon("search.lexicon", "titles").entries, ids=str)
def test_title_is_no_part_of_a_name(entry: LexiconEntry) -> None:
    assert without_title([entry.text.capitalize() + ".", "Ann", "Roe"]) == ["Ann", "Roe"]


def test_kind_that_a_file_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError, match="titles has no entries of the kind 'office'"):
        read_lexicon("search.lexicon", "titles").of("office")
    assert read_lexicon("search.lexicon", "titles").by_language("office") == {}


def test_file_that_has_an_entry_twice_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "press_words"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "teasers.toml").write_text('[follow_up]\nen = ["read more", "see also", "read more"]\n', encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match=r"press_words/teasers\.toml has twice: read more"):
        read_lexicon("press_words", "teasers")
