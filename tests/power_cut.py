"""What a disk holds after a power cut: a writer's system calls are recorded, and then all that was not synced is forgotten.

    operations = record("tantivy", root)                        # runs this file under strace
    for cut, acknowledged in moments(operations): …
    write_image(operations[:cut], root, place, random.Random(1))    # what a machine finds when it starts again

The names in a directory are those of some moment between its last fsync and the cut: a file system with a journal keeps their
order. The content of a file is what it was at its last fsync, or any part of what was written since.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

STEPS = (*["add"] * 3, "remove", *["add"] * 6, "backup", "withdraw", "add", "restore", "add", "backup", "remove", "reindex")
"""What the writer does, one after the other. The first backup is of before the withdrawal, and is restored after it; until then
there are enough segments for a merge."""
WITHDRAWN = ""
"""Stands for the headline of an article that is withdrawn."""
ACKNOWLEDGED = "acknowledged-"
CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,ftruncate,lseek,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,"
    "mkdir,mkdirat,rmdir,link,linkat,symlinkat,sendfile,copy_file_range,mmap"
)
COMMAND = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-e", "signal=none", "-e", f"trace={CALLS}", "-o"]


@dataclass(eq=False)
class File:
    data: bytearray = field(default_factory=bytearray)
    synced: bytes = b""


@dataclass(eq=False)
class Directory:
    """names: as programs see them; changes: one after the other, of which the first `synced` are on the disk."""

    names: "dict[str, File | Directory]" = field(default_factory=dict)
    changes: "list[dict[str, File | Directory | None]]" = field(default_factory=list)
    synced: int = 0

    def change(self, changed: "dict[str, File | Directory | None]") -> None:
        self.changes.append(changed)
        _apply(self.names, changed)


def _apply(names: "dict[str, File | Directory]", changed: "dict[str, File | Directory | None]") -> None:
    for name, node in changed.items():
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


Operation = tuple[str, list[str], str]
"""A call, its arguments and its result, as strace prints them but for the hexadecimal strings."""


def can_record() -> bool:
    return shutil.which("strace") is not None and subprocess.run(["strace", "-o", os.devnull, "true"]).returncode == 0


def record(kind: str, root: Path) -> list[Operation]:
    log = root.with_name(f"{root.name}.log")
    command = [*COMMAND, str(log), sys.executable, __file__, kind, str(root)]
    subprocess.run(command, check=True, cwd=Path(__file__).parent.parent, env=os.environ | {"PYTHONPATH": "."})
    needle = str(root).encode().hex(":").replace(":", r"\x")
    return [call for line in _whole_lines(log) if needle in line and (call := _call(line))]


def _whole_lines(log: Path) -> Iterator[str]:
    """A line for each call, where it ended."""
    begun: dict[str, str] = {}
    with log.open() as lines:
        for line in lines:
            pid, _, call = line.rstrip("\n").partition(" ")
            call = call.strip()
            if call.endswith("<unfinished ...>"):
                begun[pid] = call.removesuffix("<unfinished ...>").rstrip()
            elif resumed := re.match(r"<\.\.\. \w+ resumed>", call):
                yield begun.pop(pid) + call[resumed.end() :]
            else:
                yield call


def _call(line: str) -> Operation | None:
    """None for one that failed."""
    found = re.fullmatch(r"(\w+)\((.*)\)\s+= (-?\d+)(<.*>)?.*", line)
    if found is None or found[3].startswith("-"):
        return None
    return found[1], re.split(r", (?![^\[]*\])", found[2]), found[3] + (found[4] or "")


def _bytes(printed: str) -> bytes:
    """Of all strings in it."""
    return b"".join(bytes.fromhex(text.replace(r"\x", "")) for text in re.findall(r'"((?:\\x..)*)"', printed))


def _path(printed: str) -> str:
    r"""Of "\x2f…", or of 3<\x2f…>."""
    found = re.search(r'["<]((?:\\x..)*)[">]', printed)
    return os.fsdecode(bytes.fromhex(found[1].replace(r"\x", ""))) if found else ""


class Disk:
    """All that a program did below a directory, done again."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.top = Directory()
        self._open: dict[str, File] = {}
        self._places: dict[str, int] = {}

    def run(self, operation: Operation) -> None:
        name, arguments, result = operation
        if name == "mmap":
            assert not ("MAP_SHARED" in arguments[3] and "PROT_WRITE" in arguments[2]), "written without a call"
            return
        done = getattr(self, f"_{name}", None)
        assert done, f"{name} is not known here"
        done(arguments, result)

    def _at(self, path: str) -> tuple[Directory, str] | None:
        """The directory of a path, and its last name."""
        if not path.startswith(self.root + "/"):
            return None
        *folders, last = path[len(self.root) + 1 :].split("/")
        place = self.top
        for folder in folders:
            place = place.names[folder]  # type: ignore[assignment]
        return place, last

    def _node(self, path: str) -> File | Directory | None:
        found = self._at(path)
        return self.top if path == self.root else found[0].names.get(found[1]) if found else None

    def _openat(self, arguments: list[str], result: str) -> None:
        path = os.path.join(_path(arguments[0]), _path(arguments[1]))
        descriptor = result.partition("<")[0]
        self._open.pop(descriptor, None)
        found = self._at(path)
        if found is None:
            return
        folder, last = found
        if last not in folder.names and "O_CREAT" in arguments[2]:
            folder.change({last: File()})
        node = folder.names[last]
        if isinstance(node, File):
            if "O_TRUNC" in arguments[2]:
                node.data.clear()
            self._open[descriptor] = node
            self._places[descriptor] = len(node.data) if "O_APPEND" in arguments[2] else 0

    def _write(self, arguments: list[str], result: str) -> None:
        descriptor = arguments[0].partition("<")[0]
        if descriptor in self._open:
            data = _bytes(", ".join(arguments[1:]))[: int(result)]
            self._put(self._open[descriptor], data, self._places[descriptor])
            self._places[descriptor] += len(data)

    _writev = _write

    def _pwrite64(self, arguments: list[str], result: str) -> None:
        descriptor = arguments[0].partition("<")[0]
        if descriptor in self._open:
            self._put(self._open[descriptor], _bytes(arguments[1])[: int(result)], int(arguments[-1]))

    def _put(self, file: File, data: bytes, start: int) -> None:
        file.data.extend(bytes(max(0, start - len(file.data))))
        file.data[start : start + len(data)] = data

    def _lseek(self, arguments: list[str], result: str) -> None:
        self._places[arguments[0].partition("<")[0]] = int(result)

    def _ftruncate(self, arguments: list[str], _: str) -> None:
        file = self._open[arguments[0].partition("<")[0]]
        size = int(arguments[1])
        file.data[:] = file.data[:size].ljust(size, b"\0")

    def _fsync(self, arguments: list[str], _: str) -> None:
        node = self._open.get(arguments[0].partition("<")[0]) or self._node(_path(arguments[0]))
        if isinstance(node, File):
            node.synced = bytes(node.data)
        elif node:
            node.synced = len(node.changes)

    _fdatasync = _fsync

    def _rename(self, arguments: list[str], _: str) -> None:
        self._move(_path(arguments[0]), _path(arguments[1]), "")

    def _renameat(self, arguments: list[str], _: str) -> None:
        old, new = (os.path.join(_path(arguments[at]), _path(arguments[at + 1])) for at in (0, 2))
        self._move(old, new, arguments[4] if len(arguments) > 4 else "")

    _renameat2 = _renameat

    def _move(self, old: str, new: str, flags: str) -> None:
        source, target = self._at(old), self._at(new)
        if source is None or target is None:
            raise AssertionError(f"{old} became {new}")
        (folder, old_name), (other, new_name) = source, target
        assert folder is other, "from one directory into another"
        exchanged = folder.names[new_name] if "EXCHANGE" in flags else None
        folder.change({old_name: exchanged, new_name: folder.names[old_name]})

    def _unlink(self, arguments: list[str], _: str) -> None:
        self._remove(_path(arguments[0]))

    _rmdir = _unlink

    def _unlinkat(self, arguments: list[str], _: str) -> None:
        self._remove(os.path.join(_path(arguments[0]), _path(arguments[1])))

    def _remove(self, path: str) -> None:
        if found := self._at(path):
            found[0].change({found[1]: None})

    def _link(self, arguments: list[str], _: str) -> None:
        self._name_again(_path(arguments[0]), _path(arguments[1]))

    def _linkat(self, arguments: list[str], _: str) -> None:
        self._name_again(*(os.path.join(_path(arguments[at]), _path(arguments[at + 1])) for at in (0, 2)))

    def _name_again(self, old: str, new: str) -> None:
        source, target = self._at(old), self._at(new)
        if source is None or target is None:
            raise AssertionError(f"{new} is another name of {old}")
        target[0].change({target[1]: source[0].names[source[1]]})

    def _mkdir(self, arguments: list[str], _: str) -> None:
        found = self._at(_path(arguments[0]))
        if found and not found[1].startswith(ACKNOWLEDGED):
            found[0].change({found[1]: Directory()})


def moments(operations: list[Operation]) -> dict[int, int]:
    """For each number of operations after which power may fail, how many steps were acknowledged by then; from the first on."""
    steps, found = 0, {}
    for number, (name, arguments, _) in enumerate(operations):
        if name == "mkdir" and ACKNOWLEDGED in _path(arguments[0]):
            steps += 1
        if steps:
            found[number + 1] = steps
    return found


def write_image(operations: list[Operation], root: Path, place: Path, chance: random.Random) -> None:
    """Writes what is left of `root` after these operations and a power cut to a new directory."""
    disk = Disk(root)
    for operation in operations:
        disk.run(operation)
    _write_directory(disk.top, place, chance)


def _write_directory(directory: Directory, place: Path, chance: random.Random) -> None:
    place.mkdir(mode=0o700)
    names: dict[str, File | Directory] = {}
    for changed in directory.changes[
        : chance.choice((directory.synced, chance.randint(directory.synced, len(directory.changes))))
    ]:
        _apply(names, changed)
    for name, node in names.items():
        if isinstance(node, Directory):
            _write_directory(node, place / name, chance)
        else:
            (place / name).write_bytes(_content(node, chance))


def _content(file: File, chance: random.Random) -> bytes:
    whole = bytes(file.data)
    if whole == file.synced:
        return whole
    return chance.choice((file.synced, whole, whole[: chance.randint(0, len(whole))], bytes(len(whole))))


class State(NamedTuple):
    """The headlines by source in the index, and in its backup, None if there is none."""

    index: dict[str, str]
    backup: dict[str, str] | None


def state_after(steps: int) -> State:
    """What is there after so many steps."""
    index: dict[str, str] = {}
    backup: dict[str, str] | None = None
    for number, step in enumerate(STEPS[:steps]):
        withdrawn = {source: text for source, text in index.items() if text == WITHDRAWN}
        match step:
            case "add":
                index = index | dict.fromkeys(_added(number), f"Truce talks, day {number}")
            case "remove":
                index = {source: text for source, text in index.items() if source != _newest(number)}
            case "withdraw":
                index = index | {_newest(number): WITHDRAWN}
            case "backup":
                backup = index
            case "restore":
                index = (backup or {}) | withdrawn
    return State(index, backup)


def _added(number: int) -> list[str]:
    return [*(f"desk/{number}-{n}" for n in range(3)), "desk/daily"]


def _newest(number: int) -> str:
    """A source that was added last before the step."""
    added = max(step for step in range(number) if STEPS[step] == "add")
    return f"desk/{added}-0"


def _do(url: str, place: Path) -> Iterator[None]:
    """Each step is done when the next is asked for."""
    from indexer.load.reindex import reindex
    from indexer.load.withdraw import withdraw
    from search.engines.disk.backup import backup, restore
    from search.engines.protocol import open_engine
    from search.model.article import Article, Paragraph

    engine = open_engine(url, create=True)
    for number, step in enumerate(STEPS):
        headline = state_after(number + 1).index.get("desk/daily")
        match step:
            case "add":
                engine.add(
                    Article(source, source, headline=headline, paragraphs=(Paragraph(f"Envoys met, {source}, {headline}."),))
                    for source in _added(number)
                )
            case "remove":
                engine.remove([_newest(number)])
            case "withdraw":
                withdraw(engine, [_newest(number)], "court order", by="ada")
            case "backup":
                backup(url, place)
            case _:
                engine.close()
                restore(place, url, overwrite=True) if step == "restore" else reindex(url)
                engine = open_engine(url)
        yield


if __name__ == "__main__":
    _, kind, root = sys.argv
    for number, _ in enumerate(_do(f"{kind}:{root}/index", Path(root, "backup"))):
        os.mkdir(f"{root}/{ACKNOWLEDGED}{number}")
