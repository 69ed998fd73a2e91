"""A document -> all that an engine writes of it, made by whichever process has the time.

    prepare(article) ──msgpack──▶ Prepared ──Engine.add──▶ index

Analysing an article takes longer than writing its terms: `broadsheet index` has it done where the page is read.
"""

import msgspec

from search.engines.codec import encode, storable, with_stamps
from search.engines.protocol import Document, Prepared, PreparedArticle, Skip
from search.engines.versions import CURRENT, Stamps, Version
from search.indexing.fields import index_fields
from search.indexing.near_duplicates import decode as decode_sketch
from search.model.article import Article, article_number, text_digest, tiebreak_key
from search.model.instants import instant_number


def prepare(document: Document | Prepared) -> Prepared:
    """The document, analysed and encoded; one that is prepared as it is. Raises TypeError, ValueError or AttributeError for one
    with values of wrong types."""
    if isinstance(document, Prepared):
        return document
    document = storable(document)
    return Prepared(
        source=document.source,
        stamp=document.stamp,
        state=CURRENT if isinstance(document, Article) else type(document).__name__.lower(),
        document=encode(document),
        code=document.code if isinstance(document, Skip) else None,
        article=_prepare_article(document) if isinstance(document, Article) else None,
    )


def _prepare_article(article: Article) -> PreparedArticle:
    fields = index_fields(article)
    return PreparedArticle(
        id=article.id,
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
    return Version(
        prepared.source, CURRENT, article.id, article.captured, decode_sketch(article.sketch), "", article.text, stamps
    )


def stamped(prepared: Prepared, stamps: Stamps | None) -> Prepared:
    """The document with these stamps; None leaves it as it is."""
    article = prepared.article
    if article is None or stamps is None:
        return prepared
    features = [each for each in article.keywords.get("has", ()) if each != "changes"] + ["changes"] * stamps.edited
    article = msgspec.structs.replace(article, **stamps._asdict(), keywords=article.keywords | {"has": features})
    return msgspec.structs.replace(prepared, document=with_stamps(prepared.document, stamps), article=article)
