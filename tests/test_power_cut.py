"""What was acknowledged is there after a power cut, and the index opens: whatever of the rest reached the disk."""

import random
import shutil
from pathlib import Path

import power_cut
import pytest

from search.engines.protocol import open_engine
from search.model.article import Article


def contents(url: str) -> dict[str, str]:
    """What is in the index, which is whole and can be written to, and what is withdrawn."""
    with open_engine(url) as engine:
        assert engine.verify() == []
        reader = engine.reader()
        found = {each.source: each.headline or "" for each in reader.documents() if isinstance(each, Article)}
        withdrawn = [each.id for each in reader.withdrawals()]
        assert found.keys().isdisjoint(withdrawn)
        engine.add([Article("desk/late", "late", headline="Late harvest")])
    return found | dict.fromkeys(withdrawn, power_cut.WITHDRAWN)


@pytest.mark.parametrize("cuts", [5, pytest.param(100, marks=pytest.mark.long)])
def test_what_was_acknowledged_survives_a_power_cut(engine_kind: str, tmp_path: Path, cuts: int) -> None:
    if not power_cut.can_record():
        pytest.skip("needs strace, and the right to trace a process, to know what was written and synced")
    root = tmp_path / "written"
    root.mkdir()
    operations = power_cut.record(engine_kind, root)
    moments = power_cut.moments(operations)
    assert max(moments.values()) == len(power_cut.STEPS)
    chance = random.Random(cuts)
    for cut in chance.sample(sorted(moments), cuts):
        place = tmp_path / "after"
        power_cut.write_image(operations[:cut], root, place, chance)
        what = f"after {cut} of {len(operations)} operations, {moments[cut]} acknowledged"
        states = [power_cut.state_after(moments[cut] + more) for more in (0, 1)]
        assert contents(f"{engine_kind}:{place / 'index'}") in [state.index for state in states], what
        if (place / "backup").exists() or None not in [state.backup for state in states]:
            assert contents(f"{engine_kind}:{place / 'backup'}") in [state.backup for state in states], what
        shutil.rmtree(place)


def test_what_was_not_synced_is_forgotten(tmp_path: Path) -> None:
    """The disk itself: a file that is not synced may be empty, a name that is not synced missing."""
    hexed = {name: str(tmp_path / name).encode().hex(":").replace(":", r"\x") for name in ("", "draft", "file")}
    folder, draft, file = (rf"\x{each}" for each in (hexed[""], hexed["draft"], hexed["file"]))
    written: list[power_cut.Operation] = [
        ("openat", ["AT_FDCWD<>", f'"{draft}"', "O_WRONLY|O_CREAT"], f"3<{draft}>"),
        ("write", [f"3<{draft}>", r'"\x61\x62"', "2"], "2"),
        ("fsync", [f"3<{draft}>"], "0"),
        ("write", [f"3<{draft}>", r'"\x63"', "1"], "1"),
        ("fsync", [f"4<{folder}>"], "0"),
        ("rename", [f'"{draft}"', f'"{file}"'], "0"),
    ]

    def images(operations: list[power_cut.Operation]) -> set[tuple[str, bytes]]:
        found = set()
        for number in range(60):
            place = tmp_path / f"image{number}"
            power_cut.write_image(operations, tmp_path, place, random.Random(number))
            found |= {(each.name, each.read_bytes()) for each in place.iterdir()} or {("", b"")}
            shutil.rmtree(place)
        return found

    assert images(written[:4]) >= {("", b""), ("draft", b"ab"), ("draft", b"abc"), ("draft", b"\0\0\0")}
    assert images(written[:3]) == {("", b""), ("draft", b"ab")}
    assert {name for name, _ in images(written[:5])} == {"draft"}
    assert {name for name, _ in images(written)} == {"draft", "file"}
