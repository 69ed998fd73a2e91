"""What stands on many articles of a site and is part of none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RepeatedBlock:
    """A block of text. digest: of the text without differences of case and blanks (indexer/sites/blocks.py). articles: how many
    it stands on. text: its beginning, to show."""

    digest: str
    articles: int
    text: str


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """The boilerplate of a site (a host without "www."). version: counts up when the blocks change. articles: how many of the
    site were counted."""

    site: str
    version: int
    articles: int
    blocks: tuple[RepeatedBlock, ...]

    @property
    def source(self) -> str:
        """Its key in the index; no page has it, since the name of a collection is never empty."""
        return "/sites/" + self.site

    @property
    def stamp(self) -> str:
        return str(self.version)
