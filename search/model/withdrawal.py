"""What was withdrawn from the archive, and whether an article is it.

    blocks = Blocks(withdrawals, now)
    blocks.of(keys_of(article))                 # the withdrawal that keeps the article out, or None
    blocks.named("https://a.example/story")     # the one of this id or address, or None
    gather([withdrawal], reader.documents, now) # with all that the index has of its article

An article comes back in many ways: from its own file, from another capture of its address, in an export that gives it another id,
as a copy in another folder. So a withdrawal keeps all that an article is known by, and of its text a hash.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from search.model.article import Article
from search.model.text import single_spaced

MIN_TEXT_CHARACTERS = 100
"""A shorter text does not tell an article: "Picture of the day"."""
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_cid|mc_eid")
"""Parameters that say where a reader came from."""
_HOME_PAGES = ("", "index.html", "index.php", "home")


class ArticleKeys(NamedTuple):
    """What an article is recognised by. address: by `address_key`; text: a hash of headline and paragraphs. Each, and the
    publisher, is "" if there is none."""

    source: str
    stamp: str
    id: str
    address: str = ""
    publisher: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An article that is kept out of the index, and who decided it when and why; none of its text.

    id: of the article, or the address that was given before it was indexed. at: in UTC, as Article.captured. address, publisher:
    as the article had them. reason: shown to readers if it is public. until: when an embargo ends, in UTC; None for never.
    ended, ended_by: when the block was lifted, and by whom, "" for the end of an embargo.
    sources: where the article was found, with the stamps. ids, addresses, publishers, texts: as ArticleKeys has them, of all
    that was found to be it. erased: whether no file of the index holds the text any more."""

    id: str
    at: str
    by: str
    reason: str
    public: bool = False
    address: str | None = None
    until: str | None = None
    ended: str | None = None
    ended_by: str = ""
    sources: dict[str, str] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    erased: bool = False

    @property
    def source(self) -> str:
        """Its key in the index; no page has it, since the name of a collection is never empty."""
        return f"/withdrawn/{self.at}/{self.id}"

    @property
    def stamp(self) -> str:
        return ""

    def holds(self, now: str) -> bool:
        """Whether it keeps the article out at this time, in UTC."""
        return self.ended is None and not self.is_over(now)

    def is_over(self, now: str) -> bool:
        """Whether it is an embargo that has ended."""
        return self.until is not None and self.until <= now

    def allows(self, keys: ArticleKeys) -> bool:
        """Whether an article at the same place, or with the same text, is another one: it has another address or publisher."""
        other_address = keys.address and self.addresses and keys.address not in self.addresses
        other_publisher = keys.publisher and self.publishers and keys.publisher not in self.publishers
        return bool(other_address or other_publisher)


class Blocks:
    """Those of the withdrawals that hold at a time, in UTC."""

    def __init__(self, withdrawals: Iterable[Withdrawal], now: str) -> None:
        self.holding = tuple(each for each in withdrawals if each.holds(now))
        self._by_id = {id: each for each in self.holding for id in (*each.ids, each.id)}
        self._by_address = {address: each for each in self.holding for address in each.addresses}
        self._by_source = {source: each for each in self.holding for source in each.sources}
        self._by_text = {text: each for each in self.holding for text in each.texts}

    def of(self, keys: ArticleKeys) -> Withdrawal | None:
        """The withdrawal that keeps this article out: of its id or its address; or of its source or its text, unless the article
        says that it is another."""
        if found := self._by_id.get(keys.id) or self._by_address.get(keys.address):
            return found
        alike = (self._by_source.get(keys.source), self._by_text.get(keys.text))
        return next((each for each in alike if each and not each.allows(keys)), None)

    def named(self, name: str) -> Withdrawal | None:
        """The withdrawal of this id or address."""
        return self._by_id.get(name) or self._by_address.get(address_key(name))

    def stamps(self) -> dict[str, str]:
        """Of all sources that hold what was withdrawn."""
        return {source: stamp for each in self.holding for source, stamp in each.sources.items()}


def learned(withdrawal: Withdrawal, keys: ArticleKeys) -> Withdrawal:
    """With what another version or copy of its article is known by."""
    return replace(
        withdrawal,
        sources=withdrawal.sources | {keys.source: keys.stamp},
        ids=_with(withdrawal.ids, keys.id),
        addresses=_with(withdrawal.addresses, keys.address),
        publishers=_with(withdrawal.publishers, keys.publisher),
        texts=_with(withdrawal.texts, keys.text),
    )


def keys_of(article: Article) -> ArticleKeys:
    return ArticleKeys(
        article.source, article.stamp, article.id, address_key(article.url), _folded(article.publisher), _text_hash(article)
    )


def gather(withdrawals: Sequence[Withdrawal], documents: Callable[[], Iterable[object]], now: str) -> list[Withdrawal]:
    """The withdrawals with all that the index has of their articles: versions, and copies with another id. Goes through all
    documents, again as long as something new is learned by which more may be found."""
    found = {each.source: each for each in withdrawals}
    before = None
    while before != (before := [_known_by(each) for each in found.values()]):
        blocks = Blocks(found.values(), now)
        for document in documents():
            if isinstance(document, Article) and (block := blocks.of(keys := keys_of(document))):
                found[block.source] = learned(found[block.source], keys)
    return list(found.values())


def not_kept_out(withdrawals: Iterable[Withdrawal], documents: Callable[[], Iterable[object]], now: str) -> Iterator[str]:
    """A line for each article in the index that a withdrawal should have kept out."""
    blocks = Blocks(withdrawals, now)
    for document in documents() if blocks.holding else ():
        if isinstance(document, Article) and (block := blocks.of(keys_of(document))):
            yield f"{document.source} holds the article {block.id}, which was withdrawn; withdraw it again"


def address_key(url: str | None) -> str:
    """Equal for the spellings of one address: without scheme, "www.", default port, fragment, last slash and what tracks readers;
    "" for none, and for a home page.

    >>> address_key("http://www.a.example/story/?utm_source=mail") == address_key("https://A.example/story#top")
    True
    """
    found = re.match(r"https?:/+(.+)", url or "", re.IGNORECASE | re.DOTALL)
    try:
        parts = urlsplit(f"//{found[1]}") if found else None
        host = (parts.hostname or "").removeprefix("www.") if parts else ""
        port = f":{parts.port}" if parts and parts.port not in (None, 80, 443) else ""
    except ValueError:
        return ""
    if parts is None or not host:
        return ""
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])])
    path = parts.path.strip("/")
    if path in _HOME_PAGES and not query:
        return ""
    return f"{host}{port}/{path}" + (f"?{query}" if query else "")


def utc(moment: datetime) -> str:
    """As Article.captured has it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def utc_now() -> str:
    return utc(datetime.now(UTC))


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return values if value in values or not value else (*values, value)


def _known_by(withdrawal: Withdrawal) -> tuple[tuple[str, ...], ...]:
    return withdrawal.ids, withdrawal.addresses, withdrawal.publishers, withdrawal.texts


def _text_hash(article: Article) -> str:
    """The same whatever of the site's boilerplate was left out."""
    paragraphs = (*article.paragraphs, *(each.paragraph for each in article.boilerplate))
    text = "\n".join(sorted({_folded(each.text) for each in paragraphs}))
    if len(text) < MIN_TEXT_CHARACTERS:
        return ""
    whole = f"{_folded(article.headline)}\n{text}"
    return hashlib.sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _folded(text: str | None) -> str:
    return single_spaced((text or "").casefold())
