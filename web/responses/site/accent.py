"""One colour ──▶ a style sheet with the two shades of it that can be read on light and on dark pages.

stylesheet("#00529b") ──▶ "@media screen{:root{--accent:#00529b}}@media screen and (prefers-color-scheme:dark){:root{…}}"
"""

from collections.abc import Iterable
from colorsys import hls_to_rgb, rgb_to_hls

MIN_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA): text on its ground. Links stand on the page and on boxes; buttons have the page's colour on this one."""
LIGHT_GROUNDS = ("#fbfaf6", "#f1ede2")
DARK_GROUNDS = ("#171613", "#23211c")
STEP = 0.01
"""Of lightness."""


def stylesheet(accent: str) -> str:
    light, dark = shade(accent, LIGHT_GROUNDS, -STEP), shade(accent, DARK_GROUNDS, STEP)
    return f"@media screen{{{_rule(light)}}}@media screen and (prefers-color-scheme:dark){{{_rule(dark)}}}"


def _rule(accent: str) -> str:
    return f":root{{--accent:{accent}}}"


def shade(colour: str, grounds: Iterable[str], step: float) -> str:
    """The colour or, where it can hardly be told from a ground, the nearest darker or lighter one of the same hue."""
    hue, lightness, saturation = rgb_to_hls(*_channels(colour))
    while min(contrast(colour, ground) for ground in grounds) < MIN_CONTRAST:
        lightness = min(max(lightness + step, 0.0), 1.0)
        colour = "#" + "".join(f"{round(channel * 255):02x}" for channel in hls_to_rgb(hue, lightness, saturation))
    return colour.lower()


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue
