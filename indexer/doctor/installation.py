"""The program and the machine: versions of the libraries, and the clock.

check_libraries() -> Finding("libraries", "19 in versions that Broadsheet works with")
"""

import re
import sys
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from indexer.doctor.finding import Finding

CLOCK_SLACK_SECONDS = 60
_REQUIREMENT = re.compile(r"([\w.-]+)\s*([<>=,.\d\s]*)(?:;(.*))?")
_BOUND = re.compile(r"(>=|<)\s*([\d.]+)")
_UP_TO_PYTHON = re.compile(r"\s*python_version < .(\d+)\.(\d+).\s*")


def check_libraries() -> Finding:
    wrong = list(unfit(requires("broadsheet") or ()))
    if wrong:
        return Finding("libraries", "; ".join(wrong), "install them as docs/installing.md says")
    python = ".".join(map(str, sys.version_info[:3]))
    return Finding("libraries", f"Broadsheet {version('broadsheet')} on Python {python}; all libraries have versions that fit")


def unfit(requirements: Iterable[str]) -> Iterator[str]:
    """Of requirements as in the metadata of a package those that are not met; without those of extras.

    "flask>=3.1" -> "flask is 2.0, not >=3.1" """
    for requirement in requirements:
        found = _REQUIREMENT.fullmatch(requirement)
        if not found or (found[3] and not _applies(found[3])):
            continue
        name, bounds = found[1], found[2].strip()
        try:
            installed = version(name)
        except PackageNotFoundError:
            yield f"{name} is missing"
            continue
        for sign, bound in _BOUND.findall(bounds):
            if (_parts(installed) >= _parts(bound)) != (sign == ">="):
                yield f"{name} is {installed}, not {sign}{bound}"


def _applies(marker: str) -> bool:
    below = _UP_TO_PYTHON.fullmatch(marker)
    return bool(below) and sys.version_info[:2] < (int(below[1]), int(below[2])) if below else False


def _parts(version: str) -> tuple[int, ...]:
    """3.1.0 -> (3, 1), so that 3.1 is not less."""
    numbers = [int(number) for number in re.findall(r"\d+", version.partition("+")[0])]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def check_clock(index: Path) -> Finding:
    """Embargoes end, alerts are told and `added:` is answered by this machine's clock."""
    now = time.time()
    files = [file.stat().st_mtime for file in index.iterdir()] if index.is_dir() else []
    newest = max([*files, Path(__file__).stat().st_mtime])
    here = time.strftime("%Y-%m-%d %H:%M %Z", time.localtime(now))
    if newest > now + CLOCK_SLACK_SECONDS:
        later = time.strftime("%Y-%m-%d %H:%M", time.localtime(newest))
        return Finding("clock", f"it is {here}, but files were written at {later}", "set the clock of this machine (NTP)")
    return Finding("clock", f"it is {here}")
