"""What an article once said: the words of `removed:` as they appear in an earlier version.

removed_fragments(current, [earlier], Removed(Word("truce")))
-> (RemovedFragment(Fragment("The truce holds.", ((4, 9),)), "paragraph", earlier),)
"""

from collections.abc import Sequence

from search.highlight.fragments import best_fragments
from search.highlight.highlighter import leaf_marks
from search.model.article import Article, passages
from search.model.results import RemovedFragment
from search.query.nodes import And, Leaf, Or, Query, leaves, removals

MAX_FRAGMENTS = 3


def removed_fragments(
    current: Article, earlier: Sequence[Article], query: Query, languages: tuple[str, ...] = ()
) -> tuple[RemovedFragment, ...]:
    """For each `removed:` of the query that is true of the article, the best fragment of the newest version that has the words.
    `earlier`: all versions but the current one, newest first; `languages`: as in highlight."""
    found: dict[RemovedFragment, None] = {}
    for part in dict.fromkeys(removal.part for removal in removals(query)):
        if not _has(current, part, languages):
            version = next((version for version in earlier if _has(version, part, languages)), None)
            if version:
                found[_fragment(version, part, languages)] = None
    return tuple(found)[:MAX_FRAGMENTS]


def _has(article: Article, part: Query, languages: tuple[str, ...]) -> bool:
    """Whether the article matches; its marks cover just what makes each leaf match."""
    wanted = leaves(part)
    return _holds(part, {wanted[mark.leaf] for marks in leaf_marks(article, part, languages).values() for mark in marks})


def _holds(part: Query, having: set[Leaf]) -> bool:
    match part:
        case And(parts):
            return all(_holds(each, having) for each in parts)
        case Or(parts):
            return any(_holds(each, having) for each in parts)
        case _:
            return part in having


def _fragment(version: Article, part: Query, languages: tuple[str, ...]) -> RemovedFragment:
    """The fragment of a version that has the words, from the passage that shows most of them."""
    marks = leaf_marks(version, part, languages)
    shown = [passage for passage in passages(version) if (passage.part, passage.index) in marks]
    best = max(shown, key=lambda passage: len({mark.leaf for mark in marks[passage.part, passage.index]}))
    fragment = best_fragments([(best.text, marks[best.part, best.index])])[0]
    return RemovedFragment(fragment, best.part, version)
