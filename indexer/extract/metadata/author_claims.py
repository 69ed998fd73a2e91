"""Who wrote the article, out of what JSON-LD and meta elements say and the page shows.

authors(node, graph, values, page, "The Beacon") -> ("Jane Doe",)
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.author_names import clean_authors
from indexer.extract.fields.byline import find_authors
from indexer.extract.fields.byline_words import byline_prefix, is_house, is_of_house
from indexer.extract.metadata import json_ld

_META = """
author article:author parsely-author sailthru.author dc.creator dcterms.creator byl article:author_name og:article:author
cxenseparse:author creator citation_author"""


def authors(
    node: json_ld.Node, graph: json_ld.Graph, values: Mapping[str, list[str]], page: PageElements, publisher: str | None
) -> tuple[str, ...]:
    """The people whom the page names, in JSON-LD, meta elements or print; the house where nobody is. `values`: of the meta
    elements, by their names."""
    house: tuple[str, ...] = ()
    for _, claimed in author_claims(node, graph, values):
        names = clean_authors(claimed, publisher)
        if not all(is_house(name, publisher) for name in names):
            return (_people(find_authors(page)) if all(map(_ACCOUNT.fullmatch, names)) else ()) or names
        house = house or names
    visible = find_authors(page)
    return house if house and all(is_house(name, publisher) for name in visible) else visible


_ACCOUNT = re.compile(r"[a-z][\w.-]*|[A-Z][a-z]+[A-Z\d]\w*", re.ASCII)
"""The name of an account, of whoever put the text online: "jroe", "JaneR"."""


def _people(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if all(" " in name and not is_of_house(name) for name in names) else ()


def author_claims(node: json_ld.Node, graph: json_ld.Graph, values: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Where the page says it ("meta author"), and what."""
    for key in ("author", "creator"):
        yield f"JSON-LD {key}", list(_person_names(node.get(key), graph))
    for name in _META.split():
        yield f"meta {name}", values.get(name, [])
    for label, value in zip(values.get("twitter:label1", ()), values.get("twitter:data1", ()), strict=False):
        if byline_prefix(f"{label} "):  # "Written by", in the language of the site
            yield "meta twitter:data1", [value]


def _person_names(value: Any, graph: json_ld.Graph) -> Iterator[str]:
    for person in json_ld.resolve(value, graph):
        names = person
        if isinstance(person, dict):
            both = map(json_ld.text, map(person.get, ("givenName", "familyName")))
            names = person.get("name") or " ".join(filter(None, both))
        yield from filter(None, map(json_ld.text, names if isinstance(names, list) else [names]))
