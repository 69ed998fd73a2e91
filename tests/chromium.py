"""A real browser and a server for it, for the tests of what happens on the pages.

Needs playwright and Chromium (BROADSHEET_CHROMIUM, else chromium on the PATH); skips without them, but fails where CI is set.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.serving import make_server

CHROMIUM = os.environ.get("BROADSHEET_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def skip_or_fail(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI is set")
    pytest.skip(reason)


@contextmanager
def open_chromium() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_or_fail("playwright is not installed")
    if not CHROMIUM:
        skip_or_fail("there is no chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address that the app is served at."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:  # else a test that fails leaves the thread, and pytest waits for it
        server.shutdown()
        thread.join()
        server.server_close()


def other_hosts_asked(page: Any, address: str) -> list[str]:
    """Fills, while the page is used, with what it asks of other hosts, or tries to."""
    asked: list[str] = []
    page.context.on("request", lambda sent: None if _is_here(sent.url, address) else asked.append(sent.url))
    return asked


def _is_here(url: str, address: str) -> bool:
    return urlsplit(url).netloc == urlsplit(address).netloc or url.startswith(("data:", "about:"))
