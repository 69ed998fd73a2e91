"""Each word of the data file about datelines does what it is there for."""

import pytest

from indexer.extract.lexicon.line_patterns import dateline_of
from search.lexicon.read import read_lexicon

WORDS = read_lexicon("indexer.extract.lexicon", "datelines")


@pytest.mark.parametrize("word", WORDS.of("no_place"))
def test_word_with_capitals_before_a_dash_is_no_place(word: str) -> None:
    word = word.replace("*", "isement").upper()
    assert dateline_of(f"{word} ROE — The talks begin.") is None
    assert dateline_of(f"X{word} ROE — The talks begin.") == f"X{word} ROE"


@pytest.mark.parametrize("agency", WORDS.of("agency"))
def test_place_stands_after_a_chinese_agency(agency: str) -> None:
    assert dateline_of(f"{agency}北京10月10日电 会谈开始") == "北京"
    assert dateline_of(f"（{agency}記者王小明東京10日電）會談開始") == "東京"
