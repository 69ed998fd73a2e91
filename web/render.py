"""A template -> a page, a fragment -> HTML for templates."""

from typing import Any

from flask import Response, render_template
from markupsafe import Markup

from search.present import encodable, fragment_html
from search.results import Fragment


def page(template: str, status: int = 200, **values: Any) -> Response:
    return Response(encodable(render_template(template, **values)), status, content_type="text/html; charset=utf-8")


def marked(fragment: Fragment) -> Markup:
    return Markup(fragment_html(fragment))
