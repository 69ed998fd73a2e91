"""Where a walk through all hits of a search stands, as the text that the answer's `next` gives and the parameter `cursor` takes.

By date it names the last hit: the walk goes on behind it whatever is added meanwhile, nothing repeated or skipped. By relevance
it names the state of the index and how many hits were seen: it holds as long as that state. Either names the day on which the
walk began: what is of "last month" does not change on the way.
"""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date

from search.errors import BadRequest, CursorExpired
from search.model.article import DAY_SHIFT
from search.query.nodes import INSTANT_SHIFT, INSTANTS, OrderBy

LAST_TIE = ((date.max.toordinal() + 1) << DAY_SHIFT) - 1
"""No tiebreak_key is greater."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`place`: by date or instant the nodes.place_of the last hit seen, which is of the second tier (search/service/tiers.py) if
    `in_second`; by relevance how many were seen in both tiers, in the state `generation`."""

    order_by: OrderBy
    place: int
    today: date
    generation: str = ""
    in_second: bool = False

    def __str__(self) -> str:
        text = f"{self.order_by} {self.place} {self.today.toordinal()} {1 + self.in_second} {self.generation}"
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Raises BadRequest for a text that no answer gave, CursorExpired for one from before there were tiers."""
    try:
        plain = urlsafe_b64decode(text.encode("ascii") + b"==").decode()
    except (binascii.Error, ValueError):
        plain = ""
    match = re.fullmatch(r"(relevance|newest|oldest|added|changed) (\d{1,39}) ([1-9]\d{0,6})(?: ([12]))? (\S*)", plain, re.ASCII)
    if not match or int(match[2]) > _last_place(match[1]) or int(match[3]) > date.max.toordinal():
        raise BadRequest("cursor", text, "give the `next` value of a response, unchanged")
    if match[4] is None:
        raise CursorExpired("The cursor was issued by an earlier version of Broadsheet; repeat the search without it.")
    order_by: OrderBy = match[1]  # type: ignore[assignment]
    return Cursor(order_by, int(match[2]), date.fromordinal(int(match[3])), match[5], match[4] == "2")


def _last_place(order_by: str) -> int:
    """No nodes.place_of a hit is greater."""
    return (1 << (2 * INSTANT_SHIFT)) - 1 if order_by in INSTANTS else LAST_TIE
