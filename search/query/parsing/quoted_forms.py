"""Words in quotation marks -> equivalent runs of exact terms: initials and numbers can be printed in two ways.

    quoted_forms("J. R. R. Tolkien", initials=True)  ->  (("j", "r", "r", "tolkien"), ("jrr", "tolkien"))
    quoted_forms("US troops", initials=True)         ->  (("us", "troops"), ("u", "s", "troops"))
    quoted_forms("12,000 jobs", initials=True)       ->  (("12000", "jobs"), ("12", "000", "jobs"))

J.R.R. and J. R. R. have the same terms, as have 12,000 and 12'000; JRR and 12 000 have others. A Persian word with a non-joiner
can be printed with a space in its place, or joined.
"""

import re
from collections.abc import Iterator
from itertools import pairwise, product

from search.analysis.analyzer import NON_JOINER, READ_OTHERWISE, Compound, Token, compounds, without_blanks_inside

MAX_VARIED_WORDS = 2
"""The maximum number of words and numbers in a phrase that are searched in two forms; with more numbers, none is."""
_LARGE_NUMBER = re.compile(r"([1-9]\d{0,2})((?:\d{3})+)([.,]\d{1,2})?")
_YEAR = re.compile(r"1\d{3}|20\d\d")
"""Numbers that are usually years; they are not searched as 2 022."""
_DEGREE = re.compile("([A-Z][a-z]{1,3})([A-Z])|([A-Z])([A-Z][a-z]{1,3})")
"""PhD, MSc"""

_OPERATORS = ("and", "or", "not")

Terms = tuple[str, ...]


def quoted_forms(text: str, initials: bool) -> tuple[Terms, ...]:
    """The terms as typed come first; () if the text has none. `initials`: whether capitals are significant."""
    text = without_blanks_inside(text)
    units = [unit for compound in compounds(text) for unit in _units(text, compound)]
    choices = [_choices(text, unit, initials, alone=len(units) == 1) for unit in units]
    runs = _product(choices, [place for place, some in enumerate(choices) if len(some) > 1][:MAX_VARIED_WORDS])
    return tuple(form for terms in runs if terms for form in number_forms(terms))


def number_forms(terms: Terms) -> tuple[Terms, ...]:
    """Both 12000 jobs and 12 000 jobs."""
    choices = [[(term,), *_grouped(term)] for term in terms]
    varied = [place for place, some in enumerate(choices) if len(some) > 1]
    return tuple(_product(choices, varied if len(varied) <= MAX_VARIED_WORDS else []))


def _product(choices: list[list[Terms]], varied: list[int]) -> Iterator[Terms]:
    """Every combination of the alternatives; the first takes the first of each."""
    for chosen in product(*(choices[place] for place in varied)):
        run = dict(enumerate(some[0] for some in choices)) | dict(zip(varied, chosen, strict=True))
        yield tuple(term for terms in run.values() for term in terms)


def _grouped(term: str) -> Iterator[Terms]:
    number = _LARGE_NUMBER.fullmatch(term)
    if number and not _YEAR.fullmatch(term):
        *thousands, last = re.findall(r"\d{3}", number[2])
        yield (number[1], *thousands, last + (number[3] or ""))


def neighbours(text: str) -> Iterator[tuple[str, str, bool]]:
    """Each exact term of the text with the next, and whether both are letters of the same initialism."""
    units = [unit for compound in compounds(without_blanks_inside(text)) for unit in compound.units]
    terms = [(token.term, number) for number, unit in enumerate(units) for token in unit]
    for (left, here), (right, there) in pairwise(terms):
        yield left, right, here == there


def _units(text: str, compound: Compound) -> tuple[tuple[Token, ...], ...]:
    """The units of a compound; Ph.D. and کتاب‌ها are one unit."""
    gaps = {text[left.end : right.start] for left, right in pairwise(compound.tokens)}
    return (compound.tokens,) if gaps and gaps <= {".", NON_JOINER} else compound.units


def _choices(text: str, unit: tuple[Token, ...], initials: bool, alone: bool) -> list[Terms]:
    terms = tuple(token.term for token in unit)
    others = [form for form in _other_forms(text, unit, initials, alone) if form != terms]
    return [terms, *others[:1]]


def _other_forms(text: str, unit: tuple[Token, ...], initials: bool, alone: bool) -> Iterator[Terms]:
    first = unit[0]
    joined = "".join(token.term for token in unit)
    if joined in _OPERATORS or (alone and joined in READ_OTHERWISE):
        return  # US is no U.S. in a text that has many an us
    if len(unit) > 1:
        yield (joined,)
    elif initials and first.initials:
        yield tuple(first.initials.strip(".").split("."))
    elif degree := _DEGREE.fullmatch(text, first.start, first.end):
        yield tuple(part.lower() for part in degree.groups() if part)
