"""Marks are exactly what made an article match: no more, no less, and where it stands."""

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from types import FrameType

import pytest
from archives import articles, queries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import edit_distance, matches

from search.analysis import FILLER, bag_terms, chunk_compounds, exact_terms, fold, word_terms
from search.article import Article, Caption, Paragraph, Passage, passages, quoted
from search.document import SPEAKING, SPOKEN, exact_stream, index_fields
from search.edits import within_edits
from search.fragments import LeafMark
from search.highlight import highlight, leaf_marks, marks
from search.language import parse
from search.query import (
    NAME_FIELDS,
    And,
    Everything,
    Fuzzy,
    Leaf,
    Near,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Quoted,
    TextLeaf,
    Wildcard,
    Word,
    leaves,
    parts_of_field,
)


def marked(text: str, typed: str, language: str = "en") -> str:
    """A paragraph with its marks in [brackets]."""
    article = Article(source="a/a", id="a", language=language, paragraphs=(Paragraph(text),))
    for start, end in reversed(marks(article, parse(typed).query).get(("paragraph", 0), ())):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


MARKED = {
    "word by its stem": ("negotiation", "Negotiations, they negotiated.", "[Negotiations], they [negotiated]."),
    "several words": ("peace talks", "Talks on peace and talk.", "[Talks] on [peace] and [talk]."),
    "either": ("war OR talks", "Talks again.", "[Talks] again."),
    "excluded words": ("peace -talks NOT war", "peace talks war", "[peace] talks war"),
    "excluded twice": ("-(-peace)", "peace", "[peace]"),
    "phrase as a whole": ('"high level talks"', "level talks: high-level talks, talks", "level talks: [high-level talks], talks"),
    "phrase with punctuation": ('"peace at last"', "peace, at … (last)!", "[peace, at … (last])!"),
    "phrase is not stemmed": ('"peace talk"', "peace talks", "peace talks"),
    "phrase that overlaps itself": ('"ha ha"', "ha ha ha x", "[ha ha ha] x"),
    "phrase of one word": ('"ha ha ha"', "ha ha, ha ha x ha ha-ha", "[ha ha, ha ha] x [ha ha-ha]"),
    "phrase that begins twice": ('"a b a c"', "a b a b a c", "a b [a b a c]"),
    "phrase within a piece": ('"fire now"', "cease-fire now-ish", "cease-[fire now]-ish"),
    "phrase over lines": ('"peace talks"', "peace\n talks", "[peace\n talks]"),
    "one quoted word": ('"talk"', "talks talk Talk.", "talks [talk] [Talk]."),
    "quoted stop words": ('"to be or not to be"', "Be or to be or not to be.", "Be or [to be or not to be]."),
    "joined, hyphenated, apart": ("cease-fire", "ceasefire cease-fire cease fire", "[ceasefire] [cease-fire] [cease fire]"),
    "joined finds hyphenated": ("ceasefire", "a cease-fire, a fire", "a [cease-fire], a fire"),
    "possessive": ("people", "The people's voice", "The [people]'s voice"),
    "name with apostrophe": ("O'Brien", "O’Brien’s OBrien Brien", "[O’Brien]’s [OBrien] Brien"),
    "initials": ("U.S.", "us US U.S. (U.S)", "us [US] [U.S.] ([U.S])"),
    "initials typed without": ("US", "US and U.S. in", "[US] and [U.S.] in"),
    "ampersand": ("AT&T", "AT&T at t", "[AT&T] [at t]"),
    "prefix": ("negotia*", "Negotiators renegotiate (negotiable)", "[Negotiators] renegotiate ([negotiable])"),
    "prefix within a piece": ("fir*", "cease-fire", "cease-[fire]"),
    "wildcard": ("w?rd", "word wired Ward", "[word] wired [Ward]"),
    "wildcard in the middle": ("neg*tion", "negotiation negation negated", "[negotiation] [negation] negated"),
    "typo": ("zelensky~", "Zelenskyy Zelensky Zelensk Zlesky", "[Zelenskyy] [Zelensky] [Zelensk] Zlesky"),
    "swapped neighbours": ("preisdent~", "the president", "the [president]"),
    "near": ('"peace war"~2', "war and then peace; peace or a long long war", "[war] and then [peace]; peace or a long long war"),
    "near the same word": ('"very very"~1', "very, well, very. Very", "[very], well, [very]. [Very]"),
    "near itself": ('"very very"~1', "very well", "very well"),
    "phrase that begins twice in a piece": ('"ha ha"', "ha-ha ha-x", "[ha-ha ha]-x"),
    "phrase with initials": ('"U.S. troops"', "The U.S troops", "The [U.S troops]"),
    "accents": ("naive", "naïve nai\u0308ve NAÏVE", "[naïve] [nai\u0308ve] [NAÏVE]"),
    "accents typed": ("naïve", "naive", "[naive]"),
    "soft hyphen": ("software", "soft\u00adware", "[soft\u00adware]"),
    "Chinese": ("北京", "在北京大学", "在[北京]大学"),
    "Chinese phrase": ("北京大学", "在北京大学。北京的大学", "在[北京大学]。北京的大学"),
    "Chinese character": ("京", "在北京大学", "在北[京]大学"),
    "Hangul": ("한국", "한국의", "[한국]의"),
    "right to left": ("שלום", "\u200fשלום,", "\u200f[שלום],"),
    "beside an emoji": ("peace", "👍🏽peace👍🏽", "👍🏽[peace]👍🏽"),
    "address": ("example.org", "see https://example.org/x", "see https://[example.org]/x"),
    "nothing": ("war", "peace", "peace"),
    "filters": ("lang:en has:caption", "en caption", "en caption"),
    "another field": ("headline:peace author:peace", "peace", "peace"),
    "own field": ("body:peace", "peace", "[peace]"),
    "everything": ("*", "peace", "peace"),
}


@pytest.mark.parametrize(("typed", "text", "expected"), [(t, text, e) for t, text, e in MARKED.values()], ids=MARKED)
def test_what_is_marked(typed: str, text: str, expected: str) -> None:
    assert marked(text, typed) == expected


def test_words_of_an_articles_language_are_marked_by_its_stemmer() -> None:
    assert marked("les négociations, négocier", "negociation", "fr") == "les [négociations], [négocier]"
    assert marked("Häuser und Haus", "haus", "de") == "[Häuser] und [Haus]"


def test_a_headline_in_capitals_has_no_initials() -> None:
    article = Article(source="a/a", id="a", language="en", headline="LET US GO", paragraphs=(Paragraph("The US goes"),))
    assert marks(article, Word("u.s.")) == {("paragraph", 0): ((4, 6),)}


def test_words_near_each_other_may_stand_in_two_paragraphs_but_not_in_two_captions() -> None:
    article = Article(
        source="a/a",
        id="a",
        paragraphs=(Paragraph("x war"), Paragraph("…"), Paragraph("peace x")),
        captions=(Caption("war"), Caption("peace")),
    )
    assert marks(article, Near("peace", "war", 2)) == {("paragraph", 0): ((2, 5),), ("paragraph", 2): ((0, 5),)}
    assert marks(article, Near("peace", "war", 1)) == {}


def test_a_new_query_finds_what_earlier_ones_looked_at() -> None:
    article = Article(source="a/a", id="a", language="en", paragraphs=(Paragraph("北" * 100 + " peace " + "x" * 70),))
    for query in (
        Word("war"),
        Word("peace"),
        Phrase(("peace",)),
        Word("北"),
        Phrase(("北", "北")),
        Phrase(("x" * 70,)),
        Word("x" * 70),
    ):
        assert bool(marks(article, query)) == (query != Word("war"))


ENDINGS = """s es ed ing y ies ied er ation ational ization izer ate ator alism ality ally fulness ousness iveness ivity bility
bilities bly able ible ence ency ance ancy ently ment less lessly logy logist ical icate ative icity alize ion ist eed eedly ying
ie ll lling tt ss us"""


@given(st.text("aeiouybdlgstnrcmph", max_size=6), st.lists(st.sampled_from(ENDINGS.split()), min_size=1, max_size=3))
def test_a_word_is_found_by_each_word_of_its_stem_however_that_ends(start: str, endings: list[str]) -> None:
    words = [start + "".join(endings[:count]) for count in range(len(endings) + 1)]
    for word, other in product(filter(None, words), repeat=2):
        same = not set(bag_terms(word, "en")).isdisjoint(bag_terms(other, "en"))
        assert marked(f"({other})", word) == (f"([{other}])" if same else f"({other})")


@pytest.mark.parametrize("text", ["ha " * 30_000, "ha-" * 20_000], ids=["blanks", "one piece"])
def test_a_phrase_of_one_word_again_and_again_reads_the_text_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("search.highlight.chunk_compounds", lambda piece: (read.append(piece), chunk_compounds(piece))[1])
    found = marks(Article("a/a", "a", language="en", headline=text), Phrase(("ha",) * 32))
    assert found == {("headline", 0): ((0, len(text.rstrip(" -"))),)}
    assert len(read) == len(text.split())


def test_ten_thousand_words_beside_ten_thousand_are_compared_within_their_distance_only() -> None:
    steps = 0

    def count(frame: FrameType, event: str, _: object) -> Callable[..., object]:
        nonlocal steps
        steps += event == "line" and frame.f_code.co_name == "_near"
        return count

    article = Article("a/a", "a", language="en", headline="war peace " * 10_000)
    before = sys.gettrace()
    sys.settrace(count)
    try:
        found = marks(article, Near("war", "peace", 2))
    finally:
        sys.settrace(before)
    assert len(found["headline", 0]) == 20_000
    assert steps < 1_000_000


# ---------------------------------------------------------------- against the oracle


def word_leaves_only(query: Query) -> bool:
    match query:
        case And(parts) | Or(parts):
            return bool(parts) and all(map(word_leaves_only, parts))
        case Word() | Phrase() | Near() | Prefix() | Wildcard() | Fuzzy():
            return True
        case _:
            return False


def satisfies(leaf: TextLeaf, text: str, passage: Passage, language: str | None) -> bool:
    """Whether a marked text, on its own, is what the leaf looks for."""
    terms = exact_terms(text)
    match leaf:
        case Word(word, field):
            if field in NAME_FIELDS:
                return terms == [fold(word)]
            # US in capitals counts as initials where the passage is not all in capitals
            context = text if passage.text.isupper() else f"{text} x"
            return bool(set(bag_terms(context, language)) & set(word_terms(word, (language or "",))))
        case Phrase(words):
            return tuple(terms) == words
        case Near(first, second):
            return terms in ([first], [second])
        case Prefix(start):
            return len(terms) == 1 and terms[0].startswith(start)
        case Wildcard():
            return len(terms) == 1 and matches(Article("x", "x", headline=text), replace(leaf, field="headline"), ())
        case Fuzzy(word, edits):
            return len(terms) == 1 and edit_distance(word, terms[0]) <= edits


PROPERTY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PROPERTY
@given(articles(), queries())
def test_marks_are_where_the_leaves_of_the_query_match(article: Article, query: Query) -> None:
    texts = {(p.part, p.index): p for p in passages(article)}
    wanted = leaves(query)
    found = leaf_marks(article, query)
    for place, some in found.items():
        for mark in some:
            leaf, passage = wanted[mark.leaf], texts[place]
            if isinstance(leaf, Quoted) or leaf.field == "said":
                leaf, passage, mark = inside_quote(article, leaf, place, mark)
            assert passage.field in parts_of_field(leaf.field)
            assert satisfies(leaf, passage.text[mark.start : mark.end], passage, article.language)
    shown = {mark.leaf for some in found.values() for mark in some}
    languages = {article.language or "en", "en", "fr"}
    assert shown == {number for number, leaf in enumerate(wanted) if matches(article, leaf, languages)}


def inside_quote(article: Article, leaf: Leaf, place: tuple[str, int], mark: LeafMark) -> tuple[TextLeaf, Passage, LeafMark]:
    """The words that are marked, in the quote, of the right speaker, that they stand in."""
    for index, (quote, stretch) in enumerate(quoted(article)):
        if place == ("paragraph", stretch.paragraph) and stretch.start <= mark.start and mark.end <= stretch.end:
            passage = Passage("said", article.text_at(stretch), index)
            inner = LeafMark(mark.start - stretch.start, mark.end - stretch.start, mark.leaf)
            if isinstance(leaf, Quoted):
                assert matches(replace(article, quotes=(quote,)), leaf, {article.language or "en", "en", "fr"})
                return leaf.words, passage, inner
            return leaf, passage, inner
    raise AssertionError(f"{mark} is outside every quote")


@PROPERTY
@given(articles(), queries())
def test_every_hit_of_a_query_of_words_has_a_mark(article: Article, query: Query) -> None:
    if word_leaves_only(query):
        hit = matches(article, query, {article.language or "en"})
        assert bool(marks(article, query)) >= hit


@PROPERTY
@given(articles(), queries())
def test_highlights_are_pieces_of_the_article_with_its_marks(article: Article, query: Query) -> None:
    shown = highlight(article, query)
    everywhere = marks(article, query)
    assert (shown.headline and shown.headline.text) == article.headline
    assert shown.headline is None or shown.headline.marks == everywhere.get(("headline", 0), ())
    body = {p.text for p in passages(article) if p.field == "body"}
    body_marked = [place for place in everywhere if place[0] in ("standfirst", "paragraph", "contributors", "correction")]
    assert all(any(fragment.text in text for text in body) for fragment in shown.body)
    assert all(bool(fragment.marks) == bool(body_marked) for fragment in shown.body)
    assert len(shown.body) <= 3
    assert bool(shown.body) == bool([p for p in passages(article) if p.part in ("standfirst", "paragraph")] or body_marked)
    assert {c.index for c in shown.captions} <= {index for part, index in everywhere if part in ("caption", "credit")}
    assert sorted(part for part, _ in shown.names) == sorted(p for p, _ in everywhere if p in NAME_FIELDS and p != "credit")


@pytest.mark.parametrize("query", [Everything(), Nothing(), Not(Word("truce"))], ids=repr)
def test_what_has_no_words_marks_nothing_and_shows_the_beginning(query: Query) -> None:
    article = Article(source="a/a", id="a", headline="Truce", paragraphs=(Paragraph("A truce. It holds."), Paragraph("Truce.")))
    shown = highlight(article, query)
    assert [(f.text, f.marks) for f in shown.body] == [("A truce. It holds.", ())]
    assert shown.captions == shown.names == ()


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.sampled_from((1, 2)))
def test_edits_are_counted_as_the_oracle_counts_them(left: str, right: str, edits: int) -> None:
    assert within_edits(left, right, edits) == (edit_distance(left, right) <= edits)


@given(articles())
def test_the_stream_of_exact_terms_is_laid_out_as_it_is_indexed(article: Article) -> None:
    exact = index_fields(article).exact
    for field, terms in ((name, exact[name]) for name in exact.keys() - {SPOKEN, SPEAKING}):
        assert [token.term if token else FILLER for token, _ in exact_stream(article, field)] == terms
