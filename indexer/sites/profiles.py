"""All articles of an archive -> the profile of each site that repeats something.

    build_profiles(lambda: articles, known={}) -> (SiteProfile("harbour.example", 1, 30, (RepeatedBlock(…), …)), …)

A block is boilerplate if it stands on five or more articles of a site and on a tenth of them. Three kinds of text may do so and
yet be an article's own; they are left alone:

- the text of a story that is printed again and again (copies, a story that is updated under new addresses): an article most of
  whose text other articles have as well is not counted;
- a paragraph of background between paragraphs of the day: in the midst of a text a block has to stand on three tenths;
- a short sentence that many stories end with, "The case continues.": it has to stand on a third.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil

from indexer.sites.blocks import digest_of, letters_of, site_of
from indexer.sites.boilerplate import restored
from search.model.article import Article, Paragraph, article_number
from search.model.site_profile import RepeatedBlock, SiteProfile

MIN_ARTICLES = 5
MIN_SHARE = 0.1
MIN_SHARE_WITHIN = 0.3
"""Of a site's articles, for a block that stands between blocks of an article's own …"""
MIN_EDGE_SHARE = 0.9
"""… which it does if it is at the beginning or the end on fewer than this share of its articles."""
MIN_LETTERS = 25
MIN_SHARE_SHORT = 1 / 3
"""For a block of fewer letters."""
MAX_SHARED_LETTERS = 0.5
"""An article with a greater share of its text on other articles is a copy of them."""
SITEWIDE_SHARE = 0.5
MIN_SITEWIDE_ARTICLES = 10
"""A block on so many articles is of the site, however little text an article has beside it."""
PRUNE_EVERY = 100
"""Articles of a site; MIN_SHARE has to be a good deal more than 1 / PRUNE_EVERY."""
SHOWN_CHARACTERS = 200

Articles = Callable[[], Iterable[Article]]


def build_profiles(articles: Articles, known: Mapping[str, SiteProfile]) -> tuple[SiteProfile, ...]:
    """The profile of each site that repeats something or has a profile, by name. `articles`: goes through all versions of all
    articles, twice, in the same order; of several versions the first counts. `known`: site -> its profile of before."""
    candidates: dict[str, _Candidates] = defaultdict(_Candidates)
    for site, article in _each_once(articles()):
        candidates[site].add(article)
    tallies = {site: _Tally(each.articles, repeated) for site, each in candidates.items() if (repeated := each.repeated())}
    for site, article in _each_once(articles()):
        if site in tallies:
            tallies[site].add(article)
    blocks = {site: found for site, tally in tallies.items() if (found := tally.boilerplate())}
    return tuple(
        _profile(site, blocks.get(site, ()), candidates[site].articles, known.get(site))
        for site in sorted(blocks.keys() | known.keys())
    )


def _profile(site: str, blocks: tuple[RepeatedBlock, ...], articles: int, before: SiteProfile | None) -> SiteProfile:
    if before is None:
        return SiteProfile(site, 1, articles, blocks)
    changed = {block.digest for block in blocks} != {block.digest for block in before.blocks}
    return SiteProfile(site, before.version + changed, articles, blocks)


def _each_once(articles: Iterable[Article]) -> Iterator[tuple[str, Article]]:
    """Articles of a site as their pages have them, one version of each."""
    seen: set[int] = set()
    for article in articles:
        site = site_of(article)
        number = article_number(article.id)
        if site and number not in seen:
            seen.add(number)
            yield site, restored(article)


def _blocks(article: Article) -> list[tuple[str, Paragraph]]:
    return [(digest_of(each.text), each) for each in article.paragraphs if each.kind != "subhead"]


@dataclass(slots=True)
class _Candidates:
    """Finds all blocks on MIN_SHARE of a site's articles in bounded memory: lossy counting (Manku and Motwani, Approximate
    Frequency Counts over Data Streams, 2002) with an error of 1 / PRUNE_EVERY."""

    articles: int = 0
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """digest -> how often it was counted, and how often at most it may have been forgotten before."""

    def add(self, article: Article) -> None:
        forgotten = self.articles // PRUNE_EVERY
        for digest in {digest for digest, _ in _blocks(article)}:
            count, missed = self.counts.get(digest, (0, forgotten))
            self.counts[digest] = (count + 1, missed)
        self.articles += 1
        if self.articles % PRUNE_EVERY == 0:
            pruned = self.articles // PRUNE_EVERY
            self.counts = {digest: count for digest, count in self.counts.items() if sum(count) > pruned}

    def repeated(self) -> dict[str, int]:
        """Digest -> on how many articles it stands, or up to a hundredth of them fewer."""
        return {
            digest: count
            for digest, (count, missed) in self.counts.items()
            if count + missed >= _at_least(MIN_SHARE, self.articles, MIN_ARTICLES)
        }


class _Tally:
    """Counts the blocks that may be boilerplate, on articles that are no copies."""

    def __init__(self, articles: int, candidates: Mapping[str, int]) -> None:
        self._articles = articles
        self._candidates = candidates
        sitewide = _at_least(SITEWIDE_SHARE, articles, MIN_SITEWIDE_ARTICLES)
        self._sitewide = {digest for digest, count in candidates.items() if count >= sitewide}
        self._counts: Counter[str] = Counter()
        self._at_edge: Counter[str] = Counter()
        self._texts: dict[str, str] = {}

    def add(self, article: Article) -> None:
        blocks = _blocks(article)
        if self._is_copy(blocks):
            return
        edge = _edge([digest in self._candidates for digest, _ in blocks])
        found = {digest: place for place, (digest, _) in enumerate(blocks) if digest in self._candidates}
        self._counts.update(found.keys())
        self._at_edge.update(digest for digest, place in found.items() if place in edge)
        self._texts.update((digest, blocks[place][1].text) for digest, place in found.items())

    def boilerplate(self) -> tuple[RepeatedBlock, ...]:
        """The most frequent first."""
        found = [(count, digest) for digest, count in self._counts.items() if self._is_boilerplate(digest, count)]
        return tuple(
            RepeatedBlock(digest, count, self._texts[digest][:SHOWN_CHARACTERS])
            for count, digest in sorted(found, key=lambda each: (-each[0], each[1]))
        )

    def _is_copy(self, blocks: list[tuple[str, Paragraph]]) -> bool:
        letters = {digest: letters_of(each.text) for digest, each in blocks if digest not in self._sitewide}
        shared = sum(count for digest, count in letters.items() if digest in self._candidates)
        return shared > MAX_SHARED_LETTERS * sum(letters.values())

    def _is_boilerplate(self, digest: str, count: int) -> bool:
        share = MIN_SHARE
        if self._at_edge[digest] < MIN_EDGE_SHARE * count:
            share = MIN_SHARE_WITHIN
        if letters_of(self._texts[digest]) < MIN_LETTERS:
            share = max(share, MIN_SHARE_SHORT)
        return count >= _at_least(share, self._articles, MIN_ARTICLES)


def _at_least(share: float, articles: int, fewest: int) -> int:
    return max(fewest, ceil(share * articles))


def _edge(repeated: list[bool]) -> set[int]:
    """The places of the blocks that only repeated ones stand before, or only repeated ones after."""
    places = set()
    for order in (range(len(repeated)), reversed(range(len(repeated)))):
        for place in order:
            if not repeated[place]:
                break
            places.add(place)
    return places
