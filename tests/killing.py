"""A writer to be killed at any moment, which says what it is about to do: add, remove, withdraw, rebuild, back up, restore.

    with Writer("tantivy", root) as writer:
        killed = writer.run(State({}, None), seed=1, seconds=0.2)     # Killed(act="backup", before=State(…), after=State(…))

Run as a program it imports everything once and then forks, so that a run costs no start. It never opens an index itself.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

ACTS = {"add": 6, "remove": 2, "withdraw": 2, "undo": 1, "reindex": 1, "backup": 2, "restore": 2}
"""With their weights. Commits and merges belong to the first two."""
SOURCES = 40
WITHDRAWN = ""
"""Stands for the headline of an article that is withdrawn."""


class State(NamedTuple):
    """The headlines by source in the index, and in its backup, None if there is none."""

    index: dict[str, str]
    backup: dict[str, str] | None


class Killed(NamedTuple):
    """act: what was under way; before, after: the state acknowledged last, and what is there if that was done."""

    act: str
    before: State
    after: State


class Writer:
    def __init__(self, kind: str, root: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, kind, str(root)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent,
            env=os.environ | {"PYTHONPATH": "."},
        )  # fmt: skip

    def run(self, state: State, seed: int, seconds: float) -> Killed:
        """Kills it so long after it began its first act."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([seed, *state]), file=self._process.stdin, flush=True)
        pid = int(self._process.stdout.readline())
        first = self._process.stdout.readline()
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        killed, lines = Killed("", state, state), [first]
        while not lines[-1].endswith("ended\n"):  # also after a line that it was killed in the middle of, before the act began
            lines.append(self._process.stdout.readline())
            assert lines[-1], "it has failed"
        for line in lines[:-1]:
            act, after = json.loads(line)
            killed = Killed(act, killed.after, State(*after))
        return killed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()


def serve(kind: str, root: Path) -> None:
    import search.engines.tantivy.engine
    import search.engines.whoosh.engine  # noqa: F401

    for line in sys.stdin:
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            assert os.WIFSIGNALED(status), "it failed by itself"
            print("ended", flush=True)
        else:
            seed, *state = json.loads(line)
            print(os.getpid(), flush=True)
            act_on(f"{kind}:{root}/index", root / "backup", State(*state), random.Random(seed))


def after_act(act: str, state: State, some: list[str], headline: str) -> State:
    """What is there when it was done to these sources."""
    index, saved = state
    withdrawn = {source for source, text in index.items() if text == WITHDRAWN}
    match act:
        case "add":
            index = index | dict.fromkeys((source for source in some if source not in withdrawn), headline)
        case "remove":
            index = {source: text for source, text in index.items() if source not in some or source in withdrawn}
        case "withdraw":
            index = index | {source: WITHDRAWN for source in some if source in index}
        case "undo":
            index = {source: text for source, text in index.items() if source not in some or source not in withdrawn}
        case "backup":
            saved = index
        case "restore":
            articles = {source: text for source, text in (saved or {}).items() if text != WITHDRAWN}
            index = articles | dict.fromkeys(withdrawn, WITHDRAWN)
    return State(index, saved)


def act_on(url: str, place: Path, state: State, chance: random.Random) -> None:
    from indexer.load.reindex import reindex
    from indexer.load.withdraw import end_withdrawals, withdraw
    from search.engines.disk.backup import backup, restore
    from search.engines.protocol import open_engine
    from search.model.article import Article, Paragraph

    engine = open_engine(url, create=True)
    while True:
        (act,) = chance.choices([*ACTS], [*ACTS.values()])
        some = [f"desk/{number}" for number in chance.sample(range(SOURCES), 6)]
        headline = f"Truce talks {chance.getrandbits(30)}"
        if act == "restore" and state.backup is None:
            continue
        after = after_act(act, state, some, headline)
        print(json.dumps([act, after]), flush=True)
        if act == "add":
            engine.add(
                Article(source, source, headline=headline, paragraphs=(Paragraph(f"{source} {headline * 40}"),))
                for source in some
            )
        elif act == "remove":
            engine.remove(some)
        elif act == "withdraw":
            withdraw(engine, some, "court order", by="ada")
        elif act == "undo":
            end_withdrawals(engine, some, by="ada")
        elif act == "backup":
            backup(url, place)
        else:
            engine.close()
            reindex(url) if act == "reindex" else restore(place, url, overwrite=True)
            engine = open_engine(url)
        state = after
        print(json.dumps(["nothing", after]), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]))
