"""Scanned pages (ALTO), issues (METS) and PDF files: the text in the order in which it is read."""

import importlib
from functools import partial
from pathlib import Path

import pytest
from exports import article, readable, texts
from saved import save_zip

from indexer.extract.json_articles import article_from_record
from indexer.load.pipeline import load
from indexer.sources.files.folders import Listing
from indexer.sources.files.read import DiskFolder, open_regular, records
from indexer.sources.formats.exports.newspapers import pdf
from indexer.sources.formats.exports.newspapers.alto import read_alto
from indexer.sources.formats.exports.newspapers.hyphens import joined
from indexer.sources.formats.exports.newspapers.layout import Line, paragraphs, reading_order
from indexer.sources.formats.exports.newspapers.mets import read_mets
from indexer.sources.source_file import FilePlace, SourceFile
from search.engines.protocol import open_engine
from search.errors import PageError
from search.model.article import Article, Caption
from search.settings import Settings

# --- hyphens ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The dele-", "gates met."], "The delegates met."),
        (["at the river-", "Side hall"], "at the river-Side hall"),
        (["the dele¬", "gates"], "the delegates"),
        (["the dele\u00ad", "gates of 1990-", "91 met –", "at noon"], "the delegates of 1990- 91 met – at noon"),
        (["a", "", " b  c "], "a b c"),
        ([], ""),
    ],
)
def test_words_that_a_line_parts_are_joined(lines: list[str], text: str) -> None:
    assert joined(lines) == text


# --- ALTO ------------------------------------------------------------------------------------------------------------


read_page = partial(read_alto, place=FilePlace(DiskFolder("/nowhere", open_regular), "page.xml"))


def alto(*blocks: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>'
        '<Page ID="P1"><PrintSpace>'
        f'<ComposedBlock ID="C1">{"".join(blocks)}</ComposedBlock></PrintSpace></Page></Layout></alto>'
    )


def block(name: str, *lines: str) -> str:
    """Each line as ALTO has it: words, blanks between them, a hyphen at the end marked up."""
    marked = []
    for line in lines:
        words = "<SP/>".join(f'<String CONTENT="{word}"/>' for word in line.rstrip("-").split())
        hyphen = '<HYP CONTENT="-"/>' if line.endswith("-") else ""
        marked.append(f'<TextLine HEIGHT="30">{words}{hyphen}</TextLine>')
    return f'<TextBlock ID="{name}">{"".join(marked)}</TextBlock>'


PAGE_1 = alto(
    block("B1", "TALKS RESUME IN THE", "LONG HALL"),
    block("B2", "By Ann Reed"),
    block("B3", "The dele-", "gates met &amp; sat."),
    block("B4", "Buy our soap!"),
    block("B5", "The hall at noon."),
)
PAGE_2 = alto(block("B1", "They shook hands."), block("B2", "A second round"), block("B3", "It holds."), block("B4", "2"))


def test_a_page_is_an_article_with_a_paragraph_for_each_block() -> None:
    assert texts(article(read_page, PAGE_1)) == [
        "TALKS RESUME IN THE LONG HALL", "By Ann Reed", "The delegates met & sat.", "Buy our soap!", "The hall at noon.",
    ]  # fmt: skip


def test_a_word_that_alto_gives_whole_is_taken_so() -> None:
    parted = (
        '<TextBlock><TextLine><String CONTENT="the"/><SP/><String CONTENT="dele" SUBS_TYPE="HypPart1" SUBS_CONTENT="delegates"/>'
        '<HYP CONTENT="-"/></TextLine><TextLine><String CONTENT="gates" SUBS_TYPE="HypPart2" SUBS_CONTENT="delegates"/><SP/>'
        '<String CONTENT="met"/></TextLine></TextBlock>'
    )
    assert texts(article(read_page, alto(parted))) == ["the delegates met"]


def test_a_page_that_breaks_off_is_read_up_to_there_and_one_without_text_is_reported() -> None:
    found, codes, _ = readable(read_page, PAGE_1[: PAGE_1.index('"our"')])
    assert (len(texts(found[0])), codes) == (3, ["undecodable"])
    assert readable(read_page, alto())[1] == ["no-article"]


# --- METS ------------------------------------------------------------------------------------------------------------


def area(page: int, name: str) -> str:
    return f'<fptr><area BETYPE="IDREF" FILEID="ALTO{page}" BEGIN="{name}"/></fptr>'


def mets(divisions: str, second: str = "file://./alto/page2.xml") -> str:
    return f"""<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" LABEL="River">
<dmdSec ID="ISSUE"><mdWrap><xmlData><mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>The River Post</title></titleInfo>
<language><languageTerm>eng</languageTerm></language><originInfo><dateIssued>1912-03-04</dateIssued></originInfo></mods></xmlData></mdWrap>
</dmdSec><fileSec><fileGrp><file ID="ALTO1"><FLocat xlink:href="file://./alto/page1.xml"/></file><file ID="ALTO2"><FLocat
xlink:href="{second}"/></file></fileGrp></fileSec><structMap TYPE="LOGICAL"><div TYPE="Newspaper">{divisions}</div></structMap>
</mets>"""


DIVIDED = (
    f'<div TYPE="ARTICLE" ID="A1"><div TYPE="HEADING"><div TYPE="TITLE">{area(1, "B1")}</div>'
    f'<div TYPE="AUTHOR">{area(1, "B2")}</div></div>'
    f'<div TYPE="BODY"><div TYPE="PARAGRAPH">{area(1, "B3")}</div><div TYPE="ILLUSTRATION">'
    f'<div TYPE="CAPTION">{area(1, "B5")}</div></div>'
    f'<div TYPE="PARAGRAPH">{area(2, "B1")}{area(1, "B3")}</div></div></div><div TYPE="ADVERTISEMENT">{area(1, "B4")}</div>'
    f'<div TYPE="ARTICLE" ID="A2" LABEL="Second"><div TYPE="TEXT">{area(2, "B3")}</div>'
    f'<div TYPE="PAGE_NUMBER">{area(2, "B4")}</div></div>'
    f'<div TYPE="ARTICLE" ID="A3" LABEL="Empty">{area(2, "B99")}</div>'
)


def issue(folder: Path, description: str) -> Path:
    (folder / "issue/alto").mkdir(parents=True)
    (folder / "issue/alto/page1.xml").write_text(PAGE_1)
    (folder / "issue/alto/page2.xml").write_text(PAGE_2)
    path = folder / "issue/river-mets.xml"
    path.write_text(description)
    return path


def issue_articles(path: Path) -> tuple[list[Article], list[str], dict[str, int]]:
    return readable(partial(read_mets, place=FilePlace(DiskFolder(str(path.parent), open_regular), path.name)), path.read_bytes())


def test_an_issue_gives_its_articles_from_the_blocks_of_their_pages(tmp_path: Path) -> None:
    (first, second), codes, left_out = issue_articles(issue(tmp_path, mets(DIVIDED)))
    assert (first.headline, first.authors, first.publisher) == ("TALKS RESUME IN THE LONG HALL", ("Ann Reed",), "The River Post")
    assert first.published
    assert (first.published.iso, first.language, first.source) == ("1912-03-04", "en", "news/export!/A1")
    assert texts(first) == ["The delegates met & sat.", "They shook hands."]
    assert first.captions == (Caption("The hall at noon.", None, None, 1),)
    assert (second.headline, texts(second)) == ("Second", ["It holds."])
    assert (codes, left_out) == (["no-article"], {"advertisements": 1})


def test_an_issue_that_is_not_divided_gives_its_pages(tmp_path: Path) -> None:
    found, codes, _ = issue_articles(issue(tmp_path, mets('<div TYPE="ISSUE"/>')))
    assert ([each.source for each in found], codes) == (["news/export!/ALTO1", "news/export!/ALTO2"], [])
    assert texts(found[1]) == ["They shook hands.", "A second round", "It holds.", "2"]


@pytest.mark.parametrize("address", ["file:///etc/hostname", "../secret.xml", "gone.xml"])
def test_a_page_that_is_not_there_or_lies_outside_is_reported(tmp_path: Path, address: str) -> None:
    (tmp_path / "secret.xml").write_text(PAGE_2.replace("They shook", "Secrets that they shook"))
    found, codes, _ = issue_articles(issue(tmp_path, mets(DIVIDED, address)))
    assert texts(found[0]) == ["The delegates met & sat."]
    assert codes.count("unreadable") == 1


def test_pages_of_an_issue_are_not_indexed_a_second_time(tmp_path: Path) -> None:
    path = issue(tmp_path, mets(DIVIDED))
    (path.parent / "single.xml").write_text(PAGE_2)
    with open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        report = load([str(path.parent)], engine, Settings(jobs=1))
    assert report.indexed == 3
    assert sum(count for what, count in report.passed_over.items() if what.endswith("pages that a METS file describes")) == 2


@pytest.mark.parametrize("folder", ["", "issue/"])
def test_an_issue_in_a_zip_file_is_read_as_if_it_lay_in_a_folder(tmp_path: Path, folder: str) -> None:
    path = issue(tmp_path, mets(DIVIDED))
    (path.parent / "single.xml").write_text(PAGE_2)
    names = [str(each.relative_to(path.parent)) for each in path.parent.rglob("*.xml")]
    (tmp_path / "news").mkdir()
    save_zip(tmp_path / "news/all.zip", {f"{folder}{name}": (path.parent / name).read_bytes() for name in names})
    with open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        report = load([str(tmp_path / "news")], engine, Settings(jobs=1))
        found = sorted(entry.source for entry in engine.reader().sources() if entry.kind == "article")
    assert found == [f"news/all.zip!/{folder}{name}" for name in ("river-mets.xml!/A1", "river-mets.xml!/A2", "single.xml!/1")]
    assert sum(count for what, count in report.passed_over.items() if what.endswith("pages that a METS file describes")) == 2


@pytest.mark.parametrize("address", ["../secret.xml", "/issue/alto/page2.xml", "gone.xml"])
def test_a_page_outside_the_folder_in_the_zip_file_is_reported(tmp_path: Path, address: str) -> None:
    members = {"issue/mets.xml": mets(DIVIDED, address), "issue/alto/page1.xml": PAGE_1, "secret.xml": PAGE_2}
    path = save_zip(tmp_path / "all.zip", {name: text.encode() for name, text in members.items()})
    [file] = Listing([str(path)], {})
    problems = [each.problem[0] for each in records(file, Settings()) if each.problem]
    assert problems.count("unreadable") == 1


# --- layout ----------------------------------------------------------------------------------------------------------


def lines(*rows: tuple[str, float, float], width: float = 100.0, size: float = 10.0) -> list[Line]:
    return [Line(text, left, bottom, left + width, bottom + size, size) for text, left, bottom in rows]


def test_columns_are_read_one_after_the_other_below_what_spans_them() -> None:
    head = Line("Talks resume", 0, 200, 330, 230, 30)
    columns = lines(("a1", 0, 100), ("b1", 120, 100), ("a2", 0, 88), ("b2", 120, 88), ("c1", 240, 100), ("c2", 240, 88))
    assert [line.text for line in reading_order([*columns, head])] == ["Talks resume", "a1", "a2", "b1", "b2", "c1", "c2"]


def test_a_paragraph_begins_after_a_gap_and_where_its_line_stands_in() -> None:
    column = lines(("One", 0, 100), ("goes on", 0, 88), ("Two", 10, 76), ("goes on", 0, 64), ("Three", 0, 40), ("goes on", 0, 28))
    assert paragraphs(column) == ["One goes on", "Two goes on", "Three goes on"]


def test_columns_and_paragraphs_may_stand_close() -> None:
    columns = lines(("a1", 0, 100), ("b1", 106, 100), ("a2", 0, 88), ("b2", 106, 88))
    assert [line.text for line in reading_order(columns)] == ["a1", "a2", "b1", "b2"]
    gap = lines(("One", 0, 100), ("goes on", 0, 88), ("and on.", 0, 76), ("Two", 0, 60), ("goes on", 0, 48))
    assert paragraphs(gap) == ["One goes on and on.", "Two goes on"]
    indent = lines(("One", 0, 100), ("goes on.", 0, 88), ("Two", 6, 76), ("goes on", 0, 64))
    assert paragraphs(indent) == ["One goes on.", "Two goes on"]


@pytest.mark.parametrize(("size", "headline"), [(12, "Talks resume"), (11, None)])
def test_a_headline_may_be_little_larger_than_the_text(size: int, headline: str | None) -> None:
    pytest.importorskip("pypdfium2", reason="pypdfium2 is an optional dependency")
    assert read_pdf(pdf_file([*newspaper_page(1, "only"), (size, 40.0, 730.0, "Talks resume")])).headline == headline


def test_a_sentence_goes_on_in_the_next_column() -> None:
    assert paragraphs(lines(("The dele-", 0, 50), ("gates met.", 120, 100), ("So far.", 0, 30))) == [
        "The delegates met.",
        "So far.",
    ]


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf_file(*pages: list[tuple[int, float, float, str]]) -> bytes:
    """A PDF whose pages have (size, left, bottom, text) each."""
    streams = []
    for page in pages:
        shown = "".join(f"BT /F1 {size} Tf {left} {bottom} Td ({text}) Tj ET\n" for size, left, bottom, text in page)
        streams.append(shown.encode("cp1252"))
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
               b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>"]  # fmt: skip
    for number, stream in enumerate(streams):
        fonts = "/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]{fonts}/Contents {5 + 2 * number} 0 R>>".encode())
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(data),
    )  # fmt: skip


def newspaper_page(number: int, words: str) -> list[tuple[int, float, float, str]]:
    running = [(8, 40.0, 780.0, "The River Post"), (8, 560.0, 20.0, str(number))]
    column = [
        (10, 50.0 if row == 0 else 40.0, 650.0 - 12 * row, f"{words} row {row} of the left side of the") for row in range(5)
    ]
    other = [(10, 320.0, 650.0 - 12 * row, f"{words} row {row} of the right side of the") for row in range(5)]
    return [*running, *(each for pair in zip(column, other, strict=True) for each in pair)]


def read_pdf(data: bytes) -> Article:
    assert pdf.FORMAT.page
    page = pdf.FORMAT.page(SourceFile("news/a.pdf", "a.pdf", "stamp", "", "pdf"), data, Settings())
    return article_from_record(page.data, page.source, page.stamp)


def test_a_pdf_is_read_column_by_column_with_its_headline() -> None:
    pytest.importorskip("pypdfium2", reason="pypdfium2 is an optional dependency")
    head = [(30, 40.0, 730.0, "Talks resume in"), (30, 40.0, 695.0, "the long hall")]
    found = read_pdf(pdf_file(newspaper_page(1, "first") + head, newspaper_page(2, "second"), newspaper_page(3, "third")))
    assert found.headline == "Talks resume in the long hall"
    whole = " ".join(texts(found))
    assert (
        whole.index("first row 4 of the left") < whole.index("first row 0 of the right") < whole.index("second row 0 of the left")
    )
    assert "River Post" not in whole
    assert texts(found)[0].startswith("first row 0 of the left side of the first row 1")


def test_the_number_of_a_page_is_no_text() -> None:
    pytest.importorskip("pypdfium2", reason="pypdfium2 is an optional dependency")
    assert all(not text.endswith(" 7") and text != "7" for text in texts(read_pdf(pdf_file(newspaper_page(7, "only")))))


def test_a_pdf_without_text_is_reported_and_one_that_is_damaged() -> None:
    pytest.importorskip("pypdfium2", reason="pypdfium2 is an optional dependency")
    for data, code in ((pdf_file([]), "no-article"), (b"%PDF-1.4\nno more", "undecodable")):
        with pytest.raises(PageError) as refused:
            read_pdf(data)
        assert refused.value.code == code


def test_without_pypdfium2_a_pdf_is_reported_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> object:
        raise ImportError

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(PageError, match=r"pip install broadsheet\[pdf\]"):
        read_pdf(pdf_file([]))
