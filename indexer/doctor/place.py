"""The directory of an index: disk, permissions, file system, left-overs, who writes to it.

check_place(Path("/srv/archive.index")) -> Finding("disk", "12.0 GB free, the index takes 0.9 GB"), …
"""

import fcntl
import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.doctor.finding import Finding, size
from search.engines.disk.directory import free_bytes
from search.engines.disk.durable_files import DRAFT_SECONDS
from search.engines.disk.replacement import FORMAT_FILE, fresh_place

MIN_FREE_BYTES = 200_000_000
"""Less fills up with the next merge of a small archive."""
WEAK_FILE_SYSTEMS = {
    **dict.fromkeys(("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph"), "locks and durable writes"),
    **dict.fromkeys(("vfat", "msdos", "exfat", "fuseblk"), "permissions, locks and atomic renames"),
    **dict.fromkeys(("tmpfs", "ramfs"), "to keep anything after a restart"),
}
"""What each does not promise: those of networks, of other systems, of memory."""
MOUNTS = Path("/proc/self/mountinfo")


def check_place(path: Path) -> Iterator[Finding]:
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        who = f"run as its owner (user {path.stat().st_uid})"
        yield Finding("permissions", f"{path} cannot be read and written by this user", who)
        return
    if not (path / FORMAT_FILE).exists():  # a folder of something else: its permissions are nobody's business here
        return
    yield _disk(path)
    yield _permissions(path)
    if MOUNTS.exists():
        yield file_system(path, MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines())
    yield _left_overs(path)
    yield _writer(path)


def _disk(path: Path) -> Finding:
    free, taken = free_bytes(path), sum(file.stat().st_size for file in path.iterdir())
    says = f"{size(free)} free, the index takes {size(taken)}"
    if free < max(taken, MIN_FREE_BYTES):
        return Finding("disk", says, "make room: `reindex` and the merging of large parts need as much again as the index takes")
    return Finding("disk", says)


def _permissions(path: Path) -> Finding:
    status = path.stat()
    others = [file.name for file in path.iterdir() if file.stat().st_uid != status.st_uid]
    if others:
        does = f"give them to the owner: chown -R {status.st_uid} {path}"
        return Finding("permissions", f"files of another user than their directory: {len(others):,} ({others[0]} …)", does)
    if status.st_mode & 0o077:
        mode = f"{status.st_mode & 0o777:o}"
        return Finding("permissions", f"others than the owner can look into the index (mode {mode})", f"chmod 700 {path}")
    return Finding("permissions", "only the owner can read and write the index")


def file_system(path: Path, mounts: Iterable[str]) -> Finding:
    """mounts: lines as in /proc/self/mountinfo."""
    found, kind = Path("/"), "unknown"
    for line in mounts:
        fields, _, rest = line.partition(" - ")
        place = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields.split()[4]))
        if path.is_relative_to(place) and place.is_relative_to(found):
            found, kind = place, rest.split()[0]
    says = f"{kind}, mounted at {found}"
    if weak := WEAK_FILE_SYSTEMS.get(kind):
        return Finding(
            "file system", f"{says}, does not promise {weak}", "move the index to a local disk with ext4, XFS or Btrfs"
        )
    return Finding("file system", says)


def _left_overs(path: Path) -> Finding:
    aside = [each for each in (fresh_place(path), path.with_name(f".{path.name}.replaced")) if each.exists()]
    drafts = [each for each in path.glob("*.new") if each.stat().st_mtime < time.time() - DRAFT_SECONDS]
    if found := [str(each) for each in (*aside, *drafts)]:
        does = "nothing, if `reindex` or `restore` is running; else the next command that writes, such as `index`, removes them"
        return Finding("left-overs", f"of a run that was cut off: {', '.join(found)}", does)
    return Finding("left-overs", "none")


def _writer(path: Path) -> Finding:
    """One at a time may write; to be at it is nothing odd."""
    for lock in (*path.glob("*lock*"), *path.glob("*LOCK*")):
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return Finding("writer", f"a process is writing to the index ({lock.name} is held)")
    return Finding("writer", "no process is writing to the index")
