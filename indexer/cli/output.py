"""What a command prints: data to standard output, messages to standard error.

say("2 removed")                    print_line(json_bytes({"source": "a.html"}))
"""

import re
import sys
from typing import Any

import click

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it: 128 + SIGINT."""


def say(words: str) -> None:
    """Print one line to stderr, with control characters, which a file name may contain, as escapes."""
    click.echo(visible(words), err=True)


def no_article(id: str, that: str = "", hint: str = "") -> int:
    """Says that there is none; the exit status. that: what is asked of it. hint: what else to give."""
    say(f"broadsheet: no article with the ID {id}{f' {that}' if that else ''}{f'; {hint}' if hint else ''}")
    return 1


def visible(words: str) -> str:
    return re.sub(r"[\0-\x1f\x7f-\x9f]", lambda control: f"\\x{ord(control[0]):02x}", words)


def print_line(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def json_bytes(record: dict[str, Any]) -> bytes:
    """UTF-8. A byte of a file name that is not UTF-8 becomes \\udcNN, from which a program can restore the name."""
    import json

    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
