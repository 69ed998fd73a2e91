"""Saved pages and archives on disk, for the tests of reading and loading."""

import gzip
import json
import os
import zipfile
from pathlib import Path

SENTENCES = (
    "The delegates met in the long hall before noon and sat down without shaking hands.",
    "They agreed on the line, on the exchange of prisoners and on the day the guns fall silent.",
    "A spokesman said that the talks would go on next week, in the same place, with the same people.",
    "Farmers near the river said they would wait for the mines to be cleared before they return.",
)


def page_html(headline: str, url: str | None = None) -> str:
    canonical = f'<link rel="canonical" href="{url}">' if url else ""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline}</title>{canonical}'
        f'<meta name="author" content="Ann Reed"><meta property="article:published_time" content="2022-03-04"></head>'
        f"<body><article><h1>{headline}</h1>{body}</article></body></html>"
    )


def save_page(path: Path, headline: str, url: str | None = None) -> Path:
    """A page at the path, compressed if it is called .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = page_html(headline, url).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def save_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def save_lines(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def warc_response(
    url: str, body: bytes, status: int = 200, content_type: str = "text/html; charset=utf-8", headers: str = ""
) -> bytes:
    """A response record as web archivers write it, each compressed by itself."""
    http = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n{headers}\r\n".encode() + body
    warc = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2021-05-06T07:08:09Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{url.rpartition('/')[2]}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    ).encode()
    return gzip.compress(warc + http + b"\r\n\r\n")


def touch(path: Path, seconds: int) -> Path:
    os.utime(path, (seconds, seconds))
    return path
