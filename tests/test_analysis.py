"""The analyser: which terms texts give, and that what is typed meets what is printed."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from search.analysis import analyzer
from search.analysis.analyzer import (
    FILLER,
    bag_terms,
    bag_tokens,
    chunk_words,
    compounds,
    exact_spans,
    exact_terms,
    exact_tokens,
    fold,
    sampled_terms,
    text_terms,
    word_terms,
)

EXACT = {
    "hyphen": ("cease-fire ceasefire", "cease fire ceasefire"),
    "non-breaking hyphen": ("co\u2011op", "co op"),
    "dash": ("talks—again –now", "talks again now"),
    "apostrophes": ("O'Brien O’Brien Oʼ\u200bBrien", "o brien o brien o brien"),
    "possessive": ("O'Brien's people's", "o brien s people s"),
    "elision": ("l'accord d'Évian", "l accord d evian"),
    "okina": ("Hawaiʻi", "hawai i"),
    "initials": ("U.S. US us u.s. U.S", "u s us us u s u s"),
    "initials in a sentence": ("from the U.S., J.R.R. Tolkien", "from the u s j r r tolkien"),
    "initials with blanks": ("W. H. Auden W.H. Auden А. С. Пушкин А.С. Пушкин", "w h auden w h auden а с пушкин а с пушкин"),
    "one initial": ("John F. Kennedy John F Kennedy", "john f kennedy john f kennedy"),
    "no initials": ("Ph.D. node.js end.Start", "ph d node js end start"),
    "capitals": ("US TROOPS LEAVE", "us troops leave"),
    "ampersand": ("AT&T R&D", "at t r d"),
    "programming": ("C++ C# F#, C+ C++/Java", "c++ c# f# c c++ java"),
    "forms": ("W-2 02091-C-71 COVID-19", "w 2 02091 c 71 covid 19"),
    "numbers": ("$1.5bn 1,000 1000 1.000 10%", "1.5bn 1000 1000 1000 10"),
    "grouped numbers": ("1,234,567 1.234.567 1'234’567 12,34,567 7,500km", "1234567 1234567 1234567 1234567 7500km"),
    "grouped numbers with decimals": ("1,234.5 1.234,56 1'234.5", "1234.5 1234,56 1234.5"),
    "no grouped numbers": ("0.123 1,23 1,2345 1,234.567.8 5'10", "0.123 1,23 1,2345 1,234.567.8 5 10"),
    "numbers grouped by blanks": ("1 234 567", "1 234 567"),
    "digits of other scripts": ("٢٠٢١ ۲۰۲۱ २०२१ ২০২১ ๒๐๒๑ ２０２１ ໒໐", "2021 2021 2021 2021 2021 2021 20"),
    "separators of other scripts": ("١٬٢٣٤٬٥٦٧ ٣٫١٤ １，２３４ ３．５", "1234567 3.14 1234 3.5"),
    "dates": ("10.03.2022 2022-03-10 10/3", "10.03.2022 2022 03 10 10 3"),
    "end of sentence": ("in 2022. It was 5.", "in 2022 it was 5"),
    "units": ("4-Hour 5'10\" ’90s", "4 hour 5 10 90s"),
    "accents": ("naïve nai\u0308ve résumé Çağ", "naive naive resume cag"),
    "letters with strokes": ("Ærø Øresund Łódź Đà œuvre", "aero oresund lodz da oeuvre"),
    "sharp s": ("Straße STRASSE STRAẞE", "strasse strasse strasse"),
    "Turkish": ("İstanbul ISTANBUL Diyarbakır", "istanbul istanbul diyarbakir"),
    "Cyrillic": ("Київ Йод ёлка Ёлка", "київ йод елка елка"),
    "Greek": ("Ελλάδα ΕΛΛΑΔΑ Σίσυφος ΣΙΣΥΦΟΣ", "ελλαδα ελλαδα σισυφοσ σισυφοσ"),
    "Chinese": ("北京大学", "北 京 大 学"),
    "Chinese within Latin": ("iPhone手机5G", "iphone 手 机 5g"),
    "kana": ("が か ガ", "が か ガ"),
    "half-width kana": ("ｶﾀｶﾅ ｶﾞ", "カ タ カ ナ ガ"),
    "Hangul": ("한국어", "한 국 어"),
    "Hangul taken apart": (unicodedata.normalize("NFD", "한국어"), "한 국 어"),
    "Thai": ("สวัสดี น้ำ", "ส วั ส ดี น้ ำ"),
    "Hindi": ("हिन्दी में", "हिंदी में"),
    "letters of Hindi": ("फ़ैसला फैसला क़लम कलम चन्द्र चंद्र हँसी हंसी पेन्शन", "फैसला फैसला कलम कलम चंद्र चंद्र हंसी हंसी पेंशन"),
    "nasals that stay": ("जन्म अन्य", "जन्म अन्य"),
    "letters of Bengali": ("বাড়ি বাড়ি চাঁদ অঙ্ক অংক", "বাডি বাডি চাদ অংক অংক"),
    "letters of Gurmukhi and Gujarati": ("ਖ਼ਬਰ ਖਬਰ ਸੰਤ ਸਂਤ હિન્દી હિંદી", "ਖਬਰ ਖਬਰ ਸਂਤ ਸਂਤ હિંદી હિંદી"),
    "letters of Arabic": ("أحمد إبراهيم آمال ٱلله مدرسة على مسؤول رئيس", "احمد ابراهيم امال الله مدرسه علي مسوول رييس"),
    "letters of Persian": ("کتاب كتاب علی علي خانهٔ خانۀ خانه", "كتاب كتاب علي علي خانه خانه خانه"),
    "letters of Urdu": ("ہم هم لڑکے لڑکی", "هم هم لڑكے لڑكي"),
    "Arabic presentation forms": ("ﻛﺘﺎﺏ ﻻ", "كتاب لا"),
    "non-joiner in Persian": ("کتاب\u200cها می\u200cخواهم", "كتاب ها مي خواهم"),
    "Arabic punctuation": ("سلام،عليكم؛ نعم؟ ہے۔", "سلام عليكم نعم هے"),
    "Arabic": ("محمد مُحَمَّد محـــمد", "محمد محمد محمد"),
    "Hebrew": ("שלום שָׁלוֹם", "שלום שלום"),
    "Hebrew acronyms": ('צה״ל צה"ל צה”ל צהל "צה"ל" מנכ"לית', "צהל צהל צהל צהל צהל מנכלית"),
    "quotation after a Hebrew prefix": ('ב"הארץ" ה"כל" "שלום"', "ב הארץ ה כל שלום"),
    "geresh": ("ג׳ורג׳ ג'ורג' צ’ק", "גורג גורג צק"),
    "Catalan": ("col·legi coŀlegi col•legi col‧legi COL·LEGI hotel.lobby", "collegi collegi collegi collegi collegi hotel lobby"),
    "no Catalan": ("a·b mail.live.com l.l", "a b mail live com l l"),
    "right-to-left marks": ("\u200fשלום\u200e \u202bab\u202c", "שלום ab"),
    "soft hyphen": ("soft\u00adware", "software"),
    "joiners": ("zw\u200dj w\u2060j", "zwj wj"),
    "zero-width space parts words": ("a\u200bb", "a b"),
    "full width": ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
    "ligature": ("ﬁnance", "finance"),
    "fractions and signs": ("10½ ² ① ⑴ ℃ №5", "10½ 2 1 ⑴ 5"),
    "Arabic ligature of several words": ("ﷺ", "ﷺ"),
    "emoji": ("a😀b 👩‍👩‍👧 🇫🇷", "a b"),
    "control characters": ("nul\0nul \x1fx", "nul nul x"),
    "lone surrogates": ("a\ud800b \udfff", "a b"),
    "underscore": ("snake_case __init__", "snake case init"),
    "e-mail": ("me.too@x-y.example", "me too x y example"),
    "address": ("https://example.org/a?b=c#d", "https example org a b c d"),
    "filler": (f"a {FILLER} b{FILLER}c", "a b c"),
    "nothing": (" \n…!-", ""),
}


@pytest.mark.parametrize(("text", "terms"), EXACT.values(), ids=EXACT)
def test_exact_terms_are_folded_tokens_in_order(text: str, terms: str) -> None:
    assert exact_terms(text) == terms.split()


BAG = {
    "hyphen": ("Cease-fire", "en", "en|ceas en|fire en|ceasefir"),
    "possessive": ("people's O’Brien's", "en", "en|peopl en|o en|brien en|obrien"),
    "elision": ("l'accord d'Évian qu'il", "fr", "fr|accord fr|evian fr|d fr|devian fr|il"),
    "aujourd'hui is one word": ("aujourd'hui", "fr", "fr|aujourd fr|hui fr|aujourdhui"),
    "initials": ("U.S. a US us", "en", "|u.s. en|u en|s en|a en|us |u.s. en|us"),
    "initials that are no word": ("e.g. JRR", "en", "|e.g. en|eg en|e en|g en|jrr |j.r.r."),
    "initials with blanks": ("A. W. Ely", "en", "en|a en|w en|eli |a.w. en|aw"),
    "Cyrillic initials": ("А. С. Пушкин США", "ru", "ru|а ru|с ru|пушкин ru|сша |с.ш.а. |а.с. ru|ас"),
    "degrees": ("Ph.D. B.Sc.", "en", "en|ph en|d en|phd en|b en|sc en|bsc"),
    "names with an elision": (
        "L’Oréal D'Angelo's l'accord",
        None,
        "?|oreal ?|l ?|loreal ?|angelo ?|d ?|dangelo ?|angelos ?|dangelos ?|accord",
    ),
    "Italian elision": ("dell'accordo", None, "?|accordo ?|dell ?|dellaccordo"),
    "names with a possessive": ("McDonald's people's", None, "?|mcdonald ?|mcdonalds ?|people"),
    "parts of a compound": ("E-Mail-Adresse", None, "?|e ?|mail ?|adresse ?|emailadresse ?|email ?|mailadresse"),
    "no parts of a date": ("2022-03-10", None, "|2022 |03 |10 |20220310"),
    "blanks between thousands": ("1 234\xa0567 a 12\u202f000", None, "|1 |234 |567 ?|a |12 |000 |1234567 |12000"),
    "decimals after thousands": ("12 000,50", None, "|12 |000,50 |12000,50"),
    "numbers side by side": ("In 2021 300 of 12 3000, 0 123", None, "?|in |2021 |300 ?|of |12 |3000 |0 |123"),
    "spelt out": ("Đoković Aalborg Ålborg", None, "?|dokovic ?|djokovic ?|aalborg ?|alborg ?|aalborg"),
    "never spelt out": ("görüş", "tr", "tr|gorus"),
    "Persian plural": ("کتاب\u200cها", "fa", "|كتاب |ها |كتابها"),
    "headline in capitals": ("US TROOPS", "en", "en|us en|troop"),
    "digits have no language": ("W-2 1953", "en", "en|w |2 |w2 |1953"),
    "thousands": ("1,000 1.000 1000", "en", "|1000 |1000 |1000"),
    "decimals": ("1,5 10.03.2022", "de", "|1,5 |10.03.2022"),
    "stem and fold in either order": ("aimée", "fr", "fr|aim fr|aime"),
    "Chinese": ("北京大", "zh", "|北 |京 |大 |北京 |京大"),
    "unknown language": ("Talks", None, "?|talks"),
    "language without a stemmer": ("Talks", "xx", "|talks"),
    "Hindi": ("किताबें", "hi", "hi|किताब"),
    "long compounds are not joined": ("a-b-c-d-e-f-g", None, "?|a ?|b ?|c ?|d ?|e ?|f ?|g"),
}


@pytest.mark.parametrize(("text", "language", "terms"), BAG.values(), ids=BAG)
def test_bag_terms_are_stemmed_with_their_language(text: str, language: str | None, terms: str) -> None:
    assert bag_terms(text, language) == terms.split()


WORDS = {
    "en": "negotiations troops treaties cease-fire naïve résumé café Zoë O’Brien’s policies running 1,000 U.S.",
    "fr": "négociations évêque aimée cœur l’été forêts garçons aujourd’hui journaux Noël",
    "de": "Straßen Verhandlungen Größe Häuser München Übungen ärztliche Fußgänger",
    "es": "año canción negociación niños pingüino Perú",
    "pl": "Łódź źdźbło pięść żółw",
    "tr": "İstanbul Diyarbakır görüşmeler çağrı",
    "ru": "переговоры ёлки йод соглашение",
    "el": "Ελλάδα διαπραγματεύσεις Σίσυφος",
    "sv": "Öresund förhandlingar ålder",
}
PAIRS = [(language, word) for language, words in WORDS.items() for word in words.split()]


@pytest.mark.parametrize(("language", "printed"), PAIRS, ids=[f"{language} {word}" for language, word in PAIRS])
def test_a_word_is_found_however_its_accents_and_capitals_are_typed(language: str, printed: str) -> None:
    document = set(bag_terms(f"x {printed} x", language))
    for typed in (
        printed,
        fold(printed),
        printed.upper(),
        printed.lower(),
        printed.title(),
        unicodedata.normalize("NFD", printed),
    ):
        for compound in compounds(typed):
            forms = [compound.joined or compound.significant[0].word]
            found = [set(word_terms(form, ("de", language))) & document for form in forms]
            assert all(found), (typed, forms, document)


def test_a_printed_word_without_accents_is_found_with_them() -> None:
    assert set(word_terms("négociations", ("fr",))) & set(bag_terms("NEGOCIATIONS", "fr"))
    assert set(word_terms("straße", ("de",))) & set(bag_terms("strasse", "de"))


def test_words_of_other_languages_do_not_meet() -> None:
    assert not set(word_terms("gift", ("de",))) & set(bag_terms("gifts", "en"))


def test_a_very_long_token_is_cut_alike_in_texts_and_queries() -> None:
    text = "x" * 100_000
    assert exact_terms(text) == ["x" * 100]
    assert set(word_terms(exact_tokens(text)[0].word, ("en",))) & set(bag_terms(text, "en"))


PIECES = (
    *" \n-’.,;(“”»&_éß5北京ｶﾞ한ёŉ½ﷺำΣİﬁ\u0301\u200d\ud800", FILLER, "e\u0301", "\u0645\u064f", "\u1112\u1161", "cease", "fire",
    "s", "l'", "US", "U.S.", "1,000", "C++", "L’", "D. ", "Ph.", "1 234", "٢", "ה\"", "״", "·l", "l.l", "ي",
    "\u200cه", "न्", "द", "Đ",
)  # fmt: skip
texts = st.text() | st.lists(st.sampled_from(PIECES)).map("".join)


@given(texts)
@example("(The cease-fire holds.) “It does.” E. U. US. U.S. e.g. B.. .a. 5. é. ß.")
@example("US TROOPS LEAVE. US. « … »")
@example("\u0345")
@example("a\u0640 \u0640")
def test_any_text_gives_terms_with_rising_positions(text: str) -> None:
    terms, spans, tokens = exact_terms(text), exact_spans(text), exact_tokens(text)
    assert terms == [token.term for token in tokens]
    assert spans == [(token.start, token.end) for token in tokens]
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(start < end for start, end in spans)
    for language in ("en", "fr", None):
        bag = bag_tokens(text, language)
        assert bag_terms(text, language) == [term.term for term in bag]
        assert text_terms(text, language) == (exact_terms(text), bag_terms(text, language), sampled_terms(exact_terms(text)))
        assert all(0 <= term.start < term.end <= len(text) for term in bag)
        terms += [term.term.partition("|")[2] for term in bag]
    assert all(term and FILLER not in term and term.split() == [term] for term in terms)


@given(texts)
def test_the_words_of_a_text_are_what_is_significant_in_it(text: str) -> None:
    significant = [token.word for compound in compounds(text) for token in compound.significant]
    assert [word for chunk in text.split() for word in chunk_words(chunk)] == significant


@given(texts)
def test_composed_and_decomposed_text_gives_the_same_terms(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert exact_terms(composed) == exact_terms(decomposed)
    assert bag_terms(composed, "fr") == bag_terms(decomposed, "fr")


@given(texts)
def test_capitals_do_not_change_exact_terms(text: str) -> None:
    # the capital of ŉ is two characters, that of a Greek mark is a letter
    assume(not {"\u0345", "ŉ"} & set(unicodedata.normalize("NFD", text)))
    assert exact_terms(text.upper()) == exact_terms(text.lower()) == exact_terms(text)


@given(texts)
def test_terms_written_side_by_side_give_the_same_terms(text: str) -> None:
    terms = exact_terms(text)
    assert exact_terms(" ".join(terms)) == terms


@given(texts, texts)
def test_texts_side_by_side_give_the_terms_of_each(left: str, right: str) -> None:
    assert exact_terms(f"{left} {right}") == exact_terms(left) + exact_terms(right)


@given(texts, st.sampled_from(["en", "fr", "ru", None]))
def test_every_word_of_any_text_finds_the_text(text: str, language: str | None) -> None:
    document = set(bag_terms(text, language))
    for compound in compounds(text):
        words = [token.word for token in compound.significant] + [compound.joined or compound.significant[0].word]
        assert all(document & set(word_terms(word, (language or "de",))) for word in words)


def test_a_table_forgets_before_it_holds_too_much_and_keeps_no_long_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyzer._Table, "_all", [])
    monkeypatch.setattr(analyzer._Table, "MANY", 20)
    monkeypatch.setattr(analyzer._Table, "CHECKED_EACH", 5)
    tables = [analyzer._Table(str.upper) for _ in range(3)]
    for number in range(100):
        assert [table[f"a{number}"] for table in tables] == [f"A{number}"] * 3
        assert sum(map(len, tables)) < 20 + 3 * 5
    held = [dict(table) for table in tables]
    assert tables[0]["x" * 65] == "X" * 65
    assert [dict(table) for table in tables] == held
    assert tables[0]["x" * 64] == "X" * 64
    assert tables[0].pop("x" * 64)


@pytest.mark.parametrize("sign", [0x591, 0x5C7, 0x610, 0x61A, 0x64B, 0x65F, 0x670, 0x6D6, 0x6ED, 0x8CA, 0x8FF], ids=hex)
def test_signs_of_hebrew_and_arabic_that_few_people_type_are_left_out(sign: int) -> None:
    assert fold(f"שלו{chr(sign)}ם") == fold("שלום")
