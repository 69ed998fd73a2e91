"""What is taken for a quote and for its speaker, in seven languages."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from press import ARMISTICE, archive_of

from indexer.quotes.detect import find_quotes, with_quotes
from search.highlight.highlighter import highlight, marks
from search.model.article import Article, Paragraph
from search.query.parsing.parser import parse
from web.app import create_app


def article(*paragraphs: str, language: str = "en") -> Article:
    return with_quotes(Article("desk/a", "a", language=language, paragraphs=tuple(map(Paragraph, paragraphs))))


def said(*paragraphs: str, language: str = "en") -> list[tuple[str, str | None]]:
    """Each quote with its speaker."""
    found = article(*paragraphs, language=language)
    return [(found.quote_text(quote), quote.speaker) for quote in found.quotes]


@pytest.mark.parametrize(
    ("language", "text", "quotes"),
    [
        ("en", "She felt “quite well” and ‘never better’.", ["quite well", "never better"]),
        ("en", 'They call it "the pit" there.', ["the pit"]),
        ("en", "It's the dogs' dinner, in '68 and '69, rock 'n' roll.", []),
        ("en", "‘The workers’ rights’, he read, ‘aren’t won’.", ["The workers’ rights", "aren’t won"]),
        ("en", "A board 6' by 2\" was found.", []),
        ("en", "“He told me ‘no’ and “never”, twice.”", ["He told me ‘no’ and “never”, twice."]),
        ("en", "“A mark that never closes. He said “yes” and left.", ["yes"]),
        ("fr", "Il parle d’un « beau jour » et d’«espoir».", ["beau jour", "espoir"]),
        ("de", "Ein „guter Tag“ und »kein schlechter«, ‚so so‘.", ["guter Tag", "kein schlechter", "so so"]),
        ("de", "Ein «guter Tag» in Zürich.", ["guter Tag"]),
        ("sv", "Det var ”en god dag” sade hon.", ["en god dag"]),
        ("ja", "市長は「橋は残る」と述べ、『川の本』を閉じた。", ["橋は残る", "川の本"]),
        ("en", "Nothing “…” but dots.", []),
    ],
)
def test_quotes_are_what_stands_between_marks(language: str, text: str, quotes: list[str]) -> None:
    assert [quote for quote, _ in said(text, language=language)] == quotes


def test_a_quote_over_several_paragraphs_is_one() -> None:
    found = said("“The river rose,” Ada Marsh said. “We left.", "“By noon it was over.", "“Nobody came.”", "“Who?” asked Bo.")
    assert found[1] == ("We left.\nBy noon it was over.\nNobody came.", "Ada Marsh")
    assert [quote for quote, _ in found] == ["The river rose,", found[1][0], "Who?"]


@pytest.mark.parametrize(
    ("language", "text", "speakers"),
    [
        ("en", "“We will go,” Ada Marsh said. “Now.”", ["Ada Marsh"] * 2),
        ("en", "“We will go,” said the mayor, Ada Marsh, on Monday.", ["Ada Marsh"]),
        ("en", "“We will go,” the mayor of Port Elm, Ms. Ada Marsh, told reporters.", ["Ada Marsh"]),
        ("en", "“We,” Ada Marsh said, “will go.”", ["Ada Marsh"] * 2),
        ("en", "Ada Marsh called it “a day of joy.”", ["Ada Marsh"]),
        ("en", "According to Ada Marsh, the plan is “a joke”.", ["Ada Marsh"]),
        ("en", "ADA MARSH: “We will go.”", ["ADA MARSH"]),
        ("en", "“Will you go?” Ada Marsh asked. Nobody did.", ["Ada Marsh"]),
        ("en", "Ada Marsh was tired. “We will go now,” she said.", ["Ada Marsh"]),
        ("en", "Ada Marsh met Bo Reed. “We will go now,” she said.", [None]),
        ("en", "“We will go,” the minister said.", [None]),
        ("en", "“We will go,” a spokesman for Ada Marsh said.", [None]),
        ("en", "Ada Marsh’s lawyer said it was “a joke”.", [None]),
        ("en", "The pit was “well below” two metres, Bo Reed knew, and the states said no.", [None]),
        ("en", "The bridge is called “Old Ada” by all.", [None]),
        ("en", "Port Elm is called “the pit”.", [None]),
        ("fr", "« Nous partirons », a déclaré lundi Ada Marais.", ["Ada Marais"]),
        ("fr", "« Nous partirons », a dit le maire, Ada Marais.", ["Ada Marais"]),
        ("fr", "Selon Ada Marais, c’est « un jeu ».", ["Ada Marais"]),
        ("fr", "Ada Marais est fatiguée. « Nous partirons », dit-elle.", ["Ada Marais"]),
        ("fr", "« Nous partirons », a expliqué le ministre.", [None]),
        ("de", "„Wir gehen“, sagte Bürgermeisterin Ada Marsch am Montag.", ["Ada Marsch"]),
        ("de", "Nach Angaben von Ada Marsch war es „ein Spiel“.", ["Ada Marsch"]),
        ("de", "Ada Marsch: „Wir gehen.“", ["Ada Marsch"]),
        ("de", "Am Montag sagte Ada Marsch: „Wir gehen.“", ["Ada Marsch"]),
        ("de", "„Wir gehen“, sagte der Sprecher.", [None]),
        ("es", "«Nos vamos», dijo la alcaldesa, Ada Marín.", ["Ada Marín"]),
        ("es", "Según Ada Marín, es “un juego”.", ["Ada Marín"]),
        ("it", "«Andiamo», ha detto Ada Marino ieri.", ["Ada Marino"]),
        ("it", "Secondo Ada Marino è «un gioco».", ["Ada Marino"]),
        ("pt", "“Vamos embora”, disse Ada Marinho na segunda-feira.", ["Ada Marinho"]),
        ("pt", "Segundo Ada Marinho, é “um jogo”.", ["Ada Marinho"]),
        ("nl", "“Wij gaan”, zei burgemeester Ada van der Meer.", ["Ada van der Meer"]),
        ("nl", "Volgens Ada van der Meer is het “een spel”.", ["Ada van der Meer"]),
        ("pl", "„Idziemy”, powiedziała Ada Bagno.", [None]),
    ],
)
def test_speakers_are_named_in_the_sentence_or_beside_it(language: str, text: str, speakers: list[str | None]) -> None:
    assert [speaker for _, speaker in said(text, language=language)] == speakers


def test_a_surname_stands_for_the_one_full_name_of_the_article() -> None:
    assert said("Ada Marsh won.", "“We will go,” Marsh said.")[0][1] == "Ada Marsh"
    assert said("Ada Marsh beat Bo Marsh.", "“We will go,” Marsh said.")[0][1] == "Marsh"


def test_a_paragraph_that_is_a_quote_goes_on_from_the_one_before() -> None:
    assert [s for _, s in said("“It rained,” Ada Marsh said.", "“It rained for days.”", "The end.", "“No.”")] == [
        "Ada Marsh", "Ada Marsh", None,
    ]  # fmt: skip


def test_where_the_speaker_is_named_is_kept() -> None:
    found = article("It rained.", "“We left,” Ada Marsh said.")
    (quote,) = found.quotes
    assert quote.named is not None
    assert (quote.named.paragraph, found.text_at(quote.named)) == (1, "Ada Marsh")


def test_an_article_has_200_speakers_and_others_speak_on() -> None:
    names = [f"Ada {chr(65 + n // 26)}{chr(97 + n % 26)}marsh" for n in range(201)]
    found = said(*(f"“We will go,” {name} said." for name in (*names, names[0])))
    assert [speaker for _, speaker in found] == [*names[:200], None, names[0]]


def test_the_page_of_an_article_lists_50_speakers_and_says_how_many_more_there_are(tmp_path: Path) -> None:
    quotes = (Paragraph(f"“We will go,” Ada {chr(65 + n // 26)}{chr(97 + n % 26)}marsh said.") for n in range(53))
    spoken = with_quotes(replace(ARMISTICE, paragraphs=tuple(quotes)))
    page = create_app(archive_of(tmp_path, spoken)).test_client().get("/article/armistice").text
    assert page.count('href="/?q=by%3A') == 50
    assert "Ada Bxmarsh</a> and 3 more</dd>" in page


def test_the_first_1000_quotes_of_an_article_have_speakers() -> None:
    found = said(*["“We will go,” Ada Marsh said."] * 1001)
    assert [speaker for _, speaker in found] == ["Ada Marsh"] * 1000 + [None]


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (f"Ada Marsh said {'very ' * 37}: “We left.”", f"Ada Marsh said {'very ' * 38}: “We left.”"),
        (f"“We left”, Ada Marsh, {'very ' * 34}, said.", f"“We left”, Ada Marsh, {'very ' * 35}, said."),
        (f"Ada Marsh said {'m' * 379} loudly: “We left.”", f"Ada Marsh said {'m' * 380} loudly: “We left.”"),
        (f"“We left”, Ada Marsh, {'m' * 380}, said.", f"“We left”, Ada Marsh, {'m' * 381}, said."),
        (f"Ada Marsh came. {'It rained. ' * 7}“We left,” she said.", f"Ada Marsh came. {'It rained. ' * 8}“We left,” she said."),
    ],
    ids=["40 words before", "40 words after", "400 characters before", "400 characters after", "8 sentences back"],
)
def test_a_speaker_is_looked_for_so_far_from_the_quote(near: str, far: str) -> None:
    assert (said(near)[0][1], said(far)[0][1]) == ("Ada Marsh", None)


@pytest.mark.parametrize("text", ["“", "“a”", "‘a ", '"a" ', "“A b,” Bo Li said. ", "Bo ", "„«‘'»“", "said ", "he said. “a b.” "])
def test_quotes_of_hostile_text_take_no_longer_than_their_length_explains(text: str) -> None:
    started = time.process_time()
    find_quotes(article(text * 10_000 + "“The end of it,” he said", "“It"))
    assert time.process_time() - started < 10


QUARREL = article(
    "“We will raise tariffs,” Ada Marsh said. Tariffs will hurt, Bo Reed thinks.",
    "“We will not,” said Bo Reed. “Ada Marsh lies.”",
)


def marked(typed: str) -> list[tuple[int, str]]:
    """The words marked in the paragraphs."""
    found = marks(QUARREL, parse(typed).query)
    paragraphs = [place for place in found if place[0] == "paragraph"]
    return [(n, QUARREL.paragraphs[n].text[start:end]) for _, n in paragraphs for start, end in found["paragraph", n]]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("said:tariff", [(0, "tariffs")]),
        ('said:"we will"', [(0, "We will"), (1, "We will")]),
        ('said:"we will" by:reed', [(1, "We will")]),
        ('by:"ada marsh" said:"we will"', [(0, "We will")]),
        ("said:marsh", [(1, "Ada Marsh"[4:])]),
        ("by:marsh", [(0, "Ada Marsh")]),
        ("said:will -by:reed", [(0, "will"), (1, "will")]),
        ("said:tariffs by:reed", []),
    ],
)
def test_marks_are_inside_quotes_and_of_that_speaker_alone(typed: str, words: list[tuple[int, str]]) -> None:
    assert marked(typed) == words


def test_a_fragment_shows_the_quote_and_its_speaker() -> None:
    found = highlight(QUARREL, parse("by:reed").query)
    assert "We will not" in found.body[0].text
    assert [(part, fragment.text) for part, fragment in found.names] == [("by", "Bo Reed")]


def test_what_is_quoted_shows_in_json_and_on_the_article_page(tmp_path: Path) -> None:
    spoken = with_quotes(replace(ARMISTICE, paragraphs=(Paragraph("“It holds,” Ada Marsh said."),)))
    client = create_app(archive_of(tmp_path, spoken)).test_client()
    assert client.get("/api/articles/armistice").json["article"]["quotes"][0]["speaker"] == "Ada Marsh"
    assert 'href="/?q=by%3A%22Ada+Marsh%22">Ada Marsh</a>' in client.get("/article/armistice").text
    found = client.get("/api/search?q=said:holds+by:marsh").json
    assert (found["total"], found["query"]["understood"]) == (1, "said:holds by:marsh")
