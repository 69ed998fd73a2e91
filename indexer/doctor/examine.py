"""All checks of an archive, one after the other.

examine(settings, backup=Path("/mnt/backup/archive")) -> Finding("libraries", …), Finding("disk", …), …
"""

from collections.abc import Iterator
from pathlib import Path

from indexer.doctor.backups import check_backup
from indexer.doctor.contents import check_contents
from indexer.doctor.finding import Finding
from indexer.doctor.installation import check_clock, check_libraries
from indexer.doctor.place import check_place
from search.engines.protocol import open_engine, parse_url
from search.errors import EngineError
from search.settings import Settings


def examine(settings: Settings, backup: Path | None = None) -> Iterator[Finding]:
    """backup: the directory of one, if it is to be looked at. Raises SettingsError for an address that names no engine."""
    _, path = parse_url(settings.index)
    path = path.resolve()
    yield check_libraries()
    yield check_clock(path)
    if path.is_dir():
        yield from check_place(path)
    if backup:
        yield check_backup(path, backup.resolve())
    try:
        with open_engine(settings.index) as engine:
            yield Finding("index", f"{settings.index} can be read")
            yield from check_contents(engine.reader())
    except EngineError as error:
        what, _, do = str(error).partition(". ")
        yield Finding("index", what, do or "see docs/operating.md")
