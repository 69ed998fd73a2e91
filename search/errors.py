"""The one error tree. Every message names what failed and what to do about it.

BroadsheetError
├── SettingsError, QueryRefused, BadRequest, CollectionConflict    usage
├── CursorExpired, UnknownVersion                                  something that no longer exists, or never did
├── EngineError                                                    the index
│   └── IndexMissing, IndexLocked, IndexMismatch, IndexDamaged, DiskFull
└── PageError                                                      a page
"""


class BroadsheetError(Exception):
    """The base of all errors meant for a user; `str(error)` is ready to be shown."""


class SettingsError(BroadsheetError):
    """A flag or BROADSHEET_* variable has an unusable value."""


class QueryRefused(BroadsheetError):
    """A query exceeds a limit of `Limits`; `limit` is the name of the limit, `allowed` its value. `parameter`: what the query was
    given as."""

    def __init__(self, limit: str, allowed: int, message: str, parameter: str = "q") -> None:
        super().__init__(message)
        self.limit = limit
        self.allowed = allowed
        self.parameter = parameter


class BadRequest(BroadsheetError):
    """A search request has an invalid parameter, named by `parameter` and `value`."""

    def __init__(self, parameter: str, value: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.value = value


class CursorExpired(BroadsheetError):
    """A relevance cursor belongs to an older state of the index; the search must be repeated."""


class UnknownVersion(BroadsheetError):
    """An article has no version from that source."""


class EngineError(BroadsheetError):
    """The index cannot be used at the moment. Never to be reported as "no results"."""


class IndexMissing(EngineError):
    """There is no index at the address."""


class IndexLocked(EngineError):
    """Another process is writing to the index."""


class IndexMismatch(EngineError):
    """The index was written by another engine, schema or analyser; the message names the command that fixes it."""


class IndexDamaged(EngineError):
    """Files of the index are missing or have changed."""


class DiskFull(EngineError):
    """There is no room for what was to be written. `disk` says on which disk, and how much is free; `kept`: what remains."""

    def __init__(self, disk: str, kept: str = "What was stored before is kept.") -> None:
        super().__init__(f"{disk} {kept} Make room and run the command again.")
        self.disk = disk


class CollectionConflict(BroadsheetError):
    """Two different folders claim the same collection name."""


class PageError(BroadsheetError):
    """A page that cannot become an article; `code` is one of `PAGE_ERRORS`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


PAGE_ERRORS = {
    "empty": "the file has no content",
    "not-a-page": "the content is not text or HTML",
    "no-article": "the page has no article",
    "frames": "the page is a frameset: its text is in other files",
    "undecodable": "the content could not be decoded or decompressed",
    "too-large": "the content is larger than the limit",
    "too-complex": "the mark-up is nested too deeply or has too many elements or attributes",
    "timed-out": "the page took longer than the limit",
    "out-of-memory": "the page needed more memory than the limit, or crashed its worker",
    "unreadable": "the file could not be read",
    "unsafe-name": "an archive member's name points outside the archive",
    "bad-record": "the line or record is not an article",
    "failed": "the extractor failed; this is a bug worth reporting",
}
