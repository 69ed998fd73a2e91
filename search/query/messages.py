"""Remarks on a query in English, with what a translation needs: the kind of remark and its values.

>>> remark = Remark("joined_too", joined="ceasefire")
>>> remark == "written separately; also matches ceasefire", remark.values["joined"]
(True, 'ceasefire')
"""

from typing import Any, Self

REMARKS = {
    "not_stemmed": "not stemmed",
    "not_stemmed_name": "not stemmed, because names match as written",
    "in_any_form": "in any form, stemmed in the archive's languages: {languages}",
    "without_accents": "also matches without accents: {word}",
    "apart_too": 'written as one word; also matches "{words}"',
    "joined_too": "written separately; also matches {joined}",
    "initials_too": "in capitals, so possibly initials; also matches {initials}",
    "of_one_speaker": "in a quote by this speaker",
    "removed": "in an earlier version but not in the current one",
    "added": "in the current version but not in an earlier one",
    "any_of": "any of: {parts}",
    "at_least": "at least {least} of: {parts}",
    "everything": "everything",
    "nothing": "nothing",
    "ignored": "ignored: {piece}",
    "can_be": "{piece} (use one of {choices})",
    "no_date": "{piece} (not a date such as 2022, 2022-03, 2022-03-04 or last-month)",
    "in_quotes": "{piece} (inside quotation marks, * works only at the end of the last word)",
    "no_distance": "{piece} (works only after two or more words without *)",
    "short": "{piece} (~ needs at least {least} letters before it)",
    "no_field": "{piece} ({filter}: applies to the whole article)",
    "whole_language": "{piece} (searches all {language})",
    "some_words": "fewer than {few} articles have all the words; articles with {some} follow",
    "spelt_too": "{name} is also searched in other spellings: {others}",
    "looked_for_as": "{typed} is searched as {word}",
    "kept": "one of the top three, whose order feedback does not change",
    "no_word": "contains no searchable word",
    "time_over": "not looked up: time ran out",
}


class Remark(str):
    """The remark in English. `kind` is a key of REMARKS; `values` replace its placeholders and may be remarks themselves."""

    kind: str
    values: dict[str, Any]

    def __new__(cls, kind: str, **values: Any) -> Self:
        self = super().__new__(cls, in_english(kind, **values))
        self.kind, self.values = kind, values
        return self


def in_english(kind: str, **values: Any) -> str:
    return REMARKS[kind].format(**values)
