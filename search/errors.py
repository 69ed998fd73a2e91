"""The one error tree. Every message names what failed and says what to do next."""


class BroadsheetError(Exception):
    """The base of all errors meant for a user; `str(error)` is fit to be shown to one."""


class SettingsError(BroadsheetError):
    """A flag or BROADSHEET_* variable has a value that cannot be used."""


class QueryRefused(BroadsheetError):
    """A query passes a limit of `Limits`; `limit` is the limit's name there, `allowed` its value."""

    def __init__(self, limit: str, allowed: int, message: str) -> None:
        super().__init__(message)
        self.limit = limit
        self.allowed = allowed


class BadRequest(BroadsheetError):
    """A search request has a parameter that cannot be understood; `parameter` and `value` name it."""

    def __init__(self, parameter: str, value: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.value = value


class CursorExpired(BroadsheetError):
    """A cursor by relevance is of an older state of the index; the search must begin anew."""


class UnknownVersion(BroadsheetError):
    """An article has no version from that source."""


class EngineError(BroadsheetError):
    """The index cannot be used right now; never to be taken for "no results"."""


class IndexMissing(EngineError):
    """There is no index at the address."""


class IndexLocked(EngineError):
    """Another process is writing to the index."""


class IndexMismatch(EngineError):
    """The index was written by another engine, schema or analyser; the message names the command that mends it."""


class IndexDamaged(EngineError):
    """Files of the index are missing or changed."""


class CollectionConflict(BroadsheetError):
    """Two different folders want the same collection name."""


class PageError(BroadsheetError):
    """A page that cannot become an article; `code` is its class, one of `PAGE_ERRORS`."""

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
