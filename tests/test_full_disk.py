"""A disk that becomes full at any size keeps what was stored, is named, and goes on when there is room again."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAX_KB = 4_000
FILL = """
import json, sys
from pathlib import Path
from click.testing import CliRunner
from indexer.cli.commands import main
from search.engines.protocol import open_engine
from search.errors import DiskFull
from search.model.article import Article, Paragraph

def words(number):
    return " ".join(hex((number + 3) * 7 ** n) for n in range(300))

def command(*arguments):
    done = CliRunner().invoke(main, ["--index", url, *arguments])
    return done.exit_code, done.stderr.strip().splitlines()[-1]

def whole(url):
    with open_engine(url) as engine:
        return not engine.verify() and {each.source for each in engine.reader().documents()} >= {f"desk/{n}" for n in range(kept)}

url, disk = sys.argv[1], Path(sys.argv[2])
place, kept = disk / "backup", 0
told = {}
with open_engine(url, create=True) as engine:
    kept += engine.add([Article("desk/0", "0", paragraphs=(Paragraph(words(0)),))]).added
told["backup"] = command("backup", str(place))
try:
    with open_engine(url) as engine:
        while True:
            batch = range(kept, kept + 5)
            kept += engine.add([Article(f"desk/{n}", str(n), paragraphs=(Paragraph(words(n)),)) for n in batch]).added
except DiskFull as full:
    told["add"] = str(full)
told["whole"] = whole(url)
told["index"] = command("index", sys.argv[3], "--jobs", "1")
told["reindex"] = command("reindex")
told["full"] = command("backup", str(place))
told["still whole"] = whole(url)
(disk / "filler").unlink()
told["index again"] = command("index", sys.argv[3], "--jobs", "1")
told["full again"] = command("backup", str(place))
told["verify"] = command("verify")
told["kept"] = kept
print(json.dumps(told))
"""


@pytest.mark.parametrize("sizes", [3, pytest.param(50, marks=pytest.mark.long)])
def test_a_disk_that_becomes_full_keeps_what_was_stored_and_goes_on(engine_kind: str, tmp_path: Path, sizes: int) -> None:
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if shutil.which("unshare") is None or subprocess.run([*unshare, f"mount -t tmpfs none {tmp_path}"]).returncode:
        pytest.skip("needs unshare and the right to mount a small disk in a namespace of its own")
    page = tmp_path / "late.jsonl"
    page.write_text(json.dumps({"title": "Late harvest", "body": "The harvest is late. " * 40, "date": "2022-03-01"}))
    disk = tmp_path / "disk"
    disk.mkdir()
    chance = random.Random(sizes)
    for size in (chance.randrange(1_200, MAX_KB) for _ in range(sizes)):
        filled = f"mount -t tmpfs -o size={size}k none {disk} && head -c {size // 2}k /dev/zero > {disk}/filler"
        command = f"{filled} && exec {sys.executable} -c '{FILL}' {engine_kind}:{disk}/index {disk} {page}"
        done = subprocess.run([*unshare, command], capture_output=True, text=True, cwd=Path(__file__).parent.parent)
        assert done.returncode == 0, (size, done.stderr)
        told = json.loads(done.stdout)
        assert told["backup"][0] == 0, (size, told)
        assert told["whole"] is told["still whole"] is True, (size, told)
        for status, words in ((1, told["add"]), told["index"], told["reindex"], told["full"]):
            assert status == 0 or (status == 1 and f"free on {disk}" in words), (size, told)  # a little may still go in
        assert told["index again"][0] == told["full again"][0] == told["verify"][0] == 0, (size, told)
