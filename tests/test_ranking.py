"""The order by relevance: one idf for a word, words repeated, near and exact, and feedback from the first hits."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from indexer.cli.commands import main
from search.analysis import unknown_language
from search.analysis.unknown_language import Stemmed, frequent_languages, stems_in
from search.engines.protocol import Engine, open_engine
from search.engines.tantivy import order as tantivy_order
from search.engines.tantivy.query import builder as tantivy_query
from search.engines.whoosh import query as whoosh_query
from search.indexing.fields import index_fields
from search.model.article import Article, Paragraph
from search.query.nodes import And, BagTerm, Near, Or, Phrase, Preference, Query, SearchRequest, Word
from search.query.parsing.parser import parse
from search.ranking import feedback as ranking_feedback
from search.ranking.bm25 import documents_with, idf
from search.ranking.boosts import has_several_words, proximity
from search.ranking.feedback import FIRST_KEPT, PROFILE_TERMS, TERMS, Profile, decode, profile, telling_terms
from search.service.search import SearchParams, answer
from search.settings import Limits, Settings
from web.app import create_app

FILLING = [a + b + c for a in "bdgklmrst" for b in "aeiou" for c in ("ndo", "rvi", "lmu", "st")]


def article(name: str, text: str, language: str | None = "en", headline: str | None = None) -> Article:
    return Article(f"desk/{name}", name, headline=headline, paragraphs=(Paragraph(text),), language=language)


def order(engine: Engine, query: Query, **how: object) -> list[str]:
    return [hit.article.id for hit in engine.reader().search(SearchRequest(query, **how)).hits]  # type: ignore[arg-type]


def score(engine: Engine, query: Query, id: str) -> float:
    return next(hit.score for hit in engine.reader().search(SearchRequest(query, size=1_000)).hits if hit.article.id == id)


# ---------------------------------------------------------------- one idf


def test_of_the_terms_of_a_language_the_most_frequent_counts_and_languages_are_summed() -> None:
    assert documents_with({"en|aim": 7, "en|aime": 3, "fr|aim": 20, "|aim": 1}) == 28
    assert documents_with({"ĀĀĀ|en|aim": 2, "ĀĀĀ|fr|aim": 3}) == 5
    assert idf(0, 10) > idf(5, 10) > idf(10, 10) > 0


def test_a_word_scores_the_same_whatever_the_language(engine: Engine) -> None:
    texts = {language: f"camera {' '.join(FILLING[n : n + 8])}" for n, language in enumerate(("en", "de", "no", "pl"))}
    engine.add(article(language, text, language) for language, text in texts.items())
    engine.add(article(f"more{n}", f"camera {' '.join(FILLING[n : n + 8])}", "en") for n in range(60))
    engine.add(article(f"other{n}", " ".join(FILLING[n : n + 9]), "en") for n in range(60))
    scores = [score(engine, Word("camera"), language) for language in texts]
    assert scores == pytest.approx([scores[0]] * len(scores), rel=1e-5)


def test_removed_articles_give_no_language_an_advantage(engine: Engine) -> None:
    engine.add(article(f"en{n}", f"camera {' '.join(FILLING[n : n + 8])}", "en") for n in range(40))
    engine.add([article("de", f"camera {' '.join(FILLING[:8])}", "de")])
    engine.add(article(f"gone{n}", f"camera {' '.join(FILLING[n : n + 8])}", "de") for n in range(40))
    engine.remove(f"desk/gone{n}" for n in range(40))
    assert score(engine, Word("camera"), "de") == pytest.approx(score(engine, Word("camera"), "en0"), rel=1e-5)


@pytest.mark.parametrize("words", [("camera",), ("camera", "radio")], ids=" ".join)
def test_the_first_hits_of_a_mixed_archive_are_in_its_languages_in_proportion(engine: Engine, words: Sequence[str]) -> None:
    chance = random.Random(11)

    def text() -> str:
        filling = chance.choices(FILLING, k=chance.randint(30, 90))
        return " ".join([*filling, *(word for word in words for _ in range(chance.randint(1, 4)))])

    engine.add(article(str(n), text(), "de" if n % 10 == 0 else "en") for n in range(600))
    asked = And(tuple(map(Word, words))) if len(words) > 1 else Word(words[0])
    hits = engine.reader().search(SearchRequest(asked, size=100)).hits
    found = Counter(hit.article.language for hit in hits)
    assert 4 <= found["de"] <= 18  # of 100, where 10 are expected; the bounds hold for 99.7 % of random orders


# ---------------------------------------------------------------- words repeated, near and exact


@pytest.mark.parametrize("text", ["truce truce talks", "truce OR truce OR talks"])
def test_a_word_typed_twice_counts_twice(engine: Engine, text: str) -> None:
    engine.add([article("a", "truce talks, then talks"), article("b", "truce truce talks"), article("c", "rain")])
    query = parse(text).query
    words = dict(zip(("truce", "talks"), engine.reader().scores([Word("truce"), Word("talks")], [article("b", "")]), strict=True))
    assert query in (kind((Word("truce"), Word("truce"), Word("talks"))) for kind in (And, Or))
    assert score(engine, query, "b") == pytest.approx(2 * words["truce"]["desk/b"] + words["talks"]["desk/b"], rel=1e-5)
    assert parse(parse(text).text).query == query


def test_plain_words_prefer_words_near_each_other_and_exact_forms() -> None:
    preferred = proximity(parse("peace of nations talks").query)
    assert [each.query for each in preferred] == [
        *(Near(*pair, 7, name) for pair in (("peace", "nations"), ("nations", "talks")) for name in ("body", "headline")),
        *(Phrase((word,), name) for word in ("peace", "nations", "talks") for name in ("body", "headline")),
    ]
    assert {each.kind for each in preferred} == {"proximity", "exact"}
    assert proximity(parse("peace").query) == proximity(parse('"peace talks"').query) == ()


def test_the_form_that_was_typed_comes_before_other_forms(engine: Engine) -> None:
    engine.add([article("a", "rain and a minister negotiates"), article("b", "rain and a minister negotiating")])
    for typed, first in (("minister negotiates", "a"), ("minister negotiating", "b")):
        query = parse(typed).query
        assert order(engine, query, prefer=proximity(query))[0] == first


def test_frequent_words_are_not_looked_for_near_each_other(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add([article("a", "peace talks now"), article("b", "talks peace")])
    near = (Preference(Near("peace", "talks", 7, "body"), 1.0),)
    assert engine.reader().search(SearchRequest(Word("peace"), prefer=near)).preferred == near
    for module in (tantivy_query, whoosh_query):
        monkeypatch.setattr(module, "MAX_NEAR_ARTICLES", 1)
    unmoved = engine.reader().search(SearchRequest(Word("peace"), prefer=near))
    assert unmoved.preferred == ()
    assert [hit.score for hit in unmoved.hits] == [hit.score for hit in engine.reader().search(SearchRequest(Word("peace"))).hits]


def test_frequent_words_are_not_preferred_in_the_form_typed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add([article("a", "rain and a minister negotiates"), article("b", "rain and a minister negotiating")])
    exact = (Preference(Phrase(("minister",), "body"), 0.1, "exact"), Preference(Phrase(("negotiates",), "body"), 0.1, "exact"))
    request = SearchRequest(Word("rain"), prefer=exact)
    assert engine.reader().search(request).preferred == exact
    for module in (tantivy_query, whoosh_query):
        monkeypatch.setattr(module, "MAX_EXACT_ARTICLES", 1)
    assert engine.reader().search(request).preferred == exact[1:]


def test_words_in_the_form_typed_find_no_more_articles(engine: Engine) -> None:
    """An exact form may stand in articles that a word of the query is not in."""
    engine.add([article("a", "rain and lakes"), article("b", "snow and hills"), article("c", "hills and hail")])
    query = Or((Word("rain"), Word("snow")))
    prefer = (Preference(Phrase(("hail",), "body"), 0.1, "exact"), Preference(Phrase(("hills",), "body"), 0.1, "exact"))
    found = engine.reader().search(SearchRequest(query, prefer=prefer))
    assert ([hit.article.id for hit in found.hits], found.total) == (["b", "a"], 2)


# ---------------------------------------------------------------- feedback


def test_a_profile_has_the_most_frequent_terms_the_longest_first() -> None:
    terms = [f"en|t{n:02}" for n in range(40)] + ["en|t07", "en|propeller"]
    found = profile(terms)
    assert (found.length, len(found.counts)) == (42, PROFILE_TERMS)
    assert list(found.counts.items())[:2] == [("en|t07", 2), ("en|propeller", 1)]
    assert decode(found.encode()) == found


def test_telling_terms_are_frequent_in_the_first_hits_and_rare_elsewhere() -> None:
    having = {"en|slipstream": 9, "en|the": 900, "en|once": 1, "en|wing": 30, "en|rotor": 100, "en|gust": 101}
    profiles = [Profile(100, dict.fromkeys(having, 2)), Profile(80, {"en|slipstream": 3})]
    [preferred] = telling_terms(profiles, 100.0, {"en|wing"}, having.__getitem__, 1_000)
    assert preferred == Preference(Or((BagTerm("en|slipstream"), BagTerm("en|rotor"))), 0.15, "feedback")
    assert telling_terms(profiles, 100.0, having, having.__getitem__, 1_000) == ()
    assert telling_terms([], 100.0, set(), having.__getitem__, 1_000) == ()
    many = [Profile(100, {f"en|{n}": 1 for n in range(50)})]
    [most] = telling_terms(many, 100.0, set(), lambda _: 5, 1_000)
    assert isinstance(most.query, Or)
    assert len(most.query.parts) == TERMS


def test_what_feedback_gives_stays_below_the_score_of_a_kept_hit() -> None:
    profiles = [Profile(100, {f"en|{n}": 1 for n in range(10)})]
    for score, weight in ((100.0, 0.15), (4.0, 0.5 * 4.0 / (10 * idf(5, 1_000)))):
        [preferred] = telling_terms(profiles, score, set(), lambda _: 5, 1_000)
        assert preferred.weight == pytest.approx(weight)


def test_one_term_of_feedback_is_explained_and_the_same_after_pages_were_saved_again(engine: Engine) -> None:
    texts = [article(f"a{n}", f"climate policy w{n} accord") for n in range(6)]
    others = [article(f"b{n}", " ".join(FILLING[n : n + 3])) for n in range(64)]
    engine.add([*texts, *others])
    question = SearchParams("climate policy", explain=True)
    before = answer(engine.reader(), question, Limits())
    engine.add(replace(each, stamp="again") for each in texts)
    for found in (before, answer(engine.reader(), question, Limits())):
        assert found.explanation
        for hit, parts in zip(found.results.hits, found.explanation.parts, strict=True):
            assert sum(part.score for part in parts) == pytest.approx(hit.score, rel=1e-4)
        [feedback] = [each for each in found.results.preferred if each.kind == "feedback"]
        assert feedback.query == Or((BagTerm("en|accord"),))


@pytest.mark.parametrize(
    ("typed", "several"),
    [("US", False), ("NATO", False), ("J.R.R.", False), ("cease-fire", False), ("US troops", True), ("cease-fire korea", True)],
)
def test_the_forms_of_one_word_are_not_several(typed: str, several: bool) -> None:
    query = parse(typed).query
    assert has_several_words(query) == several
    assert bool(proximity(query)) == (typed == "cease-fire korea")


@pytest.mark.parametrize(("having", "tells"), [(1, False), (2, True), (100, True), (101, False)])
def test_a_term_tells_if_two_articles_to_a_tenth_of_them_have_it(having: int, tells: bool) -> None:
    found = telling_terms([Profile(100, {"en|wing": 1})], 100.0, (), lambda _: having, 1_000)
    assert bool(found) == tells


def test_terms_tell_more_in_short_articles_and_where_they_are_rare() -> None:
    having = {"en|rare": 5, "en|short": 50, "en|long": 50, "en|common": 90}
    profiles = [Profile(50, {"en|rare": 1, "en|short": 2, "en|common": 2}), Profile(150, {"en|long": 4})]
    flattening = {50: 1.2 * (0.25 + 0.75 * 50 / 100), 150: 1.2 * (0.25 + 0.75 * 150 / 100)}
    worth = {
        term: count / (count + flattening[one.length]) * idf(having[term], 1_000)
        for one in profiles
        for term, count in one.counts.items()
    }
    [preferred] = telling_terms(profiles, 100.0, (), having.__getitem__, 1_000)
    assert sorted(worth, key=lambda term: -worth[term]) == list(having)
    assert preferred.query == Or(tuple(map(BagTerm, having)))


def test_the_64_most_frequent_terms_of_the_first_hits_are_looked_up() -> None:
    looked_up: list[str] = []
    profiles = [Profile(10_000, {f"en|{count}": count for count in range(1, 101)})]
    telling_terms(profiles, 100.0, (), lambda term: looked_up.append(term) or 5, 1_000)
    assert looked_up == [f"en|{count}" for count in range(100, 36, -1)]


def aircraft(engine: Engine) -> Or:
    """Hits of two words: the first ones speak of a slipstream too; so does one that has only one of the words, once."""
    chance = random.Random(5)

    def filling(count: int) -> str:
        return " ".join(chance.choices(FILLING[:40], k=count))

    engine.add(article(f"first{n}", f"wing lift wing lift slipstream rotor {filling(12 + n)}") for n in range(5))
    engine.add(article(f"plain{n}", f"wing {filling(20 + n)}") for n in range(10))
    engine.add([article("meant", f"wing slipstream rotor {filling(38)}")])
    engine.add(article(f"other{n}", filling(20)) for n in range(100))
    return Or((Word("wing"), Word("lift")))


def test_hits_that_share_terms_with_the_first_ones_rise_behind_them(engine: Engine) -> None:
    query = aircraft(engine)
    plain, fed = order(engine, query, size=100), order(engine, query, size=100, feedback=True)
    assert plain[:5] == [f"first{n}" for n in range(5)]
    assert plain.index("meant") > 12
    assert fed.index("meant") == 5
    assert fed[:FIRST_KEPT] == plain[:FIRST_KEPT]
    assert sorted(fed) == sorted(plain)


def test_feedback_leaves_total_and_facets_and_pages_join_without_gap(engine: Engine) -> None:
    query = aircraft(engine)
    request = SearchRequest(query, size=100, facets=("language",), feedback=True)
    whole, plain = engine.reader().search(request), engine.reader().search(replace(request, feedback=False))
    assert (whole.total, whole.facets) == (plain.total, plain.facets)
    assert all(one.score >= two.score for one, two in pairwise(whole.hits))
    for size in (1, 2, 3, 7):
        walked = [hit for start in range(0, whole.total, size) for hit in _page(engine, request, start, size)]
        assert [(hit[0], pytest.approx(hit[1], rel=1e-5)) for hit in walked] == _page(engine, request, 0, 100)


def test_of_many_hits_feedback_reorders_the_first_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    query = aircraft(engine)
    monkeypatch.setattr(ranking_feedback, "MAX_ALL_REORDERED", 10)
    for module in (ranking_feedback, tantivy_order):
        monkeypatch.setattr(module, "REORDERED", 12)
    plain = order(engine, query, size=100)
    request = SearchRequest(query, size=100, feedback=True)
    found = engine.reader().search(request)
    ids = [hit.article.id for hit in found.hits]
    assert plain.index("meant") >= 12
    assert ids[12:] == plain[12:]
    assert sorted(ids) == sorted(plain)
    assert [hit.kept is None for hit in found.hits] == [FIRST_KEPT <= place < 12 for place in range(len(ids))]
    assert [hit.kept for hit in found.hits[12:]] == [0.0] * len(ids[12:])
    assert [hit for start in range(0, found.total, 5) for hit in _page(engine, request, start, 5)] == [
        (hit.article.id, pytest.approx(hit.score, rel=1e-5)) for hit in found.hits
    ]
    explained = answer(engine.reader(), SearchParams("wing OR lift", page=3, page_size=5, explain=True), Limits())
    assert explained.explanation
    for hit, parts in zip(explained.results.hits, explained.explanation.parts, strict=True):
        assert sum(part.score for part in parts) == pytest.approx(hit.score, rel=1e-4)


def _page(engine: Engine, request: SearchRequest, start: int, size: int) -> list[tuple[str, float]]:
    return [(hit.article.id, hit.score) for hit in engine.reader().search(replace(request, start=start, size=size)).hits]


def test_by_date_or_for_a_count_there_is_no_feedback(engine: Engine) -> None:
    query = aircraft(engine)
    for how in ({"order_by": "newest"}, {"size": 0}):
        assert engine.reader().search(SearchRequest(query, feedback=True, **how)).preferred == ()  # type: ignore[arg-type]


def test_few_hits_give_no_feedback(engine: Engine) -> None:
    engine.add(article(str(n), "wing lift slipstream rotor") for n in range(FIRST_KEPT))
    engine.add(article(f"other{n}", "rain") for n in range(50))
    assert engine.reader().search(SearchRequest(Word("wing"), feedback=True)).preferred == ()


def test_copies_stand_under_the_hit_that_feedback_puts_first(engine: Engine) -> None:
    query = aircraft(engine)
    story = " ".join(f"wing lift report number {n} of the committee on flying machines" for n in range(20))
    engine.add([article("wire1", story), article("wire2", story + " slipstream rotor"), article("wire3", story)])
    request = SearchRequest(query, size=100, feedback=True, collapse=True)
    whole = engine.reader().search(replace(request, collapse=False))
    order = [hit.article.id for hit in whole.hits if hit.article.id.startswith("wire")]
    [hit] = [hit for hit in engine.reader().search(request).hits if hit.article.id.startswith("wire")]
    assert [hit.article.id, *(copy.id for copy in hit.copies)] == order


@pytest.mark.parametrize("page", [1, 2])
def test_what_feedback_gives_is_explained_and_adds_up(engine: Engine, page: int) -> None:
    aircraft(engine)
    found = answer(engine.reader(), SearchParams("wing OR lift", page=page, page_size=5, explain=True), Limits())
    assert found.explanation
    kinds = set()
    for hit, parts in zip(found.results.hits, found.explanation.parts, strict=True):
        assert sum(part.score for part in parts) == pytest.approx(hit.score, rel=1e-4)
        kinds.update(part.kind for part in parts)
    assert "feedback" in kinds
    texts = [part.text for parts in found.explanation.parts for part in parts if part.kind == "feedback"]
    assert ("one of the top three, whose order feedback does not change" in texts) == (page == 1)
    assert any("slipstream" in text for text in texts)


def test_feedback_is_for_several_words_and_can_be_switched_off(engine: Engine) -> None:
    aircraft(engine)

    def preferred(question: SearchParams) -> set[str]:
        return {each.kind for each in answer(engine.reader(), question, Limits()).results.preferred}

    assert preferred(SearchParams("wing lift")) >= {"proximity", "feedback"}
    assert "feedback" not in preferred(SearchParams("wing lift", feedback=False))
    assert (
        preferred(SearchParams("wing")) == preferred(SearchParams("wing wing")) == preferred(SearchParams('"wing lift"')) == set()
    )


def test_an_article_without_text_has_an_empty_profile(engine: Engine) -> None:
    engine.add([Article("desk/empty", "empty", tags=("wing",)), article("a", "wing lift")])
    assert sorted(order(engine, Or((Word("wing"), Word("lift"))), feedback=True)) == ["a", "empty"]


# ---------------------------------------------------------------- articles without a known language


def test_an_article_without_a_language_is_found_in_any_form_of_the_frequent_languages(engine: Engine) -> None:
    engine.add(article(f"en{n}", f"rain {FILLING[n]}", "en") for n in range(30))
    engine.add(article(f"fr{n}", f"pluie {FILLING[n]}", "fr") for n in range(10))
    engine.add([article("es", "lluvia", "es")])  # 1 of 41: not frequent
    texts = {"one": "dividend", "more": "dividends", "fr": "négociations", "es": "gobernaron", "cjk": "北京 rains"}
    engine.add(article(name, text, None) for name, text in texts.items())
    assert engine.reader().frequent_languages == ("en", "fr")
    for typed, found in (
        ("dividends", {"one", "more"}),
        ("dividend", {"one", "more"}),
        ("négociation", {"fr"}),
        ("negociation", {"fr"}),
        ("gobernar", set()),
        ("gobernaron", {"es"}),
        ("北京", {"cjk"}),
    ):
        hits = answer(engine.reader(), SearchParams(typed), Limits())
        assert {hit.article.id for hit in hits.results.hits} == found, typed
        assert all(shown.body[0].marks for shown in hits.highlights), typed
    assert "cjk" in order(engine, Word("raining"), size=100)


def test_a_batch_has_only_its_new_terms_stemmed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add(article(f"en{n}", "rain", "en") for n in range(30))
    engine.add([article("old", "dividend rains", None)])
    assert order(engine, Word("dividends")) == ["old"]
    stemmed: list[str] = []
    monkeypatch.setattr(unknown_language, "stems_in", lambda word, languages: stemmed.append(word) or stems_in(word, languages))
    engine.add([article("new", "dividends rains", None)])
    assert sorted(order(engine, Word("dividends"))) == ["new", "old"]
    assert set(stemmed) == {"dividends"}
    engine.add(article(f"fr{n}", "pluie", "fr") for n in range(30))
    assert sorted(order(engine, Word("dividends"))) == ["new", "old"]
    assert {"dividend", "rains"} <= set(stemmed)


def test_forms_of_a_word_come_in_the_same_order_however_they_were_learned() -> None:
    """So that two processes of a server give the same explanation."""
    terms = ("?|marches", "?|marched", "?|marche", "?|march")
    one, other = Stemmed(terms, ("en", "fr")), Stemmed(reversed(terms), ("fr", "en"))
    assert one.forms("march") == other.forms("march") == ("?|march", "?|marche", "?|marched", "?|marches")


def test_an_article_without_a_language_scores_as_others_do(engine: Engine) -> None:
    engine.add(article(f"en{n}", f"camera {' '.join(FILLING[n : n + 8])}", "en") for n in range(40))
    engine.add(
        [article("none", f"cameras {' '.join(FILLING[:8])}", None), article("de", f"camera {' '.join(FILLING[:8])}", "de")]
    )
    engine.add(article(f"other{n}", " ".join(FILLING[n : n + 9]), "en") for n in range(60))
    scores = [score(engine, Word("camera"), id) for id in ("en0", "none", "de")]
    assert scores == pytest.approx([scores[0]] * 3, rel=1e-5)


@pytest.mark.parametrize(
    ("articles", "frequent"),
    [
        ({"en": 95, "fr": 5}, ("en", "fr")),
        ({"en": 96, "fr": 4}, ("en",)),
        ({"pl": 90, "de": 5, "en": 5}, ("de", "en")),
        ({}, ()),
    ],
    ids=str,
)
def test_frequent_languages_have_a_twentieth_of_the_articles_and_a_stemmer(
    articles: dict[str, int], frequent: tuple[str, ...]
) -> None:
    assert frequent_languages(articles) == frequent


def test_feedback_is_switched_off_by_the_setting_in_each_way_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"tantivy:{tmp_path}/index"
    with open_engine(url, create=True) as filled:
        aircraft(filled)
    kinds: dict[tuple[str, bool], set[str]] = {}
    for feedback in (True, False):
        client = create_app(Settings(index=url, feedback=feedback)).test_client()
        monkeypatch.setenv("BROADSHEET_FEEDBACK", "yes" if feedback else "no")
        main(["--index", url, "search", "--json", "--explain", "wing OR lift"], standalone_mode=False)
        answers = {"api": client.get("/api/search?q=wing+OR+lift&explain=true").json, "cli": json.loads(capsys.readouterr().out)}
        for way, found in answers.items():
            assert found is not None
            kinds[way, feedback] = {part["kind"] for result in found["results"] for part in result["scoreParts"]}
        page = client.get("/?q=wing+OR+lift&explain=true").text
        assert ("terms shared with the top results" in page) == feedback
    assert all(("feedback" in found) == feedback for (_, feedback), found in kinds.items())


def test_words_of_headline_and_standfirst_count_for_more_than_those_of_the_body() -> None:
    def counted(**text: object) -> int:
        article = Article("a/b", "b", language="en", **text)  # type: ignore[arg-type]
        return index_fields(article).bag["all"].count("en|zebra")

    assert (counted(headline="Zebra"), counted(standfirst="Zebra"), counted(paragraphs=(Paragraph("Zebra"),))) == (3, 2, 1)
