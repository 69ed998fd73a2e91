"""More like this, on both engines: by the telling words, without the article's own versions and copies."""

from dataclasses import replace

from press import ARMISTICE, ARTICLES, EARLIER, MENDED, WIRE

from search.engines.protocol import Engine
from search.model.article import Article, Paragraph
from search.service.more_like_this import MAX_CHARACTERS_READ, similar, telling_words


def article(name: str, headline: str, text: str, language: str = "en") -> Article:
    return Article(f"desk/{name}", name, language=language, headline=headline, paragraphs=(Paragraph(text),))


BRIDGES = (
    article("opened", "Ferry replaced by a bridge", "The suspension bridge over the strait was opened on Monday."),
    article("closed", "Bridge shut for repairs", "Cracks in the suspension cables of the bridge were found on Monday."),
    article("ferry", "Last trip of the ferry", "On Monday the ferry crossed the strait for the last time."),
    article("market", "Prices rise", "On Monday the price of wheat and of butter was the highest for years."),
    article("pont", "Un pont", "Le pont suspendu a été ouvert.", "fr"),
)


def ids(engine: Engine, one: Article, size: int = 10) -> list[str]:
    return [hit.article.id for hit in similar(engine.reader(), one, engine.reader().copies(one.id), size)]


def test_articles_on_the_same_matter_come_first(engine: Engine) -> None:
    engine.add(BRIDGES)
    assert set(ids(engine, BRIDGES[0])[:2]) == {"closed", "ferry"}
    assert ids(engine, BRIDGES[0], 1) == ids(engine, BRIDGES[0])[:1]


def test_telling_words_are_those_that_some_others_have(engine: Engine) -> None:
    engine.add(BRIDGES)
    words = telling_words(engine.reader(), BRIDGES[0])
    assert words[:2] == ("bridge", "ferry")
    assert not {"monday", "replaced"} & {*words}


def test_versions_and_copies_of_the_article_are_left_out(engine: Engine) -> None:
    engine.add([*ARTICLES, *WIRE, MENDED])
    assert ids(engine, WIRE[0], 1) == ["mended"]
    assert not any(id.startswith("flood") for id in ids(engine, WIRE[0]))
    assert "armistice" not in ids(engine, ARMISTICE)
    assert "armistice" not in ids(engine, EARLIER)
    assert len([id for id in ids(engine, MENDED) if id.startswith("flood")]) == 1


def test_an_article_that_has_nothing_in_common_with_others_is_like_none(engine: Engine) -> None:
    alone = article("alone", "Zebra", "Zoology")
    engine.add([alone, *BRIDGES])
    assert ids(engine, alone) == ids(engine, replace(alone, headline=None, paragraphs=())) == []


def test_only_the_beginning_of_a_very_long_article_is_read(engine: Engine) -> None:
    def about(source: str, text: str) -> Article:
        return Article(source, source, paragraphs=(Paragraph(text),), language="en")

    long = about("desk/long", f"harbour {'and ' * MAX_CHARACTERS_READ} quarry")
    engine.add([long, about("desk/a", "harbour"), about("desk/b", "quarry"), *(about(f"desk/{n}", "weather") for n in range(3))])

    assert telling_words(engine.reader(), long) == ("harbour",)
