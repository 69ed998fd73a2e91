"""A document -> all that an engine writes of it, made by whichever process has the time.

    prepare(article) ──msgpack──▶ Prepared ──Engine.add──▶ index

Analysing an article takes longer than writing its terms: `broadsheet index` has it done where the page is read. `refuse` takes
out of a batch what is withdrawn.
"""

from collections.abc import Iterable, Mapping

import msgspec

from search.engines.codec import decode, stored_form, with_stamps
from search.engines.protocol import Document, Prepared, PreparedArticle, Skip
from search.engines.versions import CURRENT, Stamps, Version
from search.indexing.fields import index_fields
from search.indexing.near_duplicates import decode as decode_sketch
from search.model.article import Article, article_number, text_digest, tiebreak_key
from search.model.instants import instant_number
from search.model.withdrawal import Blocks, Withdrawal, keys_of, learned

WITHDRAWAL = Withdrawal.__name__.lower()
"""The state of its documents."""


def prepare(document: Document | Prepared) -> Prepared:
    """The document, analysed and encoded; one that is prepared as it is. Raises TypeError, ValueError or AttributeError for one
    with values of wrong types."""
    if isinstance(document, Prepared):
        return document
    document, stored = stored_form(document)
    return Prepared(
        source=document.source,
        stamp=document.stamp,
        state=CURRENT if isinstance(document, Article) else type(document).__name__.lower(),
        document=stored,
        code=document.code if isinstance(document, Skip) else None,
        article=_prepare_article(document) if isinstance(document, Article) else None,
    )


def refuse(batch: Mapping[str, Prepared], standing: Iterable[Withdrawal], now: str) -> tuple[dict[str, Prepared], set[str]]:
    """The batch without the articles that are withdrawn, and their sources. The withdrawals that keep them out are in the batch
    then, with what they learned: a source that has not changed need not be read again. standing: those in the index; of the same
    withdrawal in the batch that one counts. now: in UTC."""
    coming = {ready.source: decode(ready.document, WITHDRAWAL) for ready in batch.values() if ready.state == WITHDRAWAL}
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


def _prepare_article(article: Article) -> PreparedArticle:
    fields = index_fields(article)
    return PreparedArticle(
        keys=keys_of(article),
        captured=article.captured or "",
        bag={name: " ".join(terms) for name, terms in fields.bag.items()},
        exact={name: " ".join(terms) for name, terms in fields.exact.items()},
        keywords=fields.keywords,
        names=" ".join(fields.names),
        sketch=fields.sketch.encode(),
        profile=fields.profile.encode(),
        number=article_number(article.id),
        tie=tiebreak_key(article),
        day=article.day,
        text=text_digest(article),
        added=instant_number(article.added),
        changed=instant_number(article.changed),
        edited=article.edited,
    )


def version_of(prepared: Prepared) -> Version:
    """Of a document of a batch."""
    article = prepared.article
    if article is None:
        return Version(prepared.source, prepared.state)
    stamps = Stamps(article.added, article.changed, article.edited)
    sketch = decode_sketch(article.sketch)
    return Version(prepared.source, CURRENT, article.keys.id, article.captured, sketch, "", article.text, stamps)


def stamped(prepared: Prepared, stamps: Stamps | None) -> Prepared:
    """The document with these stamps; None leaves it as it is."""
    article = prepared.article
    if article is None or stamps is None:
        return prepared
    features = [each for each in article.keywords.get("has", ()) if each != "changes"] + ["changes"] * stamps.edited
    article = msgspec.structs.replace(article, **stamps._asdict(), keywords=article.keywords | {"has": features})
    return msgspec.structs.replace(prepared, document=with_stamps(prepared.document, stamps), article=article)
