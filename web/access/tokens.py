"""Tokens of a closed archive: a file of names, scopes and digests, which a running server reads again when it changes.

    add(path, "newsroom", ("search",), None) ──▶ "bsk_…"
    TokenFile(path).find("bsk_…") ──▶ AccessToken("newsroom", …)

A token is 256 random bits, so nobody can try them all and its SHA-256 digest is enough to keep: slow password hashes are for
secrets that can be guessed. The file does not tell a token; whoever can write to it can add one.
"""

import fcntl
import hashlib
import hmac
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from search.errors import SettingsError
from web.access.scopes import SCOPES

PREFIX = "bsk_"
"""By which a token is recognised where it should not be, such as in source code."""
SECRET_BYTES = 32
OTHERS_MAY_WRITE = 0o022


class AccessToken(msgspec.Struct, frozen=True):
    """`expires`: its last day, in UTC; None if it does not expire."""

    name: str
    sha256: str
    scopes: tuple[str, ...]
    created: date
    expires: date | None = None

    def is_expired(self) -> bool:
        return self.expires is not None and datetime.now(UTC).date() > self.expires


class TokenFile:
    """Raises SettingsError when the file cannot be read. If that happens later, the reason is printed and no token is valid."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state = _state(path)
        self._tokens = read(path)

    def find(self, secret: str) -> AccessToken | None:
        """The valid token; all are compared, each in the same time whatever is given."""
        given = digest(secret).encode()
        found = [token for token in self._current() if hmac.compare_digest(token.sha256.encode(), given)]
        return next((token for token in found if not token.is_expired()), None)

    def _current(self) -> tuple[AccessToken, ...]:
        state = _state(self.path)
        if state != self._state:
            try:
                self._tokens = read(self.path)
            except SettingsError as error:
                print(f"No token is valid: {error}", file=sys.stderr, flush=True)
                self._tokens = ()
            self._state = state
        return self._tokens


def read(path: Path) -> tuple[AccessToken, ...]:
    """The tokens in the file. Raises SettingsError."""
    try:
        if path.stat().st_mode & OTHERS_MAY_WRITE:
            raise SettingsError(f"{path} can be changed by other users, who could add tokens: chmod 600 {path}")
        tokens = msgspec.json.decode(path.read_bytes(), type=tuple[AccessToken, ...])
    except OSError as error:
        raise SettingsError(
            f"The tokens in {path} cannot be read: {error.strerror or error}; `broadsheet token add` makes the file"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} is not a file of tokens: {error}; restore it, or remove it and add the tokens again"
        ) from error
    return tokens


def add(path: Path, name: str, scopes: Sequence[str], expires: date | None) -> str:
    """Makes the file if there is none. Returns the token, which is not stored. Raises SettingsError for a name that is taken."""
    if unknown := set(scopes) - set(SCOPES):
        raise SettingsError(f"There is no scope {', '.join(sorted(unknown))}; the scopes are {', '.join(SCOPES)}")
    if not name.strip() or not name.isprintable():
        raise SettingsError("A token needs a name of printable characters")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    with _locked(path):
        tokens = read(path) if path.exists() else ()
        if any(token.name == name for token in tokens):
            raise SettingsError(f"There is a token {name} already; remove it first, or choose another name")
        _write(path, (*tokens, AccessToken(name, digest(secret), tuple(scopes), datetime.now(UTC).date(), expires)))
    return secret


def remove(path: Path, name: str) -> bool:
    """Whether there was such a token."""
    with _locked(path):
        tokens = read(path)
        kept = tuple(token for token in tokens if token.name != name)
        if kept != tokens:
            _write(path, kept)
    return kept != tokens


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One command at a time changes the file, which is replaced: so its folder is locked."""
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise SettingsError(f"Cannot use the folder {path.parent}: {error.strerror}") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, tokens: tuple[AccessToken, ...]) -> None:
    """Replace the file in one step, so that a server reads either the old one or the new one. It is readable for its owner."""
    text = msgspec.json.format(msgspec.json.encode(tokens))
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_mode
