"""A template -> a page, a fragment -> HTML for templates."""

from typing import Any

from flask import Response, render_template
from markupsafe import Markup

from search.present import encodable, fragment_html
from search.results import Fragment

MOST_CHARACTERS_IN_A_LIST = 1_000


def page(template: str, status: int = 200, **values: Any) -> Response:
    return Response(encodable(render_template(template, **values)), status, content_type="text/html; charset=utf-8")


def marked(fragment: Fragment) -> Markup:
    return Markup(fragment_html(fragment))


def marked_start(fragment: Fragment) -> Markup:
    """The same, of a text of any length no more than a list of hits has room for."""
    text = fragment.text
    if len(text) <= MOST_CHARACTERS_IN_A_LIST:
        return marked(fragment)
    kept = tuple(mark for mark in fragment.marks if mark[1] <= MOST_CHARACTERS_IN_A_LIST)
    return marked(Fragment(text[:MOST_CHARACTERS_IN_A_LIST], kept)) + " …"
