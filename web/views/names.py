"""Many names at once: a form for a list or a file, and the table of articles that mention each, also as CSV.

POST /names names="Ada Marsh\\nBo Reed" file=staff.csv ──▶ a page, which has an address if the list is short
GET /names?names=Ada+Marsh%0ABo+Reed ──▶ the same page
"""

import codecs
import csv
import io
import re
from itertools import islice

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from search.serialize.names import csv_table
from search.service.bulk_lookup import names_table
from search.service.search import SearchParams
from web.i18n.catalogue import LANGUAGES, catalogue
from web.index_handle import archive
from web.params import NAMES_SECONDS, with_parameters
from web.presenters import links
from web.presenters.render import page as rendered

names = Blueprint("names", __name__)

MAX_LINK_CHARACTERS = 2_000
"""Mail programs and browsers pass on an address of this length whole."""
ROWS_SHOWN = 500
"""The CSV has all."""


@names.route("/names", methods=["GET", "POST"])
def page() -> Response:
    values = request.form if request.method == "POST" else request.args
    uploaded = [_names_in(file) for file in request.files.getlist("file") if file.filename]
    typed, queries = values.get("names", "").strip("\r\n"), "queries" in values
    given = re.sub("\r\n?", "\n", "\n".join(filter(None, [typed, *uploaded])))
    limits = archive().settings.limits
    table = None
    if given:
        with archive().reader() as reader:
            table = names_table(reader, given.split("\n"), limits, queries=queries, seconds=NAMES_SECONDS)
        if values.get("format") == "csv":
            headers = {"Content-Disposition": 'attachment; filename="names.csv"'}
            return Response(["\ufeff", *csv_table(table)], content_type="text/csv; charset=utf-8", headers=headers)
    asked = [("names", given), *([("queries", "true")] if queries else [])]
    address = with_parameters(links.url_for("names.page"), asked)
    return rendered(
        "names.html",
        table=table,
        rows_shown=ROWS_SHOWN,
        given=given,
        queries=queries,
        limits=limits,
        address=address if len(address) <= MAX_LINK_CHARACTERS else None,
        links=links,
        SearchParams=SearchParams,
    )


def _names_in(file: FileStorage) -> str:
    """The lines of a text file; of a table (.csv, .tsv) the column called name in any language of the pages, else the first."""
    with file.stream:
        text = _decoded(file.read())
    if not (file.filename or "").lower().endswith((".csv", ".tsv")):
        return text
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return text
    headings = {catalogue(language)("names.name").casefold() for language in LANGUAGES}
    first = [cell.strip().casefold() for cell in rows[0]] if rows else []
    column = next((place for place, cell in enumerate(first) if cell in headings), None)
    cells = (row[column or 0] for row in islice(rows, column is not None, None) if len(row) > (column or 0))
    return "\n".join(" ".join(cell.split()) for cell in cells)


def _decoded(data: bytes) -> str:
    """UTF-8 or, with a byte order mark, UTF-16; otherwise Windows-1252, in which older programs save."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
