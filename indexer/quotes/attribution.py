"""Who says the quotes of an article: a name in the sentence of the quote or in the one beside it.

    “We will go,” Maria Lopez said. “Now.”        said Lopez · according to Lopez · LOPEZ: “…” · Lopez called it “a day”
    « … », a déclaré Maria Lopez · selon …        „…“, sagte Lopez · nach Angaben von …

"He said" means a person named right before, if only one was; "the minister said" means nobody, and so does a quote that nothing
is said about. A surname alone stands for the one full name that the article has with it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from indexer.quotes.hidden_quotes import HIDDEN, TextAround, hide
from indexer.quotes.person_names import Name, TextWord, names, words
from indexer.quotes.speech_verbs import AUXILIARIES, BE, SPEECH, SUBORDINATING, Speech
from search.model.article import Article, Quote, Span

MAX_SPEAKERS = 200
MAX_QUOTES = 1_000
"""In one article; what is beyond them has no speaker."""
_QUOTATION_MARKS = frozenset("“”„«»\"‘’'‚「」『』")
_INVERTED = re.compile(r"(.+?)-(?:t-)?(?:il|elle)", re.IGNORECASE)  # dit-il, a-t-elle
_CLAUSE = (",", ";", ":", "–", "—", "(", ")", HIDDEN)
_MAX_WORDS_LOOKED_AT = 40
_MAX_CHARACTERS_LOOKED_AT = 400
"""Words, and characters, looked at on each side of a quote."""
_SENTENCES_BACK = 8
"""How far "he" may refer back."""

NOBODY = "nobody"
PRONOUN = "pronoun"
Told = Name | str | None
"""Who a text says speaks: a name; PRONOUN; NOBODY, if somebody without a name; None if it does not tell."""


def name_speakers(article: Article, quotes: list[Quote]) -> tuple[Quote, ...]:
    """The quotes with their speakers; all without if the article's language is none of SPEECH."""
    speech = SPEECH.get(article.language or "")
    if speech is None:
        return tuple(quotes)
    told = _Telling(article, speech, quotes)
    named: list[Quote] = []
    for quote in quotes[:MAX_QUOTES]:
        speaker, place = told.speaker(quote)
        if speaker and (speaker in told.known or len(told.known) < MAX_SPEAKERS):
            told.known.add(speaker)
            quote = replace(quote, speaker=speaker, named=place)
            told.answers[quote.stretches[-1]] = (speaker, place)
        named.append(quote)
    return (*named, *quotes[MAX_QUOTES:])


Speaker = tuple[str | None, Span | None]


class _Telling:
    """Reads an article for who speaks. `answers`: of the quotes already read, by their last stretch;
    `known`: their speakers."""

    def __init__(self, article: Article, speech: Speech, quotes: list[Quote]) -> None:
        self.speech = speech
        self.language = article.language or ""
        self.answers: dict[Span, Speaker] = {}
        self.known: set[str] = set()
        self._names_of: dict[str, set[str]] = {}
        self._article = article
        inside: dict[int, list[Span]] = {}
        for stretch in (stretch for quote in quotes for stretch in quote.stretches):
            inside.setdefault(stretch.paragraph, []).append(stretch)
        self._paragraphs = [
            TextAround(number, hide(paragraph.text, inside.get(number, [])), inside.get(number, []))
            for number, paragraph in enumerate(article.paragraphs)
        ]

    def speaker(self, quote: Quote) -> Speaker:
        first, last = quote.stretches[0], quote.stretches[-1]
        for answer in self._told(first, last):
            return answer
        return None, None

    def _told(self, first: Span, last: Span) -> Iterator[Speaker]:
        """What tells the speaker, the nearest first."""
        opening, closing = self._paragraphs[first.paragraph], self._paragraphs[last.paragraph]
        number, final = opening.sentence_at(first.start), closing.sentence_at(last.end)
        head = self._words(opening, max(opening.sentences[number][0], first.start - _MAX_CHARACTERS_LOOKED_AT), first.start)
        tail = self._words(closing, last.end, min(closing.sentences[final][1], last.end + _MAX_CHARACTERS_LOOKED_AT))
        ending = closing.hidden[last.end - 1 : last.end]
        titled = bool(head) and head[-1].lower in self.speech.prepositions  # In “The Title,” she argues
        after = self._tail(tail, ending) if self._may_tell(tail, ending) and not titled else None
        before = None if after else self._head(head)
        if after is None and before is None and not tail and final + 1 < len(closing.sentences):
            after = self._asked(closing, ending, final + 1)
        if told := after or before:
            yield self._answer(told, closing if after else opening, number, head)
        elif not any(token.is_word for token in (*head, *tail)):
            yield from self._beside(opening, number)

    def _words(self, paragraph: TextAround, start: int, end: int) -> list[TextWord]:
        return [token for token in words(paragraph.hidden, start, end) if token.text not in _QUOTATION_MARKS]

    def _sentence(self, paragraph: TextAround, number: int) -> list[TextWord]:
        start, end = paragraph.sentences[number]
        return self._words(paragraph, max(start, end - _MAX_CHARACTERS_LOOKED_AT), end)

    # ------------------------------------------------------------ within the sentence

    def _tail(self, tokens: list[TextWord], last: str) -> Told:
        """`tokens`: what follows the quote in its sentence, as in: ,” said Maria Lopez, the mayor; `last`: how the quote ends"""
        tokens = tokens[:_MAX_WORDS_LOOKED_AT]
        until = next((n for n, token in enumerate(tokens) if token.text == HIDDEN), len(tokens))
        tokens = tokens[:until]
        start = next((n for n, token in enumerate(tokens) if token.is_word), len(tokens))
        if told := self._according(tokens, start, start + 3):
            return told
        verb = next((n for n in range(start, len(tokens)) if self._tells(tokens, n)), None)
        if verb is None:
            return self._signature(tokens, start) or self._odd_verb(tokens, start, last)
        if _INVERTED.fullmatch(tokens[verb].text) or (verb and _INVERTED.fullmatch(tokens[verb - 1].text)):
            return PRONOUN
        before = [token for token in tokens[start:verb] if token.is_word and token.lower not in AUXILIARIES]
        if not before:
            return self._after(tokens, verb)
        return self._subject(tokens[:verb], 0)

    def _may_tell(self, tail: Sequence[TextWord], last: str) -> bool:
        """Whether what follows may be about the quote: after a comma; not where the sentence goes on as if no mark were there."""
        if not tail or last in ",?!…" or tail[0].text in ",–—-":
            return bool(tail)
        verb = next((n for n, token in enumerate(tail[:4]) if self._is_verb(token)), None)
        return verb == 0 or (verb is not None and (tail[0].is_capital or tail[0].lower in self.speech.pronouns))

    def _head(self, tokens: list[TextWord]) -> Told:
        """`tokens`: what the sentence has before the quote, as in: Maria Lopez, the mayor, said: “"""
        tokens = tokens[-_MAX_WORDS_LOOKED_AT:]
        if told := self._according(tokens, 0, len(tokens)):
            return told
        verb = next((n for n in range(len(tokens) - 1, -1, -1) if self._tells(tokens, n)), None)
        if verb is None or any(token.text in "–—;" for token in tokens[verb:]):
            return self._label(tokens)
        if _INVERTED.fullmatch(tokens[verb].text) or (verb and _INVERTED.fullmatch(tokens[verb - 1].text)):
            return PRONOUN
        told = self._subject(tokens[:verb], max((n + 1 for n in range(verb) if tokens[n].text in _CLAUSE), default=0))
        if told is None and (self.language != "en" or verb == 0):
            told = self._after(tokens, verb)
        return told or NOBODY

    def _is_verb(self, token: TextWord) -> bool:
        inverted = _INVERTED.fullmatch(token.lower) if "-" in token.text else None
        return (inverted[1] if inverted else token.lower) in self.speech.verbs

    def _tells(self, tokens: Sequence[TextWord], at: int) -> bool:
        """Whether there is a verb of speech there; not of what is called something, or was asked."""
        puts_it = tokens[at].lower in ("put", "puts") and [token.lower for token in tokens[at + 1 : at + 2]] == ["it"]
        if not puts_it and not self._is_verb(tokens[at]):
            return False
        return tokens[at].text.endswith("ing") or not any(token.lower in BE for token in tokens[max(at - 2, 0) : at])

    def _according(self, tokens: Sequence[TextWord], start: int, end: int) -> Told:
        """Selon NAME, according to NAME"""
        plain = [token.lower for token in tokens]
        for place in range(start, min(end, len(tokens))):
            for phrase in self.speech.according.get(plain[place], ()):
                after = place + len(phrase)
                loose = " ".join(phrase) in self.speech.loose
                if tuple(plain[place:after]) == phrase and not (loose and place > start):
                    told = self._mention(tokens[after:])
                    if told is not None or not loose:
                        return told or NOBODY
        return None

    def _after(self, tokens: Sequence[TextWord], verb: int) -> Told:
        """Who stands after the verb: said NAME; a dit le ministre, NAME; sagte er"""
        following = tokens[verb + 1 :]
        while following and following[0].lower in AUXILIARIES:
            following = following[1:]
        told = self._mention(following)
        return PRONOUN if told is None and self.speech.drops_pronouns else told

    def _mention(self, tokens: Sequence[TextWord]) -> Told:
        """The name that these tokens begin with, or that follows a mention: the mayor, NAME"""
        if not tokens:
            return None
        if tokens[0].lower in self.speech.pronouns:
            return PRONOUN
        if tokens[0].lower in self.speech.prepositions:
            return self._mention(tokens[2:])  # a écrit sur Facebook le maire
        if len(tokens) > 1 and not tokens[0].is_capital and tokens[1].lower in self.speech.determiners:
            return self._mention(tokens[1:])  # a dit lundi le maire
        stop = next((n for n, token in enumerate(tokens) if token.text in (".", ":", ";", "(", HIDDEN)), len(tokens))
        found = [name for name in names(tokens[:stop], self.speech, self.language) if not name.governed]
        if tokens[0].lower in self.speech.determiners or tokens[0].lower in _ROLES_BARE:
            commas = [n for n, token in enumerate(tokens[:stop]) if token.text == ","]
            second = commas[1] if len(commas) > 1 else stop
            return next((name for name in found if name.sure and name.first < second), None) or self._known_org(tokens, found)
        if found and (found[0].first == 0 or (found[0].first <= 3 and not self._breaks(tokens[: found[0].first]))):
            return found[0]
        return NOBODY if found or tokens[0].is_word else None

    def _breaks(self, tokens: Sequence[TextWord]) -> bool:
        return any(not token.is_word or token.lower in self.speech.prepositions for token in tokens)

    def _known_org(self, tokens: Sequence[TextWord], found: list[Name]) -> Told:
        """The Kremlin; not: the mayor"""
        known = found and found[0].first <= 1 and self._stands(found[0], tokens)
        return found[0] if known and self.language != "de" else NOBODY

    def _subject(self, tokens: Sequence[TextWord], clause: int) -> Told:
        """Who the words before a verb say is its subject; `clause`: where its own clause begins."""
        nearest = [token for token in tokens[clause:] if token.is_word and token.lower not in AUXILIARIES]
        if any(token.lower in self.speech.pronouns for token in nearest[-3:]):
            return PRONOUN
        found = [name for name in names(tokens, self.speech, self.language) if not name.governed and self._stands(name, tokens)]
        if tokens and tokens[0].lower in SUBORDINATING:
            comma = next((n for n, token in enumerate(tokens) if token.text == ","), 0)
            found = [name for name in found if name.first >= comma]
        near = [name for name in found if name.first >= clause]
        if near:
            return near[0]
        if nearest and nearest[0].lower in self.speech.determiners:
            return NOBODY
        if any(token.lower in self.speech.pronouns for token in tokens):
            return PRONOUN
        return found[0] if found else (NOBODY if nearest and self.language == "en" else None)

    def _stands(self, name: Name, tokens: Sequence[TextWord]) -> bool:
        """Whether it is a name by itself: not the Thai navy; and not Yesterday, which has its capital from the sentence."""
        if name.sure or name.last == len(tokens) or self._full_names(name.surname):
            return True
        following = tokens[name.last]
        alone = not following.is_word or following.lower in AUXILIARIES or following.lower in self.speech.prepositions
        return alone and (name.first > 0 or name.text in self._inner_capitals)

    def _label(self, tokens: Sequence[TextWord]) -> Told:
        """NAME: “…”, NAME (SPD): „…“"""
        if len(tokens) < 2 or tokens[-1].text != ":":
            return None
        found = names(tokens, self.speech, self.language)
        rest = [token for n, token in enumerate(tokens[:-1]) if not any(name.first <= n < name.last for name in found)]
        if len(found) in (1, 2) and found[0].first == 0 and (not rest or rest[0].text == "("):
            return found[0]
        return None

    def _signature(self, tokens: Sequence[TextWord], start: int) -> Told:
        """“…” — NAME, and no more"""
        if not start or tokens[start - 1].text not in "—–-":
            return None
        found = names(tokens, self.speech, self.language)
        return found[0] if found and found[0].first == start and found[0].sure else None

    def _odd_verb(self, tokens: Sequence[TextWord], start: int, last: str) -> Told:
        """“…,” he sums up: after such a comma any verb tells."""
        if last != "," or start == len(tokens):
            return None
        if tokens[start].lower in self.speech.pronouns:
            return PRONOUN
        found = names(tokens[: start + 6], self.speech, self.language)
        return (
            found[0] if found and found[0].first == start and found[0].last < len(tokens) and self._is_known(found[0]) else None
        )

    # ------------------------------------------------------------ beside it

    def _asked(self, paragraph: TextAround, ending: str, number: int) -> Told:
        """“Why?” Maria Lopez asked. The mark ends a sentence, and the next one tells."""
        if ending not in "?!…":
            return None
        tokens = self._sentence(paragraph, number)
        verb = next((n for n, token in enumerate(tokens[:6]) if self._is_verb(token)), None)
        return self._tail(tokens, "") if verb is not None and HIDDEN not in [token.text for token in tokens[:verb]] else None

    def _beside(self, paragraph: TextAround, number: int) -> Iterator[Speaker]:
        """The sentence before the quote tells: it has a quote with a speaker, or says who spoke, or who it is about."""
        before = self._before(paragraph, number)
        if before is None:
            return
        other, place = before
        if quote := other.last_quote(place):
            if answer := self.answers.get(quote):
                yield answer
            return
        tokens = self._sentence(other, place)
        introduced = bool(tokens) and tokens[-1].text == ":"
        if other is not paragraph and not introduced:
            return
        told = self._head(tokens) if any(map(self._is_verb, tokens)) else None
        if (told is None or told == NOBODY) and self.language != "de":
            told = next((name for name in self._persons(tokens) if name.first <= 2 or introduced), None)
        if told is None and tokens and tokens[0].lower in self.speech.pronouns:
            told = PRONOUN
        if told is not None:
            yield self._answer(told, other, place, [])

    def _before(self, paragraph: TextAround, number: int) -> tuple[TextAround, int] | None:
        """The sentence before, in the paragraph or at the end of the one before it."""
        if number:
            return paragraph, number - 1
        if not paragraph.number or self._article.paragraphs[paragraph.number].kind not in ("text", "quote"):
            return None
        other = self._paragraphs[paragraph.number - 1]
        kind = self._article.paragraphs[other.number].kind
        return (other, len(other.sentences) - 1) if kind == "text" else None

    # ------------------------------------------------------------ who that is

    def _answer(self, told: Name | str, paragraph: TextAround, number: int, head: Sequence[TextWord]) -> Speaker:
        if isinstance(told, Name):
            return self._full(told), Span(paragraph.number, told.start, told.end)
        return self._antecedent(paragraph, number, head) if told == PRONOUN else (None, None)

    def _antecedent(self, paragraph: TextAround, number: int, head: Sequence[TextWord]) -> Speaker:
        """The one person named before, in the sentence or the nearest one before it that names any; nobody if it names more."""
        persons = self._persons(head)
        place, other = number, paragraph
        while not persons:
            if place == 0 and other is paragraph and number == 0 and (before := self._before(paragraph, 0)):
                other, place = before
            elif place > max(number - _SENTENCES_BACK, 0) and other is paragraph:
                place -= 1
            else:
                return None, None
            quote = other.last_quote(place)
            if quote in self.answers:
                return self.answers[quote]
            persons = self._persons(self._sentence(other, place))
            if other is not paragraph and persons and persons[0].first > 2:
                return None, None  # too far away to be sure
        if len({name.surname for name in persons}) > 1:
            return None, None
        return self._full(persons[0]), Span(other.number, persons[0].start, persons[0].end)

    def _persons(self, tokens: Sequence[TextWord]) -> list[Name]:
        found = names(tokens, self.speech, self.language)
        return [name for name in found if not name.governed and (name.sure or self._is_known(name))]

    def _is_known(self, name: Name) -> bool:
        return name.text in self.known or bool(self._full_names(name.surname))

    def _full(self, name: Name) -> str:
        """The one full name that the article has of a surname."""
        known = self._full_names(name.surname)
        return next(iter(known)) if " " not in name.text and len(known) == 1 and not name.text.isupper() else name.text

    def _full_names(self, last: str) -> set[str]:
        """Names of two words and more with this surname."""
        if last not in self._names_of:
            runs = [run for piece in _PIECE.findall(last)[-1:] for run in self._runs.get(piece, ())]
            found = [name for run in runs for name in names(words(run), self.speech, self.language)]
            self._names_of[last] = {name.text for name in found if " " in name.text and name.surname == last}
        return self._names_of[last]

    @cached_property
    def _runs(self) -> dict[str, list[str]]:
        """Runs of words with capitals, by each of the pieces that marks part their words in."""
        found: dict[str, list[str]] = {}
        for run in {run for paragraph in self._paragraphs for run in _CAPITALS.findall(paragraph.hidden)}:
            for piece in set(_PIECE.findall(run.lower())):
                found.setdefault(piece, []).append(run)
        return found

    @cached_property
    def _inner_capitals(self) -> set[str]:
        """Words with a capital that do not begin a sentence."""
        return {word for paragraph in self._paragraphs for word in _INNER_CAPITAL.findall(paragraph.hidden)}


_CAPITAL = "[A-ZÀ-ÖØ-ÞĀ-ŽȘȚ]"
_CAPITALS = re.compile(rf"(?<!\w){_CAPITAL}[\w.’'-]*(?:(?: [a-z]{{1,3}}){{0,2}} {_CAPITAL}[\w.’'-]*)+")
_PIECE = re.compile(r"\w+")
_INNER_CAPITAL = re.compile(rf"(?<=\w\s)({_CAPITAL}\w+)")
_ROLES_BARE = frozenset(("l'", "l’"))
