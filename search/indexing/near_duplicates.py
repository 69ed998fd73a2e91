"""Wire copies: articles with essentially the same text, whole or cut, as several outlets print what an agency sent.

    sketch(terms) ──copies(a, b)──▶ pairs ──regroup──▶ {"beacon/a.html": "lens-7", "lens/7.html": "lens-7"}

A sketch is the set of the smallest hashes of a text's shingles (runs of WIDTH terms), a fair sample of them all: the share that
two sketches have in common, up to the point that both reach, estimates the share that the texts have in common (Broder, "On the
resemblance and containment of documents", 1997). The share is that of the shorter text, not of both, because a cut version has
few of the other's shingles.

Groups are a function of the set of current articles, in whatever order they were added. From the shortest text upwards, an
article that is a copy of no previous leader becomes a leader; otherwise it joins the longest leader of which it is a copy. So
every member of a group has the leader's text, and a page that contains two stories joins one group without merging the two.
"""

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import compress, pairwise
from typing import TypeAlias
from zlib import crc32

WIDTH = 4
SHARE = 0.65
"""The share of the shorter text's shingles that the longer one must have. Width and share were chosen together on 200 pairs of
news articles: they best separate an edited text from another text on the same story with the same quotes."""
LENGTHS = 3
"""A text this many times as long is not a cut of the same story."""
HASHES = 128
MIN_HASHES = 12
"""A text with fewer shingles, about 50 words, is never a copy: it is too short to tell."""

KEYS = 16
"""Copies share one of these keys and are found by it. Each covers two neighbouring shingles, so that few articles share one by
chance."""
COMMON = 200
"""A key shared by more articles is boilerplate and does not identify copies. So an article is compared with less than
KEYS * COMMON others, however many texts overlap."""


Numbers: TypeAlias = "array[int]"
"""32-bit hashes, which take a tenth of the memory of a tuple."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """`hashes`: ascending; `keys`: in no particular order; `length`: of the text, in terms."""

    hashes: Numbers = field(default_factory=lambda: array("I"))
    keys: Numbers = field(default_factory=lambda: array("I"))
    length: int = 0

    def encode(self) -> bytes:
        return array("I", (self.length, len(self.keys))).tobytes() + self.keys.tobytes() + self.hashes.tobytes()


def decode(data: bytes) -> Sketch:
    numbers = array("I", data)
    length, keys = numbers[:2]
    return Sketch(numbers[2 + keys :], numbers[2 : 2 + keys], length)


@dataclass(frozen=True, slots=True)
class Signature:
    """A current article, for grouping; `group`: its group in the index, "" for none."""

    source: str
    id: str
    sketch: Sketch
    group: str = ""


def sketch(terms: Sequence[str], sampled: bytes | bytearray) -> Sketch:
    """The sketch of a text's exact terms; without hashes and keys if it is too short. sampled: `analyzer.sampled_terms` of them;
    a shingle starts at each: the same in every text, at a quarter of the cost."""
    runs = compress(zip(*(terms[place:] for place in range(WIDTH)), strict=False), sampled)
    shingles = map(crc32, map(str.encode, map("".join, runs)))
    following = dict(pairwise(shingles))
    hashes = sorted(following)[:HASHES]
    if len(hashes) < MIN_HASHES:
        return Sketch()
    keys = {hash ^ following[hash] * 5 & 0xFFFFFFFF for hash in hashes[:KEYS]}
    return Sketch(array("I", hashes), array("I", keys), len(terms))


def copies(one: Sketch, other: Sketch) -> bool:
    """Whether most of the shorter text is in the longer one."""
    shorter, longer = sorted((one.length, other.length))
    if not shorter or longer > LENGTHS * shorter:
        return False
    reach = min(_reach(one), _reach(other))
    left, right = (each.hashes[: bisect_right(each.hashes, reach)] for each in (one, other))
    return len({*left}.intersection(right)) >= SHARE * min(len(left), len(right))


def _reach(sketch: Sketch) -> int:
    """Up to this value the sketch has all hashes of its text."""
    return sketch.hashes[-1] if len(sketch.hashes) == HASHES else 1 << 32


Lookup = Callable[[set[int], int], tuple[Iterable[Signature], set[int]]]
"""(keys, most) -> the current articles in the index that have one of the keys, and the keys that more than `most` articles have;
articles that have only such keys may be left out."""


def regroup(added: Sequence[Signature], gone: Sequence[Signature], look: Lookup) -> dict[str, str]:
    """The new group, "" for none, of each article whose group changes, by source.

    added: articles that become current, in no group yet; gone: articles in the index that are no longer current or are replaced.
    Their copies are examined, the copies of those, and so on, which is as far as a change can reach.
    """
    around = _Surroundings(added, gone, look)
    copies_of: dict[str, set[str]] = {}
    wave = around.affected(added, gone)
    while wave:
        around.fetch(wave)
        for source in wave:
            copies_of[source] = around.copies_of(source, copies_of)
        wave = {copy for source in wave for copy in copies_of[source]} - copies_of.keys()
    articles = [around.articles[source] for source in copies_of]
    groups = _groups(articles, copies_of)
    return {each.source: groups[each.source] for each in articles if groups[each.source] != each.group}


class _Surroundings:
    """The articles affected by a change, in their new state, by source and by key."""

    def __init__(self, added: Sequence[Signature], gone: Sequence[Signature], look: Lookup) -> None:
        self._look = look
        self._gone = {each.source for each in gone}
        self._fetched: set[int] = set()
        self._common: set[int] = set()
        self._having: defaultdict[int, list[Signature]] = defaultdict(list)
        self.articles: dict[str, Signature] = {}
        self._note(added)

    def affected(self, added: Sequence[Signature], gone: Sequence[Signature]) -> set[str]:
        """The sources of added articles that share a key, of copies of those gone, and of all articles with a key that becomes
        too common or no longer is."""
        self._fetch_keys({key for each in (*added, *gone) for key in each.sketch.keys})
        shared = {key for key, having in self._having.items() if len(having) > 1}
        found = {each.source for each in added if not shared.isdisjoint(each.sketch.keys)}
        for each in gone:
            found.update(other.source for other in self._sharing(each) if copies(each.sketch, other.sketch))
        for key, having in self._having.items():
            if len(having) + len(gone) > COMMON and key not in self._common:
                came, went = (sum(key in each.sketch.keys for each in some) for some in (added, gone))
                if (len(having) > COMMON) != (len(having) - came + went > COMMON):
                    found.update(each.source for each in having)
        return found

    def fetch(self, sources: Iterable[str]) -> None:
        """The articles that share a key with these."""
        self._fetch_keys({key for source in sources for key in self.articles[source].sketch.keys})

    def copies_of(self, source: str, known: Mapping[str, Set[str]]) -> set[str]:
        """Of an article that was fetched. known: of others; no two texts are compared twice."""
        article = self.articles[source]
        others = [other for other in self._sharing(article) if other is not article]
        new = {other.source for other in others if other.source not in known and copies(article.sketch, other.sketch)}
        return new | {other.source for other in others if source in known.get(other.source, ())}

    def _sharing(self, article: Signature) -> Iterable[Signature]:
        usual = (self._having[key] for key in article.sketch.keys if key not in self._common)
        return {each.source: each for having in usual if len(having) <= COMMON for each in having}.values()

    def _fetch_keys(self, keys: set[int]) -> None:
        if missing := keys - self._fetched:
            found, common = self._look(missing, COMMON + len(self._gone))
            self._fetched |= missing
            self._common |= common
            self._note(each for each in found if each.source not in self._gone)

    def _note(self, articles: Iterable[Signature]) -> None:
        for article in articles:
            if article.source not in self.articles:
                self.articles[article.source] = article
                for key in article.sketch.keys:
                    self._having[key].append(article)


def _groups(articles: Iterable[Signature], copies_of: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The group of each article, by source: the leader's id. An article alone has no group."""
    places: dict[str, int] = {}
    leaders: dict[str, Signature] = {}
    for article in sorted(articles, key=_by_length):
        led_by = [source for source in copies_of[article.source] if source in places]
        longest = max(led_by, key=places.__getitem__, default=article.source)
        if longest == article.source:
            places[longest] = len(places)
        leaders[article.source] = article if longest == article.source else leaders[longest]
    sizes = Counter(leader.id for leader in leaders.values())
    return {source: leader.id if sizes[leader.id] > 1 else "" for source, leader in leaders.items()}


def _by_length(article: Signature) -> tuple[int, str]:
    return article.sketch.length, article.id
