"""What is remarked on a query, in English, with what a translation needs: the kind of remark and its values.

>>> remark = Remark("joined_too", joined="ceasefire")
>>> remark == "apart; joined, ceasefire, it is found too", remark.values["joined"]
(True, 'ceasefire')
"""

from typing import Any, Self

REMARKS = {
    "not_stemmed": "not stemmed",
    "not_stemmed_name": "not stemmed, being looked for in names",
    "in_any_form": "in any form, by its stem in the archive's languages: {languages}",
    "without_accents": "found without its accents too: {word}",
    "apart_too": 'joined; the words apart, "{words}", are found too',
    "joined_too": "apart; joined, {joined}, it is found too",
    "initials_too": "in capitals it may be initials: {initials} is found too",
    "of_one_speaker": "in a quote of this speaker",
    "removed": "an earlier version has it and the current one does not",
    "added": "the current version has it and an earlier one does not",
    "at_least": "at least {least} of: {parts}",
    "everything": "everything",
    "nothing": "nothing",
    "ignored": "ignored: {piece}",
    "can_be": "{piece} (can be {choices})",
    "no_date": "{piece} (not a date like 2022, 2022-03, 2022-03-04 or last-month)",
    "in_quotes": "{piece} (in quotation marks only * at the end of the last word has a meaning)",
    "no_distance": "{piece} (works only after two or more words, none of them with *)",
    "short": "{piece} (~ needs at least {least} letters before it)",
    "no_field": "{piece} ({filter}: applies to the whole article)",
    "whole_language": "{piece} (searches all {language})",
    "some_words": "fewer than {few} articles have all the words; those with {some} follow",
    "spelt_too": "{name} is looked for in its other spellings too: {others}",
    "looked_for_as": "{typed} is looked for as {word}",
    "kept": "one of the top three, which feedback does not move",
    "no_word": "there is no word in it",
    "time_over": "not looked up: the time was over",
}


class Remark(str):
    """The remark in English. `kind` is a key of REMARKS; `values` fill its braces, and may be remarks themselves."""

    kind: str
    values: dict[str, Any]

    def __new__(cls, kind: str, **values: Any) -> Self:
        self = super().__new__(cls, in_english(kind, **values))
        self.kind, self.values = kind, values
        return self


def in_english(kind: str, **values: Any) -> str:
    return REMARKS[kind].format(**values)
