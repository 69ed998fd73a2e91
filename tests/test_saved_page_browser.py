"""A hostile page, shown as it was saved, in a real browser: no script of it runs, nothing is asked of another host, no link
leads out. Served plainly, the same page does all of that."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from chromium import open_chromium, served
from flask import Flask
from press import ARMISTICE

from indexer.load.archive_reader import read_apart
from indexer.sources.files.saved_page import read_saved_page
from search.engines.protocol import Collection, open_engine
from search.settings import Settings
from web.app import create_app

RUN = "document.documentElement.setAttribute('data-ran', 1)"
HOSTILE = """<!doctype html><html manifest="OUT/manifest"><head>
<meta http-equiv="refresh" content="1;url=OUT/refresh"><base href="OUT/base/"><title>Truce</title>
<link rel="preconnect" href="OUT"><LINK/rel=stylesheet href=OUT/style.css><link
 rel="icon" href="OUT/icon"><link rel="preload" as="image" href="OUT/preload"><link rel="prefetch" href="OUT/prefetch">
<link rel="modulepreload" href="OUT/module.js"><link rel="prerender" href="OUT/prerender"><link rel="dns-prefetch" href="OUT">
<style>@import url(OUT/import.css); @font-face { font-family: F; src: url(OUT/font) }
p { font-family: F; background: url(OUT/p) }</style>
<script>RUN; fetch("OUT/fetch")</script><script src="OUT/script.js"></script>
<script type="speculationrules">{"prefetch": [{"urls": ["OUT/speculated"], "eagerness": "immediate"}]}</script>
</head><body onload="RUN" background="OUT/body"><h1>Truce holds</h1><p style="cursor: url(OUT/cursor), auto">It holds.</p>
<img src="OUT/picture"><img srcset="OUT/set 2x"><img src="data:," onerror="RUN">
<picture><source srcset="OUT/source"><img></picture>
<iframe src="OUT/frame"></iframe><iframe srcdoc="<script>top.RUN</script><img src=OUT/srcdoc>"></iframe>
<object data="OUT/object"></object><embed src="OUT/embed"><video autoplay muted src="OUT/video" poster="OUT/poster"></video>
<svg onload="RUN"><image href="OUT/image"/><use href="OUT/use#a"/><script>RUN</script></svg>
<details open ontoggle="RUN"><summary>More</summary></details><input autofocus onfocus="RUN"><input type="image" src="OUT/input">
<form action="OUT/form"><button id="submit">Subscribe</button></form>
<a id="script" href="javascript:RUN">Script</a> <a id="out" href="OUT/link" ping="OUT/ping">Out</a>
<a id="top" target="_top" href="OUT/top">Top</a> <a id="blank" target="_blank" href="OUT/blank">Window</a>
<a id="save" download href="OUT/download">Download</a> <A/id="broken"HREF=OUT/broken x>Broken</A>
<svg width="60" height="20"><a id="moved"><animate attributeName="href" values="OUT/moved"/><text y="15">Moved</text></a></svg>
<a id="within" href="#end">Down</a><p id="end" style="margin-top: 200vh">The end.</p>
</body></html>"""


class Outside(ThreadingHTTPServer):
    """Another host, which notes who asks it for something, and who connects only."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Silent)
        self.visits = 0
        self.address = f"http://127.0.0.1:{self.server_port}"

    def verify_request(self, *_: Any) -> bool:
        self.visits += 1
        return True


class Silent(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def outside() -> Iterator[Outside]:
    server = Outside()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hostile(outside: Outside) -> str:
    return HOSTILE.replace("RUN", RUN).replace("OUT", outside.address)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    page = chromium.new_page()
    page.set_default_timeout(5_000)
    yield page
    page.close()


@pytest.fixture
def address(hostile: str, tmp_path: Path) -> Iterator[str]:
    saved = tmp_path / "beacon" / "armistice.html"
    saved.parent.mkdir()
    saved.write_text(hostile)
    settings = Settings(index=f"tantivy:{tmp_path / 'index'}")
    with open_engine(settings.index, create=True) as engine:
        engine.add([Collection("beacon", str(saved.parent)), ARMISTICE])
    with served(create_app(settings, partial(read_saved_page, settings=settings, read_apart=read_apart))) as address:
        yield address


def test_the_page_served_plainly_runs_and_reaches_out(page: Any, hostile: str, outside: Outside) -> None:
    app = Flask("plain")
    app.add_url_rule("/", "plain", lambda: hostile)
    with served(app) as plain:
        page.goto(plain, wait_until="commit")
        page.wait_for_selector("[data-ran]", state="attached")
        page.wait_for_timeout(500)
    assert outside.visits > 3


def test_in_its_frame_nothing_runs_and_nothing_is_asked_of_another_host(page: Any, address: str, outside: Outside) -> None:
    page.goto(f"{address}/saved/armistice?q=truce")
    frame = page.frame_locator("iframe.saved")
    assert frame.locator("h1").inner_text() == "Truce holds"
    assert frame.locator("h1 mark").inner_text() == "Truce"
    page.wait_for_timeout(2_000)  # longer than the refresh waits

    assert frame.locator("[data-ran]").count() == 0
    assert outside.visits == 0
    assert page.frames[1].url.endswith("/saved-file/armistice?q=truce&version=beacon%2Farmistice.html#broadsheet-headline")


@pytest.mark.parametrize("link", ["script", "out", "top", "blank", "save", "submit", "broken", "moved"])
def test_no_link_or_form_leads_out_of_its_frame(page: Any, address: str, outside: Outside, link: str) -> None:
    page.goto(f"{address}/saved/armistice")
    frame = page.frame_locator("iframe.saved")
    frame.locator(f"#{link}").click(no_wait_after=True)
    page.wait_for_timeout(700)

    assert outside.visits == 0
    assert page.url == f"{address}/saved/armistice"
    assert len(page.context.pages) == 1
    assert frame.locator("[data-ran]").count() == 0


def test_a_link_within_the_page_works(page: Any, address: str) -> None:
    page.goto(f"{address}/saved/armistice")
    frame = page.frame_locator("iframe.saved")
    before = frame.locator("#end").bounding_box()["y"]
    frame.locator("#within").click()
    page.wait_for_timeout(300)

    assert frame.locator("#end").bounding_box()["y"] < before


def test_opened_by_itself_the_frame_becomes_the_page_around_it(page: Any, address: str, outside: Outside) -> None:
    page.goto(f"{address}/saved-file/armistice")
    assert page.url == f"{address}/saved/armistice?version=beacon%2Farmistice.html"
    assert outside.visits == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_the_frame_is_as_tall_as_the_window_and_opens_at_the_headline(page: Any, tmp_path: Path, width: int) -> None:
    saved = tmp_path / "beacon" / "armistice.html"
    saved.parent.mkdir()
    menu = "".join(f"<li>Section {number}</li>" for number in range(200))
    saved.write_text(f"<ul>{menu}</ul><h2>{ARMISTICE.headline}</h2>" + "<p>It holds.</p>" * 200)
    settings = Settings(index=f"tantivy:{tmp_path / 'index'}")
    with open_engine(settings.index, create=True) as engine:
        engine.add([Collection("beacon", str(saved.parent)), ARMISTICE])
    page.set_viewport_size({"width": width, "height": 800})
    with served(create_app(settings, partial(read_saved_page, settings=settings, read_apart=read_apart))) as address:
        page.goto(f"{address}/saved/armistice")
        frame = page.locator("iframe.saved").bounding_box()
        headline = page.frame_locator("iframe.saved").locator("h2").bounding_box()

    assert frame["height"] > 600
    assert frame["y"] + frame["height"] <= 800
    assert page.evaluate("document.documentElement.scrollHeight") == 800
    assert frame["y"] <= headline["y"] < frame["y"] + 60
