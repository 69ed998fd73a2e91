"""A page as it was read, before anything is known of what it says."""

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Literal

from indexer.sources.decode import Decoded, decode_page

PageKind = Literal["html", "text", "article"]


@dataclass(frozen=True, slots=True)
class RawPage:
    """The bytes of one page and what is known of where they came from; `text` and `utf8` decode them.

    source, stamp, captured: as in search.model.article.Article. data: the content, decompressed, still encoded.
    kind: "html", "text" (an article saved as plain text) or "article" (a line of JSON, as `broadsheet extract` prints it).
    content_type: the Content-Type header it was served or stored with, None if there was none.
    url: the address it was fetched from, if the archive file says.
    language: the language to assume where page and words tell none.
    cut: why the end of the page is missing, None if it is all there.
    """

    source: str
    stamp: str
    data: bytes
    kind: PageKind = "html"
    captured: str | None = None
    content_type: str | None = None
    url: str | None = None
    language: str | None = None
    cut: str | None = None
    _decoded: Decoded | None = field(default=None, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """As SourceFile has it."""
        return RawPage, _values(self)

    def text(self) -> str:
        """Never fails on a wrong character, which becomes U+FFFD. Raises PageError as `decode` does."""
        return self.utf8().decode()

    def utf8(self) -> bytes:
        """`text` in UTF-8: mostly the very bytes. Raises what `text` raises."""
        return self.decoded().utf8

    def decoded(self) -> Decoded:
        """`utf8`, and in what encoding the page was. Raises what `text` raises."""
        if self._decoded is None:
            object.__setattr__(self, "_decoded", decode_page(self.data, self.content_type))
        assert self._decoded
        return self._decoded


_values = attrgetter(*(each.name for each in fields(RawPage) if each.init))
