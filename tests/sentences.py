"""Sentences of an invented newspaper in many languages, with the encodings of their pages before UTF-8: see sentences.txt."""

import re
from pathlib import Path
from typing import NamedTuple


class Sample(NamedTuple):
    language: str
    codecs: tuple[str, ...]
    sentences: tuple[str, ...]


def _read() -> list[Sample]:
    text = (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8")
    blocks = re.findall(r"^\[(\S+)\] (.+)\n((?:.+\n)+)", text, re.MULTILINE)
    return [Sample(language, tuple(codecs.split()), tuple(lines.splitlines())) for language, codecs, lines in blocks]


SAMPLES = _read()
