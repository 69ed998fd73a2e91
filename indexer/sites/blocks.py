"""The blocks of an article that may be repeated on others of its site.

site_of(article), digest_of("Comments  are closed.") -> "harbour.example", "c1f4…"
"""

import hashlib
from urllib.parse import urlsplit

from search.model.article import Article


def site_of(article: Article) -> str | None:
    """The host of its address without "www."; None for an article whose address is not known."""
    try:
        host = urlsplit(article.url or "").hostname or ""
    except ValueError:  # "http://[::1"
        return None
    return host.removeprefix("www.") or None


def digest_of(text: str) -> str:
    """16 hexadecimal digits, equal for texts that differ in case or blanks alone."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def letters_of(text: str) -> int:
    return sum(map(str.isalpha, text))
