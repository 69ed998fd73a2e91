"""A process that is killed at any moment loses nothing that was acknowledged and leaves nothing half done."""

import random
from collections import Counter
from pathlib import Path

import killing
import pytest

from search.engines.protocol import open_engine
from search.model.article import Article

MAX_SECONDS = 0.4
"""Of a run: some four commits, or a rebuild."""


def headlines(url: str) -> dict[str, str]:
    """What is in the index, and withdrawn; it is whole and takes a writer without more ado."""
    with open_engine(url, create=True) as engine:
        assert engine.verify() == []
        engine.lock()
        reader = engine.reader()
        withdrawn = [each.id for each in reader.withdrawals() if each.ended is None]
        articles = {each.source: each.headline or "" for each in reader.documents() if isinstance(each, Article)}
    assert articles.keys().isdisjoint(withdrawn)
    return articles | dict.fromkeys(withdrawn, killing.WITHDRAWN)


@pytest.mark.parametrize("kills", [30, pytest.param(500, marks=pytest.mark.long)])
def test_a_writer_that_is_killed_loses_nothing_acknowledged_and_leaves_nothing_half_done(
    engine_kind: str, tmp_path: Path, kills: int
) -> None:
    chance = random.Random(kills)
    state = killing.State({}, None)
    index, backup = (f"{engine_kind}:{tmp_path / name}" for name in ("index", "backup"))
    acts: Counter[str] = Counter()
    with killing.Writer(engine_kind, tmp_path) as writer:
        for kill in range(kills):
            killed = writer.run(state, kill, chance.uniform(0, MAX_SECONDS))
            acts[killed.act] += 1
            found = headlines(index)
            assert found in (killed.before.index, killed.after.index), (kill, killed.act)
            saved = headlines(backup) if (tmp_path / "backup").exists() else None
            assert saved in (killed.before.backup, killed.after.backup), (kill, killed.act)
            begun = {".index.lock", ".backup.lock"} | ({".backup.reindex"} if saved is None else set())
            assert {each.name for each in tmp_path.iterdir()} <= {"index", "backup", *begun}, (kill, killed.act)
            state = killing.State(found, saved)
    assert kills < 200 or acts.keys() >= killing.ACTS.keys(), acts
    print(engine_kind, acts)
