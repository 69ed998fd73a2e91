"""Queries and addresses put together at random: whatever comes, it is answered or refused, never an error of the server.

'headline:"a b"~5 AND (-ü* OR' ──▶ 200 or 4xx
"""

import gc
import os
import random
import time
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

import pytest
from flask.testing import FlaskClient
from press import ARTICLES, archive_of

from search.query.parameters import PARAMETERS
from search.settings import Settings
from web.app import create_app

SEED = 20_260_304
MAX_SECONDS = 2
PIECES = (
    "treaty", "truce", "negotiat*", "tr?ce", "gorbachov~", "~2", '"', "'", "(", ")", "-", "+", "NOT", "AND", "OR",
    "near", "headline:", "said:", "by:", "removed:", "added:", "date:", "date:[1953 TO", "TO 2022]", "after:",
    "before:", "last-month", "-7d", "has:", "caption", "lang:", "url:", "*", "?", "~", "^2", ":", "\\", "/", "[", "]",
    "{", "}", "&&", "||", "!", "..", "\0", "\n", "\u2028", "\ud800", "\ufeff", "ß", "İ", "ﬁ", "e\u0301", "停戦", "休战协定",
    "ภาษาไทย", "한국어", "עברית", "🕊\ufe0f", "\U000e0001", "C++", "AT&T", "U.S.", "cease-fire", "O'Brien", "1953-07-27",
    "0000", "99999999999999999999", "<script>", "%00", "a" * 300, "x " * 30, "„", "“", "«", "»", "—",
)  # fmt: skip
PATHS = (
    "/", "/api/search", "/api/export", "/api/suggest", "/feed.atom", "/article/{}", "/api/articles/{}",
    "/api/articles/{}/similar", "/api/articles/{}/versions", "/changes/{}", "/cite/bibtex/{}", "/cite/{}/x",
    "/saved/{}", "/saved-file/{}", "/static/{}", "/names", "/api", "/help", "/opensearch.xml", "/{}",
    "/pictures", "/api/pictures",
)  # fmt: skip
NAMES = (
    *(parameter.name for parameter in PARAMETERS),
    "q",
    "q",
    "q",
    "format",
    "version",
    "from",
    "to",
    "pageSize",
    "page_size",
    "nonsense",
)
VALUES = (
    "",
    "1",
    "0",
    "-1",
    "1e9",
    "10000",
    "10001",
    "true",
    "all",
    "newest",
    "year",
    "headline,body",
    "armistice",
    "1953",
    "2022-02-30",
)
IDS = ("armistice", "geneve/1954", "armistice/versions", "undated", "none")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    settings: Settings = archive_of(tmp_path_factory.mktemp("fuzzed"), *ARTICLES)
    return create_app(settings).test_client()


def text(chance: random.Random) -> str:
    """Of up to a dozen pieces, mostly with spaces between them."""
    return "".join(chance.choice(PIECES) + chance.choice((" ", " ", "")) for _ in range(chance.randrange(1, 12)))


def encoded(chance: random.Random, value: str) -> str:
    """Percent-encoded, now and then with bytes that are not UTF-8."""
    if chance.random() < 0.03:
        return quote_from_bytes(chance.randbytes(8))
    return quote(value, safe="", errors="surrogatepass")


def address(chance: random.Random) -> str:
    id = chance.choice(IDS) if chance.random() < 0.7 else text(chance)
    path = chance.choice(PATHS).format(encoded(chance, id))
    pairs = []
    for _ in range(chance.randrange(5)):
        value = chance.choice(VALUES) if chance.random() < 0.4 else text(chance)
        pairs.append(f"{chance.choice(NAMES)}={encoded(chance, value)}")
    return f"{path}?{'&'.join(pairs)}"


def search(chance: random.Random) -> str:
    return f"{chance.choice(('/', '/api/search', '/feed.atom'))}?q={encoded(chance, text(chance))}"


def ask_at_random(client: FlaskClient, count: int) -> tuple[list[tuple[str, int]], float]:
    """The addresses, of as many, that are answered with an error of the server; and the most CPU seconds one took."""
    chance = random.Random(SEED)
    found, slowest = [], 0.0
    for number in range(count):
        url = search(chance) if number % 2 else address(chance)
        started = time.process_time()
        with client.get(url) as response:
            response.get_data()  # an export is made while it is read
            if response.status_code >= 500:
                found.append((url, response.status_code))
        slowest = max(slowest, time.process_time() - started)
    return found, slowest


def memory_mb() -> float:
    """Of this process, now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_some_hundred_random_requests_are_answered_or_refused(client: FlaskClient) -> None:
    found, slowest = ask_at_random(client, 400)
    assert found == []
    assert slowest < MAX_SECONDS


@pytest.mark.long
def test_ten_thousand_random_requests_are_answered_or_refused(client: FlaskClient) -> None:
    """The same ones twice: the first time what is kept for later requests is filled."""
    memory = []
    for _ in range(2):
        found, slowest = ask_at_random(client, 10_000)
        assert found == []
        assert slowest < MAX_SECONDS
        gc.collect()
        memory.append(memory_mb())
    print(f"slowest {slowest:.2f} s, {memory[0]:.0f} MB after the first 10,000 requests, {memory[1]:.0f} MB after the second")
    assert memory[1] < 1.1 * memory[0]
