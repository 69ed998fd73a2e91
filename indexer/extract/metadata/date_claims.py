"""When the article was published and updated, out of what JSON-LD and meta elements say.

    published([("meta date", "2021-05-05T03:30:00Z")], page, "en", url)
    -> PrintedDate("May 4, 11:30 PM", "2021-05-04T23:30-04:00")

What the page says is believed unless it cannot be, and the day is the one that the reader sees.
"""

from collections.abc import Iterable, Iterator

from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.dates import find_date, find_update, readers_day, regional_tag
from indexer.extract.fields.printed_dates import is_placeholder, is_plausible, parse_printed_date
from search.model.article import PrintedDate


def published(claims: Iterable[tuple[str, str]], page: PageElements, language: str | None, url: str | None) -> PrintedDate | None:
    """The first of the claims that can be true; instead of a future or made-up day the one that the page shows."""
    claimed: PrintedDate | None = None
    for when in parsed(claims, page, language, url):
        if is_plausible(when):
            return readers_day(when, page, language, url)
        claimed = claimed or when
    if claimed is None:
        return None
    visible = find_date(page, language, url)
    if visible and is_plausible(visible):
        return visible
    return None if is_placeholder(claimed) else claimed


def updated(claims: Iterable[tuple[str, str]], page: PageElements, language: str | None, url: str | None) -> PrintedDate | None:
    """The first of the claims that is a date, else what the page prints."""
    return next(parsed(claims, page, language, url), None) or find_update(page, language, url)


def parsed(claims: Iterable[tuple[str, str]], page: PageElements, language: str | None, url: str | None) -> Iterator[PrintedDate]:
    """The claims that are dates; of each, where the page makes it and its text."""
    tag = regional_tag(page.tree, language, url)
    return filter(None, (parse_printed_date(text, tag) for _, text in claims))
