"""A leaf of `said:` or `by:` -> the leaf as an index has it: among the terms that begin with the mark of one speaker.

marked(Phrase(("single", "battleground"), "said"), speaker_mark(0))
-> Phrase(("ĀĀĀ|single", "ĀĀĀ|battleground"), "spoken")
"""

from search.analysis.folding import fold
from search.indexing.fields import SPEAKING, SPOKEN
from search.query.nodes import Fuzzy, Near, Phrase, PhrasePrefix, Prefix, TextLeaf, Wildcard, Word


def marked(leaf: TextLeaf, mark: str) -> TextLeaf:
    """A leaf of "said" or "by" as it is looked for among the terms with the mark; a stemmed word's terms are yet to be marked."""
    field = SPEAKING if leaf.field == "by" else SPOKEN
    match leaf:
        case Word(text):
            return Word(text, SPOKEN) if field == SPOKEN else Phrase((mark + fold(text),), field)
        case Phrase(words):
            return Phrase(tuple(mark + word for word in words), field)
        case PhrasePrefix(words, start):
            return PhrasePrefix(tuple(mark + word for word in words), mark + start, field)
        case Near(first, second, distance):
            return Near(mark + first, mark + second, distance, field)
        case Prefix(start):
            return Prefix(mark + start, field)
        case Wildcard(pattern):
            return Wildcard(mark + pattern, field)
        case Fuzzy(word, edits):
            return Fuzzy(mark + word, edits, field)
