"""The language of an article: what its page declares, unless its words plainly say otherwise; else what its words tell; else the
default of its collection; else None.

    >>> detect_language("The cease-fire is to begin at midnight, and both armies have said that they will keep to it.")
    'en'

Scripts that one language uses tell it at once; elsewhere the commonest short words do where they are many, as in any long text.
What is left, short and rarer texts, is asked of py3langid, which loads its model (0.7 s, 100 MB) at the first of them. A wrong
language costs more than an unknown one: an unknown article is found by stem too. So a language is named only when it is sure.
"""

import os
import re
from collections import Counter
from functools import cache
from itertools import chain, repeat
from typing import Any

from search.errors import SettingsError
from search.model.article import Article

SAMPLE_CHARACTERS = 1_000
MIN_LETTERS = 20
"""A text with fewer is a name or a number."""
MIN_KANA = 8
"""The same in Japanese, which is not told from Chinese before it has kana."""
SURE_WORDS = 8
SURE_SHARE = 0.2
SURE_LEAD = 5
"""So many words, and this share of all, must be among the language's commonest ones, so many more than of the next language's:
Danish and Norwegian share most of theirs, and Galician looks like Portuguese. Swept with shares of 0.2-0.3, 8-10 words and leads
of 3-6 over 4,800 sentences of 60 languages, 1,700 short news stories and 920 pages: none is wrong; at 0.2 85 % of the stories
pass by their first 250 characters and 88 % of the pages by 1,000, at 0.25 69 and 49 %."""
SURE = 0.7
SUPPORTED = 0.3
"""How likely the model must find its language; the lower one is enough where at least one common word of it stands in the text
and no more of another language. Swept over 0.5-0.95 and 0.2-0.5 with the same texts: of the stories' first 60 characters the
model alone leaves 8 % unknown and 0.6 % wrong at 0.5, 15 and 0.2 % at 0.7; with the common words it leaves 4 and 0.2 % at 0.7
and 0.3, and with 0.6 for the upper one the wrong ones double."""
PLAIN_LETTERS = 100
PLAIN_WORDS = 40
PLAIN_SHARE = 0.08
"""So many words of running text have at least this share of their language's commonest ones; most have two to four times it."""
NO_LANGUAGE = "zxx"
"""What the model calls code, addresses and the like."""
_VARIETIES = {"nb": "no", "nn": "no", "sdh": "ku"}
"""Both ways of writing Norwegian are one language here, as for its stemmer; southern Kurdish is no Persian."""

_SCRIPTS = r"""
ko \uac00-\ud7a3  th \u0e01-\u0e7f  he \u05d0-\u05ea  el \u0370-\u03ff  devanagari \u0900-\u097f
bengali \u0980-\u09ff  pa \u0a00-\u0a7f  or \u0b00-\u0b7f  gu \u0a80-\u0aff  ta \u0b80-\u0bff  te \u0c00-\u0c7f
kn \u0c80-\u0cff  ml \u0d00-\u0d7f  si \u0d80-\u0dff  my \u1000-\u109f  ka \u10a0-\u10ff  hy \u0530-\u058f
am \u1200-\u137f  km \u1780-\u17ff  lo \u0e80-\u0eff  cyrillic \u0400-\u04ff  arabic \u0600-\u06ff  kana \u3040-\u30ff
han \u3400-\u9fff  latin A-Za-z\u00c0-\u024f\u1e00-\u1eff
"""
_LATIN = re.compile(r"[\0-\u024f\u1e00-\u1eff]+")
_SHARED_SCRIPTS = """
latin
cyrillic ru uk bg be mk tg ky mn tt ba
arabic ar fa ur ps sd ug
devanagari hi mr ne sa
bengali bn as
"""
"""Each with languages that are written in no other."""
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
_ISO_639_1 = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa
ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko
kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa
pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty
ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""


def detect_language(text: str) -> str | None:
    """A primary BCP 47 tag in lower case, None when unsure."""
    sample = text[:SAMPLE_CHARACTERS]
    script = _script(_letters_of_scripts(sample))
    if script is None or script not in _languages_of_script():
        return script
    words = _words_of(sample) if script == "latin" else []
    hits = _common_words(words)
    return _surely(hits, len(words)) or _likely(sample, hits)


def article_language(article: Article, default: str | None = None) -> str | None:
    """The language that the article declares, which stands in `article.language`, unless its words plainly contradict; else what
    they tell; else the default."""
    declared = article.language
    if declared and not _contradicts(declared, " ".join(paragraph.text for paragraph in article.paragraphs)):
        return declared
    texts = (article.headline, article.standfirst, *(paragraph.text for paragraph in article.paragraphs))
    return detect_language(" ".join(text for text in texts if text)) or declared or default


def default_language(typed: str) -> str | None:
    """The primary tag of a language that a person gives as `en` or `en-GB`; None for `und`, which stands for no language.

    Raises SettingsError that names what is accepted."""
    tag = re.split("[-_]", typed.strip().lower())[0]
    if tag == "und":
        return None
    if tag not in _ISO_639_1.split():
        raise SettingsError(f"--language {typed!r}: give a two-letter ISO 639-1 code such as en, de or fr, or und for none")
    return tag


def _contradicts(declared: str, text: str) -> bool:
    """Whether the text is plainly not in the language that its page declares, as systems do by default."""
    common = _words_of_language().get(_VARIETIES.get(declared, declared), frozenset())
    words = _words_of(text[:SAMPLE_CHARACTERS])
    if sum(map(common.__contains__, words)) >= PLAIN_SHARE * len(words) and common:  # nearly every page: it is to be quick
        return False
    if common and len(words) >= PLAIN_WORDS:
        return True
    letters = _letters_of_scripts(text)
    written = _scripts_of_language(declared)
    return bool(written) and letters.total() >= PLAIN_LETTERS and sum(letters[each] for each in written) < letters.total() / 10


def _letters_of_scripts(text: str) -> Counter[str]:
    """How many of the first letters each script has; one with many languages by its name, any other by its language's tag."""
    first = text[:600]
    others = _LATIN.sub("", first)  # mostly nothing, and then nothing for two dozen patterns
    searched = {name: first if name == "latin" else others for name, _ in _script_patterns()}
    return Counter({name: len("".join(p.findall(searched[name]))) if searched[name] else 0 for name, p in _script_patterns()})


def _script(letters: Counter[str]) -> str | None:
    """The script, named as by `_letters_of_scripts`, that a text is written in: for Chinese and Japanese these."""
    total, chinese = letters.total(), letters["kana"] + letters["han"]
    script, most = letters.most_common(1)[0]
    if chinese > total / 3:  # Korean and Latin names stand among them
        script, most = "ja" if letters["kana"] > 0.1 * chinese else "zh", total
    least = MIN_KANA if script == "ja" else MIN_LETTERS
    return script if total >= least and most >= 0.5 * total else None


def _scripts_of_language(language: str) -> tuple[str, ...]:
    """The scripts, named as by `_letters_of_scripts`, of a language that is written in no others; () where that is not known."""
    several = {"ja": ("kana", "han"), "zh": ("han",), "ko": ("ko", "han"), "yi": ("he",), "ti": ("am",)}
    if language in several:
        return several[language]
    if language in _words_of_language():
        return ("latin",)
    shared = (script for script, languages in _languages_of_script().items() if language in languages)
    alone = (name for name, _ in _script_patterns() if name == language)
    return (*shared, *alone)


def _words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _common_words(words: list[str]) -> Counter[str]:
    """How many of the words are among each language's commonest ones."""
    return Counter(chain.from_iterable(map(_languages_of_word().get, words, repeat(()))))


def _surely(hits: Counter[str], words: int) -> str | None:
    (best, most), (_, next_most) = [*hits.most_common(2), ("", 0), ("", 0)][:2]
    return best if most >= max(SURE_WORDS, SURE_SHARE * words, next_most + SURE_LEAD) else None


def _likely(sample: str, hits: Counter[str]) -> str | None:
    """The language that the model finds, if it is sure of it or the common words agree."""
    capitals = sum(map(str.isupper, sample)) > sum(map(str.islower, sample))
    language, likelihood = _model().classify(sample.lower() if capitals else sample)
    agreed = 0 < hits[language] >= max(hits.values())
    return (
        _VARIETIES.get(language, language) if likelihood >= (SUPPORTED if agreed else SURE) and language != NO_LANGUAGE else None
    )


@cache
def _model() -> Any:
    # NumPy's OpenBLAS would reserve memory for a thread a processor, which counts towards what a worker may have.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages([tag for tag in model.labels if len(tag) == 2 or tag in (NO_LANGUAGE, *_VARIETIES)])
    return model


@cache
def _script_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = _SCRIPTS.split()
    return tuple((name, re.compile(f"[{letters}]+")) for name, letters in zip(words[::2], words[1::2], strict=True))


@cache
def _languages_of_script() -> dict[str, list[str]]:
    return {script: languages for script, *languages in map(str.split, _SHARED_SCRIPTS.strip().splitlines())}


@cache
def _languages_of_word() -> dict[str, list[str]]:
    languages: dict[str, list[str]] = {}
    for language, *words in map(str.split, _COMMON_WORDS.splitlines()):
        for word in words:
            languages.setdefault(word, []).append(language)
    return languages


@cache
def _words_of_language() -> dict[str, frozenset[str]]:
    """The commonest words of languages in Latin letters."""
    lines = map(str.split, _COMMON_WORDS.splitlines())
    return {language: frozenset(words) for language, *words in lines}
