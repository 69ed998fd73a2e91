"""The language of a text whose page does not declare one.

    >>> detect_language("The cease-fire is to begin at midnight, and both armies have said that they will keep to it.")
    'en'

Scripts that one language uses tell it at once; for the others the commonest short words are counted.
"""

import re
from collections import Counter
from functools import cache

from search.article import Article

SAMPLE_CHARACTERS = 2_500
LEAST_SHARE = 0.08
"""Share of words that must be among the language's commonest ones; running text has two to four times as many."""
LEAST_LEAD = 2
"""How many of its words the likeliest language must be ahead of the next; Danish and Norwegian share most of theirs."""

_SCRIPTS = r"""
ko \uac00-\ud7a3  th \u0e01-\u0e7f  he \u05d0-\u05ea  el \u0370-\u03ff  hi \u0900-\u097f  bn \u0980-\u09ff  pa \u0a00-\u0a7f
gu \u0a80-\u0aff  ta \u0b80-\u0bff  te \u0c00-\u0c7f  kn \u0c80-\u0cff  ml \u0d00-\u0d7f  si \u0d80-\u0dff  my \u1000-\u109f
ka \u10a0-\u10ff  hy \u0530-\u058f  am \u1200-\u137f  km \u1780-\u17ff  lo \u0e80-\u0eff  cyrillic \u0400-\u04ff
arabic \u0600-\u06ff  kana \u3040-\u30ff  han \u3400-\u9fff  latin A-Za-z\u00c0-\u024f\u1e00-\u1eff
"""
_COMMON_WORDS = """
en the of and to in that is was for on with as it he by at from have has are be his this not but were which an who said had
de der die und das den von zu mit sich auf ist nicht ein eine im dem des für werden als auch es an er hat aus bei sind nach
fr le la les de des et un une du est dans qui que pour sur au pas par il plus ne se avec ce aux sont ont été cette mais
es el la los las de y que en un una del se por con para su al es lo como más pero sus no ha fue este entre cuando
pt o a os as de e que do da em um uma para com não por no na se mais dos das foi ao como mas são também pelo pela ser está
it il la le di e che un una per in del della con non si dei è sono da al nel più ha alla anche gli ma come delle
nl de het een en van in is dat op te zijn met voor niet aan er om ook als bij door maar naar wordt werd heeft uit nog
sv och att det i en som på är av för med den till inte har de ett om var från men så sig efter också vid när blir
da og at det i en som på er af for med den til ikke har de et om var fra men så sig efter også bliver blev hvad kunne noget meget
no og å det i en som på er av for med den til ikke har de et om var fra men så seg etter også blir ble hva kunne noe mye
fi ja on ei se että oli hän ovat myös mutta kun joka mukaan sen ole kuin tai olla jos niin vain hänen sekä ollut
pl i w na z się nie do to że jest o jak a po za od przez dla ale co był są tym oraz jego które
cs a se v na je že to s z do o i ve k za pro by jako ale si jsou byl podle také po který už
sk a sa v na je že to s z do o aj vo k za pre by ako ale si sú bol podľa tiež po ktorý už
hu a az és hogy nem is egy ez meg de volt már csak azt mint el még ki szerint után lesz vagy aki ezt
ro și de în a la cu nu că pe din o un care mai este pentru sunt fost au ca ce fi prin după dar
tr ve bir bu da de için ile olarak çok daha gibi olan kadar sonra en ise o ne olduğu var değil göre her
id yang dan di ini itu dengan untuk dari pada tidak dalam akan ke juga telah oleh bisa ada adalah saat karena tersebut para
ms yang dan di ini itu dengan untuk daripada pada tidak dalam akan ke juga telah oleh boleh ada ialah kerana berkata beliau
vi và của là có cho không được các trong đã một người với những này để khi từ năm đến ra về
hr i u je da na se su za od s o koji ali kao što nije bi će iz to te po kako samo bilo
ca el la els les de i que en un una del per amb no és al dels ha més com va però seva aquest
sl in je v da na se za so ki z ne pa tudi bi iz po od s kot ali še kar bo ter
lt ir kad į yra su tai iš bet kaip ne jis buvo per nuo apie už tik jau o dar taip
lv un ir ka ar no uz par tas arī bet kā ne pēc gan tika jau ko savu vai
et ja on et ei ka see oli kui ning mis aga või ta oma kes pärast seda selle
is og að í á er sem við um var það til en með ekki hann fyrir af þá hefur því
sq të e në dhe që për me një nuk i është nga së si do ka se më u
sw ya na wa kwa ni katika la za kuwa hiyo huo alisema hilo amesema cha lakini pia
af die en van in is het dat nie te vir met op sy was hy om aan wat sal ook by deur
""".strip()


def detect_language(text: str) -> str | None:
    """A primary BCP 47 tag in lower case, None when unsure."""
    sample = text[:SAMPLE_CHARACTERS].casefold()
    counts = Counter({name: len(pattern.findall(sample[:600])) for name, pattern in _script_patterns()})
    letters, chinese = counts.total(), counts["kana"] + counts["han"]
    script, most = counts.most_common(1)[0]
    if letters < 20:
        return None
    if chinese > letters / 3:  # Korean and Latin names stand among them
        return "ja" if counts["kana"] > 0.1 * chinese else "zh"
    if most < 0.5 * letters:
        return None
    if script == "arabic":
        return "ur" if re.search("[ٹڈڑے]", sample) else "fa" if re.search("[پچژگ]", sample) and "ی" in sample else "ar"
    return _cyrillic_language(sample) if script == "cyrillic" else _latin_language(sample) if script == "latin" else script


def article_language(article: Article) -> str | None:
    """The language of an article's own words, None when unsure."""
    texts = (article.headline, article.standfirst, *(paragraph.text for paragraph in article.paragraphs))
    return detect_language(" ".join(text for text in texts if text))


def lacks_english(article: Article) -> bool:
    """Whether a text declared to be English, as systems do by default, has too few of its commonest words."""
    text = " ".join(paragraph.text for paragraph in article.paragraphs)[:SAMPLE_CHARACTERS].casefold()
    return len(text) > LEAST_LETTERS and text.count(" the ") < len(text) / LEAST_LETTERS


LEAST_LETTERS = 500
"""In so many letters of English there is at least one article."""


@cache
def _script_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = _SCRIPTS.split()
    return tuple((name, re.compile(f"[{letters}]")) for name, letters in zip(words[::2], words[1::2], strict=True))


@cache
def _languages_of_word() -> dict[str, list[str]]:
    languages: dict[str, list[str]] = {}
    for language, *words in map(str.split, _COMMON_WORDS.splitlines()):
        for word in words:
            languages.setdefault(word, []).append(language)
    return languages


def _latin_language(sample: str) -> str | None:
    words = re.findall(r"[^\W\d_]+", sample)
    hits = Counter(language for word in words for language in _languages_of_word().get(word, ()))
    (best, most), (_, next_most) = [*hits.most_common(2), ("", 0), ("", 0)][:2]
    return best if most >= max(4, LEAST_SHARE * len(words), next_most + LEAST_LEAD) else None


def _cyrillic_language(sample: str) -> str | None:
    for language, letters in (("sr", "ђћљњџј"), ("be", "ў"), ("uk", "їєґ"), ("ru", "ыэё")):
        if sum(sample.count(letter) for letter in letters) >= max(1, len(sample) // 1000):
            return language
    return "bg" if sample.count("ъ") > len(sample) / 250 else "uk" if "і" in sample else None
