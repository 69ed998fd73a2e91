"""Where a request ends: found at any cut of its bytes, and where gunicorn's own parser finds it."""

import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from web.server.framing import MAX_CHUNK_LINE_BYTES, MAX_HEAD_BYTES, Extent, Incoming
from web.server.worker import only

POST = b"POST /api/names HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = {
    "no fields": b"GET / HTTP/1.0\r\n\r\n",
    "no body": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an empty body": POST + b"Content-Length: 0\r\n\r\n",
    "a length": POST + b'content-length:\t4 \r\n\r\n["]"',
    "a length in front": b"POST / HTTP/1.1\r\nContent-Length: 4\r\nHost: localhost\r\n\r\n\r\n\r\n",
    "an empty line in front": b"\r\n" + POST + b"Content-Length: 2\r\n\r\n[]",
    "chunks": CHUNKED + b'4\r\n["a"\r\n00000d\r\n,"\r\n0\r\n\r\nbb"]\r\n0\r\n\r\n',
    "no chunk": CHUNKED + b"0\r\n\r\n",
    "chunks with extensions": POST + b"TRANSFER-encoding: Chunked\r\n\r\nA;a=b\r\n0123456789\r\n0 ;c\r\n\r\n",
    "trailers": CHUNKED + b"1\r\nx\r\n0\r\nDigest: a\r\nX-More: b\r\n\r\n",
}
UNCLEAR = {
    "two lengths": POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\n",
    "a list of lengths": POST + b"Content-Length: 4, 4\r\n\r\n",
    "a negative length": POST + b"Content-Length: -4\r\n\r\n",
    "a length with a sign": POST + b"Content-Length: +4\r\n\r\n",
    "no length": POST + b"Content-Length:\r\n\r\n",
    "an endless length": POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length : 4\r\n\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n",
    "another coding": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    "no size": CHUNKED + b"\r\n",
    "a negative size": CHUNKED + b"-4\r\n",
    "a size with an underscore": CHUNKED + b"1_0\r\n",
    "a size with a prefix": CHUNKED + b"0x4\r\n",
    "a body in no chunks": CHUNKED + b'{"names": []}\r\n',
    "an endless line of a chunk": CHUNKED + b"4;" + b"a" * MAX_CHUNK_LINE_BYTES,
    "an endless head": b"GET /" + b"a" * MAX_HEAD_BYTES,
}
by_name = {"argvalues": WHOLE.values(), "ids": WHOLE.keys()}


def incoming(max_body_bytes: int = 10_000) -> Incoming:
    return Incoming(max_body_bytes)


@pytest.mark.parametrize("request_bytes", **by_name)
def test_the_end_is_found_wherever_the_bytes_are_cut(request_bytes: bytes) -> None:
    ahead = b"GET /second HTTP/1.1\r\n"
    for cut in range(len(request_bytes)):
        arriving = incoming()
        assert arriving.take(request_bytes[:cut]) in (Extent.HEAD, Extent.BODY), cut
        assert arriving.take(request_bytes[cut:] + ahead) is Extent.WHOLE
        assert arriving.split() == (request_bytes, ahead)


@pytest.mark.parametrize("request_bytes", **by_name)
def test_the_end_is_found_at_the_last_byte_of_bytes_that_come_singly(request_bytes: bytes) -> None:
    arriving = incoming()
    extents = [arriving.take(request_bytes[at : at + 1]) for at in range(len(request_bytes))]

    assert extents.index(Extent.WHOLE) == len(request_bytes) - 1


@pytest.mark.parametrize("request_bytes", **by_name)
def test_gunicorn_finds_the_same_end(request_bytes: bytes) -> None:
    parser = RequestParser(Config(), only(request_bytes), ("127.0.0.1", 1))
    next(parser).body.read()

    assert parser.unreader.take_buffered() == b""


@pytest.mark.parametrize("request_bytes", UNCLEAR.values(), ids=UNCLEAR.keys())
def test_what_has_no_clear_end_is_not_waited_for(request_bytes: bytes) -> None:
    assert incoming().take(request_bytes) is Extent.UNCLEAR


@pytest.mark.parametrize("size", [10, 11])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunks"])
def test_a_body_over_the_limit_is_not_waited_for(size: int, chunked: bool) -> None:
    head = CHUNKED if chunked else POST + b"Content-Length: %d\r\n\r\n" % size
    arriving = Incoming(10 + (len(b"a\r\n\r\n") if chunked else 0))
    extent = arriving.take(head + (b"%x\r\n" % size if chunked else b""))

    assert extent is (Extent.BODY if size == 10 else Extent.TOO_LARGE)
    assert arriving.is_chunked() is chunked


def test_chunks_of_one_byte_count_as_they_were_sent() -> None:
    assert Incoming(100).take(CHUNKED + b"1\r\nx\r\n" * 20) is Extent.TOO_LARGE


def test_endless_trailers_are_too_large() -> None:
    assert Incoming(100).take(CHUNKED + b"0\r\nX: " + b"y" * 200) is Extent.TOO_LARGE


@pytest.mark.parametrize(
    ("head", "awaits"),
    [
        (POST + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nexpect:100-Continue\r\nContent-Length: 4\r\n\r\n", True),
        (POST + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\nx", False),
        (POST.replace(b"1.1", b"1.0") + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n", False),
        (POST + b"Content-Length: 4\r\nX-Expect: 100-continue\r\n\r\n", False),
        (POST + b"Content-Length: 40000\r\nExpect: 100-continue\r\n\r\n", False),
        (POST + b"Expect: 100-continue\r\n\r\n", False),
    ],
    ids=["last", "first", "body begun", "HTTP/1.0", "another field", "too large", "no body"],
)
def test_only_a_client_that_holds_its_body_back_awaits_to_continue(head: bytes, awaits: bool) -> None:
    arriving = incoming()
    arriving.take(head)

    assert arriving.awaits_continue() is awaits
