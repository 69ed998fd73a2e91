"""Text that any encoding can represent."""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text with U+FFFD in place of each lone surrogate, which no encoding can represent."""
    try:
        text.encode()  # finds in a tenth of the time that nearly no text has any
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text
