"""The identity of the site, from the settings; read once, at the start.

read_site(Settings(accent="#00529b")).files ──▶ {"site.css": OwnFile(b":root{--accent:#00529b} …", "text/css")}
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote

from flask import current_app

from search.settings import Settings
from web.responses.site.accent import stylesheet
from web.responses.site.logo import Logo, read_logo

STYLESHEET = "site.css"
_E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnFile:
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Note:
    """At the foot of a page: a link, if there is a `url`, or a text. `kind`: contact or imprint."""

    kind: str
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Site:
    """`welcome`: paragraphs. `files`: what is served below static/ besides the files there. `digest`: of all of it."""

    title: str
    base_url: str
    welcome: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    logo: Logo | None = None
    files: dict[str, OwnFile] = field(default_factory=dict)
    digest: str = ""


def read_site(settings: Settings) -> Site:
    """Raises SettingsError for a logo that cannot be used."""
    logo = read_logo(settings.logo) if settings.logo else None
    files = {logo.name: OwnFile(logo.data, logo.media_type)} if logo else {}
    if settings.accent:
        files[STYLESHEET] = OwnFile(stylesheet(settings.accent).encode(), "text/css")
    digest = hashlib.sha256(b"\0".join(file.data for file in files.values())).hexdigest()[:12]
    welcome = tuple(filter(None, (paragraph.strip() for paragraph in re.split(r"\n\s*\n", settings.welcome))))
    given = {"contact": settings.contact.strip(), "imprint": settings.imprint.strip()}
    notes = tuple(Note(kind, text, _url(text)) for kind, text in given.items() if text)
    return Site(settings.title.strip(), settings.base_url, welcome, notes, logo, files, digest)


def _url(text: str) -> str | None:
    if _E_MAIL.fullmatch(text):
        return f"mailto:{quote(text, safe='@+')}"
    return text if _WEB_ADDRESS.fullmatch(text) else None


def site() -> Site:
    """That of the running app."""
    return cast(Site, current_app.extensions["site"])
