"""A delivery -> the target that it is for: standard output, a file, a mail server, a webhook.

    deliver(Target("file", "/srv/peace.jsonl", "jsonl"), "Peace talks", delivery, settings)

A file gets each delivery once, whenever the process is killed: `append` looks how much is there. Mail and webhooks get it at
least once, again with the same Message-ID or Idempotency-Key if the process was killed before it knew.
"""

import json
import os
import smtplib
import ssl
import stat
import sys
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.utils import formatdate
from http.client import HTTPException
from pathlib import Path
from typing import Any

from indexer.alerts.alert_file import Target
from indexer.alerts.state import Delivery
from search.engines.disk.durable_files import sync
from search.errors import BroadsheetError
from search.settings import Settings

TIMEOUT_SECONDS = 20
STDOUT_PATH = Path("/dev/stdout")


class NotDelivered(BroadsheetError):
    """The message says why; the delivery is tried again at the next run."""


def deliver(target: Target, name: str, delivery: Delivery, settings: Settings) -> None:
    """name: of the search. On return the target has it; a file has it on the disk. Raises NotDelivered."""
    try:
        match target.kind:
            case "stdout":
                _print(delivery)
            case "file":
                append(Path(target.place), delivery)
            case "email":
                _mail(target.place, name, delivery, settings)
            case "webhook":
                _post(target.place, delivery)
    except BrokenPipeError:
        raise
    except (OSError, smtplib.SMTPException, HTTPException, ValueError) as error:
        raise NotDelivered(f"{target.key}: {_why(error)}") from error


def place_in_file(target: Target) -> int | None:
    """Where the next delivery begins if the target is a file; None if it is none, or standard output is none."""
    if target.kind == "file":
        path = Path(target.place)
        return path.stat().st_size if path.exists() else 0
    if target.kind == "stdout" and _stdout_is_file():
        return os.fstat(sys.stdout.fileno()).st_size
    return None


def append(path: Path, delivery: Delivery) -> None:
    new = not path.exists()
    with path.open("ab") as file:
        file.write(_rest(path, delivery))
        file.flush()
        os.fsync(file.fileno())
    if new:
        sync(path.parent)


def _rest(path: Path, delivery: Delivery) -> bytes:
    """What of the delivery is not in the file: an earlier attempt may have been cut off, or only not struck out."""
    text = delivery.text.encode()
    with path.open("rb") as file:
        file.seek(delivery.offset or 0)
        there = file.read(len(text))
    return text[len(there) :] if text.startswith(there) else text


def _print(delivery: Delivery) -> None:
    text = delivery.text.encode()
    if delivery.offset is not None and _stdout_is_file():
        text = _rest(STDOUT_PATH, delivery)
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
    if _stdout_is_file():
        os.fsync(sys.stdout.fileno())


def _stdout_is_file() -> bool:
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):  # a stream in memory
        return False


def _mail(address: str, name: str, delivery: Delivery, settings: Settings) -> None:
    if not settings.smtp_host:
        raise ValueError("no mail server; set BROADSHEET_SMTP_HOST")
    message = EmailMessage()
    message["Subject"] = f"{' '.join(name.split())}: {delivery.hits:,} new"
    message["From"] = settings.smtp_from or f"broadsheet@{settings.smtp_host}"
    message["To"] = address
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{delivery.key}@broadsheet>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(delivery.text)
    context = ssl.create_default_context() if settings.smtp_security != "none" else None
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET, without what it says."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _post(url: str, delivery: Delivery) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": delivery.key, "User-Agent": "Broadsheet"}
    request = urllib.request.Request(url, delivery.text.encode(), headers, method="POST")
    with urllib.request.build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as answer:
        answer.read(1)


def _why(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def webhook_text(key: str, name: str, records: list[dict[str, Any]]) -> str:
    """The body that a webhook gets."""
    return json.dumps({"key": key, "search": name, "hits": records}, ensure_ascii=False)
