"""The saved page: what an article's source contains now. The indexer reads files, so the web front end is given a function that
does: `indexer.sources.files.saved_page.read_saved_page`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from search.errors import BroadsheetError
from search.model.article import Article


@dataclass(frozen=True, slots=True)
class SavedPage:
    """`text`: decoded, untrusted if it is "html". `changed`: whether its stamp differs from the article's."""

    text: str
    kind: Literal["html", "text"]
    changed: bool


ReadSavedPage = Callable[[Article, str | None], SavedPage]
"""Takes an article's source and the root of its collection, None if the index has none. Raises NoSavedPage."""


class NoSavedPage(BroadsheetError):
    """The saved page cannot be shown. `gone`: the file, or the record in it, does not exist; otherwise it cannot be read."""

    def __init__(self, source: str, gone: bool, message: str) -> None:
        super().__init__(message)
        self.source = source
        self.gone = gone
