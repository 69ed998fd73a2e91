"""An article -> its citation, to paste (APA, Chicago) or to import (BibTeX, RIS, CSL-JSON).

citation(article, "apa") -> "Okafor, R., & Ng, A. (1953, July 27). Korean truce signed. City Beacon. https://…"

Rules: APA 7 (https://apastyle.apa.org, newspaper articles), Chicago 17 (bibliography), BibTeX of btxdoc, RIS as read by reference
managers, CSL 1.0 (https://docs.citationstyles.org/en/stable/specification.html). Citations are in English, whatever the language
of the page.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from search.lexicon.read import read_lexicon
from search.model.article import Article

APA_AUTHORS, CHICAGO_AUTHORS, CHICAGO_SHOWN = 20, 10, 7
"""The maximum number of authors that are all named; for more, Chicago names this many."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_IN_NAMES = read_lexicon("search.lexicon", "particles")
BEFORE_SURNAMES = {*_IN_NAMES.of("particle"), *_IN_NAMES.of("preposition")}
BETWEEN_SURNAMES = {*_IN_NAMES.of("conjunction"), *_IN_NAMES.of("conjunction_in_names")}
SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}
COLLECTIVE = {
    "agence", "agency", "agentur", "associated", "board", "bureau", "correspondents", "desk", "editors", "news", "newspapers",
    "press", "redaktion", "reuters", "service", "staff", "team", "times", "wire",
}  # fmt: skip
"""Words that show that an author is not a person."""


@dataclass(frozen=True, slots=True)
class CitedName:
    """A person; if `given` is None, a name that is not divided: an agency, a single word, a script without spaces."""

    family: str
    given: str | None = None

    @property
    def inverted(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def initialled(self) -> str:
        """Okafor, R. J.; Sartre, J.-P."""
        initials = " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in (self.given or "").split())
        return f"{self.family}, {initials}" if initials else self.family

    @property
    def straight(self) -> str:
        return f"{self.given} {self.family}" if self.given else self.family


def citation(article: Article, style: str) -> str:
    """`style`: a key of STYLES. Raises KeyError for any other."""
    return STYLES[style].write(article)


def bibliography(articles: Iterable[Article], style: str) -> str:
    """All citations in one file; articles whose keys would be the same are numbered."""
    keyed = _keyed(articles)
    match style:
        case "bibtex":
            return "\n".join(bibtex(article, key) for article, key in keyed)
        case "csl":
            return _json([_csl_item(article, key) for article, key in keyed])
        case _:
            return "\n".join(citation(article, style) for article in articles)


def _keyed(articles: Iterable[Article]) -> Iterator[tuple[Article, str]]:
    seen: Counter[str] = Counter()
    for article in articles:
        key = _key(article)
        seen[key] += 1
        yield article, key if seen[key] == 1 else f"{key}-{seen[key]}"


def file_name(article: Article, style: str) -> str:
    return f"{_key(article)}.{STYLES[style].ending}"


def names(authors: Iterable[str]) -> list[CitedName]:
    return [_name(_plain(author)) for author in authors if _plain(author)]


def _name(author: str) -> CitedName:
    """ "Ruth Okafor", "Okafor, Ruth", "Ludwig van Beethoven", "José Ortega y Gasset", "Ann Lee Jr." """
    words = author.split()
    if COLLECTIVE & {word.lower().strip(".,") for word in words} or len(words) == 1:
        return CitedName(author)
    family, comma, given = (part.strip() for part in author.partition(","))
    if comma and given and given.lower() not in SUFFIXES:
        return CitedName(family, given)
    suffix = f" {words.pop()}" if words[-1].lower() in SUFFIXES and len(words) > 2 else ""
    start = len(words) - 1
    while start > 1 and (small := words[start - 1].lower()) in BEFORE_SURNAMES | BETWEEN_SURNAMES:
        if small in BETWEEN_SURNAMES and start < 3:  # "Ann y Lopez": no surname before it
            break
        start -= 2 if small in BETWEEN_SURNAMES else 1
    return CitedName(" ".join(words[start:]).rstrip(",") + suffix, " ".join(words[:start]).rstrip(","))


# ---------------------------------------------------------------- to paste


def apa(article: Article) -> str:
    people = [name.initialled for name in names(article.authors)]
    many = f"{', '.join(people[: APA_AUTHORS - 1])}, … {people[-1]}" if len(people) > APA_AUTHORS else ""
    who = many or _listed(people, ", & ")
    year, *day = _date(article)
    when = f"({', '.join([year, ' '.join(_month_first(day))]) if day else year or 'n.d.'})"
    title = _plain(article.headline)
    opening = [_ended(who), f"{when}.", _ended(title)] if who else [_ended(title), f"{when}."]
    return _sentences(*opening, _ended(_plain(article.publisher)), _url(article))


def chicago(article: Article) -> str:
    people = names(article.authors)
    straight = [people[0].inverted, *(name.straight for name in people[1:])] if people else []
    many = f"{', '.join(straight[:CHICAGO_SHOWN])}, et al." if len(people) > CHICAGO_AUTHORS else ""
    who = many or _listed(straight, ", and ")
    year, *day = _date(article)
    when = ", ".join([" ".join(_month_first(day)), year]) if len(day) == 2 else " ".join([*_month_first(day), year])
    title = f"“{_ended(_plain(article.headline))}”" if article.headline else ""
    place = ", ".join(part for part in (_plain(article.publisher), when or "n.d.") if part)
    return _sentences(_ended(who), title, _ended(place), _ended(_url(article)))


def _listed(parts: list[str], last: str) -> str:
    """a / a, and b / a, b, and c"""
    return last.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _month_first(day: list[str]) -> list[str]:
    """["07", "27"] -> ["July", "27"]"""
    return [MONTHS[int(day[0]) - 1], *(number.lstrip("0") for number in day[1:])] if day else []


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _ended(text: str) -> str:
    """With a full stop, unless it already ends with punctuation."""
    return text if not text or re.search(r"[.?!…][\"'”’»)]*$", text) else f"{text}."


# ---------------------------------------------------------------- to import


def bibtex(article: Article, key: str | None = None) -> str:
    year, *day = _date(article)
    authors = " and ".join(f"{{{_tex(n.family)}}}" if n.given is None else _tex(n.inverted) for n in names(article.authors))
    fields = {
        "author": authors,
        "title": f"{{{_tex(_plain(article.headline))}}}" if article.headline else "",
        "journal": _tex(_plain(article.publisher)),
        "year": year,
        "month": MONTHS[int(day[0]) - 1][:3].lower() if day else "",
        "day": day[1].lstrip("0") if day[1:] else "",
        "url": _url(article).translate(_IN_URL),
        "urldate": (article.captured or "")[:10],
        "language": article.language or "",
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items() if value]
    kind = "article" if article.publisher else "misc"
    return f"@{kind}{{" + ",\n".join([key or _key(article), *lines]) + "\n}\n"


_IN_URL = {ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"}
_TEX = {ord(sign): f"\\{sign}" for sign in "{}$&#_%"} | {
    ord("\\"): r"\textbackslash{}",
    ord("~"): r"\textasciitilde{}",
    ord("^"): r"\textasciicircum{}",
}


def _tex(text: str) -> str:
    return text.translate(_TEX)


def ris(article: Article) -> str:
    year, *day = _date(article)
    fields = [
        ("TY", "NEWS"),
        *(("AU", name.inverted) for name in names(article.authors)),
        ("TI", article.headline),
        ("T2", article.publisher),
        ("PY", year),
        ("DA", "/".join([year, *day, "", ""][:4]) if year else ""),
        ("AB", article.standfirst),
        *(("KW", tag) for tag in article.tags),
        ("LA", article.language),
        ("UR", _url(article)),
        ("Y2", (article.captured or "")[:10].replace("-", "/")),
    ]
    lines = [f"{tag}  - {_plain(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl(article: Article) -> str:
    """CSL-JSON: a list with one item."""
    return _json([_csl_item(article, _key(article))])


def _csl_item(article: Article, key: str) -> dict[str, Any]:
    item = {
        "id": key,
        "type": "article-newspaper",
        "title": _plain(article.headline),
        "author": [{"family": n.family, "given": n.given} if n.given else {"literal": n.family} for n in names(article.authors)],
        "container-title": _plain(article.publisher),
        "section": _plain(article.section),
        "abstract": _plain(article.standfirst),
        "issued": _date_parts("-".join(_date(article))),
        "accessed": _date_parts((article.captured or "")[:10]),
        "language": article.language,
        "URL": _url(article),
    }
    return {name: value for name, value in item.items() if value}


def _json(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _date_parts(iso: str) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in iso.split("-")]]} if re.fullmatch(r"\d{4}(-\d\d){0,2}", iso) else None


# ---------------------------------------------------------------- the parts


def _date(article: Article) -> list[str]:
    """Year, month and day as far as known; the year is "" if unknown."""
    return article.published.iso[:10].split("-") if article.published else [""]


def _url(article: Article) -> str:
    """The article's web address; none of any other kind."""
    return article.url if article.url and re.fullmatch(r"https?://[^\s/]\S*", article.url, re.IGNORECASE) else ""


_CONTROLS = ("Cc", "Cs", "Zl", "Zp")


def _plain(text: str | None) -> str:
    """On one line, without control characters, which would end a field or a record."""
    return " ".join(
        "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text or "").split()
    )


def _key(article: Article) -> str:
    """okafor1953korean: ASCII letters and digits."""
    first = names(article.authors[:1])
    words = re.findall("[a-z0-9]+", _ascii(article.headline or ""))
    word = next((word for word in words if len(word) > 3), "article")
    return (
        "".join(re.findall("[a-z0-9]", _ascii(first[0].family if first else article.publisher or ""))) + _date(article)[0] + word
    )


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


@dataclass(frozen=True, slots=True)
class Style:
    name: str
    ending: str
    media_type: str
    write: Callable[[Article], str]


STYLES = {
    "apa": Style("APA", "txt", "text/plain", apa),
    "chicago": Style("Chicago", "txt", "text/plain", chicago),
    "bibtex": Style("BibTeX", "bib", "application/x-bibtex", bibtex),
    "ris": Style("RIS", "ris", "application/x-research-info-systems", ris),
    "csl": Style("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl),
}
