"""What a page says of itself in its head: JSON-LD, meta elements, title, links.

    >>> read_metadata(tree, "https://beacon.example/1988/truce.html").headlines
    ('Truce signed', 'Truce signed, at last')

The values are claims; `fields.py` weighs them against what a reader sees.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from indexer import byline, dates, jsonld
from search.article import Caption, PrintedDate


@dataclass(frozen=True, slots=True)
class Metadata:
    """headlines: best evidence first. published, updated: None where the page marks none up. language: a primary BCP 47 tag in
    lower case. canonical_url: absolute, never a home page. images: captions and credits that JSON-LD gives for pictures.
    article_body: JSON-LD's text of the article, paragraphs separated by blank lines where it says so."""

    headlines: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    published: PrintedDate | None = None
    updated: PrintedDate | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    canonical_url: str | None = None
    publisher: str | None = None
    images: tuple[Caption, ...] = ()
    article_body: str | None = None
    article_type: str | None = None


def read_metadata(tree: HtmlElement, url: str | None) -> Metadata:
    """`url` is where the page was fetched from, if known. Never raises on what a page contains."""
    metas = _meta_values(tree)
    graph = jsonld.read_blocks(tree)
    title = jsonld.text(tree.findtext(".//head/title") or tree.findtext(".//title"))
    address = _canonical_url(tree, metas, url)
    node = _article_node(graph, metas, title, address, url)
    publisher = _publisher(node, graph, metas)
    language = _language(tree, node, metas)
    article_url = address or _absolute(next(jsonld.addresses(node), None), url)
    return Metadata(
        headlines=_headlines(node, metas, title, publisher),
        descriptions=_distinct([node.get("description"), *_first(metas, *_DESCRIPTION_NAMES)]),
        published=_published(tree, node, metas, language, article_url or url),
        updated=_date([node.get("dateModified"), *_first(metas, *_UPDATED_NAMES)], language),
        authors=_authors(tree, node, graph, metas, publisher),
        section=_section(node, graph, metas),
        tags=_tags(node, metas),
        language=language,
        canonical_url=article_url,
        publisher=publisher,
        images=tuple(_images(node, graph)),
        article_body=_article_body(node),
        article_type=next(iter(jsonld.types_of(node)), None) or next(iter(_first(metas, "og:type")), None),
    )


def choose_headline(headlines: Sequence[str], h1s: Sequence[str], site: str | None) -> str | None:
    """The headline as the newspaper names it. `headlines` as in Metadata, `h1s` the page's h1 texts, `site` the publisher's name.

    The first claim wins over an h1 that differs (a kicker, a label or another story in it), unless the claim is the h1 cut
    short or with a site's name behind it. The h1 stands in where the page claims nothing."""
    shown = [h1 for h1 in (" ".join(h1.split()) for h1 in h1s) if len(h1) > 3 and not _same(h1, site or "")]
    if not headlines:
        return shown[0] if shown else None
    claim = cut_site_name(headlines[0], site)
    for h1 in shown:
        rest = claim.removeprefix(h1)
        cut_short = claim.endswith(("…", "...")) and h1.startswith(claim.rstrip("… ."))
        if cut_short or (rest != claim and re.match(r"\s*[|»·•–—-]", rest)):
            return h1
    return claim


def cut_site_name(title: str, site: str | None) -> str:
    """ "Truce signed | The Beacon" without what stands after the bar: the site's name, or any short last part."""
    if len(title) > LONGEST_TITLE:
        return title
    if site and (named := re.search(rf"\s*[|ㅣ»·•–—:-]\s*{re.escape(site)}\W*$", title)) and named.start() > 0:
        title = title[: named.start()]
    *parts, mark, last = _TITLE_BREAK.split(title) if _TITLE_BREAK.search(title) else ("", title)
    short = len(last.split()) <= 4 and len("".join(parts)) > len(last)
    names_site = bool(site) and (_letters(site or "") in _letters(last) or _letters(last) in _letters(site or ""))
    return "".join(parts).strip() if parts and (names_site or (mark.strip() in BARS and short)) else title


BARS = ("|", "»", "·", "•", "›", "::")
"""Marks that stand before a site's or section's name but not within a headline, as dashes do."""
LONGEST_TITLE = 500
"""Characters; a longer title is left as it is."""

# --- meta elements ----------------------------------------------------------------------------------------------------

_TITLE_BREAK = re.compile(r"(\s+(?:[|»·•›–—-]|::)\s+|\s\|\s?|\s?\|\s)")
_DESCRIPTION_NAMES = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")
_UPDATED_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "datemodified",
    "last-modified",
    "dcterms.modified",
)
_PUBLISHED_NAMES = (
    *("article:published_time", "datepublished", "article:published", "og:published_time", "og:article:published_time"),
    *("parsely-pub-date", "sailthru.date", "publish-date", "publishdate", "pubdate", "publication_date", "publication-date"),
    *("date.issued", "dcterms.created", "dcterms.date", "dc.date.issued", "dc.date", "dcterms.issued", "article.published"),
    *(
        "cxenseparse:recs:publishtime",
        "cxenseparse:publishtime",
        "displaydate",
        "originalpublicationdate",
        "article_date_original",
    ),
    *("published_at", "article:created", "date", "datecreated", "rnews:datepublished"),
)
_AUTHOR_NAMES = (
    *(
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "article:author_name",
    ),
    *("og:article:author", "cxenseparse:author", "creator"),
)
_SECTION_NAMES = (
    "article:section",
    "og:article:section",
    "parsely-section",
    "section",
    "cxenseparse:section",
    "category",
    "dc.subject.section",
)
_TAG_NAMES = (
    "article:tag",
    "news_keywords",
    "keywords",
    "parsely-tags",
    "og:article:tag",
    "sailthru.tags",
    "cxenseparse:keywords",
)


def _meta_values(tree: HtmlElement) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = meta.get("content") or meta.get("datetime")
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = meta.get(key)
            if name and content and content.strip():
                values.setdefault(name.strip().lower(), []).append(jsonld.clean(content.strip()))
    return values


def _first(metas: dict[str, list[str]], *names: str) -> Iterator[str]:
    """All values of the names, in the order of the names."""
    for name in names:
        yield from metas.get(name, ())


# --- one function a field ---------------------------------------------------------------------------------------------


def _article_node(
    graph: jsonld.Graph, metas: dict[str, list[str]], title: str | None, address: str | None, url: str | None
) -> jsonld.Node:
    urls = [link for link in (address, url, *_first(metas, "og:url")) if link]
    titles = [*_first(metas, "og:title", "twitter:title"), title or ""]
    return jsonld.article_of(graph, jsonld.PageFacts(tuple(urls), tuple(titles))) or {}


def _headlines(node: jsonld.Node, metas: dict[str, list[str]], title: str | None, publisher: str | None) -> tuple[str, ...]:
    is_article = not any(kind.endswith(("Page", "VideoObject")) for kind in jsonld.types_of(node))
    claims = [
        node.get("headline"),
        None if node.get("headline") or not is_article else node.get("name"),
        *_first(metas, "og:title", "twitter:title"),
    ]
    found = [text for text in map(jsonld.text, claims) if text]
    if title:
        found.append(cut_site_name(title, publisher))
    return _distinct(found)


def _published(
    tree: HtmlElement, node: jsonld.Node, metas: dict[str, list[str]], language: str | None, url: str | None
) -> PrintedDate | None:
    values = [node.get("datePublished"), *_first(metas, *_PUBLISHED_NAMES), node.get("dateCreated"), node.get("uploadDate")]
    claimed = [when for when in (_date([value], language) for value in values) if when]
    plausible = next((when for when in claimed if dates.is_plausible(when)), None)
    if claimed and not plausible:  # a future or made-up day: what the reader sees decides
        visible = dates.find_date(tree, language, url)
        return visible if visible and dates.is_plausible(visible) else claimed[0] if claimed[0].iso[:4] != "0001" else None
    return plausible


def _date(values: Iterable[Any], language: str | None) -> PrintedDate | None:
    texts = (text for value in values if (text := jsonld.text(value)))
    return next((when for text in texts if (when := dates.parse_printed_date(text, language))), None)


def _authors(
    tree: HtmlElement, node: jsonld.Node, graph: jsonld.Graph, metas: dict[str, list[str]], publisher: str | None
) -> tuple[str, ...]:
    sources = [list(_person_names(node.get(key), graph)) for key in ("author", "creator")]
    sources += [metas.get(name, []) for name in _AUTHOR_NAMES]
    named = [found for names in sources if (found := byline.clean_authors(names, publisher))]
    people = [names for names in named if not all(byline.is_house(name, publisher) for name in names)]
    if people:
        return people[0]
    visible = byline.find_authors(tree)
    if named and all(byline.is_house(name, publisher) for name in visible):
        return named[0]
    return visible


def _person_names(value: Any, graph: jsonld.Graph) -> Iterator[str]:
    for person in jsonld.resolve(value, graph):
        if isinstance(person, dict):
            names = person.get("name") or " ".join(
                filter(None, map(jsonld.text, (person.get("givenName"), person.get("familyName"))))
            )
            for name in names if isinstance(names, list) else [names]:
                if text := jsonld.text(name):
                    yield text
        elif text := jsonld.text(person):
            yield text


def _section(node: jsonld.Node, graph: jsonld.Graph, metas: dict[str, list[str]]) -> str | None:
    named = jsonld.text(node.get("articleSection")) or next(_first(metas, *_SECTION_NAMES), None)
    return named or next(_breadcrumbs(graph), None)


def _breadcrumbs(graph: jsonld.Graph) -> Iterator[str]:
    """The page's place in the site: what follows the home page, without the article itself."""
    for node, _ in graph.nodes:
        steps = node.get("itemListElement")
        if "BreadcrumbList" in jsonld.types_of(node) and isinstance(steps, list):
            names = [jsonld.text(step.get("name") or step.get("item")) for step in steps if isinstance(step, dict)]
            yield from [name for name in names if name and not name.startswith("http")][1:-1]


def _tags(node: jsonld.Node, metas: dict[str, list[str]]) -> tuple[str, ...]:
    keywords = node.get("keywords")
    values = [text for item in (keywords if isinstance(keywords, list) else [keywords]) if (text := jsonld.text(item))]
    for name in _TAG_NAMES:
        values = values or metas.get(name, [])
    single = len(values) == 1
    return _distinct([part.strip(" #") for value in values for part in (re.split(r"[,;、，]", value) if single else [value])])[
        :40
    ]


def _language(tree: HtmlElement, node: jsonld.Node, metas: dict[str, list[str]]) -> str | None:
    root = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    claims = [root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang")]
    claims += [
        jsonld.text(node.get("inLanguage")),
        *_first(metas, "og:locale", "content-language", "language", "dc.language", "inlanguage"),
    ]
    for claim in claims:
        match = re.match(r"([a-zA-Z]{2,3})(?:[-_,]|$)", claim.strip()) if claim else None
        if match:
            return match[1].lower()
    return None


def _canonical_url(tree: HtmlElement, metas: dict[str, list[str]], url: str | None) -> str | None:
    base = next((b.get("href") for b in tree.iter("base") if b.get("href")), None)
    start = _join(url, base) if base and url else base or url
    links = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for candidate in (*links, *_first(metas, "og:url", "twitter:url", "parsely-link")):
        if address := _absolute(candidate, start):
            return address
    return None


def _absolute(link: str | None, base: str | None) -> str | None:
    """The address without its fragment; None for a home page and for what is no address."""
    joined = _join(base, link.strip()) if link else None
    try:
        parts = urlsplit(joined or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc or "." not in parts.netloc:
        return None
    is_home = parts.path.strip("/") in ("", "index.html", "index.php", "home") and not parts.query
    return None if is_home else (joined or "").partition("#")[0]


def _join(base: str | None, link: str) -> str | None:
    try:
        return urljoin(base, link) if base else link
    except ValueError:
        return None


def _publisher(node: jsonld.Node, graph: jsonld.Graph, metas: dict[str, list[str]]) -> str | None:
    site = next(_first(metas, "og:site_name", "application-name"), None)
    publishers = (jsonld.text(item) for item in jsonld.resolve(node.get("publisher"), graph))
    return jsonld.text(site) or next((name for name in publishers if name and not name.startswith("http")), None)


def _images(node: jsonld.Node, graph: jsonld.Graph) -> Iterator[Caption]:
    for value in (node.get("image"), node.get("associatedMedia"), node.get("primaryImageOfPage")):
        for item in jsonld.resolve(value, graph):
            if not isinstance(item, dict):
                continue
            text = jsonld.text(item.get("caption") or item.get("description"))
            credit = next((c for key in _CREDIT_KEYS if (c := jsonld.text(item.get(key)))), None)
            address = item.get("url") or item.get("contentUrl")
            if text or credit:
                yield Caption(text, credit, address if isinstance(address, str) else None)


_CREDIT_KEYS = ("creditText", "credit", "author", "creator", "copyrightHolder", "copyrightNotice")


def _article_body(node: jsonld.Node) -> str | None:
    updates = node.get("liveBlogUpdate")
    posts = [post for post in updates if isinstance(post, dict)] if isinstance(updates, list) else []
    pieces = [_paragraphs(node.get("articleBody") or node.get("text"))]
    for post in posts:
        pieces += [jsonld.text(post.get("headline")) or "", _paragraphs(post.get("articleBody"))]
    return "\n\n".join(piece for piece in pieces if piece) or None


def _paragraphs(value: Any) -> str:
    """The text with a blank line wherever the value has a paragraph's or line's end."""
    if isinstance(value, list):
        return "\n\n".join(_paragraphs(item) for item in value if isinstance(item, str))
    if not isinstance(value, str):
        return ""
    marked = re.sub(r"(?i)</?(?:p|br|div|h[1-6]|li|ul|blockquote)\b[^<>]{0,300}>", "\n", jsonld.clean(value))
    lines = (" ".join(re.sub(r"<[^<>]{1,500}>", "", line).split()) for line in marked.splitlines())
    return "\n\n".join(line for line in lines if line)


# --- small comparisons ------------------------------------------------------------------------------------------------


def _distinct(values: Iterable[Any]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in map(jsonld.text, values):
        if text:
            found.setdefault(text.casefold(), text)
    return tuple(found.values())


def _same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
