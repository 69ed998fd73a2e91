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
    "indexer/extract/lexicon/boilerplate_lines.toml": {
        "minutes": 17,
        "of_reading": 17,
        "reading_time": 15,
        "line": 156,
        "arrow": 4,
        "was": 2,
        "useful": 3,
        "opening": 16,
        "filed": 17,
        "this_entry": 2,
        "sent_in": 3,
    },
    "indexer/extract/lexicon/breadcrumbs.toml": {"home": 64, "name": 13},
    "indexer/extract/lexicon/class_names.toml": {
        "comments": 11,
        "consent": 10,
        "side_matter": 140,
        "side_unless_prose": 58,
        "side_unless_text": 2,
        "text": 12,
        "folded": 3,
        "unfolded": 10,
        "layout": 8,
        "of_others": 17,
        "side_role": 11,
        "deck": 40,
        "pull_quote": 9,
        "caption": 21,
        "picture": 28,
        "slide": 4,
        "film": 5,
        "still": 6,
        "credit": 21,
        "maker": 13,
        "correction": 10,
        "place": 11,
    },
    "indexer/extract/lexicon/closing_headings.toml": {"whole": 61, "latest": 5, "the": 6, "opening": 101},
    "indexer/extract/lexicon/contributor_lines.toml": {
        "work": 4,
        "opening": 27,
        "ending": 3,
        "article": 8,
        "within": 22,
        "to_information": 9,
    },
    "indexer/extract/lexicon/correction_lines.toml": {
        "label": 38,
        "and": 4,
        "this": 3,
        "article": 9,
        "picture": 7,
        "opening": 29,
        "bracketed": 6,
    },
    "indexer/extract/lexicon/credits.toml": {
        "picture": 11,
        "archive": 14,
        "maker": 6,
        "by": 5,
        "label": 135,
        "slash_label": 6,
        "named_label": 11,
        "owner_sign": 4,
        "owner": 7,
        "dotted_label": 5,
        "unnamed": 14,
        "own_element": 23,
        "caption_label": 8,
        "source_label": 1,
        "chrome_before": 18,
        "chrome_after": 18,
        "source": 120,
        "after_name": 1,
        "small_word": 20,
        "side": 16,
        "particle": 10,
        "name_without_capital": 4,
        "abbreviation": 7,
        "picture_line": 36,
        "first_picture": 10,
    },
    "indexer/extract/lexicon/data_keys.toml": {
        "other_stories": 9,
        "text": 11,
        "nested": 11,
        "deck": 8,
        "byline": 4,
        "contributors": 3,
        "correction": 3,
        "picture_address": 4,
        "picture_credit": 4,
        "skipped_type": 16,
        "heading_type": 8,
        "picture_type": 6,
    },
    "indexer/extract/lexicon/headlines.toml": {"generic_title": 80},
    "indexer/extract/lexicon/notices.toml": {"notice": 37, "cookies": 38},
    "indexer/extract/lexicon/related_lines.toml": {"label": 285, "read": 6, "plain": 47},
    "indexer/extract/lexicon/subscription_calls.toml": {
        "opening": 62,
        "object": 31,
        "asked": 37,
        "asked_anywhere": 20,
        "asked_last": 3,
        "asked_for": 39,
        "our": 9,
        "last_word": 13,
        "you": 3,
        "the": 3,
        "of_site": 12,
    },
    "search/lexicon/sentence_ends.toml": {"spaced": 10, "unspaced": 3, "closing": 13, "closing_quote": 5},
    "indexer/extract/fields/byline_words.toml": {
        "by": 127,
        "author": 29,
        "label": 31,
        "slash": 13,
        "ambiguous": 6,
        "by_others": 90,
        "not_writing": 35,
        "and": 37,
        "role": 94,
        "paper_role": 7,
        "job": 19,
        "no_name": 59,
        "no_name_with": 29,
        "no_name_from": 8,
        "house": 22,
        "house_end": 9,
        "house_anywhere": 5,
        "company": 10,
        "written_role": 12,
        "before_written_role": 8,
        "noise": 10,
        "noise_to_end": 20,
        "on_day": 9,
        "in_place": 15,
    },
    "indexer/extract/fields/date_words.toml": {
        "joiner": 40,
        "ordinal": 26,
        "afternoon": 29,
        "month_first": 22,
        "era_2018": 1,
        "era_1988": 1,
        "era_1925": 1,
        "era_1911": 3,
        "era_1867": 1,
        "update": 25,
    },
    "indexer/extract/fields/months.toml": {
        "january": 294,
        "february": 297,
        "march": 266,
        "april": 283,
        "may": 214,
        "june": 256,
        "july": 271,
        "august": 290,
        "september": 304,
        "october": 291,
        "november": 288,
        "december": 294,
    },
    "indexer/extract/fields/time_zones.toml": {
        "+00:00": 4,
        "+01:00": 5,
        "+02:00": 5,
        "+03:00": 5,
        "+04:00": 1,
        "+05:00": 1,
        "+05:30": 1,
        "+07:00": 1,
        "+08:00": 6,
        "+09:00": 3,
        "+09:30": 1,
        "+10:00": 1,
        "+10:30": 1,
        "+11:00": 1,
        "+12:00": 1,
        "+13:00": 1,
        "-03:00": 3,
        "-04:00": 2,
        "-05:00": 2,
        "-06:00": 2,
        "-07:00": 2,
        "-08:00": 2,
        "-09:00": 1,
        "-10:00": 1,
    },
    "indexer/extract/lexicon/datelines.toml": {"no_place": 43, "agency": 7},
    "indexer/quotes/speech.toml": {
        "verb": 429,
        "according": 27,
        "according_first": 5,
        "pronoun": 17,
        "determiner": 111,
        "preposition": 174,
        "auxiliary": 34,
        "passive": 26,
        "subordinating": 35,
        "no_name": 179,
        "role_ending": 25,
    },
    "search/lexicon/agencies.toml": {"wire": 63, "agencies": 12, "with": 5},
    "search/lexicon/particles.toml": {"particle": 36, "preposition": 5, "conjunction": 2, "conjunction_in_names": 2},
    "search/lexicon/titles.toml": {"honorific": 7, "doctor": 1, "title": 133, "role": 54, "degree": 3},
    "indexer/sources/formats/exports/databases/labels.toml": {
        "section": 7,
        "length": 7,
        "headline": 5,
        "byline": 8,
        "dateline": 3,
        "standfirst": 6,
        "graphic": 4,
        "language": 5,
        "tags": 3,
        "body": 4,
        "closing": 16,
        "classification": 25,
        "end": 4,
    },
    "indexer/sources/formats/exports/databases/languages.toml": {"name": 96},
    "indexer/sources/formats/exports/databases/notes.toml": {
        "words": 12,
        "document": 8,
        "of": 6,
        "rights": 7,
        "edition": 7,
        "page": 9,
        "issue": 5,
    },
}


def _counts(path: Path) -> dict[str, int]:
    lexicon = read_lexicon(".".join(path.parent.relative_to(ROOT).parts), path.stem)
    return {kind: sum(entry.kind == kind for entry in lexicon.entries) for kind in dict.fromkeys(e.kind for e in lexicon.entries)}


def test_no_file_has_lost_or_won_an_entry_unnoticed() -> None:
    files = sorted(path for package in ("search", "indexer", "web") for path in (ROOT / package).rglob("*.toml"))
    assert {str(path.relative_to(ROOT)): _counts(path) for path in files} == ENTRIES


TITLES = [title for title in read_lexicon("search.lexicon", "titles").entries if title.kind in ("honorific", "doctor", "title")]


@pytest.mark.parametrize("entry", TITLES, ids=str)
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
