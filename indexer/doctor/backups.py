"""How old a backup is, beside what was written to the index since.

check_backup(Path("/srv/archive.index"), Path("/mnt/backup/archive")) -> Finding("backup", "made 3 days ago")
"""

from datetime import UTC, datetime
from pathlib import Path

from indexer.doctor.finding import Finding
from search.engines.disk.backup import BACKUP_FILE
from search.engines.disk.durable_files import read_signed

MAX_AGE_DAYS = 7


def check_backup(index: Path, place: Path) -> Finding:
    command = f"broadsheet backup {place}"
    try:
        about = read_signed(place / BACKUP_FILE)
        made, of_index = datetime.fromisoformat(about["made"]), about["index"]
        days = (datetime.now(UTC) - made).days
    except FileNotFoundError:
        return Finding("backup", f"there is none at {place}", command)
    except (OSError, ValueError, TypeError, KeyError) as error:
        return Finding("backup", f"the one at {place} cannot be read: {error}", command)
    says = f"made {'today' if not days else '1 day ago' if days == 1 else f'{days:,} days ago'}"
    if of_index != str(index):
        return Finding("backup", f"{says}, of another index: {of_index}", "name the backup of this one")
    written = max((file.stat().st_mtime for file in index.iterdir()), default=0.0) if index.is_dir() else 0.0
    if days >= MAX_AGE_DAYS and written > made.timestamp():
        return Finding("backup", f"{says}; the index was written to since", command)
    return Finding("backup", says)
