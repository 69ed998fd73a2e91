"""Dates, languages, parts and links in words for pages; registered as template filters."""

import re
from datetime import date

from search.article import PrintedDate

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def date_words(iso: str) -> str:
    """2022-03-04T10:00 -> "4 March 2022", 2022-03 -> "March 2022", 1650 -> "1650"."""
    year, month, day = [*iso[:10].split("-"), "", ""][:3]
    words = [day.lstrip("0"), MONTHS[int(month) - 1] if month else "", year.lstrip("0")]
    return " ".join(word for word in words if word)


def day_words(day: int | None) -> str:
    """A day number -> "4 March 2022"."""
    return date_words(date.fromordinal(day).isoformat()) if day else ""


def printed_words(printed: PrintedDate) -> str:
    """The date in words, with the clock time if the page gives one."""
    return date_words(printed.iso) + (f", {printed.iso[11:16]}" if len(printed.iso) > 10 else "")


def value_words(value: str, field: str) -> str:
    """A facet's value as people write it: fr -> French."""
    return LANGUAGES.get(value, value) if field == "language" else value


def web_address(url: str | None) -> str | None:
    """The URL if a browser may be sent there: http and https, nothing else."""
    return url if url and re.match(r"https?://[^\s/]", url, re.IGNORECASE) else None


def count_words(number: int, noun: str = "article") -> str:
    """1 -> "1 article", 1200 -> "1,200 articles"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
