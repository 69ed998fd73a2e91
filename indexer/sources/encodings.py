"""Bytes that are not UTF-8 and say nothing of their encoding -> the encoding they were most likely written in.

    >>> guess_codec("<p>Паромная компания сообщила во вторник".encode("koi8-r"))
    'koi8-r'

chardet's models of languages decide. Its answer is held against how the text looks in it: a symbol inside a word, or letters of
two scripts in one, are in no language. What nothing speaks for is windows-1252, as in browsers.
"""

import re
import unicodedata
from functools import lru_cache

import chardet

SAMPLE_BYTES = 32_768
SEARCHED_BYTES = 1_000_000
"""So far into the page samples are taken."""
ODDER = 0.03
"""Swept 0-0.2 on 514 pages in windows-1252, 140 in mac-roman and 66 texts in 40 encodings: up to 0.1 all but 3 are right, with 0
and from 0.15 on fewer."""

_SAME_NAMES = """
cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-13 koi8-r
koi8-u cp866 cp874 mac-roman mac-cyrillic gb18030 big5hkscs cp932 cp949"""
_CODECS = {name: name for name in _SAME_NAMES.split()} | {"euc_jis_2004": "euc_jp"}
"""Those that pages were written in: chardet's names -> Python's."""
_LANGUAGES = {  # codecs -> the languages whose pages were written in them
    ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"): "ru uk be bg sr mk",
    ("cp1250", "iso8859-2"): "pl cs sk hu hr bs sl ro sq",
    ("cp1252", "mac-roman"): "en fr de es pt it nl sv da no nb nn fi is ca gl eu ga cy af lb",
    ("cp1253", "iso8859-7"): "el",
    ("cp1254",): "tr az",
    ("cp1255", "iso8859-8"): "he iw yi",
    ("cp1256", "iso8859-6"): "ar fa ur",
    ("cp1257", "iso8859-13"): "lt lv et",
    ("cp1258",): "vi",
    ("cp874",): "th",
    ("gb18030", "big5hkscs"): "zh",
    ("cp932", "euc_jp"): "ja",
    ("cp949",): "ko",
}
_CODECS_OF_LANGUAGE = {language: codecs for codecs, languages in _LANGUAGES.items() for language in languages.split()}

_NO_TEXT = re.compile(rb"(?is)<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]{1,2000}>")
_AROUND = re.compile(rb"[\x00-\x7f]{0,60}[\x80-\xff][^ ]*")
_LANG = re.compile(rb"<html\b[^<>]{0,500}?\blang\s*=\s*[\"']?\s*([a-z]{2,3})\b", re.IGNORECASE)
# Bytes that windows-1252 leaves undefined stay control characters, as in browsers; Python's codec refuses them.
_WINDOWS_1252 = str.maketrans({chr(byte): bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)})


def guess_codec(data: bytes) -> str:
    """Python's codec. The same for the same bytes; looks at a sample."""
    return _guess(sample_of(data), _language(data))


def doubts(data: bytes, codec: str) -> str | None:
    """The codec that the text speaks for, if it speaks clearly against the declared one."""
    sample = sample_of(data)
    declared, foreign = decode_as(sample, codec), _is_foreign(sample, codec)
    if not (foreign or _is_wrong(declared)):
        return None
    guess = _guess(sample, _language(data))
    text = decode_as(sample, guess)
    better = oddness(text) * 3 <= oddness(declared) or text.count("\ufffd") * 10 < declared.count("\ufffd")
    better = better or (foreign and oddness(text) <= ODDER)
    return guess if guess != codec and better and not _is_foreign(sample, guess) else None


def decode_as(data: bytes, codec: str) -> str:
    """Never fails: what cannot be decoded becomes U+FFFD."""
    return data.decode("latin-1").translate(_WINDOWS_1252) if codec == "cp1252" else data.decode(codec, "replace")


def sample_of(data: bytes) -> bytes:
    """Words of the page, without mark-up: if there are many, those around characters beyond ASCII."""
    text = b" ".join(_NO_TEXT.sub(b" ", data[:SEARCHED_BYTES]).split())
    if len(text) <= SAMPLE_BYTES:
        return text
    found, size = [], 0
    for match in _AROUND.finditer(text):
        found.append(match[0][:SAMPLE_BYTES])
        size += len(found[-1])
        if size > SAMPLE_BYTES:
            break
    return b" ".join(found)


def _guess(sample: bytes, language: str) -> str:
    likely = _CODECS.get(chardet.detect(sample, compat_names=False, include_encodings=_CODECS)["encoding"] or "", "cp1252")
    suiting = _CODECS_OF_LANGUAGE.get(language, ())
    if suiting and likely not in suiting:
        ranked = chardet.detect_all(sample, ignore_threshold=True, compat_names=False, include_encodings=_CODECS)
        codecs = [_CODECS.get(each["encoding"] or "", "") for each in ranked]
        suits = next((codec for codec in codecs if codec in suiting), suiting[0])
        if _oddness(sample, suits) <= _oddness(sample, likely) + ODDER:
            likely = suits
    if likely != "cp1252" and _oddness(sample, "cp1252") + ODDER < _oddness(sample, likely):
        return "cp1252"
    return likely


def _language(data: bytes) -> str:
    found = _LANG.search(data[:4_096])
    return found[1].decode().lower() if found else ""


MIN_LETTERS = 40
FOREIGN_SHARE = 0.4
"""Of letters beyond ASCII: no language that is written in windows-1252 has so many; the most has Icelandic, 17 %."""
WRONG_SHARE = 0.25
"""Of characters that stand where none does. Of 532 texts in their own encoding one has more, which is garbled; of 1,518
texts read in another encoding most have."""
REPLACED_SHARE = 0.01
"""Of characters that cannot be decoded."""


def _is_wrong(text: str) -> bool:
    beyond_ascii = sum(char > "\x7f" for char in text)
    return beyond_ascii >= MIN_LETTERS and (text.count("\ufffd") > REPLACED_SHARE * beyond_ascii or oddness(text) > WRONG_SHARE)


def _is_foreign(sample: bytes, codec: str) -> bool:
    """Whether a Western encoding gives a text that is hardly Western."""
    if codec not in ("cp1252", "cp1254", "mac-roman", "iso8859-15", "cp1250", "iso8859-2"):
        return False
    text = decode_as(sample, codec)
    letters = [char for char in text if char.isalpha()]
    return sum(char > "\x7f" for char in letters) > max(MIN_LETTERS, FOREIGN_SHARE * len(letters))


def _oddness(sample: bytes, codec: str) -> float:
    return oddness(decode_as(sample, codec))


_USUAL_SYMBOLS = frozenset("“”‘’‚„«»‹›–—…•·°§©®™€£¥¢¡¿\u00a0ªº²³¹½¼¾×÷±´`¨¸¶†‡‰")


def oddness(text: str) -> float:
    """The share of the characters beyond ASCII that stand where no text has them: 0 to 1."""
    odd = count = 0.0
    for at, char in enumerate(text):
        if char > "\x7f":
            count += 1
            odd += _is_odd(char, text[at - 1] if at else " ", text[at + 1] if at + 1 < len(text) else " ")
    return odd / count if count else 0.0


def _is_odd(char: str, before: str, after: str) -> float:
    category = unicodedata.category(char)
    inside = before.isalpha() and after.isalpha()
    if category in ("Cc", "Cn", "Co", "Cs") or char == "\ufffd":
        return 1.0
    if category[0] == "L":
        script = _script(char)
        mixed = any(script and (other := _script(near)) and other != script for near in (before, after))
        return float(mixed or (char.isupper() and before.islower()))
    if category[0] in "SN":
        return 1.0 if inside else 0.0 if char in _USUAL_SYMBOLS else 0.5
    return float(category[0] == "P" and category != "Pd" and char not in "’‘·" and inside and _script(before) != "EAST")


@lru_cache(maxsize=20_000)
def _script(char: str) -> str:
    """The script of a letter, with those that stand in one text as one; "" for what is no letter or of any script."""
    name = unicodedata.name(char, "").split(" ")[0].split("-")[0] if char.isalpha() else ""
    if name in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC"):
        return "EAST"
    return "" if name in ("FULLWIDTH", "HALFWIDTH", "MODIFIER", "FEMININE", "MASCULINE") else name
