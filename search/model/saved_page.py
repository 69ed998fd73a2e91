"""The page as it was saved: what an article's source holds now. The web front end is handed a function that reads it, since
reading files is the indexer's: `indexer.sources.files.saved_page.read_saved_page`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from search.errors import BroadsheetError
from search.model.article import Article


@dataclass(frozen=True, slots=True)
class SavedPage:
    """`text`: decoded, hostile if it is "html". `changed`: its stamp is not that of the article any more."""

    text: str
    kind: Literal["html", "text"]
    changed: bool


ReadSavedPage = Callable[[Article, str | None], SavedPage]
"""Of an article's source and the root of its collection, None if the index has none. Raises NoSavedPage."""


class NoSavedPage(BroadsheetError):
    """The saved page cannot be shown. `gone`: there is no such file, or no such record in it; else it cannot be read."""

    def __init__(self, source: str, gone: bool, message: str) -> None:
        super().__init__(message)
        self.source = source
        self.gone = gone
