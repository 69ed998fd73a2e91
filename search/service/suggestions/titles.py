"""Titles before names: who is called so is the same person without.

without_title(["US", "President", "Donald", "Trump"]) -> ["Donald", "Trump"]
"""

from collections.abc import Collection, Sequence

from search.analysis.analyzer import fold

_TITLES = {
    "English": (
        "mr mrs ms miss dr prof professor sir dame lord lady rev reverend gov governor sen senator rep representative "
        "congressman congresswoman president chancellor premier minister secretary ambassador chairman chairwoman chair "
        "mayor sheriff sgt sergeant lt lieutenant capt captain col colonel gen cmdr commander detective inspector "
        "superintendent coach mp"
    ),
    "German": (
        "herr frau bundeskanzler bundeskanzlerin kanzler kanzlerin prasident prasidentin prasidenten bundesprasident "
        "bundesprasidentin minister ministerin ministerprasident ministerprasidentin burgermeister burgermeisterin "
        "oberburgermeister oberburgermeisterin"
    ),
    "French": (
        "mme mlle monsieur madame president presidente ministre chancelier chanceliere maire senateur senatrice depute deputee"
    ),
    "Spanish and Portuguese": (
        "sr sra senor senora presidente presidenta ministro ministra canciller alcalde alcaldesa senador senadora"
    ),
    "Italian": ("signor signora dott presidente ministro premier cancelliere cancelliera sindaco sindaca"),
    "Dutch, Danish, Norwegian, Swedish": (
        "heer mevrouw premier kanselier burgemeester statsminister statsministern statsministeren presidenten borgmester"
    ),
    "Polish and Czech": ("prezydent premier minister kanclerz kanclerka prezident premier kancler kancelar"),
    "Russian and Ukrainian": ("президент премьер министр канцлер мэр прем'єр міністр"),
}
TITLES = frozenset(title for titles in _TITLES.values() for title in titles.split())
"""Folded, without full stops; not those that a word after them needs to be a name: Pope Francis, King Charles, General Motors."""


def without_title(words: Sequence[str], more: Collection[str] = ()) -> Sequence[str]:
    """The words of a name after its last title; all of them where a title is all that would be left. `more`: titles beside those
    that are known."""
    ends = [place for place, word in enumerate(words, 1) if is_title(word) or title_key(word) in more]
    return words[ends[-1] :] if ends and ends[-1] < len(words) else words


def is_title(word: str) -> bool:
    """Mr., MP or US-Präsident: a compound is what it ends with."""
    return title_key(word) in TITLES


def title_key(word: str) -> str:
    return fold(word).replace("‐", "-").rpartition("-")[2].rstrip(".")
