"""A search -> its entry in a file of searches for `broadsheet alert`.

alert_entry(SearchParams("peace talks"))  ->  '[[search]]\\nname = "peace talks"\\nquery = "peace talks"\\nto = "stdout"\\n'
"""

import json

from search.model.text import encodable
from search.service.search import SearchParams


def alert_entry(asked: SearchParams) -> str:
    """In TOML."""
    values: dict[str, str | list[str] | None] = {
        "name": " ".join(asked.text.split()) or "everything",
        "query": asked.text.strip() or None,
        "from-date": asked.from_date,
        "to-date": asked.to_date,
        **{name: [*some] for name, some in asked.filters.items()},
        "query-fields": [*asked.query_fields],
        "to": "stdout",
    }
    lines = [f"{name} = {_toml(value)}" for name, value in values.items() if value]
    return "\n".join(["[[search]]", *lines, ""])


def _toml(value: str | list[str]) -> str:
    """Strings and lists of JSON are those of TOML, but for the character DEL."""
    return encodable(json.dumps(value, ensure_ascii=False)).replace("\x7f", "\\u007f")
