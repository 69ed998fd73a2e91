"""Text as any encoding can hold it."""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text with each lone surrogate, which no encoding can hold, as U+FFFD."""
    try:
        text.encode()  # finds in a tenth of the time that nearly no text has any
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text
