"""A logo: a file in SVG or PNG ──▶ what is sent, and how large a page shows it.

Its content tells which. Pages show it as a picture, in which no script runs; opened by itself it is confined like a saved page.
"""

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from search.errors import SettingsError

MAX_BYTES = 200_000
HEIGHT_PIXELS = 40
MAX_WIDTH_PIXELS = 320
_SVG = "{http://www.w3.org/2000/svg}svg"
_NUMBER = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)(?:px)?\s*")


@dataclass(frozen=True, slots=True)
class Logo:
    """`has_dark`: whether it has colours of its own for a dark page; else it gets a light ground there."""

    data: bytes
    media_type: str
    width: int
    height: int
    has_dark: bool

    @property
    def name(self) -> str:
        return "logo.png" if self.media_type == "image/png" else "logo.svg"


def read_logo(path: str) -> Logo:
    """Raises SettingsError, naming the file."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"The logo in {path} cannot be read: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise SettingsError(f"The logo in {path} has more than {MAX_BYTES:,} bytes; give a smaller file")
    is_png = data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24
    size = struct.unpack(">II", data[16:24]) if is_png else _svg_size(data)
    if not size or not min(size):
        raise SettingsError(f"The logo in {path} is not an SVG with a viewBox or a size, and not a PNG; give one of these")
    height = min(HEIGHT_PIXELS, MAX_WIDTH_PIXELS * size[1] / size[0])
    media_type = "image/png" if is_png else "image/svg+xml"
    shown = (max(round(height * size[0] / size[1]), 1), max(round(height), 1))
    return Logo(data, media_type, *shown, has_dark=not is_png and b"prefers-color-scheme" in data)


def _svg_size(data: bytes) -> tuple[float, float] | None:
    """Width and height; None if it is no SVG, has none, or defines entities, with which a few bytes can become gigabytes."""
    if b"<!ENTITY" in data:
        return None
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if root.tag != _SVG:
        return None
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sides = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    width, height = (_NUMBER.fullmatch(side) for side in sides)
    return (float(width[1]), float(height[1])) if width and height else None
