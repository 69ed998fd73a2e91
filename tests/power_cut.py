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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

STEPS = 14
WITHDRAWAL = 8
"""The step that removes articles in this way."""
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


def documents_after(steps: int) -> dict[str, str]:
    """The sources in the index after so many steps, with their headlines."""
    found: dict[str, str] = {}
    for step in range(steps):
        if step == STEPS - 1:
            break  # the index is rebuilt
        if step % 5 == 3:
            found.pop(f"desk/{step - 2}-0", None)
        else:
            found |= {f"desk/{step}-{n}": f"Truce talks, day {step}" for n in range(3)} | {"desk/daily": f"Day {step}"}
    return found


def _steps(url: str) -> Iterator[Callable[[], object]]:
    from indexer.load.reindex import reindex
    from indexer.load.withdraw import withdraw
    from search.engines.protocol import open_engine
    from search.model.article import Article, Paragraph

    engine = open_engine(url, create=True)
    for step in range(STEPS - 1):
        before, after = documents_after(step), documents_after(step + 1)
        articles = [
            Article(source, source, headline=headline, paragraphs=(Paragraph(f"Envoys met, {headline}."),))
            for source, headline in after.items()
            if before.get(source) != headline
        ]
        if articles:
            yield lambda articles=articles: engine.add(articles)  # type: ignore[misc]
        else:
            gone = before.keys() - after.keys()
            if step == WITHDRAWAL:
                yield lambda gone=gone: withdraw(engine, [*gone], "court order", by="ada")  # type: ignore[misc]
            else:
                yield lambda gone=gone: engine.remove(gone)  # type: ignore[misc]
    engine.close()
    yield lambda: reindex(url)


if __name__ == "__main__":
    _, kind, root = sys.argv
    for number, step in enumerate(_steps(f"{kind}:{root}/index")):
        step()
        os.mkdir(f"{root}/{ACKNOWLEDGED}{number}")
