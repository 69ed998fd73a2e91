"""What withdrawals change in a batch, and what of an index is the article of a withdrawal.

    refuse(batch, standing, now) -> ({"/withdrawn/…": …}, {"desk/copy.html"})
    gather(withdrawals, reader.documents, now) -> [Withdrawal("lens-7", …, sources={"desk/a.html": "12-1646"})]

Nothing is written here, and every engine keeps out the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from search.engines.codec import decode
from search.engines.prepare import prepare
from search.engines.protocol import Document, Prepared
from search.model.article import Article
from search.model.withdrawal import Blocks, Withdrawal, keys_of, learned

STATE = Withdrawal.__name__.lower()


def refuse(batch: Mapping[str, Prepared], standing: Iterable[Withdrawal], now: str) -> tuple[dict[str, Prepared], set[str]]:
    """The batch without the articles that are withdrawn, and their sources. The withdrawals that keep them out are in the batch
    then, with what they learned: a source that has not changed need not be read again. standing: those in the index; of the same
    withdrawal in the batch that one counts. now: in UTC."""
    coming = {ready.source: decode(ready.document, STATE) for ready in batch.values() if ready.state == STATE}
    known = {each.source: each for each in standing} | coming
    blocks = Blocks((each for each in known.values() if isinstance(each, Withdrawal)), now)
    changed: dict[str, Withdrawal] = {}
    refused = set()
    for ready in batch.values() if blocks.holding else ():
        if ready.article and (found := blocks.of(ready.article.keys)):
            refused.add(ready.source)
            changed[found.source] = learned(changed.get(found.source, found), ready.article.keys)
    kept = {source: ready for source, ready in batch.items() if source not in refused}
    written = {source: prepare(each) for source, each in changed.items() if each != known[source]}
    return kept | written, refused


def gather(withdrawals: Sequence[Withdrawal], documents: Callable[[], Iterable[Document]], now: str) -> list[Withdrawal]:
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


def not_kept_out(withdrawals: Iterable[Withdrawal], documents: Callable[[], Iterable[Document]], now: str) -> Iterator[str]:
    """A line for each article in the index that a withdrawal should have kept out."""
    blocks = Blocks(withdrawals, now)
    for document in documents() if blocks.holding else ():
        if isinstance(document, Article) and (block := blocks.of(keys_of(document))):
            yield f"{document.source} holds the article {block.id}, which was withdrawn; withdraw it again"


def _known_by(withdrawal: Withdrawal) -> tuple[tuple[str, ...], ...]:
    return withdrawal.ids, withdrawal.addresses, withdrawal.publishers, withdrawal.texts
