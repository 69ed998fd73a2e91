"""Marks are exactly what made an article match: no more, no less, and where it stands."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import chain, product
from types import FrameType

import pytest
from archives import WORDS, articles, queries
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import edit_distance, exact_stream, matches

from search.analysis.analyzer import (
    FILLER,
    bag_terms,
    bag_tokens,
    chunk_compounds,
    compounds,
    exact_terms,
    exact_tokens,
    fold,
    stems,
    word_terms,
)
from search.analysis.edit_distance import within_edits
from search.highlight.fragments import LeafMark
from search.highlight.highlighter import highlight, leaf_marks, marks
from search.indexing.fields import SPEAKING, SPOKEN, index_fields
from search.model.article import Article, Caption, Paragraph, Passage, Quote, Span, locate, passages, quoted
from search.query.nodes import (
    NAME_FIELDS,
    And,
    Fuzzy,
    Leaf,
    MatchAll,
    MatchNone,
    Near,
    Not,
    Or,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Quoted,
    TextLeaf,
    Wildcard,
    Word,
    leaves,
    parts_of_field,
)
from search.query.parsing.parser import parse

FREQUENT = ("en", "fr")
"""The languages in whose forms words are found in articles without a known one."""


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
    "phrase from the second such word of a piece": ('"ha now"', "ha-x-ha now", "ha-x-[ha now]"),
    "phrase over lines": ('"peace talks"', "peace\n talks", "[peace\n talks]"),
    "phrase after other white space": ('"peace talks"', "on\npeace\xa0talks", "on\n[peace\xa0talks]"),
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
    "begun phrase": (
        '"peace tal*"',
        "peace talks, peace: tall tales, peace atall",
        "[peace talks], [peace: tall] tales, peace atall",
    ),
    "begun phrase within a piece": ('"cease-fir*"', "cease-fire-now, cease fired", "[cease-fire]-now, [cease fired]"),
    "begun phrase that overlaps itself": ('"hat hat*"', "hat hats, hat hat hate", "[hat hats], [hat hat hate]"),
    "begun phrase with accents": ('"le négo*"', "Le Ne\u0301gociateur", "[Le Ne\u0301gociateur]"),
    "begun phrase of one word": ('"negotia*"', "Negotiators", "[Negotiators]"),
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
    "initials of every form": ("J.R.R.", "J. R. R. Ely, J.R.R. Ely, JRR, J. R.", "[J. R. R.] Ely, [J.R.R.] Ely, [JRR], J. R."),
    "initials typed in small letters": ("jrr", "J. R. R. Ely (J.R.R.)", "[J. R. R.] Ely ([J.R.R.])"),
    "initials in a phrase": ('"JRR Ely"', "J.R.R. Ely, J. R. R. Ely, JRR Ely", "[J.R.R. Ely], [J. R. R. Ely], [JRR Ely]"),
    "one initial": ('"John F. Kennedy"', "John F Kennedy, John F. Kennedy", "[John F Kennedy], [John F. Kennedy]"),
    "degree": ("PhD", "a Ph.D. and a Ph. D., PhD", "a [Ph.D]. and a [Ph. D.], [PhD]"),
    "grouped number": ("1234567", "1 234 567, 1.234.567, 1'234'567, 234 567", "[1 234 567], [1.234.567], [1'234'567], 234 567"),
    "part of a grouped number": ("1234", "1 234 567 but 1 234.", "1 234 567 but [1 234]."),
    "years side by side": ("2021300", "In 2021 300 people", "In 2021 300 people"),
    "grouped number in a phrase": ('"12,000 jobs"', "12 000 jobs, 12.000 jobs", "[12 000 jobs], [12.000 jobs]"),
    "digits of another script": ("2021", "سنة ٢٠٢١ أو २०२१", "سنة [٢٠٢١] أو [२०२१]"),
    "separators of another script": ("1234567", "سنة ١٬٢٣٤٬٥٦٧", "سنة [١٬٢٣٤٬٥٦٧]"),
    "name with an elision": ("loreal", "L’Oréal, l'oreal, Loreal's", "[L’Oréal], l'oreal, [Loreal]'s"),
    "part of a compound": ("email", "E-Mail-Adresse", "[E-Mail]-Adresse"),
    "letters spelt out": ("Djokovic", "Đoković and Djokovic", "[Đoković] and [Djokovic]"),
    "letters spelt out in Danish": ("Aalborg Soerensen", "Ålborg, Aalborg, Sørensen", "[Ålborg], [Aalborg], [Sørensen]"),
    "letters that are spelt out": ("Müller", "Mueller, Müller, Muller", "[Mueller], [Müller], [Muller]"),
    "letters of Arabic": ('"ابراهيم علي"', "قال إبراهيم علی أمس", "قال [إبراهيم علی] أمس"),
    "non-joiner": ("کتاب", "کتاب‌ها و كتاب", "[کتاب]‌ها و [كتاب]"),
    "nukta": ('"फैसला"', "यह फ़ैसला है", "यह [फ़ैसला] है"),
    "gershayim": ("צהל", 'צה״ל וצה"ל (צה”ל)', '[צה״ל] וצה"ל ([צה”ל])'),
    "Catalan": ("collegi", "El col·legi, el colŀlegi", "El [col·legi], el colŀlegi"),
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


ENDINGS = {
    "en": """s es ed ing y ies ied er ation ational ization izer ate ator alism ality ally fulness ousness iveness ivity bility
        bilities bly able ible ence ency ance ancy ently ment less lessly logy logist ical icate ative icity alize ion ist eed
        eedly ying ie ll lling tt ss us""",
    "fr": """s es e é ée ées er ère ier ières ement ements ment amment emment ence ences ance ation ations atrice icateur logie
        logies usion ution eux euse al aux eau eaux if ives ique iques isme able iste ité abilité oyer uyer eyait issant issement
        irait îmes ât ions enn onn ett ell eill ç y yant que gue""",
    "es": "s es os as o a ar er ir ando iendo ado aba ía ación mente amente idad iva oso ista anza logía ución encia ancia gue",
    "it": "i e o a are ere ire ando ato azione azioni logia uzione enza enze ico ichi iche ismo abile ista oso mente ità ivo gli",
    "pt": "s es o a ar er ir ando ado ava ão ões ação ações mente idade ivo ico ismo ável ista oso amento logia ução ência ência",
    "sv": "s a e ar arna er erna or en et ad ade ande are aste heten heter ig lig els full löst het",
    "de": "e en er em es s st ung heit keit lich isch bar ß ae oe ue ä ö ü nis erin",
    "ru": "а я ы и у ю ом ой ами ями ов ев ах ый ая ое ого ому ость ости ение ения ировать ется ший вши нн ейш ь ё йш ив ыв ла",
}
LETTERS = {"ru": "аеиоуыьбдлгсннтрйшщ"}


@given(
    st.sampled_from(sorted(ENDINGS)).flatmap(
        lambda language: st.tuples(
            st.just(language),
            st.text(LETTERS.get(language, "aeiouybdlgstnrcmphvéàöñ"), max_size=6),
            st.lists(st.sampled_from(ENDINGS[language].split()), min_size=1, max_size=3),
        )
    )
)
@settings(max_examples=500, deadline=None)
def test_a_word_is_found_by_each_word_of_its_stem_however_that_ends(case: tuple[str, str, list[str]]) -> None:
    language, start, endings = case
    words = [start + "".join(endings[:count]) for count in range(len(endings) + 1)]
    for word, other in product(filter(None, words), repeat=2):
        same = not set(word_terms(word, (language,))).isdisjoint(bag_terms(other, language))
        assert marks(Article("a", "a", language=language, headline=f"({other})"), Word(word)) == (
            {("headline", 0): ((1, len(other) + 1),)} if same else {}
        )


@pytest.mark.parametrize("text", ["ha " * 30_000, "ha-" * 20_000], ids=["blanks", "one piece"])
def test_a_phrase_of_one_word_again_and_again_reads_the_text_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(
        "search.highlight.highlighter.chunk_compounds", lambda piece: (read.append(piece), chunk_compounds(piece))[1]
    )
    found = marks(Article("a/a", "a", language="en", headline=text), Phrase(("ha",) * 32))
    assert found == {("headline", 0): ((0, len(text.rstrip(" -"))),)}
    assert len(read) == len(text.split())


@pytest.mark.parametrize("typed", ["said:peace", "by:marsh*"])
def test_ten_thousand_quotes_are_each_looked_at_once(typed: str) -> None:
    text = "“peace” Marsh"
    quotes = tuple(Quote((Span(n, 1, 6),), f"Marsh{n}", Span(n, 8, 13)) for n in range(10_000))
    article = Article("a/a", "a", language="en", paragraphs=(Paragraph(text),) * 10_000, quotes=quotes)
    started = time.process_time()

    found = marks(article, parse(typed).query)

    assert sum(part == "paragraph" for part, _ in found) == 10_000
    assert time.process_time() - started < 5


def test_a_text_in_capitals_is_seen_to_be_in_capitals_once() -> None:
    article = Article("a/a", "a", language="en", headline="US " * 100_000)
    started = time.process_time()
    assert len(marks(article, Word("us"))["headline", 0]) == 100_000
    assert marks(article, Word("u.s.")) == {}
    assert time.process_time() - started < 10


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
        case Word() | Phrase() | PhrasePrefix() | Near() | Prefix() | Wildcard() | Fuzzy():
            return True
        case _:
            return False


def all_marks(article: Article, query: Query) -> set[tuple[str, int, LeafMark]]:
    """What leaf_marks promises, found by analysing every passage whole."""
    return {
        (*place, LeafMark(begin, stop, number))
        for number, leaf in enumerate(leaves(query))
        for passage, start, end in matches_of_leaf(leaf, article)
        for place, begin, stop in locate(article)(passage, start, end)
    }


def matches_of_leaf(leaf: Leaf, article: Article) -> Iterator[tuple[Passage, int, int]]:
    if isinstance(leaf, Quoted):
        quotes = [quote for quote, _ in quoted(article)]
        for passage, start, end in matches_of(leaf.words, article, "said"):
            if matches(replace(article, quotes=(quotes[passage.index],)), leaf.speaker, {article.language or "en"}):
                yield passage, start, end
    else:
        for field in parts_of_field(leaf.field):
            yield from matches_of(leaf, article, field)


def matches_of(leaf: TextLeaf, article: Article, field: str) -> Iterator[tuple[Passage, int, int]]:
    if isinstance(leaf, Near):
        stream = [(at, token, passage) for at, (token, passage) in enumerate(exact_stream(article, field)) if token]
        for (here, one, in_one), (there, other, in_other) in product(stream, repeat=2):
            if (one.term, other.term) == (leaf.first, leaf.second) and 0 < abs(here - there) <= leaf.distance + 1:
                yield in_one, one.start, one.end
                yield in_other, other.start, other.end
        return
    for passage in (p for p in passages(article) if p.field == field):
        tokens = exact_tokens(passage.text)
        match leaf:
            case Word(word) if leaf.field not in NAME_FIELDS:
                terms = word_terms(word, (article.language,) if article.language else ())
                alike = {stem for language in FREQUENT for stem in stems(word, language)}
                found = [
                    (t.start, t.end)
                    for t in bag_tokens(passage.text, article.language)
                    if t.term in terms
                    or (
                        t.term.startswith("?|")
                        and alike & {stem for language in FREQUENT for stem in stems(t.term[2:], language)}
                    )
                ]
            case Phrase(words):
                runs = [tokens[at : at + len(words)] for at in range(len(tokens) - len(words) + 1)]
                found = [(run[0].start, run[-1].end) for run in runs if tuple(t.term for t in run) == words]
            case PhrasePrefix(words, start):
                runs = [tokens[at : at + len(words) + 1] for at in range(len(tokens) - len(words))]
                begun = [run for run in runs if run[-1].term.startswith(start)]
                found = [(run[0].start, run[-1].end) for run in begun if tuple(t.term for t in run[:-1]) == words]
            case _:
                found = [(t.start, t.end) for t in tokens if fits(leaf, t.term)]
        for start, end in found:
            yield passage, start, end


def fits(leaf: TextLeaf, term: str) -> bool:
    match leaf:
        case Word(word):
            return term == fold(word)
        case Prefix(start):
            return term.startswith(start)
        case Wildcard(pattern):
            return fnmatchcase(term, pattern.replace("[", "[[]"))
        case Fuzzy(word, edits):
            return edit_distance(word, term) <= edits
        case _:
            raise AssertionError(leaf)


PRINTED = (
    *WORDS,
    "œuvre",
    "CŒUR",
    "Łódź",
    "ﬁre",
    "ne\u0301gocie\u0301",
    "tru\xadce",
    "Truce’s",
    "d’accord",
    "TRUCE",
    "treaty?",
    "ª",
    "Ёлка",
    "переговоры",
    "ΛΌΓΟΣ",
    "λόγος",
    "İzmir",
    "שָׁלוֹם",
    "سلام",
    "ｶﾞ",
    "ガ",
    "1 234 567",
    "1.234.567",
    "1'234",
    "１，２３４",
    "U. S.",
    "Ph. D.",
    "Œ.U.",
    "ب\u064e\u200cی",
    "Ærøskøbing",
    "Goebbels",
    "shoes",
    "l.l",
    "l-l",
    "北",
    "北京",
)
SIGNS = (
    *" " * 6,
    "  ",
    "\n",
    "\xa0",
    " «\xa0",
    "”, “",
    "—",
    "-",
    "’",
    "/",
    ".",
    "? ",
    "…",
    " ¿",
    "\u2011",
    "\u2028",
    "\u200c",
    "·",
    '"',
    "״",
    "٬",
    "，",
    ". ",
    "",
    "\x1f",
    "\ud800",
    "`",
)


@st.composite
def printed(draw: st.DrawFn) -> tuple[Article, Query]:
    """An article with signs of every kind between its words, and a query, most often for one of its words."""
    prose = st.lists(st.tuples(st.sampled_from(SIGNS), st.sampled_from(PRINTED)), min_size=1, max_size=12)
    texts = draw(st.lists(prose.map(lambda some: "".join(chain(*some))), min_size=1, max_size=4))
    article = draw(articles())
    quotes = tuple(Quote((Span(0, 0, len(texts[0])),), quote.speaker) for quote in article.quotes[:1])
    language = draw(st.sampled_from((article.language, "de", "ru", "el", "tr", "pl", "he", "ar", "zh")))
    article = replace(article, paragraphs=tuple(map(Paragraph, texts)), quotes=quotes, language=language)
    terms = exact_terms(texts[0]) or ["truce"]
    at = draw(st.integers(0, len(terms) - 1))
    words = [
        word for compound in compounds(texts[0]) for word in (compound.joined, *(form.word for form in compound.others)) if word
    ]
    own = (
        Word(draw(st.sampled_from(words or terms))), Word(terms[at]), Prefix(terms[at][:3]), Fuzzy(terms[at][1:] + "x", 2),
        Fuzzy(terms[at][:-1] or "x", 1),
        Wildcard(terms[at][:1] + "*" + terms[at][-1:]), Near(terms[at], terms[-1], 3), Phrase(tuple(terms[at : at + 3])),
        PhrasePrefix(tuple(terms[at : at + 3]), terms[min(at + 3, len(terms) - 1)][:3]),
    )  # fmt: skip
    return article, draw(st.sampled_from(own) | queries())


PHASES = (Phase.generate, Phase.shrink)
PROPERTY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=PHASES)


def check_marks(case: tuple[Article, Query]) -> None:
    article, query = case
    found = leaf_marks(article, query, FREQUENT)
    assert {(*place, mark) for place, some in found.items() for mark in some} == all_marks(article, query)
    assert all(some == sorted(some) for some in found.values())


def check_fragments(case: tuple[Article, Query]) -> None:
    """What is shown, without its marks, is a piece of the stored text, marked where the article is."""
    article, query = case
    shown = highlight(article, query)
    everywhere = marks(article, query)
    texts = {(p.part, p.index): p.text for p in passages(article)}
    captions = [
        (fragment, (part, c.index)) for c in shown.captions for part, fragment in (("caption", c.text), ("credit", c.credit))
    ]
    placed = [(shown.headline, ("headline", 0)), *captions]
    assert all(f is None or (f.text, f.marks) == (texts[place], everywhere.get(place, ())) for f, place in placed)
    for fragment in shown.body:
        inside = [
            {(start - at, end - at) for start, end in everywhere.get(place, ()) if at <= start and end <= at + len(fragment.text)}
            for place, text in texts.items()
            for at in range(len(text))
            if text.startswith(fragment.text, at)
        ]
        assert set(fragment.marks) in inside
    named = {*NAME_FIELDS, "alternative_headline"}
    names = [(part, texts[part, index], found) for (part, index), found in everywhere.items() if part in named]
    assert all((part, fragment.text, fragment.marks) in names for part, fragment in shown.names)


test_marks_are_all_that_the_leaves_of_the_query_match = PROPERTY(given(printed())(check_marks))
test_without_its_marks_what_is_shown_is_stored_text = PROPERTY(given(printed())(check_fragments))


@pytest.mark.long
@pytest.mark.parametrize("check", [check_marks, check_fragments])
def test_marks_and_fragments_of_5000_articles(check: Callable[[tuple[Article, Query]], None]) -> None:
    settings(PROPERTY, max_examples=5_000)(given(printed())(check))()


@PROPERTY
@given(articles(), queries())
def test_leaves_are_marked_where_the_oracle_says_they_match(article: Article, query: Query) -> None:
    shown = {mark.leaf for some in leaf_marks(article, query, FREQUENT).values() for mark in some}
    languages = [*FREQUENT, *filter(None, [article.language])]
    assert shown == {number for number, leaf in enumerate(leaves(query)) if matches(article, leaf, languages)}


@PROPERTY
@given(articles(), queries())
def test_every_hit_of_a_query_of_words_has_a_mark(article: Article, query: Query) -> None:
    if word_leaves_only(query):
        hit = matches(article, query, {article.language or "en"})
        assert bool(marks(article, query, (article.language or "en",))) >= hit


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
    names = [part for part, _ in shown.names if part != "alternative_headline"]
    assert sorted(names) == sorted(p for p, _ in everywhere if p in NAME_FIELDS and p != "credit")
    assert len(shown.names) == len(names) or ("alternative_headline", 0) in everywhere


@pytest.mark.parametrize("query", [MatchAll(), MatchNone(), Not(Word("truce"))], ids=repr)
def test_what_has_no_words_marks_nothing_and_shows_the_beginning(query: Query) -> None:
    article = Article(source="a/a", id="a", headline="Truce", paragraphs=(Paragraph("A truce. It holds."), Paragraph("Truce.")))
    shown = highlight(article, query)
    assert [(f.text, f.marks) for f in shown.body] == [("A truce. It holds.", ())]
    assert shown.captions == shown.names == ()


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.sampled_from((1, 2)))
def test_edits_are_counted_as_the_oracle_counts_them(left: str, right: str, edits: int) -> None:
    assert within_edits(left, right, edits) == (edit_distance(left, right) <= edits)


def test_edits_of_all_short_words_are_counted_as_the_oracle_counts_them() -> None:
    words = ["".join(letters) for length in range(5) for letters in product("abc", repeat=length)]
    for left, right in product(words, repeat=2):
        distance = edit_distance(left, right)
        assert [within_edits(left, right, edits) for edits in (1, 2)] == [distance <= 1, distance <= 2], (left, right)


@given(articles())
def test_the_stream_of_exact_terms_is_laid_out_as_it_is_indexed(article: Article) -> None:
    exact = index_fields(article).exact
    for field, terms in ((name, exact[name]) for name in exact.keys() - {SPOKEN, SPEAKING}):
        assert [token.term if token else FILLER for token, _ in exact_stream(article, field)] == terms


def test_the_alternative_headline_is_shown_for_words_that_the_headline_has_not() -> None:
    article = Article("a/a", "a", language="en", headline="Truce signed", alternative_headline="Envoys sign a truce at the lake")

    def shown(typed: str) -> list[tuple[str, str]]:
        names = highlight(article, parse(typed).query).names
        return [(part, " ".join(piece.text[start:end] for start, end in piece.marks)) for part, piece in names]

    assert shown("truce") == []
    assert shown("truce lake") == [("alternative_headline", "truce lake")]
    assert shown("headline:envoys") == [("alternative_headline", "Envoys")]
