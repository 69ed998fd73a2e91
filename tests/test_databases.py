"""Nexis, Factiva and Europresse: documents with the fields that the databases print, in old and new layouts."""

import codecs
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from exports import article, articles, made, readable, texts

from indexer.sources.formats.exports.article import Reader
from indexer.sources.formats.exports.databases import europresse, factiva, nexis
from indexer.sources.formats.exports.databases.europresse import read_europresse
from indexer.sources.formats.exports.databases.factiva import read_factiva
from indexer.sources.formats.exports.databases.nexis import read_nexis
from indexer.sources.formats.exports.databases.office import read_docx, read_rtf
from indexer.sources.formats.exports.databases.printed import language_code, section_of, without_number
from indexer.sources.formats.kinds import inner_format
from search.lexicon.read import LexiconEntry, read_lexicon
from search.model.article import Article, Caption

LABELS = read_lexicon("indexer.sources.formats.exports.databases", "labels").entries
NOTES = read_lexicon("indexer.sources.formats.exports.databases", "notes").entries
LANGUAGES = read_lexicon("indexer.sources.formats.exports.databases", "languages").entries


def iso(found: Article) -> str | None:
    return found.published.iso if found.published else None


# --- Nexis -----------------------------------------------------------------------------------------------------------


def nexis_page(*documents: str) -> str:
    return f"<!DOCTYPE html><html><head><style>p {{}}</style><title>Nexis</title></head><body>{''.join(documents)}</body></html>"


def nexis_document(body: str, fields: str = "", end: str = "", title: str = "Talks resume in Geneva") -> str:
    return f"""<div><h1><a href="https://database.example/1">{title}</a></h1><div>The River Post</div>
<div>March 4, 2022 Friday</div>
    <div>Copyright 2022 River Ltd. All Rights Reserved</div><div><span>Section:</span>&nbsp;NEWS; Pg. 3</div>
    <div><b>Length:</b> 532 words</div><div><b>Byline:</b> By Ann Reed and John Roe, Political Editor</div>{fields}<div>Body</div>
    {body}{end}<div>Load-Date: March 5, 2022</div><div>End of Document</div></div>"""


NEXIS = nexis_page(
    nexis_document(
        "<p>The delegates met &amp; sat <i>down</i>.</p><p>Notes: they shook hands.</p><p>Language: a barrier, as ever.</p>",
        "<div><b>Highlight:</b> It is the third round.</div><div>Dateline: GENEVA</div>",
        "<div>Graphic</div><div>The hall in Geneva.</div><div>Classification</div><div>Language: ENGLISH</div>"
        "<div>Subject: PEACE TALKS (90%); TRUCE (70%)</div><div>Geographic: GENEVA</div>",
    ),
    nexis_document("<p>So far.</p>", title="Second &lt;b&gt;round"),
)
NEXIS_TEXT = """

Download Request: Selected Items: 1-2
Terms: (talks and
(truce))

                               1 of 2 DOCUMENTS

                                  River Post

                            January 11, 2010 Monday
                                   Edition 1;
                                    Scotland

Talks resume in the long hall beside the river
after weeks

BYLINE: ANN REED

SECTION: FEATURES; Pg. 6

LENGTH: 677 words

DATELINE: GENEVA

The delegates met
before noon.

Notes: they sat down.

GRAPHIC: The long hall.

LOAD-DATE: January 11, 2010

LANGUAGE: ENGLISH

                       Copyright 2010 River Ltd
                              All Rights Reserved

                               2 of 2 DOCUMENTS

                                  Le Fleuve

                            12 janvier 2010

Deuxième tour

RUBRIQUE: MONDE

LONGUEUR: 77 mots

Les pourparlers reprennent.

LANGUE: FRENCH
"""


def test_a_document_of_nexis_has_the_fields_that_are_printed_above_and_below_its_text() -> None:
    first, second = articles(read_nexis, NEXIS)
    assert (first.headline, first.publisher, iso(first), first.language) == (
        "Talks resume in Geneva", "The River Post", "2022-03-04", "en",
    )  # fmt: skip
    assert (first.section, first.authors, first.standfirst) == ("NEWS", ("Ann Reed", "John Roe"), "It is the third round.")
    assert (first.dateline, first.tags, first.captions) == ("GENEVA", ("PEACE TALKS", "TRUCE"), (Caption("The hall in Geneva."),))
    assert texts(first) == ["The delegates met & sat down.", "Notes: they shook hands.", "Language: a barrier, as ever."]
    assert (second.headline, texts(second), second.captions) == ("Second <b>round", ["So far."], ())
    assert first.id != second.id


def test_the_layout_of_nexis_before_2019_is_read_from_text() -> None:
    first, second = articles(read_nexis, NEXIS_TEXT)
    assert first.headline == "Talks resume in the long hall beside the river after weeks"
    assert (first.publisher, iso(first), first.section, first.dateline) == ("River Post", "2010-01-11", "FEATURES", "GENEVA")
    assert (first.authors, first.captions) == (("Ann Reed",), (Caption("The long hall."),))
    assert texts(first) == ["The delegates met before noon.", "Notes: they sat down."]
    assert (second.headline, second.publisher, iso(second)) == ("Deuxième tour", "Le Fleuve", "2010-01-12")
    assert (second.section, second.language, texts(second)) == ("MONDE", "fr", ["Les pourparlers reprennent."])


def test_the_layout_of_nexis_before_2019_is_read_from_html() -> None:
    old = (
        '<html><body><a name="DOC_ID_0_0"></a><div class="c0"><p class="c1"><span>1 of 1 DOCUMENT</span></p></div><div>'
        "<p>River Post</p>"
        "</div><div><p><span>March 4, 2012</span><span> Sunday <br>Edition 1</span></p></div><div><p>"
        "<span>Talks resume</span></p></div>"
        "<div><p><span>BYLINE: </span><span>Ann Reed</span></p></div><div><p><span>LENGTH: </span><span>30 words</span></p></div>"
        "<div><p>It holds.</p><p>So far.</p></div><div><p><span>LANGUAGE: </span><span>ENGLISH</span></p></div>"
        "<div><p>Copyright 2012 River Ltd</p></div></body></html>"
    )
    found = article(read_nexis, old)
    assert (found.headline, iso(found), found.authors, texts(found)) == (
        "Talks resume", "2012-03-04", ("Ann Reed",), ["It holds.", "So far."],
    )  # fmt: skip
    assert inner_format("html", lambda: old.encode()) == "nexis"


def test_a_copyright_below_the_text_goes_and_a_paragraph_that_begins_like_one_stays() -> None:
    law = "Copyright law was not made for this, " + "say the delegates who met in the long hall, " * 5
    found = article(read_nexis, nexis_page(nexis_document(f"<p>It holds.</p><p>{law}</p><p>Copyright 2022 River Ltd</p>")))
    assert texts(found) == ["It holds.", " ".join(law.split())]


def test_a_document_of_nexis_without_text_is_reported_and_the_next_is_read() -> None:
    found, codes, _ = readable(read_nexis, nexis_page(nexis_document(""), nexis_document("<p>It holds.</p>")))
    assert ([texts(each) for each in found], codes) == ([["It holds."]], ["bad-record"])


def test_a_page_that_breaks_off_gives_what_it_has() -> None:
    found, codes, _ = readable(read_nexis, NEXIS[: NEXIS.index("far.")])
    assert ([texts(each) for each in found][1], codes) == (["So"], ["undecodable"])


def test_a_headline_and_a_text_with_labels_of_their_own_are_told_from_it() -> None:
    text = (
        NEXIS_TEXT.replace("Talks resume in the long hall beside the river\nafter weeks\n", "")
        .replace("BYLINE: ANN", "HEADLINE: Talks resume in the long hall\nbeside the river\n\nBYLINE: ANN")
        .replace("SECTION: F", "LENGTH: 677 words\n\nSECTION: F", 1)
        .replace("DATELINE: GENEVA", "BODY:")
    )
    first, second = articles(read_nexis, text)
    assert (first.headline, first.authors) == ("Talks resume in the long hall beside the river", ("Ann Reed",))
    assert texts(first) == ["The delegates met before noon.", "Notes: they sat down."]
    assert second.headline == "Deuxième tour"


@pytest.mark.parametrize("label", ["LÄNGE", "L&Auml;NGE", "LENGTH"])
def test_a_page_of_nexis_is_told_by_its_labels_however_their_letters_are_written(label: str) -> None:
    page = f"<HTML><P>1 of 49 DOCUMENTS</P><P>Der Fluss</P><P>27. Februar 2012</P><P>{label}: 12 W&ouml;rter</P><P>Es gilt.</P>"
    assert inner_format("html", page.encode) == "nexis"


def test_the_newspaper_and_the_day_stay_where_the_copyright_stands_above_them_in_one_paragraph() -> None:
    top = "<p>1 of 2 DOCUMENTS</p><p>Copyright 2015 River Ltd<br>All Rights Reserved<br>The River Post</p>"
    rest = "<p>LENGTH: 12 words</p><p>HEADLINE: Talks resume</p><p>BODY:</p><p>It holds.</p></body></html>"
    found = article(read_nexis, f"<html><body>{top}<p>July 1, 2015<br>Late Edition</p>{rest}")
    assert (found.headline, found.publisher, iso(found)) == ("Talks resume", "The River Post", "2015-07-01")
    assert texts(found) == ["It holds."]


def test_a_page_of_factiva_is_told_by_its_title_where_styles_come_first() -> None:
    assert inner_format("html", lambda: b"<html><head><title>Factiva</title><style>p {}</style>") == "factiva"


def _with_label(entry: LexiconEntry) -> Article:
    label = entry.text.capitalize()
    values = {"language": "ENGLISH", "tags": "TRUCE (90%)", "graphic": "The hall", "length": "30 words", "section": "NEWS"}
    above = f"<div>{label}: {values.get(entry.kind, 'Geneva Post')}</div>"
    below = "<div>Ignored line.</div>"
    top = "<h1>Talks</h1><div>River Post</div><div>March 4, 2022</div>"
    if entry.kind in ("section", "length", "headline", "byline", "dateline", "standfirst"):
        return article(read_nexis, nexis_page(f"{top}{above}<div>Length: 5 words</div><div>Body</div><p>It holds.</p>"))
    if entry.kind == "body":
        return article(read_nexis, nexis_page(f"{top}<div>Length: 5 words</div><div>{label}</div><p>It holds.</p>"))
    if entry.kind == "end":
        return articles(
            read_nexis, nexis_page(f"{nexis_document('<p>It holds.</p>')}<p>{label}</p><div>Length: 1</div><p>x</p>")
        )[0]
    if entry.kind in ("language", "tags", "graphic"):
        below = f"{above}{below}" if entry.kind == "language" else f"<div>Classification</div>{above}"
    elif entry.kind == "closing":
        below = f"{above}{below}"
    else:
        below = f"<div>{label}</div>{below}"
    return article(read_nexis, nexis_page(f"{top}<div>Length: 5 words</div><div>Body</div><p>It holds.</p>{below}"))


@pytest.mark.parametrize("entry", LABELS, ids=str)
def test_each_label_is_known_as_a_field_and_not_read_as_text(entry: LexiconEntry) -> None:
    found = _with_label(entry)
    assert texts(found) == ["It holds."]
    expected = {
        "section": found.section == "NEWS", "headline": found.headline == "Geneva Post",
        "byline": found.authors == ("Geneva Post",),
        "dateline": found.dateline == "Geneva Post",
        "standfirst": found.standfirst == "Geneva Post", "language": found.language == "en", "tags": found.tags == ("TRUCE",),
        "graphic": found.captions == (Caption("The hall"),),
    }  # fmt: skip
    assert expected.get(entry.kind, True)


@pytest.mark.parametrize("entry", LANGUAGES, ids=str)
def test_each_name_of_a_language_has_its_code(entry: LexiconEntry) -> None:
    assert language_code(f"{entry.text.upper()}; ENGLISH") == entry.language


@pytest.mark.parametrize(
    ("printed", "section"),
    [("NEWS; World; Pg. 3", "NEWS"), ("Pg. A4", None), ("", None), ("Monde | Europe", "Monde"), ("S. 2", None)],
)
def test_a_page_is_no_section(printed: str, section: str | None) -> None:
    assert section_of(printed) == section


def _with_note(entry: LexiconEntry) -> bool:
    """Whether the note is told from the text, the section or the name that it stands beside."""
    note, number = entry.text.capitalize(), "RIVP000020220304ei340000a"
    match entry.kind:
        case "words" | "document":
            words, document = (note, "Document") if entry.kind == "words" else ("words", note)
            lines = ["Talks resume", f"532 {words}", "4 March 2022", "River Post", "Copyright 2022 River", "It holds."]
            [found] = map(made, factiva.documents([*lines, f"{document} {number}"]))
            return (found.section, found.publisher, texts(found)) == (None, "River Post", ["It holds."])
        case "of":
            return len(articles(read_nexis, NEXIS_TEXT.replace("1 of 2 DOCUMENTS", f"Document 1 {note} 2"))) == 2
        case "rights":
            return texts(article(read_nexis, nexis_page(nexis_document(f"<p>It holds.</p><p>{note}.</p>")))) == ["It holds."]
        case "edition":
            first, _ = articles(read_nexis, NEXIS_TEXT.replace("Edition 1;", f"\n{note} 1;\n"))
            return first.headline == "Scotland Talks resume in the long hall beside the river after weeks"
        case "page":
            return section_of(f"{note}. 3") is None
        case _:
            return without_number(f"Le Fleuve, {note}. 22, p. 3") == "Le Fleuve"


@pytest.mark.parametrize("entry", NOTES, ids=str)
def test_each_note_is_told_from_what_it_stands_beside(entry: LexiconEntry) -> None:
    assert _with_note(entry)


# --- Factiva ---------------------------------------------------------------------------------------------------------


def coded(**fields: str) -> str:
    rows = "".join(f"<tr><td><b>{code}</b>&nbsp;</td><td>{value}</td></tr>" for code, value in fields.items())
    return f'<div class="article enArticle"><p><table cellspacing="0">{rows}</table></p></div>'


FACTIVA_CODED = coded(
    HD='<span class="enHeadline"><b>Talks resume &amp; go on</b></span>', BY="By Ann Reed", WC="532 words",
    PD="4 March 2022", ET="10:30",
    SN="The River Post", SC="RIVP", ED="First", PG="A1", LA="English", CY="Copyright 2022 River Ltd", SE="World",
    LP='<p class="articleParagraph enarticleParagraph">The lead\nparagraph.</p>', ART="The long hall.",
    TD='<p class="articleParagraph">Text one.</p><p class="articleParagraph">Text two.</p>', CO="rvrltd : River Ltd",
    NS="gdip : Foreign Policy | gcns : Politics", RE="switz : Switzerland", AN="Document RIVP000020220304ei340000a",
)  # fmt: skip
FACTIVA_PLAIN = """<div class="article frArticle"><div>INTERNATIONAL</div><div id="hd">
<span class="frHeadline">Les pourparlers</span></div>
<div class="author">Anne Roseau</div><div>212 mots</div><div>4 mars 2022</div><div>10:30</div><div>Le Fleuve</div><div>LFLV</div>
<div>3</div><div>Français</div><div>Copyright 2022 Le Fleuve</div><p class="articleParagraph frarticleParagraph">Un.</p>
<p class="articleParagraph frarticleParagraph">Deux.</p><p>Document LFLV000020220304ei340000b</p></div>"""
FACTIVA = f"<html><head><title>Factiva</title></head><body>{FACTIVA_CODED}<hr>{FACTIVA_PLAIN}</body></html>"


def test_an_article_of_factiva_with_codes_has_the_field_of_each_code() -> None:
    found = articles(read_factiva, FACTIVA)[0]
    assert (found.headline, found.authors, iso(found)) == ("Talks resume & go on", ("Ann Reed",), "2022-03-04T10:30:00")
    assert (found.publisher, found.section, found.language) == ("The River Post", "World", "en")
    assert (found.tags, found.captions) == (
        ("River Ltd", "Foreign Policy", "Politics", "Switzerland"), (Caption("The long hall."),),
    )  # fmt: skip
    assert texts(found) == ["The lead paragraph.", "Text one.", "Text two."]
    assert found.source == "news/export!/RIVP000020220304ei340000a"


def test_an_article_of_factiva_without_codes_is_read_by_its_order() -> None:
    found = articles(read_factiva, FACTIVA)[1]
    assert (found.headline, found.authors, iso(found)) == ("Les pourparlers", ("Anne Roseau",), "2022-03-04T10:30")
    assert (found.publisher, found.section, found.language) == ("Le Fleuve", "INTERNATIONAL", "fr")
    assert (texts(found), found.source) == (["Un.", "Deux."], "news/export!/LFLV000020220304ei340000b")


def test_an_article_of_factiva_without_text_is_reported_and_the_next_is_read() -> None:
    found, codes, _ = readable(read_factiva, coded(HD="Talks", AN="Document RIVP000020220304ei340000c") + FACTIVA_PLAIN[:-20])
    assert ([each.headline for each in found], codes) == (["Les pourparlers"], ["no-article"])


def test_the_same_article_saved_twice_has_one_identity() -> None:
    first, second = articles(read_factiva, FACTIVA_CODED + FACTIVA_CODED)
    assert first.id == second.id


# --- Europresse ------------------------------------------------------------------------------------------------------

EUROPRESSE = """<html><body><article><header><div class="rdp__DocPublicationName">
<span class="DocPublicationName">Le Fleuve, no. 4022
</span></div><div class="rdp__DocHeader"><span class="DocHeader">Politique, samedi 5 mars 2022 887 mots, p. 8</span></div>
<div class="titreArticle"><p class="titreArticleVisu rdp__articletitle">Les pourparlers reprennent</p></div>
<p class="sm-margin-TopNews rdp__subtitle">Troisième tour</p><p class="sm-margin-bottomNews">Anne Roseau</p></header><section>
<div class="DocText clearfix"><div class="docOcurrContainer"><p>Les délégués <mark>se</mark> sont vus.</p><p>Deux.</p></div>
</div></section>
<aside><p>Note(s) : à suivre</p></aside><footer><div class="Doc-LegalInfo"><small>© 2022 Le Fleuve</small></div>
<div class="publiC-lblNodoc">news·20220305·FL·4022x123</div></footer></article>
<article><header><span class="DocPublicationName">The River Review, Vol. 14, no 4</span>
<span class="DocHeader">Thursday, December 22, 2022 13887 mots, p. 819(40)</span><p class="titreArticleVisu">Second</p>
<div>John Roe</div></header><div class="DocText"><p>At the beginning.</p></div><p>news·20221222·XXX·00001</p></article></body>
</html>"""
EUROPRESSE_OLD = """<html><body><table><tr><td><span class="DocPublicationName">Le Fleuve, no. 12</span><br>
<span class="DocHeader">Politique, </span><span class="DocHeader">samedi </span><span class="DocHeader">5 mars 2011</span>
<span class="DocHeader">, p. 3</span><br><br><span class="TitreArticleVisu">Titre &amp; suite</span><br>Roseau, Anne<br>
<br>Premier
paragraphe du texte.<br><br>Second paragraphe.<br><br>Copyright 2011 Le Fleuve</td></tr><tr>
<td align="center">news·20110305·FL·123</td>
</tr></table></body></html>"""


def test_an_article_of_europresse_has_its_fields_and_not_the_notes_around_it() -> None:
    first, second = articles(read_europresse, EUROPRESSE)
    assert (first.headline, first.standfirst, first.authors) == ("Les pourparlers reprennent", "Troisième tour", ("Anne Roseau",))
    assert (first.publisher, first.section, iso(first), first.language) == ("Le Fleuve", "Politique", "2022-03-05", "fr")
    assert texts(first) == ["Les délégués se sont vus.", "Deux."]
    assert first.source == "news/export!/news·20220305·FL·4022x123"
    assert (second.publisher, second.section, iso(second)) == ("The River Review", None, "2022-12-22")
    assert (second.authors, texts(second)) == (("John Roe",), ["At the beginning."])


def test_the_layout_of_europresse_before_2012_is_read() -> None:
    found = article(read_europresse, EUROPRESSE_OLD.encode("cp1252"))
    assert (found.headline, found.authors, iso(found)) == ("Titre & suite", ("Anne Roseau",), "2011-03-05")
    assert (found.publisher, found.section) == ("Le Fleuve", "Politique")
    assert texts(found) == ["Premier paragraphe du texte.", "Second paragraphe."]


def test_what_is_too_long_for_an_author_or_ends_a_sentence_is_none() -> None:
    long = "Propos recueillis par notre envoyée dans la grande salle au bord du fleuve"
    assert articles(read_europresse, EUROPRESSE.replace(">Anne Roseau<", f">{long}<"))[0].authors == ()
    found = article(read_europresse, EUROPRESSE_OLD.replace("Roseau, Anne", "Il pleut."))
    assert (found.authors, texts(found)[0]) == ((), "Il pleut.")


def test_an_article_of_europresse_without_a_printed_date_has_that_of_its_number() -> None:
    undated = re.sub(r"samedi 5 mars 2022", "", EUROPRESSE)
    assert iso(articles(read_europresse, undated)[0]) == "2022-03-05"


def test_an_article_of_europresse_without_text_is_reported_and_the_next_is_read() -> None:
    found, codes, _ = readable(
        read_europresse, EUROPRESSE.replace("<p>Les délégués <mark>se</mark> sont vus.</p><p>Deux.</p>", "")
    )
    assert ([each.headline for each in found], codes) == (["Second"], ["no-article"])


# --- which page is an export -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (NEXIS, "nexis"), (FACTIVA, "factiva"), (EUROPRESSE, "europresse"), (EUROPRESSE_OLD, "europresse"),
        ("<article class='article'><p>Nexis and Factiva are databases. Length: 5 words.</p></article>", "html"),
    ],
)  # fmt: skip
def test_an_export_is_told_from_a_page_that_speaks_of_one(page: str, kind: str) -> None:
    assert inner_format("html", page.encode) == kind


def test_the_file_is_opened_only_where_it_may_be_an_export() -> None:
    assert inner_format("warc", lambda: pytest.fail("it was opened")) == "warc"
    assert inner_format("text", NEXIS_TEXT.encode) == "nexis-text"
    assert inner_format("text", lambda: b"1 of 5 documents was signed.") == "text"


@pytest.mark.parametrize("module", [nexis, factiva, europresse], ids=["nexis", "factiva", "europresse"])
def test_what_only_looks_like_an_export_is_reported(module: object) -> None:
    reader = next(
        value for name, value in vars(module).items() if name.startswith("read_") and value.__module__ == module.__name__
    )  # type: ignore[attr-defined]
    assert readable(reader, "<html><p>Nothing of the kind.</p></html>")[1] == ["no-article"]
    assert readable(reader, b"\x89PNG\r\n\x1a\n" + bytes(200))[1] == ["not-a-page"]
    assert readable(reader, b"x" * 1_000_001)[1] == ["too-large"]
    assert readable(reader, "<p " + "a=1 " * 10_000 + ">")[1] == ["too-complex"]


# --- Word and rich text ----------------------------------------------------------------------------------------------


def docx(*lines: str, **more: str) -> bytes:
    """Each line a paragraph, "\n" in it a break, "a | b" a row of a table."""

    def paragraph(line: str) -> str:
        return "<w:p>" + "<w:r><w:br/></w:r>".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in line.split("\n")) + "</w:p>"

    body = "".join(
        f"<w:tbl><w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in line.split(' | '))}</w:tr></w:tbl>"
        if " | " in line
        else paragraph(line)
        for line in lines
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        document = (
            '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        )
        archive.writestr("word/document.xml", more.get("document") or f"{document}{body}</w:body></w:document>")
    return stream.getvalue()


def rtf(*lines: str) -> bytes:
    text = "\\par\n".join(line.replace("\n", "\\line ") for line in lines)
    return (r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\pict " + "0a" * 600 + "}" + text + "}").encode("ascii", "rtf")


def as_rtf(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(f"\\u{ord(letter)}?" for letter in error.object[error.start : error.end]), error.end


codecs.register_error("rtf", as_rtf)
NEXIS_LINES = ("Talks resume", "The River Post", "March 4, 2022 Friday", "Copyright 2022 River Ltd", "Section: NEWS; Pg. 3",
"Length: 53 words",
               "Byline: Ann Réed", "Body", "The delegates\nmet.", "So far.", "Classification", "Language: ENGLISH",
               "Load-Date: March 5, 2022", "End of Document")  # fmt: skip
FACTIVA_LINES = ("Les pourparlers", "Anne Roseau", "212 mots", "4 mars 2022", "Le Fleuve", "LFLV", "Français",
"Copyright 2022 Le Fleuve",
                 "Un.", "Deux.", "Document LFLV000020220304ei340000b")  # fmt: skip
FACTIVA_CODES = ("HD | Talks resume", "BY | Ann Reed", "PD | 4 March 2022", "SN | The River Post", "TD | It holds.", "So far.",
                 "AN | Document RIVP000020220304ei340000a")  # fmt: skip


@pytest.mark.parametrize(("reader", "made"), [(read_docx, docx), (read_rtf, rtf)], ids=["docx", "rtf"])
def test_an_export_as_a_word_processor_has_it_is_read(reader: Reader, made: Callable[..., bytes]) -> None:
    first, second = articles(reader, made(*NEXIS_LINES, *NEXIS_LINES))
    assert (first.headline, first.publisher, iso(first), first.authors) == (
        "Talks resume",
        "The River Post",
        "2022-03-04",
        ("Ann Réed",),
    )
    assert (texts(first), texts(second), first.language) == (
        ["The delegates met.", "So far."],
        ["The delegates met.", "So far."],
        "en",
    )
    found = article(reader, made(*FACTIVA_LINES))
    assert (found.headline, found.authors, iso(found)) == ("Les pourparlers", ("Anne Roseau",), "2022-03-04")
    assert (found.publisher, found.language, texts(found)) == ("Le Fleuve", "fr", ["Un.", "Deux."])
    manuscript = article(reader, made("Talks resume", "", "The delegates met.", "So far."))
    assert (manuscript.headline, texts(manuscript)) == ("Talks resume", ["The delegates met.", "So far."])


def test_the_codes_of_factiva_may_stand_in_cells_or_before_a_tab() -> None:
    for found in (
        article(read_docx, docx(*FACTIVA_CODES)),
        article(read_rtf, rtf(*(line.replace(" | ", "\t") for line in FACTIVA_CODES))),
    ):
        assert (found.headline, found.authors, iso(found)) == ("Talks resume", ("Ann Reed",), "2022-03-04")
        assert (found.publisher, texts(found)) == ("The River Post", ["It holds.", "So far."])


def test_pictures_within_a_file_do_not_count_as_its_text() -> None:
    picture = "0123456789abcdef" * 10_000
    assert len(articles(read_rtf, rtf(*NEXIS_LINES).replace(b"0a" * 600, picture.encode()))) == 1
    page = NEXIS.replace("<div>Graphic</div>", f'<img src="data:image/png;base64,{picture}"><div>Graphic</div>')
    assert len(articles(read_nexis, page)) == 2


def test_a_document_that_is_none_breaks_off_or_is_a_bomb_is_reported() -> None:
    assert readable(read_rtf, b"no rich text")[1] == ["not-a-page"]
    assert readable(read_rtf, b"{\\rtf1 " + b"word {} " * 20_000)[1] == ["too-large"]
    assert readable(read_rtf, b"{\\rtf1 " + b"{" * 90_000)[1] == ["no-article"]
    whole = docx(*NEXIS_LINES)
    broken = docx(document=zipfile.ZipFile(io.BytesIO(whole)).read("word/document.xml").decode()[:-400])
    assert readable(read_docx, broken)[1][-1] == "undecodable"
    assert readable(read_docx, docx(document="<w:p>" + "x" * 200_000))[1] == ["too-large"]
    assert readable(read_docx, docx("Only a headline"))[1] == ["no-article"]
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    assert readable(read_docx, empty.getvalue())[1] == ["not-a-page"]
