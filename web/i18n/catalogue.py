"""All texts of the pages, by language: web/texts/LANGUAGE.json.

    t("articles", n=1) -> "1 article"        with Accept-Language: de -> "1 Artikel"

Values replace the placeholders in braces. A text that depends on the number `n` is an object of plural forms, named by CLDR's
categories: "one", "other" and, where a language has them, more. A text whose key ends in _html is mark-up, and its values are
escaped. Texts of other rooms (query forms, notes, remarks on a query) are added to the English catalogue from there. Dates,
numbers, plural rules and names of languages are Babel's. To add a language, add a file and name it in search.settings; a test
reports what it lacks.
"""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from flask import request
from markupsafe import Markup, escape

from search.query.messages import REMARKS
from search.query.syntax_help import FORMS, NOTES

FOLDER = Path(__file__).parents[1] / "texts"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
FALLBACK = "en"
LOCALES = {"en": "en_GB"}
"""How dates and numbers are written, where a language's own locale writes them otherwise than newspapers here: 4 March 2022."""
GREGORIAN_SINCE = "1923-03-01"
"""The day on which Greece, the last country of Europe, changed its civil calendar."""
SCRIPT = "script."
"""The prefix of the keys of texts that broadsheet.js uses."""


@dataclass(frozen=True, eq=False)
class Texts:
    """The texts in one language; there is one instance per language."""

    language: str
    entries: Mapping[str, str | dict[str, str]]

    def __call__(self, key: str, **values: Any) -> str:
        """The text with its values; whole numbers are formatted for the language. Raises KeyError if there is no such text."""
        entry = self.entries[key]
        text = entry if isinstance(entry, str) else entry.get(_plural_form(self, values["n"]), entry["other"])
        for name, value in values.items():
            if isinstance(value, int):
                values[name] = self.number(value)
        if key.endswith("_html"):
            return Markup(text.format(**{name: escape(value) for name, value in values.items()}))
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse(LOCALES.get(self.language, self.language))

    def number(self, number: float, decimals: int = 0) -> str:
        """1234.5 -> "1,234.5", "1.234,5" """
        if not decimals and number < 1000:
            return f"{number:.0f}"
        return _decimal(self, number, decimals)

    def percent(self, share: float) -> str:
        """.025 -> "2.5%", "2,5 %" """
        return _percent(self, share)

    def date_words(self, iso: str) -> str:
        """2022-03-04 -> "4 March 2022", 2022-03 -> "March 2022", 1650 -> "1650"."""
        year, month, day = (*map(int, iso.split("-")), 0, 0)[:3]
        if not month:
            return str(year)
        if not day:
            return format_skeleton("yMMMM", date(year, month, 1), locale=self.locale)
        return format_date(date(year, month, day), "long", locale=self.locale)

    def weekday_date_words(self, iso: str) -> str:
        """2022-03-04 -> "Friday, 4 March 2022"; as `date_words` where there is no day, or where it may be one of the Julian
        calendar, which some newspapers were dated by."""
        if len(iso) < 10 or iso < GREGORIAN_SINCE:
            return self.date_words(iso)
        return format_date(date.fromisoformat(iso), "full", locale=self.locale)

    def hours(self, number: float) -> str:
        """5.5 -> "5.5 hours", "5,5 Stunden" """
        return format_unit(number, "duration-hour", "long", locale=self.locale)

    def language_name(self, code: str) -> str:
        """fr -> "French", "Französisch", "Français"; a code that has no name is returned as it is."""
        name = self.locale.languages.get(code, code)
        return name[0].upper() + name[1:] if name != code else code

    @cached_property
    def script(self) -> str:
        """The texts for broadsheet.js, as JSON."""
        return json.dumps({key.removeprefix(SCRIPT): self.entries[key] for key in self.entries if key.startswith(SCRIPT)})


@lru_cache(maxsize=10_000)
def _plural_form(say: Texts, number: int) -> str:
    return say.locale.plural_form(number)


@lru_cache(maxsize=10_000)
def _decimal(say: Texts, number: float, decimals: int) -> str:
    """Cached, as Babel takes longer than all else that is written of a number on a page."""
    return format_decimal(number, format=f"#,##0.{'0' * decimals}" if decimals else None, locale=say.locale)


@lru_cache(maxsize=10_000)
def _percent(say: Texts, share: float) -> str:
    pattern = say.locale.percent_formats[None].pattern.replace("#,##0", "#,##0.0")
    return format_percent(share, format=pattern, locale=say.locale)


_current: ContextVar[Texts | None] = ContextVar("_current", default=None)


def t(key: str, **values: Any) -> str:
    """The text in the language of the current page."""
    return texts()(key, **values)


def texts() -> Texts:
    """The texts for the current request; outside a request, English."""
    return _current.get() or catalogue(FALLBACK)


def set_locale(language: str | None) -> None:
    """Sets the language of this thread; None for the default."""
    _current.set(catalogue(language) if language else None)


def choose_language(setting: str) -> str:
    """The configured language; with "auto", the preferred language of the reader's browser."""
    if setting in LANGUAGES:
        return setting
    accepted = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)  # the best first
    return next((language for language in accepted if language in LANGUAGES), FALLBACK)


@cache
def catalogue(language: str) -> Texts:
    entries = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return Texts(language, _shared() | entries if language == FALLBACK else entries)


def _shared() -> dict[str, str]:
    """English texts of other rooms, by the keys of their translations."""
    finds = {f"finds {form.typed}": form.finds for form in FORMS}
    notes = {f"note {number}": note for number, note in enumerate(NOTES, 1)}
    return finds | notes | {f"remark.{kind}": remark for kind, remark in REMARKS.items()}
