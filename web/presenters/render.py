"""Renders templates as pages; HTML that occurs many times on a page is written here, because templates would take ten times as
long.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from flask import Response, current_app
from markupsafe import Markup

from search.model.results import Fragment
from search.model.text import encodable
from search.serialize.search import fragment_html
from web.i18n.catalogue import texts
from web.presenters.axis import BARS_BOTTOM, BARS_HEIGHT, BARS_TOP
from web.presenters.links import Link
from web.presenters.timeline import SLOT_WIDTH, Bar, Timeline

MAX_CHARACTERS_IN_A_LIST = 1_000


def page(template: str, status: int = 200, **values: Any) -> Response:
    html = current_app.jinja_env.get_template(template).render(values)
    return Response(encodable(html), status, content_type="text/html; charset=utf-8")


def marked(fragment: Fragment) -> Markup:
    return Markup(fragment_html(fragment))


def fragment(piece: Fragment) -> Markup:
    """With an ellipsis where it is cut; a very long text is shortened to what a list of results has room for."""
    cut_end = piece.cut_end
    if len(piece.text) > MAX_CHARACTERS_IN_A_LIST:
        kept = tuple(mark for mark in piece.marks if mark[1] <= MAX_CHARACTERS_IN_A_LIST)
        piece, cut_end = Fragment(piece.text[:MAX_CHARACTERS_IN_A_LIST], kept, piece.cut_start), True
    return Markup(f"{'… ' if piece.cut_start else ''}{fragment_html(piece)}{' …' if cut_end else ''}")


def anchor(link: Link) -> Markup:
    """The link, with the number of articles it leads to if known."""
    chosen = ' class="chosen" aria-current="true"' if link.chosen else ""
    label = escape(link.label)
    if link.count is not None:
        label = f'<span dir="auto">{label}</span> <span class="count">{texts().number(link.count)}</span>'
    return Markup(f'<a href="{escape(link.url)}"{chosen}>{label}</a>')


def bar_links(strip: Timeline, url: str) -> Markup:
    """Each bar as a link, for display; `url`: as returned by links.dates_url."""
    return Markup("".join(_bar_links(strip, escape(url))))


def _bar_links(strip: Timeline, start: str) -> Iterator[str]:
    say, with_shares, width = texts(), strip.shares_differ, strip.bar_width
    for bar in strip.bars:
        title = escape(say("timeline.bar", period=bar.label, articles=say("articles", n=bar.count), share=bar.share))
        reach = f'<rect class="reach" x="{bar.slot * SLOT_WIDTH}" y="0" width="{SLOT_WIDTH}" height="{BARS_HEIGHT}"/>'
        share = _rectangle("bar share", bar.slot, bar.share_height, width) if with_shares else ""
        bars = reach + _rectangle("bar", bar.slot, bar.height, width) + share
        yield f'<a href="{start}{_dates(bar)}" tabindex="-1"><title>{title}</title>{bars}</a>'


def _rectangle(kind: str, slot: int, height: float, width: float) -> str:
    """A bar stands in the middle of its slot; a low one can be seen too."""
    left, tall = (slot + 0.5) * SLOT_WIDTH - width / 2, height * (BARS_BOTTOM - BARS_TOP)
    size = f'width="{width:g}" height="{tall + BARS_HEIGHT - BARS_BOTTOM:.1f}"'
    return f'<rect class="{kind}" x="{left:g}" y="{BARS_BOTTOM - tall:.1f}" {size}/>'


def bar_rows(strip: Timeline, url: str) -> Markup:
    """The same data as table rows, including gaps."""
    return Markup("".join(_bar_rows(strip, escape(url))))


def _bar_rows(strip: Timeline, start: str) -> Iterator[str]:
    say = texts()
    number, nothing = say.number, escape(say("timeline.nothing"))
    for bar in strip.rows:
        label = escape(bar.label)
        if bar.archive:
            cells = f"<td>{number(bar.count)}</td><td>{number(bar.archive)}</td><td>{escape(bar.share)}</td>"
            yield f'<tr><th scope="row"><a href="{start}{_dates(bar)}">{label}</a></th>{cells}</tr>'
        else:
            yield f'<tr class="empty"><th scope="row">{label}</th><td colspan="3">{nothing}</td></tr>'


def _dates(bar: Bar) -> str:
    return f"{bar.from_date}&amp;to-date={bar.to_date}"
