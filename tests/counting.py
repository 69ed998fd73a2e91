"""A reader that counts what it is asked.

counting = CountingReader(engine.reader())
answer(counting, SearchParams("truce"), Limits())
counting.asked                               # Counter({"search": 1, "words.having": 1})
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from search.engines.protocol import Reader, Words


class CountingReader:
    """`before`: called before each question, with how many there were before."""

    def __init__(self, reader: Reader, before: Callable[[int], None] = lambda _: None) -> None:
        self.asked: Counter[str] = Counter()
        self.words = _Counted(reader.words, self, "words.")
        self._reader = _Counted(reader, self)
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def count(self, question: str) -> None:
        self._before(self.asked.total())
        self.asked[question] += 1


class _Counted:
    def __init__(self, answering: Reader | Words, counting: CountingReader, prefix: str = "") -> None:
        self._answering = answering
        self._counting = counting
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        """An attribute, or a method that counts its calls."""
        found = getattr(self._answering, name)
        if not callable(found):
            return found

        def ask(*args: Any, **kwargs: Any) -> Any:
            self._counting.count(self._prefix + name)
            return found(*args, **kwargs)

        return ask
