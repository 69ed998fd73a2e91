"""Fifty hostile texts in every field of an article and in every parameter: what the server answers shows them, and nothing else.

Pages are compared with those of a harmless archive: no element or attribute is there that those do not have.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from chromium import open_chromium, other_hosts_asked, served
from flask import Flask
from press import ARMISTICE
from werkzeug.test import TestResponse

from indexer.load.archive_reader import read_apart
from indexer.sources.files.saved_page import read_saved_page
from search.engines.protocol import Collection, open_engine
from search.model.article import Article, Caption, Paragraph, PrintedDate
from search.query.parameters import PARAMETERS
from search.settings import Settings
from web.app import create_app
from web.presenters.articles.citations import STYLES
from web.presenters.links import Link
from web.presenters.render import anchor

PAYLOADS = (
    "<script>RUN</script>", '"><script>RUN</script>', "'><script>RUN</script>", "</title><script>RUN</script>",
    "</textarea><script>RUN</script>", "</style><script>RUN</script>", "</script><script>RUN</script>", "--><script>RUN</script>",
    "]]><script>RUN</script>", "</noscript><img src=x onerror=RUN>", "<img src=x onerror=RUN>", '<img src="x" onerror="RUN">',
    "<svg onload=RUN>", "<svg><script>RUN</script></svg>", "<svg/onload=RUN//", "<math><a xlink:href=javascript:RUN>x</a></math>",
    "<body onload=RUN>", "<iframe src=javascript:RUN></iframe>", '<iframe srcdoc="<script>top.RUN</script>"></iframe>',
    "<details open ontoggle=RUN>x</details>", "<input autofocus onfocus=RUN>", "<video><source onerror=RUN></video>",
    "<object data=javascript:RUN></object>", "<embed src=javascript:RUN>", "<base href=//evil.example/>", "<style>*{}</style>",
    "<meta http-equiv=refresh content='0;url=javascript:RUN'>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=javascript:RUN><button>x</button></form>", "<a href=javascript:RUN>x</a>", "javascript:RUN", "JaVaScRiPt:RUN",
    " java\tscript:RUN", "data:text/html,<script>RUN</script>", '" onmouseover="RUN" x="', "' onfocus='RUN' autofocus x='",
    "x onerror=RUN src=x", "`onload=RUN`", "&lt;script&gt;RUN&lt;/script&gt;", "&#60;script&#62;RUN&#60;/script&#62;",
    "%3Cscript%3ERUN%3C/script%3E", "\\u003cscript\\u003eRUN\\u003c/script\\u003e", "＝1＜script＞RUN＜/script＞",
    "\x00<scr\x00ipt>RUN</script>", "+ADw-script+AD4-RUN+ADw-/script+AD4-", "{{RUN}}${RUN}<%= RUN %>#{RUN}",
    "x\r\nSet-Cookie: ran=1\r\n\r\n<script>RUN</script>", "=HYPERLINK(\"//evil.example\")", "@SUM(1)\u2028\u202e<b>",
    "\\input{x}}\n@misc{x,\r\nER  - \r\nTY  - JOUR",
)  # fmt: skip
assert len(PAYLOADS) == 50
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "xlink:href", "content")


def article(number: int, text: str) -> Article:
    """With the text in every field that is a text, and in its key, its id and its address."""
    return replace(
        ARMISTICE,
        source=f"desk/{number}-{text}",
        id=f"{number}-{text}",
        url=text,
        publisher=text,
        headline=f"truce {text}",
        alternative_headline=text,
        standfirst=f"truce {text}",
        paragraphs=tuple(Paragraph(f"truce {text}", kind) for kind in ("text", "subhead", "quote", "list", "table")),  # type: ignore[arg-type]
        captions=(Caption(f"truce {text}", text, text, 1),),
        authors=(text, f"{text} Reyes"),
        contributors=text,
        dateline=text,
        section=text,
        tags=(text,),
        corrections=(text,),
        published=PrintedDate(text, "1953-07-27"),
        updated=PrintedDate(text, "1953-07-28"),
    )


def app_of(folder: Path, texts: tuple[str, ...]) -> Flask:
    """Each article has an earlier version."""
    settings = Settings(index=f"tantivy:{folder / 'index'}")
    with open_engine(settings.index, create=True) as engine:
        articles = [article(number, text) for number, text in enumerate(texts)]
        earlier = [
            replace(each, source=f"{each.source}-early", captured="2019-01-01T00:00:00Z", headline=f"near {each.headline}")
            for each in articles
        ]
        assert not engine.add([*earlier, *articles]).failed
    return create_app(settings, partial(read_saved_page, settings=settings, read_apart=read_apart))


Structure = set[tuple[str, str]]
"""Elements with the names of their attributes, of pages or of a feed."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return app_of(tmp_path_factory.mktemp("hostile"), PAYLOADS)


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Structure:
    """What all answers of an archive with plain words have."""
    app = app_of(tmp_path_factory.mktemp("harmless"), tuple(f"plain {number}" for number in range(len(PAYLOADS))))
    found: Structure = set()
    for address in [*addresses(app, range(2), "plain {}"), *asked(["plain 0", "2022", "World"])]:
        found |= structure(app.test_client().get(address))
    return found


def addresses(app: Flask, numbers: range, text: str | None = None) -> Iterator[str]:
    """Of all routes, for these articles."""
    ids = [quote(f"{n}-{text.format(n) if text else PAYLOADS[n]}", safe="") for n in numbers]
    yield from ("/?q=truce&explain=true&versions=all&page-size=50", "/?q=truce&view=full&page-size=50", "/?q=nothing")
    yield from ("/api/search?q=truce&page-size=50&facets=section,author", "/feed.atom?q=truce", "/api/export?q=truce")
    yield from ("/api/export?q=truce&format=csv", "/values/section", "/values/author?q=truce", "/api/suggest?q=trufe")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for style in STYLES if "style" in rule.arguments else ("",):
            start = rule.rule.replace("<style>", style).replace("<name>", "tag")
            yield from (
                start.replace("<path:id>", id) + "?q=truce" * (style == "") for id in (ids if "id" in rule.arguments else [""])
            )


def asked(values: list[str]) -> Iterator[str]:
    """Each value in every parameter of what takes parameters."""
    for value in values:
        for name in [*(parameter.name for parameter in PARAMETERS), "format", "version", "from", "to", value]:
            given = f"{quote(name, errors='surrogatepass')}={quote(value)}" + "&q=truce" * (name != "q")
            yield from (f"{path}?{given}" for path in ("/", "/api/search", "/feed.atom", "/api/export", "/api/suggest", "/names"))
        yield from (f"{path}{quote(value)}" for path in ("/", "/article/", "/values/", "/api/articles/", "/cite/bibtex/"))


def structure(response: TestResponse) -> Structure:
    """What an answer is made of; and that it is of the type it says it is."""
    assert response.status_code < 500, response.request.path
    kind = response.mimetype
    if kind == "text/html":
        return html_structure(response.text)
    if "ndjson" in kind:
        return json_structure([json.loads(line) for line in response.text.split("\n") if line])
    if kind.endswith("json"):
        return json_structure(json.loads(response.text))
    if kind.endswith("xml"):
        return {(element.tag, name) for element in ElementTree.fromstring(response.data).iter() for name in ("", *element.attrib)}
    if kind == "text/csv":
        cells = [cell for row in csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")) for cell in row]
        assert [cell for cell in cells if cell.startswith(FORMULAS)] == []
    elif "research-info" in kind:
        lines = response.text.split("\r\n")
        assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in lines if line), lines
        assert [line[:2] for line in lines].count("TY") == [line[:2] for line in lines].count("ER") == 1
    elif "bibtex" in kind:
        bare = re.sub(r"\\[{}]", "", response.text)
        assert bare.count("{") == bare.count("}")
        assert re.findall("^@", response.text, re.MULTILINE) == ["@"]
    return {(kind, "")} - {("text/plain", "")}


def html_structure(text: str) -> Structure:
    page = BeautifulSoup(text, "lxml")
    attributes = [(tag, name, str(value)) for tag in page.find_all() for name, value in tag.attrs.items()]
    for tag, name, value in attributes:
        assert name not in ADDRESSES or tag.name == "meta" or urlsplit(value.strip()).scheme in ("", "http", "https", "mailto"), (
            value
        )
    return {(tag.name, "") for tag in page.find_all()} | {(tag.name, name) for tag, name, _ in attributes}


def json_structure(value: Any) -> Structure:
    """Of the fragments of HTML in it."""
    if isinstance(value, dict):
        inner = [json_structure(each) for name, each in value.items() if name != "html"]
        return set().union(*inner, html_structure(value["html"]) if isinstance(value.get("html"), str) else set())
    return set().union(*map(json_structure, value)) if isinstance(value, list) else set()


def test_hostile_texts_in_every_field_stay_texts(hostile: Flask, harmless: Structure) -> None:
    client = hostile.test_client()
    assert ("text/csv", "") in harmless
    assert ("mark", "") in harmless
    for address in addresses(hostile, range(len(PAYLOADS))):
        response = client.get(address)
        assert structure(response) <= harmless, address
        assert "ran" not in response.headers.get("Set-Cookie", "")
    for number, text in enumerate(PAYLOADS):
        told = client.get(f"/api/articles/{quote(f'{number}-{text}', safe='')}").get_json()["article"]
        assert told["headline"] == f"truce {text}"


@pytest.mark.parametrize("payloads", [PAYLOADS[::10], pytest.param(PAYLOADS, marks=pytest.mark.long)], ids=["some", "all"])
def test_hostile_texts_in_every_parameter_stay_texts(hostile: Flask, harmless: Structure, payloads: tuple[str, ...]) -> None:
    client = hostile.test_client()
    for address in asked([*payloads]):
        assert structure(client.get(address)) <= harmless, address


# --- in a browser ----------------------------------------------------------------------------------------------------

RUN = "self.ran=1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_chromium() as browser:
        yield browser


def ran_at(page: Any, address: str) -> bool:
    page.goto(address, wait_until="load")
    page.wait_for_timeout(100)
    return any(frame.evaluate("self.ran") == 1 for frame in page.frames)


@pytest.mark.parametrize("stride", [10, pytest.param(1, marks=pytest.mark.long)])
def test_no_hostile_text_runs_in_a_browser_or_makes_it_ask_another_host(browser: Any, tmp_path: Path, stride: int) -> None:
    """Pages without their content security policy, which would hide what is not escaped; the saved page with it."""
    texts = tuple(text.replace("RUN", RUN) for text in PAYLOADS)
    app = app_of(tmp_path, texts)
    plain = Flask("plain")
    plain.add_url_rule("/", "plain", lambda: texts[0])
    numbers = range(0, len(texts), stride)
    save_pages(tmp_path, {number: texts[number] for number in numbers})
    with served(app) as address, served(plain) as other:
        shown, saved = browser.new_context(bypass_csp=True).new_page(), browser.new_page()
        assert ran_at(shown, other), "it would run"
        asked_of = other_hosts_asked(shown, address), other_hosts_asked(saved, address)
        articles = [f"/article/{quote(f'{number}-{texts[number]}', safe='')}?q=truce" for number in numbers]
        searches = [f"/?q={quote(texts[number])}" for number in numbers]
        for path in ["/", "/?q=truce&explain=true&versions=all&page-size=50&view=full", "/values/author", *articles, *searches]:
            assert not ran_at(shown, address + path), path
        for number in numbers:
            assert not ran_at(saved, f"{address}/saved/{number}"), texts[number]
            assert saved.frame_locator("iframe.saved").locator("h1").inner_text() == "Truce"
    assert asked_of == ([], [])


def save_pages(folder: Path, texts: dict[int, str]) -> None:
    (folder / "saved").mkdir()
    for number, text in texts.items():
        (folder / f"saved/{number}.html").write_text(f"<!doctype html><meta charset=utf-8><h1>Truce</h1>{text}", "utf-8")
    with open_engine(f"tantivy:{folder / 'index'}") as engine:
        pages = [Article(f"saved/{number}.html", str(number), headline="Saved") for number in texts]
        engine.add([*pages, Collection("saved", str(folder / "saved"))])


def test_neither_part_of_a_link_is_taken_for_markup() -> None:
    with create_app(Settings()).test_request_context("/"):
        made = anchor(Link('<b>"', "/?q='\"><b>", count=3))
    [link] = BeautifulSoup(made, "html.parser").find_all(recursive=False)
    assert (link["href"], link.get_text(), [each.name for each in link.find_all()]) == ("/?q='\"><b>", '<b>" 3', ["span", "span"])
