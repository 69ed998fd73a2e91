"""Articles saved or copied as plain text. Nothing but the name tells them: many a text is no article.

b"Truce signed\\n\\nBy Jane Doe…" -> RawPage(…, kind="text")
"""

from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, SourceFile
from search.settings import Settings


def _page(file: SourceFile, data: bytes, _: Settings) -> RawPage:
    return RawPage(file.source, file.stamp, data, "text", file.captured or None)


FORMAT = Format("text", "plain text", (".txt",), page=_page)
