"""Dates, values and links as text in the language of the page; registered as template filters."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from unicodedata import bidirectional

from search.errors import QueryRefused
from search.model.article import Article, PrintedDate, passages
from search.query.format import describe
from search.query.messages import Remark
from search.query.nodes import MatchAll, MatchNone, Query
from web.i18n.catalogue import Texts, t, texts

RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"}


def date_words(iso: str) -> str:
    """2022-03-04T10:00 -> "4 March 2022", 2022-03 -> "March 2022", 1650 -> "1650"."""
    return _date_words(texts(), iso[:10])


@lru_cache(maxsize=4_000)
def _date_words(say: Texts, iso: str) -> str:
    return say.date_words(iso)


def day_words(day: int | None) -> str:
    """A day number -> "4 March 2022"."""
    return date_words(date.fromordinal(day).isoformat()) if day else ""


def printed_words(printed: PrintedDate) -> str:
    """The date as text, with the time if the page gives one."""
    day = date_words(printed.iso)
    return t("date.time", date=day, time=printed.iso[11:16]) if len(printed.iso) > 10 else day


def reading_date(printed: PrintedDate) -> str:
    """The date as text for a reader of its article, with the weekday, the time and the time zone, as far as the page gives them:
    "Friday 4 March 2022, 10:00 (UTC+1)"."""
    return _with_time(printed, texts().weekday_date_words(printed.iso[:10]))


def update_words(article: Article) -> str:
    """When it was updated, as text: the time alone if that was on the day it was published; "" if not after that."""
    published, updated = article.published, article.updated
    if not updated or not was_updated(article):
        return ""
    if published and updated.iso[:10] == published.iso[:10] and len(updated.iso) > 10:
        return t("article.updated_at", time=updated.iso[11:16]) + _zone(updated)
    return t("article.updated", when=_with_time(updated, date_words(updated.iso)))


def zone_words(article: Article) -> str:
    """What the times of the article go by, as text: "5 hours behind UTC"; "" if the page gives no time zone."""
    dates = (date.instant for date in (article.published, article.updated) if date)
    offset = next((instant.utcoffset() for instant in dates if instant), None)
    if offset is None:
        return ""
    hours = texts().hours(abs(offset.total_seconds()) / 3600)
    return t("date.utc" if not offset else "date.ahead" if offset > timedelta() else "date.behind", hours=hours)


def moment_words(instant: str) -> str:
    """2022-03-04T10:00:00Z -> "4 March 2022, 10:00 UTC"; unchanged if it is no instant of this form."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", instant):
        return instant
    try:
        return _with_time(PrintedDate("", instant[:16] + "+00:00"), date_words(instant))
    except ValueError:
        return instant


def was_updated(article: Article) -> bool:
    """Whether its page has a date of update later than that of publication; the more precise of two dates counts as later."""
    published, updated = article.published, article.updated
    if not published or not updated:
        return updated is not None
    if updated.instant and published.instant:
        return updated.instant > published.instant
    shorter = min(len(updated.iso), len(published.iso))
    return (updated.iso[:shorter], len(updated.iso)) > (published.iso[:shorter], len(published.iso))


def _with_time(printed: PrintedDate, day: str) -> str:
    return t("date.time", date=day, time=printed.iso[11:16]) + _zone(printed) if len(printed.iso) > 10 else day


def _zone(printed: PrintedDate) -> str:
    """ " (UTC+1)"; "" if the page gives none."""
    offset = printed.instant.utcoffset() if printed.instant else None
    if offset is None:
        return ""
    minutes = round(abs(offset.total_seconds()) / 60)
    sign, rest = "−" if offset < timedelta() else "+", f":{minutes % 60:02}" if minutes % 60 else ""
    return f" (UTC{sign}{minutes // 60}{rest})" if minutes else " (UTC)"


def value_words(value: str, field: str) -> str:
    """A facet's value for display: fr -> French."""
    return texts().language_name(value) if field == "language" else value


def understood_words(query: Query) -> str:
    """A sentence that says how a query was understood."""
    match query:
        case MatchAll():
            return t("results.understood_all")
        case MatchNone():
            return t("results.understood_none")
        case _:
            return t("results.understood_html", text=describe(query, _say))


def nothing_words(query: Query) -> str:
    """A sentence that says that nothing was found, and for which query."""
    match query:
        case MatchAll():
            return t("results.nothing")
        case MatchNone():
            return t("results.understood_none")
        case _:
            return t("results.nothing_html", text=describe(query, _say))


def remark_words(remark: str | QueryRefused) -> str:
    """A remark on the query, or the reason why it was refused, in the language of the page; other text is unchanged."""
    match remark:
        case QueryRefused():
            return t(f"limit.{remark.limit}", n=remark.allowed)
        case Remark():
            values = {name: remark_words(value) if isinstance(value, str) else value for name, value in remark.values.items()}
            return _say(remark.kind, **values)
        case _:
            return remark


def _say(kind: str, **values: Any) -> str:
    return t(f"remark.{kind}", **values)


def direction(article: Article) -> str:
    """The text direction, "rtl" or "ltr": by the language, or by the first letter of the text that has a direction."""
    if article.language:
        return "rtl" if article.language in RIGHT_TO_LEFT else "ltr"
    text = next((passage.text for passage in passages(article)), "")
    strong = (bidirectional(sign) for sign in text)
    return "rtl" if next((side for side in strong if side in ("L", "R", "AL")), "L") != "L" else "ltr"


def web_address(url: str | None) -> str | None:
    """The URL if a browser may open it: only http and https."""
    return url if url and re.match(r"https?://[^\s/]", url, re.IGNORECASE) else None
