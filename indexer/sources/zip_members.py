"""A member of a zip file, never more of it than a limit.

read_member(archive, archive.getinfo("posts.csv"), 10_000_000) -> b"post_id,…"
"""

import zipfile
from typing import IO

from indexer.sources.source_file import BROKEN, too_large, undecodable
from search.errors import PageError


def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    """To be read piece by piece. Raises PageError for one that cannot be unpacked within bounds."""
    if member.flag_bits & 1:
        raise PageError("undecodable", "it is encrypted; unpack it to index it")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Python unpacks these by whole blocks, of which 2 KB may hold gigabytes.
        raise PageError("undecodable", "it is compressed in a rare way (not deflated); unpack it to index it")
    return archive.open(member)


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """All of it. Raises PageError as above, also for what is damaged or has more than `limit` bytes."""
    try:
        with open_member(archive, member) as stream:
            data = stream.read(limit + 1)
    except BROKEN as error:
        raise undecodable(error) from error
    if len(data) > limit:
        raise too_large(limit)
    return data
