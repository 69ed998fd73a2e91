"""What an engine stores of an article: the fields of its index as ready-made terms, the same for every engine.

    article ──index_fields──▶ IndexFields(bag={"all": [...]}, exact={"body": [...]}, keywords={"author": [...]})

Engines store the terms joined by spaces and split only at spaces.
"""

from dataclasses import dataclass
from functools import lru_cache

from search.analysis.analyzer import FILLER, exact_terms, fold, text_terms
from search.indexing.named_entities import names
from search.indexing.near_duplicates import Sketch, sketch
from search.model.article import Article, Passage, features, passages, quoted
from search.query.nodes import ANY_FIELDS, FACETS, NAME_FIELDS, TEXT_FIELDS
from search.ranking.feedback import Profile, profile

SCHEMA_VERSION = 8
"""Raised with every change of the fields or of what is stored; an index of another version raises IndexMismatch."""

ALL = "all"
"""The bag of the words of all ANY_FIELDS, in which a word without a field is searched and scored."""

NAME = "name"
"""The keyword from which names are completed: `name_keys`."""
NAME_BLANK, NAME_TAB = "\x1e", "\x1f"
"""Replace the space and the tab in a key, because terms contain neither."""
SPOKEN = "spoken"
"""The words of named speakers, and in SPEAKING the speakers' names: each term with the mark of its speaker."""
SPEAKING = "speaking"
BODY = "body"
NOT_IN_BODY = "not_in_body"
"""The bag of the terms that ALL has and the body has not. Nearly all terms of an article are in its body: a bag of its own would
be written twice. A word is in the body if one of its terms is in ALL and not here."""
BAG_FIELDS = (ALL, *(field for field in TEXT_FIELDS if field != BODY), NOT_IN_BODY, SPOKEN)
EXACT_FIELDS = (*TEXT_FIELDS, *NAME_FIELDS, SPOKEN, SPEAKING)

PART_WEIGHTS = {"headline": 3, "standfirst": 2}
"""The weight of the words of a part in the bag ALL; 1 for other parts."""

PARAGRAPH_GAP = 1
"""Filler terms between two paragraphs."""
VALUE_GAP = 21
"""Filler terms between two captions, authors …: more than the widest proximity."""

VALUE_CHARACTERS = 200
"""The maximum length of a facet value: it must fit into a URL next to a query and other values."""

Terms = tuple[list[str], list[str]]
"""The exact and the bag terms of a text."""

RUNNING_PARTS = ("standfirst", "paragraph", "contributors", "correction")


@dataclass(frozen=True, slots=True)
class IndexFields:
    """bag: terms of each of BAG_FIELDS, in no particular order.
    exact: terms of each of EXACT_FIELDS in order, with FILLER terms between passages.
    keywords: section, author, publisher, language, tag, year, month ("2022-03"), day ("2022-03-04"), has, collection: the values
    as used by filters, without repeats. names: its `name_keys`. Fields without terms or values are left out.
    sketch: of the body, to find its copies. profile: of the bag ALL, for feedback."""

    bag: dict[str, list[str]]
    exact: dict[str, list[str]]
    keywords: dict[str, list[str]]
    names: list[str]
    sketch: Sketch
    profile: Profile


def index_fields(article: Article) -> IndexFields:
    bag: dict[str, list[str]] = {}
    exact: dict[str, list[str]] = {}
    body: list[str] = []  # without fillers: it is the same text wherever its paragraphs end
    anchors = bytearray()
    in_body: list[str] = []
    outside: list[str] = []
    said: list[Terms] = []
    for passage in passages(article):
        field = passage.field
        if field in ANY_FIELDS or field in TEXT_FIELDS:
            words, terms, sampled = text_terms(passage.text, article.language)
            if field in ANY_FIELDS:
                bag.setdefault(ALL, []).extend(terms * PART_WEIGHTS.get(passage.part, 1))
            if field == BODY:
                body.extend(words)
                in_body.extend(terms)
                anchors += sampled
            elif field in ANY_FIELDS:
                outside.extend(terms)
            elif field == "said":
                said.append((words, terms))
            if field in BAG_FIELDS:
                bag.setdefault(field, []).extend(terms)
        else:
            words = exact_terms(passage.text)
        _append(exact.setdefault(field, []), gap_before(passage), words)
    if not_in_body := set(outside).difference(in_body):
        bag[NOT_IN_BODY] = sorted(not_in_body)
    if article.speakers:
        _add_speakers(article, said, bag, exact)
    return IndexFields(bag, exact, keywords(article), name_keys(article), sketch(body, anchors), profile(bag.get(ALL, ())))


def _append(stream: list[str], gap: int, terms: list[str]) -> None:
    if stream:
        stream.extend([FILLER] * gap)
    stream.extend(terms)


def _add_speakers(article: Article, said: list[Terms], bag: dict[str, list[str]], exact: dict[str, list[str]]) -> None:
    """Marks the terms of quotes and speakers, so that a quote can be found by its words and its speaker together. said: the terms
    of each of the "said" passages."""
    marks: dict[str, str] = {}
    for speaker in article.speakers:
        if terms := exact_terms(speaker):
            mark = marks[speaker] = speaker_mark(len(marks))
            _append(exact.setdefault(SPEAKING, []), VALUE_GAP, [mark + term for term in terms])
    for (quote, _), (words, terms) in zip(quoted(article), said, strict=True):
        if mark := marks.get(quote.speaker or "", ""):
            bag.setdefault(SPOKEN, []).extend(mark + term for term in terms)
            _append(exact.setdefault(SPOKEN, []), VALUE_GAP, [mark + word for word in words])


def speaker_mark(number: int) -> str:
    """The prefix of terms for speaker number `number` (from 0) of an article: a letter three times, so that no typo leads to
    another speaker's. An archive that has the mark of a number has those of all lower numbers."""
    return chr(0x100 + number) * 3 + "|"


def keywords(article: Article) -> dict[str, list[str]]:
    """The values used by filters and facets."""
    day = article.published.first_day().isoformat() if article.published else ""
    known = {"year": 4, "month": 7, "day": 10}
    values: dict[str, list[str | None]] = {
        "section": [article.section],
        "author": [*article.authors],
        "publisher": [article.publisher],
        "language": [article.language],
        "tag": [*article.tags],
        "has": [*features(article)],
        "collection": [article.collection],
        **{period: [day[:length]] for period, length in known.items()},
    }
    kept = {name: [*dict.fromkeys(filter_value(name, value) for value in some if value)] for name, some in values.items()}
    return {name: some for name, some in kept.items() if some}


def filter_value(name: str, value: str) -> str:
    """The value as stored for the filter of that name: the beginning of one that is too long for a facet."""
    return value if name not in FACETS or len(value) <= VALUE_CHARACTERS else value[: VALUE_CHARACTERS - 1] + "…"


def name_keys(article: Article) -> list[str]:
    """The article's names, each with the text it is completed from: its words, folded, starting at each capitalised one.

    Ada Ng -> "ada ng\\tAda Ng", "ng\\tAda Ng"; separated by NAME_TAB.
    """
    return [key for name in names(article) for key in _keys(name)]


@lru_cache(maxsize=100_000)
def _keys(name: str) -> tuple[str, ...]:
    words = fold(name).split()
    starts = [place for place, word in enumerate(name.split()) if not word.islower()] or [0]
    return tuple(NAME_BLANK.join(words[start:]) + NAME_TAB + NAME_BLANK.join(name.split()) for start in starts)


def gap_before(passage: Passage) -> int:
    """The number of filler positions between this passage and the previous one in its field."""
    return PARAGRAPH_GAP if passage.part in RUNNING_PARTS else VALUE_GAP
