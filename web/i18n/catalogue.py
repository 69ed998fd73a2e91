"""All texts of the pages, by language: web/texts/LANGUAGE.json, English and German.

    t("articles", n=1) -> "1 article"        with Accept-Language: de -> "1 Artikel"

Values replace the placeholders in braces. A text that depends on the number `n` is an object with the forms "one" and "other". A
text whose key ends in _html is mark-up, and its values are escaped. Texts of other rooms (query forms, notes, remarks on a query)
are added to the English catalogue from there. To add a language, add a file and name it in search.settings; a test reports what
it lacks.
"""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from flask import request
from markupsafe import Markup, escape

from search.query.messages import REMARKS
from search.query.syntax_help import FORMS, NOTES

FOLDER = Path(__file__).parents[1] / "texts"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
FALLBACK = "en"
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
        text = entry if isinstance(entry, str) else entry["one" if values["n"] == 1 else "other"]
        for name, value in values.items():
            if isinstance(value, int):
                values[name] = self.number(value)
        if key.endswith("_html"):
            return Markup(text.format(**{name: escape(value) for name, value in values.items()}))
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def number(self, number: float, decimals: int = 0) -> str:
        """1234.5 -> "1,234.5", "1.234,5" """
        if not decimals and number < 1000:
            return f"{number:.0f}"
        return f"{number:,.{decimals}f}".translate(self._number_signs)

    @cached_property
    def _number_signs(self) -> dict[int, str]:
        return {ord(","): self("number.group"), ord("."): self("number.point")}

    @cached_property
    def script(self) -> str:
        """The texts for broadsheet.js, as JSON."""
        return json.dumps({key.removeprefix(SCRIPT): self.entries[key] for key in self.entries if key.startswith(SCRIPT)})


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
