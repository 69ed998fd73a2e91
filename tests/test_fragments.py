"""Fragments: which stretches of the body a hit shows, and where they are cut."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis.sentences import sentences
from search.highlight.fragments import FRAGMENT_CHARACTERS, MAX_FRAGMENTS, LeafMark, beginning, best_fragments, whole
from search.model.article import Article, Paragraph
from search.model.results import Fragment

SENTENCES = {
    "English": ["He left.", "She stayed!", "Why?", "“Go.”", "They went…", "The end."],
    "English abbreviations": [
        "Mr. Smith met Dr. Jones of the U.S. Army at 5 p.m. on Jan. 5 in St. Louis.",
        "Lt. Col. J. R. Roe, Ph.D., spoke.",
    ],
    "number follows": ["It rose by 3.5 percent.", "2022 was better.", "See No. 5 and vol. 3."],
    "quotation": ["“We will go.”", "He left (at last).", "“Really?” she asked."],
    "German": [
        "Das gilt z. B. für Dr. Weiß.",
        "Am 1. Mai und am 3. Oktober ist frei.",
        "Prof. Groß u. a. kamen.",
        "„Nein.“",
        "So ist es.",
    ],
    "French": ["« Non ! »", "M. Dupont et Mme. Durand sont là.", "Qui ?", "L’été arrive."],
    "Spanish": ["¿Quién vino?", "¡El Sr. García!", "La Dra. Ruiz y Ud. llegan.", "Fin."],
    "lines": ["First line", "second line", "Third."],
    "Russian": ["Он ушёл.", "Она осталась."],
}


@pytest.mark.parametrize("parts", SENTENCES.values(), ids=SENTENCES)
def test_sentences(parts: list[str]) -> None:
    text = ("\n" if parts[0] == "First line" else " ").join(parts)
    assert [text[start:end] for start, end in sentences(text)] == parts


def test_sentences_of_languages_that_set_no_blank_after_them() -> None:
    parts = ["彼は行った。", "「本当？」", "彼女は残った！", "終わり"]
    text = "".join(parts)
    assert [text[start:end] for start, end in sentences(text)] == parts


@pytest.mark.parametrize("text", ["", " ", "\n\n", " x ", "...", "。", "a.\n\nb"])
def test_sentences_of_next_to_nothing(text: str) -> None:
    assert [text[start:end] for start, end in sentences(text)] == ([part for part in text.split() if part] or [""])


def mark(text: str, word: str, leaf: int = 0, after: int = 0) -> LeafMark:
    start = text.index(word, after)
    return LeafMark(start, start + len(word), leaf)


def shown(fragment: Fragment) -> str:
    text = fragment.text
    for start, end in reversed(fragment.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return ("… " if fragment.cut_start else "") + text + (" …" if fragment.cut_end else "")


FILL = "Nothing of note was said by anyone in the whole afternoon of that day, and nobody had really expected it to be otherwise."
"""A sentence of some 130 characters."""


def test_a_fragment_is_a_whole_sentence_grown_to_a_readable_length() -> None:
    text = f"{FILL} The truce holds. {FILL} {FILL}"
    assert [shown(f) for f in best_fragments([(text, [mark(text, "truce")])])] == [f"… The [truce] holds. {FILL} …"]
    text = f"{FILL} {FILL} The truce holds."
    assert [shown(f) for f in best_fragments([(text, [mark(text, "truce")])])] == ["… The [truce] holds."]


def test_a_long_sentence_is_cut_at_blanks_around_its_marks() -> None:
    text = " ".join(["alpha beta gamma delta"] * 30) + " the truce holds " + " ".join(["epsilon zeta eta theta"] * 30)
    (fragment,) = best_fragments([(text, [mark(text, "truce")])])
    assert fragment.cut_start
    assert fragment.cut_end
    assert FRAGMENT_CHARACTERS * 3 // 4 < len(fragment.text) <= FRAGMENT_CHARACTERS
    assert f" {fragment.text} " in text
    assert [fragment.text[start:end] for start, end in fragment.marks] == ["truce"]


def test_a_mark_over_two_sentences_shows_both() -> None:
    text = f"{FILL} {FILL} They want peace. Now they can. {FILL} {FILL} {FILL}"
    (fragment,) = best_fragments([(text, [mark(text, "peace. Now")])])
    assert shown(fragment).startswith("… They want [peace. Now] they can.")


def test_each_next_fragment_shows_what_the_others_do_not() -> None:
    texts = ["A truce.", "A truce, a truce, a truce.", "A talk.", "A truce and a talk and talks.", "A war."]
    words = ("truce", "talk", "war")
    body = [
        (text, [LeafMark(m.start(), m.end(), words.index(m[0])) for m in re.finditer("|".join(words), text)]) for text in texts
    ]
    assert [f.text for f in best_fragments(body)] == [texts[1], texts[3], texts[4]]
    assert [f.text for f in best_fragments(body[:1] * 5)] == [texts[0]] * MAX_FRAGMENTS


def test_the_first_of_equal_stretches_are_taken() -> None:
    body = [(f"Truce {n}.", [LeafMark(0, 5, 0)]) for n in range(6)]
    assert [f.text for f in best_fragments(body)] == ["Truce 0.", "Truce 1.", "Truce 2."]


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000, "北" * 5_000, "e\u0301" * 2_500, "👩\u200d👩\u200d👧" * 1_000, "👍🏽" * 2_500, "🇫🇷" * 2_500, "한" * 5_000],
    ids=["letters", "Chinese", "combining marks", "joined emoji", "skin tones", "flags", "Hangul"],
)
@pytest.mark.parametrize("at", [0, 10, 1_000, 2_501, 4_990])
def test_text_without_blanks_is_cut_between_characters(text: str, at: int) -> None:
    at -= at % 10  # 10 code points are whole characters in each of the texts
    (fragment,) = best_fragments([(text, [LeafMark(at, at + 10, 0)])])
    assert 10 <= len(fragment.text) <= FRAGMENT_CHARACTERS * 3 // 2
    assert not breaks_a_character(fragment, text)
    assert [fragment.text[s:e] for s, e in fragment.marks] == [text[at : at + 10]]


def breaks_a_character(fragment: Fragment, text: str) -> bool:
    """Whether the fragment begins or ends inside a character as readers see it; `text` repeats one such character."""
    unit = next(text[:size] for size in range(1, 11) if text[:size] * (len(text) // size) == text)
    return fragment.text.replace(unit, "") != ""


def test_the_beginning_is_the_first_sentences_of_the_body() -> None:
    article = Article("a/a", "a", headline="X", paragraphs=(Paragraph(f"One. Two! {FILL} {FILL} {FILL}"), Paragraph("Three.")))
    assert [shown(f) for f in beginning(article)] == [f"One. Two! {FILL} …"]
    assert [shown(f) for f in beginning(Article("a/a", "a", standfirst="Short.", paragraphs=(Paragraph("Long."),)))] == ["Short."]
    assert beginning(Article("a/a", "a", headline="X")) == ()
    points = (Paragraph("Key points", "subhead"), Paragraph("Borders shut", "list"))
    assert [shown(f) for f in beginning(Article("a/a", "a", paragraphs=(*points, Paragraph("Long."))))] == ["Long."]
    assert [shown(f) for f in beginning(Article("a/a", "a", paragraphs=points))] == ["Key points"]
    (long,) = beginning(Article("a/a", "a", paragraphs=(Paragraph("word " * 1_000),)))
    assert 200 < len(long.text) <= FRAGMENT_CHARACTERS
    assert long.cut_end


def test_marks_that_overlap_become_one() -> None:
    assert whole("abcdef", [LeafMark(2, 4, 1), LeafMark(0, 3, 0), LeafMark(4, 5, 0)]).marks == ((0, 4), (4, 5))


PIECES = ("The talks went on.", " ", "\n", "x" * 400, "北京的大学" * 60, "e.g. ", "Mr. ", "!", "long and longer words " * 20)
characters = st.text("ab.!? \n,;“”()。「」é\u0301\u200d👩👍🏽🇫🇷北") | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@st.composite
def bodies(draw: st.DrawFn) -> list[tuple[str, list[LeafMark]]]:
    body = []
    for text in draw(st.lists(characters.filter(lambda t: len(t) > 2), min_size=1, max_size=5)):
        found = []
        for _ in range(draw(st.integers(1, 6))):
            start = draw(st.integers(0, len(text) - 1))
            stretch = text[start : start + draw(st.sampled_from((1, 5, 30, 300)))]
            start += len(stretch) - len(stretch.lstrip())  # what is marked begins and ends with a word
            if stretch.strip():
                found.append(LeafMark(start, start + len(stretch.strip()), draw(st.integers(0, 3))))
        if found:
            body.append((text, sorted(found, key=lambda m: (m.start, m.end))))
    return body


@given(bodies())
@example([("x" * 1_000, [LeafMark(0, 600, 0), LeafMark(500, 900, 1)])])
def test_fragments_are_apart_in_order_and_have_their_marks(body: list[tuple[str, list[LeafMark]]]) -> None:
    fragments = best_fragments(body)
    assert bool(body) <= len(fragments) <= MAX_FRAGMENTS
    place = (0, 0)
    for fragment in fragments:
        assert fragment.marks
        assert all(0 <= start < end <= len(fragment.text) for start, end in fragment.marks)
        assert all(left[1] <= right[0] for left, right in pairwise(fragment.marks))
        place = min(at for at in places(fragment, [text for text, _ in body]) if at >= place)
        place = (place[0], place[1] + len(fragment.text))


def places(fragment: Fragment, texts: list[str]) -> list[tuple[int, int]]:
    """Where in the texts the fragment may be from: number of the text and start."""
    return [
        (order, start)
        for order, text in enumerate(texts)
        for start in range(len(text))
        if text.startswith(fragment.text, start)
        and (start > 0, start + len(fragment.text) < len(text)) == (fragment.cut_start, fragment.cut_end)
    ]


@given(characters)
def test_sentences_hold_all_text_but_the_blanks_between(text: str) -> None:
    found = sentences(text)
    edges = [0, *(edge for span in found for edge in span), len(text)]
    assert edges == sorted(edges)
    assert not "".join(
        text[end:start] for (_, end), (start, _) in zip([(0, 0), *found], [*found, (len(text), 0)], strict=True)
    ).strip()


def fragments_with(text: str, words: str) -> list[str]:
    start = text.index(words)
    return [fragment.text for fragment in best_fragments([(text, [LeafMark(start, start + len(words), 0)])])]


def test_phrase_over_two_sentences_shows_both_and_no_third() -> None:
    both = f"It was {'very ' * 30}quietly signed. Guns fell silent."
    assert fragments_with(f"{both} Nobody cheered.", "signed. Guns fell silent.") == [both]


@pytest.mark.parametrize(("more", "is_whole"), [(0, True), (1, False)])
def test_sentence_of_one_and_a_half_fragments_is_shown_whole(more: int, is_whole: bool) -> None:
    characters = FRAGMENT_CHARACTERS * 3 // 2 + more
    text = ("zebra " + "and a horse " * 60)[: characters - 1] + "."
    assert (fragments_with(text, "zebra") == [text]) is is_whole
