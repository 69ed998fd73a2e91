"""What changed between the versions of an article, and the articles found by what was removed or added."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import OpenNew
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import answer as expected_answer
from press import ARMISTICE, ARTICLES, EARLIER, archive_of

from indexer.cli.commands import main
from search.analysis.word_diff import Effort, Run, common_runs
from search.engines.protocol import Engine
from search.errors import QueryRefused, UnknownVersion
from search.model.article import Article, Caption, Paragraph, Quote, Span
from search.model.results import Fragment, RemovedFragment
from search.query.format import describe
from search.query.nodes import Added, And, Near, Not, Or, Phrase, Prefix, Query, Removed, SearchRequest, Word, has_words, leaves
from search.query.parsing.parser import parse
from search.service.search import SearchParams, SearchResponse, answer
from search.service.version_diff import Difference, DiffPiece, FieldChange, changes_of, compare, two_versions
from search.settings import Limits
from web.app import create_app

SENTENCES = (
    "Envoys of both sides met by the lake", "The ferry to the island stays in port", "Farmers ask for help after the hail",
    "A court heard three witnesses", "The bridge opens in spring", "Nurses and porters went back to work",
    "Fishing boats may leave the harbour again", "The mayor opened the new library", "Trains run late between the two cities",
    "A museum returned two masks", "Rain filled the reservoir", "The bank raised its rate by a quarter",
)  # fmt: skip
CHANGED_WORDS = ("truce", "ransom", "hostages", "verdict", "strike", "apology")


def edited(editor: random.Random, number: int) -> Iterator[Article]:
    """Three versions of an article: between two of them the editor drops, adds and changes a few sentences."""
    paragraphs = [f"{sentence} {editor.choice(CHANGED_WORDS)}." for sentence in editor.sample(SENTENCES, 4)]
    headline = editor.choice(SENTENCES)
    for version in range(3):
        if version:
            headline = editor.choice((headline, headline, editor.choice(SENTENCES)))
            del paragraphs[editor.randrange(len(paragraphs)) :][:1]
            paragraphs.insert(editor.randrange(3), f"{editor.choice(SENTENCES)} {editor.choice(CHANGED_WORDS)}.")
            place = editor.randrange(len(paragraphs))
            paragraphs[place] = paragraphs[place].rsplit(" ", 1)[0] + f" {editor.choice(CHANGED_WORDS)}."
        yield Article(
            f"desk/{number}-{version}",
            f"story-{number}",
            captured=f"2022-0{version + 1}-01T00:00:00Z",
            headline=headline,
            paragraphs=tuple(map(Paragraph, paragraphs)),
            language="en",
        )


def edited_stories() -> list[list[Article]]:
    editor = random.Random(1871)
    return [list(edited(editor, number)) for number in range(100)]


def sources(engine: Engine, query: Query, **request: Any) -> set[str]:
    return {hit.article.source for hit in engine.reader().search(SearchRequest(query, size=1000, **request)).hits}


def said(version: Article, phrase: str) -> bool:
    text = " \n ".join((version.headline or "", *(paragraph.text for paragraph in version.paragraphs)))
    return f" {phrase} " in f" {text.replace('.', ' ').lower()} "


def test_what_an_editor_removed_and_added_is_found_without_fault(open_new: OpenNew) -> None:
    stories = edited_stories()
    in_any_order = [version for story in stories for version in story]
    random.Random(5).shuffle(in_any_order)
    phrases = [" ".join(sentence.lower().split()[-2:]) for sentence in SENTENCES]
    asked = [*((word, word) for word in CHANGED_WORDS), *((phrase, f'"{phrase}"') for phrase in phrases)]

    with open_new() as engine:
        engine.add(in_any_order[:150])
        engine.add(in_any_order[150:])
        found = {}
        expected = {}
        for text, typed in asked:
            for kind, wanted in (("removed", False), ("added", True)):
                found[kind, text] = sources(engine, parse(f"{kind}:{typed}").query)
                expected[kind, text] = {
                    current.source
                    for *earlier, current in stories
                    if said(current, text) is wanted and any(said(version, text) is not wanted for version in earlier)
                }

    assert found == expected
    assert sum(map(len, expected.values())) > 300  # the editor was not idle


VERSIONS = (
    Article("desk/1", "x", captured="2022-01-01T00:00:00Z", headline="Truce near", paragraphs=(Paragraph("A ransom was paid."),)),
    Article("desk/2", "x", captured="2022-02-01T00:00:00Z", headline="Truce near", paragraphs=(Paragraph("A fee was paid."),)),
    Article("desk/3", "x", captured="2022-03-01T00:00:00Z", headline="Truce signed", paragraphs=(Paragraph("A fee was paid."),)),
    Article("desk/alone", "y", headline="Ransom paid", paragraphs=(Paragraph("Near the truce line."),)),
)


@pytest.fixture
def engine(open_new: OpenNew) -> Engine:
    opened = open_new()
    opened.add(VERSIONS)
    return opened


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Removed(Word("ransom")), {"desk/3"}),
        (Removed(Word("near")), {"desk/3"}),
        (Removed(Word("near", "headline")), {"desk/3"}),
        (Removed(Word("near", "body")), set()),
        (Removed(Word("fee")), set()),
        (Removed(Word("truce")), set()),
        (Added(Word("fee")), {"desk/3"}),
        (Added(Word("truce")), set()),
        (Added(Word("ransom")), set()),
        (Removed(Phrase(("a", "ransom"))), {"desk/3"}),
        (Removed(Prefix("rans")), {"desk/3"}),
        (Removed(Or((Word("ransom"), Word("fee")))), set()),
        (Added(And((Word("fee"), Word("signed")))), {"desk/3"}),
        (Removed(Near("ransom", "paid", 1)), {"desk/3"}),
        (And((Removed(Word("ransom")), Added(Word("fee")))), {"desk/3"}),
        (Not(Removed(Word("ransom"))), {"desk/alone"}),
        (Or((Removed(Word("ransom")), Word("ransom"))), {"desk/3", "desk/alone"}),
    ],
    ids=lambda value: describe(value) if not isinstance(value, set) else "",
)
def test_removed_and_added_compare_the_current_version_with_all_before_it(
    engine: Engine, query: Query, expected: set[str]
) -> None:
    assert sources(engine, query) == expected
    assert set(expected_answer(VERSIONS, SearchRequest(query)).sources) == expected


def test_an_earlier_version_is_no_hit_of_removed_or_added_even_among_all_versions(engine: Engine) -> None:
    assert sources(engine, Removed(Word("ransom")), versions=True) == {"desk/3"}
    assert sources(engine, Added(Word("fee")), versions=True) == {"desk/3"}
    assert sources(engine, Not(Added(Word("fee"))), versions=True) == {"desk/1", "desk/2", "desk/alone"}


def test_what_was_removed_is_found_as_long_as_its_version_is_there(engine: Engine) -> None:
    engine.remove(["desk/1"])
    assert sources(engine, Removed(Word("ransom"))) == set()
    engine.add([VERSIONS[0]])
    assert sources(engine, Removed(Word("ransom"))) == {"desk/3"}
    engine.remove(["desk/2", "desk/3"])
    assert sources(engine, Removed(Word("ransom"))) == set()


@pytest.mark.parametrize(
    ("typed", "understood", "query"),
    [
        ("removed:truce", "removed:truce", Removed(Word("truce"))),
        ('Added:"peace talks"', 'added:"peace talks"', Added(Phrase(("peace", "talks")))),
        ("removed:headline:truce", "removed:headline:truce", Removed(Word("truce", "headline"))),
        ("headline:removed:truce", "removed:headline:truce", Removed(Word("truce", "headline"))),
        ("removed:negot*", "removed:negot*", Removed(Prefix("negot"))),
        ("-added:truce", "NOT added:truce", Not(Added(Word("truce")))),
        (
            "removed:cease-fire",
            'removed:(ceasefire OR "cease fire")',
            Removed(Or((Word("ceasefire"), Phrase(("cease", "fire"))))),
        ),
        ("removed:(a b)", "removed:a AND removed:b", And((Removed(Word("a")), Removed(Word("b"))))),
        ("removed: truce", "removed AND truce", And((Word("removed"), Word("truce")))),
    ],
)
def test_removed_and_added_stand_before_what_a_field_may_stand_before(typed: str, understood: str, query: Query) -> None:
    assert (parse(typed).query, parse(typed).text, parse(typed).ignored) == (query, understood, ())


def test_words_removed_in_the_fields_asked_for_are_one_change() -> None:
    asked = parse("removed:truce", fields=("headline", "body")).query

    assert asked == Removed(Or((Word("truce", "headline"), Word("truce", "body"))))


def test_more_changes_than_the_limit_are_refused() -> None:
    assert parse("removed:a added:b removed:c added:d").query
    with pytest.raises(QueryRefused) as refusal:
        parse("removed:a added:b removed:c added:d removed:e")
    assert (refusal.value.limit, refusal.value.allowed) == ("changes", 4)


def test_only_what_was_added_is_a_word_to_be_shown() -> None:
    query = And((Removed(Word("ransom")), Added(Word("fee"))))

    assert leaves(query) == [Word("fee")]
    assert not has_words(Removed(Word("ransom")))


def ask(engine: Engine, text: str, **question: Any) -> SearchResponse:
    return answer(engine.reader(), SearchParams(text, **question), Limits())


def test_a_hit_shows_what_was_removed_where_it_stood_last(engine: Engine) -> None:
    (shown,) = ask(engine, "removed:ransom added:fee removed:near").highlights
    _, earlier, earliest = engine.reader().versions("x")

    assert shown.removed == (
        RemovedFragment(Fragment("A ransom was paid.", ((2, 8),)), "paragraph", earliest),
        RemovedFragment(Fragment("Truce near", ((6, 10),)), "headline", earlier),
    )
    assert shown.body == (Fragment("A fee was paid.", ((2, 5),)),)


def test_a_hit_found_otherwise_shows_nothing_removed(engine: Engine) -> None:
    found = ask(engine, "removed:ransom OR ransom OR removed:fee")

    shown = {hit.article.source: highlights.removed for hit, highlights in zip(found.results.hits, found.highlights, strict=True)}
    assert {source: [each.fragment.text for each in removed] for source, removed in shown.items()} == {
        "desk/3": ["A ransom was paid."],
        "desk/alone": [],
    }


def test_removed_adds_nothing_to_a_score_and_added_what_its_word_does(engine: Engine) -> None:
    fee = ask(engine, "fee", explain=True).results.hits[0].score
    both = ask(engine, "added:fee removed:ransom", explain=True)

    assert both.results.hits[0].score == pytest.approx(fee)
    assert both.explanation
    assert [[(part.text, part.score) for part in parts] for parts in both.explanation.parts] == [
        [("added:fee", pytest.approx(fee))]
    ]
    assert [(word.text, word.excluded, word.articles) for word in both.explanation.words] == [
        ("added:fee", False, 1), ("fee", False, 1), ("removed:ransom", False, 1), ("ransom", True, 1),
    ]  # fmt: skip


# ---------------------------------------------------------------- comparing two versions


def test_runs_in_common_are_found_whatever_lies_between() -> None:
    assert common_runs([*"abcd"], [*"abxd"], Effort()) == [Run(0, 0, 2), Run(3, 3, 1)]
    assert common_runs([], [*"ab"], Effort()) == common_runs([*"ab"], [*"cd"], Effort()) == []


words = st.lists(st.sampled_from("abcd"), max_size=14)


@settings(max_examples=300, derandomize=True)
@given(before=words, after=words)
def test_runs_in_common_are_the_longest_there_can_be(before: list[str], after: list[str]) -> None:
    runs = common_runs(before, after, Effort())

    ends = [(run.before + run.length, run.after + run.length) for run in runs]
    assert all(a <= run.before and b <= run.after for (a, b), run in zip(ends, runs[1:], strict=False))
    assert all(before[r.before : r.before + r.length] == after[r.after : r.after + r.length] for r in runs)
    assert sum(run.length for run in runs) == longest_in_common(before, after)


def longest_in_common(before: list[str], after: list[str]) -> int:
    row = [0] * (len(after) + 1)
    for one in before:
        above = row
        row = [0]
        for place, other in enumerate(after):
            row.append(above[place] + 1 if one == other else max(row[-1], above[place + 1]))
    return row[-1]


def test_a_long_article_rewritten_is_followed_as_far_as_the_way_is_clear() -> None:
    editor = random.Random(3)
    before = [str(editor.randrange(5000)) for _ in range(20_000)]
    after = [word if editor.random() > 0.1 else "new" for word in before]

    kept = sum(run.length for run in common_runs(before, after, Effort()))
    assert kept >= len(after) - after.count("new")


@pytest.mark.parametrize("letters", ["a", "ab", "abcdefgh"])
def test_repeated_words_without_end_are_compared_in_bounded_time(letters: str) -> None:
    writer = random.Random(4)
    before, after = ([writer.choice(letters) for _ in range(length)] for length in (250_000, 249_000))
    effort = Effort()
    started = time.process_time()

    common_runs(before, after, effort)

    assert effort.left > -len(before)
    assert time.process_time() - started < 15


def test_a_difference_tells_each_field_that_changed_word_by_word() -> None:
    before = Article(
        "desk/a", "x", headline="Truce near", paragraphs=(Paragraph("It holds,  they say."), Paragraph("Talks in Kiev."))
    )
    after = Article(
        "desk/b",
        "x",
        headline="Truce signed",
        paragraphs=(Paragraph("It holds, they say."), Paragraph("A new line."), Paragraph("Talks in Kyiv. 停戦")),
        captions=(Caption("A crowd"),),
    )

    assert compare(before, after) == Difference(
        (
            FieldChange("headline", (DiffPiece("equal", "Truce "), DiffPiece("delete", "near"), DiffPiece("insert", "signed"))),
            FieldChange(
                "body",
                (
                    DiffPiece("equal", "It holds, they say.\n\n"),
                    DiffPiece("insert", "A new line.\n\n"),
                    DiffPiece("equal", "Talks in "),
                    DiffPiece("delete", "Kiev"),
                    DiffPiece("insert", "Kyiv"),
                    DiffPiece("equal", ". "),
                    DiffPiece("insert", "停戦"),
                ),
            ),
            FieldChange("caption", (DiffPiece("insert", "A crowd"),)),
        ),
        added=9,
        removed=2,
    )


@pytest.mark.parametrize("story", edited_stories()[:20], ids=lambda story: story[0].id)
def test_pieces_give_back_both_texts(story: list[Article]) -> None:
    first, second, _ = story

    for change in compare(first, second).fields:
        texts = {
            op: "".join(piece.text for piece in change.pieces if piece.op in ("equal", op)).split() for op in ("delete", "insert")
        }
        for version, op in ((first, "delete"), (second, "insert")):
            whole = version.headline if change.field == "headline" else " ".join(p.text for p in version.paragraphs)
            assert texts[op] == (whole or "").split()


def test_words_before_a_deletion_stay_apart_from_it() -> None:
    before = Article("desk/a", "x", headline="Leave the town by Sunday, they say")

    assert compare(before, replace(before, headline="Leave the town, they say")).fields[0].pieces == (
        DiffPiece("equal", "Leave the town"),
        DiffPiece("delete", " by Sunday"),
        DiffPiece("equal", ", they say"),
    )


def test_white_space_alone_is_no_change() -> None:
    before = Article("desk/a", "x", paragraphs=(Paragraph("It  holds. "),))

    assert compare(before, replace(before, source="desk/b", paragraphs=(Paragraph("It holds."),))) == Difference((), 0, 0)


def test_a_changed_quote_is_a_change_of_the_text_alone() -> None:
    def saying(words: str, speaker: str) -> Article:
        text = f"“{words},” {speaker} said."
        return Article("desk/a", "a", paragraphs=(Paragraph(text),), quotes=(Quote((Span(0, 1, len(words) + 1),), speaker),))

    difference = compare(saying("It will hold", "Ada Marsh"), saying("It may hold", "Bo Reed"))

    assert [change.field for change in difference.fields] == ["body"]
    assert (difference.added, difference.removed) == (3, 3)


def test_changes_are_told_of_each_version_against_the_one_before() -> None:
    newest_first = (VERSIONS[2], VERSIONS[1], VERSIONS[0])

    told = [
        change and (change.added, change.removed, [field.field for field in change.fields]) for change in changes_of(newest_first)
    ]
    assert told == [(1, 1, ["headline"]), (1, 1, ["body"]), None]


def test_many_versions_of_a_long_article_are_compared_in_bounded_time() -> None:
    river = tuple(Paragraph("The river rose again. " * 10) for _ in range(6_000))
    versions = [Article(f"desk/{number}", "a", paragraphs=(*river, Paragraph(f"Part {number}."))) for number in range(50)]
    started = time.process_time()

    told = [change and (change.added, change.removed, change.complete) for change in changes_of(versions)]

    assert told[0] == (1, 1, True)
    assert told[-1] is None
    assert time.process_time() - started < 10


@pytest.mark.parametrize("paragraphs", [1, 5_000])
def test_what_is_too_long_to_be_compared_counts_as_replaced(paragraphs: int) -> None:
    chance = random.Random(1)

    def version(source: str) -> Article:
        texts = [" ".join(chance.choices(PLAIN, k=300_000 // paragraphs)) for _ in range(paragraphs)]
        return Article(source, "a", headline=f"Version {source}", paragraphs=tuple(map(Paragraph, texts)))

    started = time.process_time()
    found = compare(version("desk/1"), version("desk/2"))

    assert not found.complete
    assert [piece.op for piece in found.fields[0].pieces] == ["equal", "delete", "insert"]  # what is short is compared
    assert [piece.op for piece in found.fields[1].pieces] == ["delete", "insert"]
    assert found.added == found.removed == 300_001
    assert time.process_time() - started < 10


PLAIN = ("river", "dyke", "mill", "pump", "boat", "ferry", "crest", "quarry", "bridge", "gravel")


def saying(text: str) -> Article:
    return Article("desk/a", "a", paragraphs=(Paragraph(text),))


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        (
            "Delegates of both sides agreed to meet again in Geneva.",
            "Delegates then walked out and refused to say when talks resume in Geneva.",
            "Delegates [-of both sides agreed to meet again-]{+then walked out and refused to say when talks resume+} in Geneva.",
        ),
        (
            "The dyke, the army says, will hold until noon.",
            "The bank, officers on site fear, may break before noon.",
            "The [-dyke, the army says, will hold until-]{+bank, officers on site fear, may break before+} noon.",
        ),
        (
            "Soldiers stack sandbags since Friday, and trucks are on their way to the town.",
            "The general, who had promised dry cellars, declined to say when the road will be open.",
            "[-Soldiers stack sandbags since Friday, and trucks are on their way to the town-]"
            "{+The general, who had promised dry cellars, declined to say when the road will be open+}.",
        ),
        ("Nobody was hurt, they said.", "Nobody was hurt, they said on Sunday.", "Nobody was hurt, they said{+ on Sunday+}."),
        ("It rose to four metres.", "It fell to five metres.", "It [-rose-]{+fell+} to [-four-]{+five+} metres."),
        (
            "Talks of last week in Geneva\n\nThe town of three thousand people waits",
            "Ministers from six states meet again\n\nThe town of three thousand people left by boat",
            "[-Talks of last week in Geneva-]{+Ministers from six states meet again+}\n\n"
            "The town of three thousand people [-waits-]{+left by boat+}",
        ),
    ],
    ids=["a lone word", "signs", "two lone words", "white space", "few words on either side", "a paragraph that begins"],
)
def test_no_lone_word_stands_between_long_changes(before: str, after: str, marked: str) -> None:
    found = compare(saying(before), saying(after)).fields[0].pieces

    signs = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    shown = "".join(signs[piece.op].format(piece.text) for piece in found)
    assert shown.replace(" -]", "-] ").replace(" +}", "+} ").replace("-] {+", "-]{+") == marked


def test_two_versions_are_the_current_and_the_one_before_unless_named() -> None:
    first, second, third, _ = VERSIONS
    newest_first = (third, second, first)

    assert two_versions(newest_first) == (second, third)
    assert two_versions(newest_first, since="desk/1") == (first, third)
    assert two_versions(newest_first, to="desk/2") == (first, second)
    assert two_versions(newest_first, "desk/3", "desk/1") == (third, first)
    for since, to in (("desk/4", None), (None, "desk/4"), (None, "desk/1")):
        with pytest.raises(UnknownVersion):
            two_versions(newest_first, since, to)


# ---------------------------------------------------------------- the ways in


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    hostile = replace(VERSIONS[1], source="desk/4", captured="2022-04-01", paragraphs=(Paragraph("<script>alert(1)</script>"),))
    return create_app(archive_of(tmp_path_factory.mktemp("versions"), *ARTICLES, *VERSIONS, hostile)).test_client()


def get(client: FlaskClient, url: str, status: int = 200) -> Any:
    sent = client.get(url)
    assert sent.status_code == status, sent.text
    return json.loads(sent.data)


def test_the_api_lists_versions_with_what_changed(client: FlaskClient) -> None:
    sent = get(client, "/api/articles/armistice/versions")

    assert (sent["id"], sent["difference"]) == ("armistice", None)
    assert [version["source"] for version in sent["versions"]] == [ARMISTICE.source, EARLIER.source]
    current, earlier = sent["versions"]
    assert (current["headline"], current["captured"], current["url"]) == (ARMISTICE.headline, ARMISTICE.captured, ARMISTICE.url)
    assert (current["current"], earlier["current"], earlier["change"]) == (True, False, None)
    assert current["change"]["since"] == EARLIER.source
    assert current["change"]["fields"][:2] == ["headline", "body"]
    assert current["change"]["added"] > current["change"]["removed"] > 0


def test_the_api_tells_two_versions_apart(client: FlaskClient) -> None:
    sent = get(client, "/api/articles/x/versions?from=desk/1&to=desk/2")["difference"]

    assert sent == {
        "from": "desk/1",
        "to": "desk/2",
        "added": 1,
        "removed": 1,
        "complete": True,
        "fields": [
            {
                "field": "body",
                "pieces": [
                    {"op": "equal", "text": "A "},
                    {"op": "delete", "text": "ransom "},
                    {"op": "insert", "text": "fee "},
                    {"op": "equal", "text": "was paid."},
                ],
            }
        ],
    }
    assert get(client, "/api/articles/x/versions?to=desk/3")["difference"]["from"] == "desk/2"
    assert get(client, "/api/articles/x/versions?from=desk/9", 404)["status"] == 404
    assert get(client, "/api/articles/none/versions", 404)["status"] == 404
    assert get(client, "/api/articles/x/versions?since=desk/1", 400)["parameter"] == "since"


def test_the_api_shows_what_was_removed(client: FlaskClient) -> None:
    (hit,) = get(client, "/api/search?q=removed:bulletin")["results"]

    assert hit["id"] == "armistice"
    assert hit["highlights"]["removed"] == [
        {
            "part": "paragraph",
            "html": "<mark>Bulletin</mark>: a truce is near.",
            "text": "Bulletin: a truce is near.",
            "marks": [[0, 8]],
            "source": EARLIER.source,
            "captured": EARLIER.captured,
        }
    ]


def test_versions_in_an_export_are_told_apart_by_their_capture(client: FlaskClient) -> None:
    lines = client.get("/api/export?q=korean&versions=all").text.splitlines()

    assert sorted(json.loads(line)["captured"] for line in lines) == [EARLIER.captured, ARMISTICE.captured]


def soup(client: FlaskClient, url: str) -> BeautifulSoup:
    sent = client.get(url)
    assert sent.status_code == 200, sent.text
    return BeautifulSoup(sent.data, "html.parser")


def test_pages_show_what_was_removed_and_lead_to_what_changed(client: FlaskClient) -> None:
    results = soup(client, "/?q=removed:bulletin")
    assert [found.get_text(" ", strip=True) for found in results.select(".fragment.removed")] == [
        "Removed Bulletin : a truce is near. View changes since the version “Published 27 July 1953”."
    ]

    (linked,) = results.select(".fragment.removed a")
    assert soup(client, str(linked["href"])).select(".changed del")[0].get_text() == "near"

    article = soup(client, "/article/armistice?q=removed:bulletin")
    earlier, changes = (str(found["href"]) for found in article.select(".versions a")[2:0:-1])
    assert [mark.get_text() for mark in soup(client, earlier).select("mark")] == ["Bulletin"]
    changed = soup(client, changes)
    assert [found.get_text() for found in changed.select("h2")][:2] == ["Headline", "Body text"]
    first = changed.select(".changed .after")[0]
    assert [d.get_text() for d in first.select("del")] == ["near"]
    assert [i.get_text() for i in first.select("ins")] == ["signed"]
    assert client.get("/changes/armistice?from=none").status_code == 404


def test_an_article_with_one_version_lists_none(client: FlaskClient) -> None:
    assert not soup(client, "/article/undated").select(".versions")


def test_what_changed_is_escaped(client: FlaskClient) -> None:
    page = soup(client, "/changes/x?from=desk/3&to=desk/4")

    assert page.select_one(".changed ins")
    assert [script.get("src") for script in page.select("script") if "alert" in script.get_text()] == []
    assert "<script>alert(1)" not in client.get("/changes/x").text


def test_a_search_that_finds_nothing_offers_the_earlier_versions(client: FlaskClient) -> None:
    (offered,) = [a for a in soup(client, "/?q=bulletin").select(".nothing a") if a.get_text() == "Include earlier versions"]

    assert "Earlier version, saved 1 January 2019, 10:00 (UTC)" in soup(client, str(offered["href"])).get_text()


def test_the_command_line_lists_versions_and_what_changed(tmp_path: Path) -> None:
    index = archive_of(tmp_path, *VERSIONS).index

    def run(*arguments: str, status: int = 0) -> str:
        done = CliRunner().invoke(main, ["--index", index, *arguments])
        assert done.exit_code == status, done.output
        return done.output

    assert run("versions", "x").splitlines() == [
        "Saved 1 March 2022, 00:00 (UTC)  desk/3  (current)",
        "   Truce signed",
        "   4 words; 1 added, 1 removed",
        "   previous headline: Truce near",
        "Saved 1 February 2022, 00:00 (UTC)  desk/2",
        "   Truce near",
        "   4 words; 1 added, 1 removed",
        "Saved 1 January 2022, 00:00 (UTC)  desk/1",
        "   Truce near",
        "   4 words",
    ]
    assert run("versions", "x", "--from", "desk/1").splitlines() == [
        "2 words added, 2 removed", "", "headline:", "Truce [-near-]{+signed+}", "", "body:", "A [-ransom-] {+fee+} was paid.",
    ]  # fmt: skip
    assert json.loads(run("versions", "x", "--json", "--to", "desk/2"))["difference"]["from"] == "desk/1"
    assert "[removed since: Saved 1 January 2022, 00:00 (UTC)] A ransom was paid." in run("search", "removed:ransom")
    assert "no version" in run("versions", "x", "--to", "desk/1", status=1)
    assert "no article" in run("versions", "none", status=1)
