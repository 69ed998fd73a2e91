"""web.presenters.articles.citations: the formats, and what reference managers stumble over."""

import json
from dataclasses import replace

import pytest
from press import ARMISTICE, GENEVA, HOSTILE, UNDATED

from search.model.article import Article, PrintedDate
from web.presenters.articles.citations import STYLES, CitedName, citation, file_name, names

PLAIN = Article("a/b", "b")


def test_apa_names_authors_by_initials_and_the_day() -> None:
    assert citation(ARMISTICE, "apa") == (
        "Okafor, R., & Ng, A. (1953, July 27). Korean truce signed. City Beacon. https://beacon.example/1953/armistice?a=1&b=2"
    )
    assert citation(GENEVA, "apa") == "Martin, É. (1954, July). Accords de Genève : la trêve. Le Regard."


def test_chicago_turns_the_first_name_only() -> None:
    assert citation(ARMISTICE, "chicago") == (
        "Okafor, Ruth, and Ada Ng. “Korean truce signed.” City Beacon, July 27, 1953. "
        "https://beacon.example/1953/armistice?a=1&b=2."
    )
    assert citation(GENEVA, "chicago") == "Martin, Élise. “Accords de Genève : la trêve.” Le Regard, July 1954."


def test_what_is_unknown_is_left_out() -> None:
    assert citation(UNDATED, "apa") == "A treaty without a date. (n.d.)."
    assert citation(UNDATED, "chicago") == "“A treaty without a date.” n.d."
    assert citation(PLAIN, "bibtex") == "@misc{article\n}\n"
    assert citation(PLAIN, "ris") == "TY  - NEWS\r\nER  - \r\n"
    assert json.loads(citation(PLAIN, "csl")) == [{"id": "article", "type": "article-newspaper"}]


def test_a_headline_that_ends_gets_no_second_full_stop() -> None:
    asked = replace(PLAIN, headline="Is it over?", published=PrintedDate("1953", "1953"))

    assert citation(asked, "apa") == "Is it over? (1953)."
    assert citation(asked, "chicago") == "“Is it over?” 1953."


@pytest.mark.parametrize(
    ("count", "apa", "chicago"),
    [
        (3, "N0, G., N1, G., & N2, G. ", "N0, Given, Given N1, and Given N2. "),
        (10, "N8, G., & N9, G. ", "Given N8, and Given N9. “"),
        (11, "N9, G., & N10, G. ", "Given N6, et al. “"),
        (20, "N18, G., & N19, G. ", "Given N6, et al. “"),
        (21, "N18, G., … N20, G. ", "Given N6, et al. “"),
    ],
)
def test_many_authors_are_named_as_the_styles_have_it(count: int, apa: str, chicago: str) -> None:
    many = replace(PLAIN, headline="A", authors=tuple(f"Given N{number}" for number in range(count)))

    assert apa in citation(many, "apa")
    assert chicago in citation(many, "chicago")


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ruth Okafor", CitedName("Okafor", "Ruth")),
        ("Ng, Ada", CitedName("Ng", "Ada")),
        ("Ludwig van der Berg", CitedName("van der Berg", "Ludwig")),
        ("Ann B. Lee Jr.", CitedName("Lee Jr.", "Ann B.")),
        ("Ann Lee, Jr.", CitedName("Lee Jr.", "Ann")),
        ("Jean-Paul Aron", CitedName("Aron", "Jean-Paul")),
        ("Continental Wire", CitedName("Continental Wire")),
        ("Associated Press", CitedName("Associated Press")),
        ("王小明", CitedName("王小明")),
        ("Pelé", CitedName("Pelé")),
        ("Omar bin Said", CitedName("bin Said", "Omar")),
        ("José Ortega y Gasset", CitedName("Ortega y Gasset", "José")),
        ("Ann y Lopez", CitedName("Lopez", "Ann y")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_names_are_taken_apart(author: str, name: CitedName) -> None:
    assert names([author]) == [name]


def test_initials_keep_their_hyphen() -> None:
    assert CitedName("Aron", "Jean-Paul M").initialled == "Aron, J.-P. M."


def test_bibtex_has_all_fields_and_escapes_its_signs() -> None:
    assert citation(ARMISTICE, "bibtex") == (
        "@article{okafor1953korean,\n"
        "  author = {Okafor, Ruth and Ng, Ada},\n"
        "  title = {{Korean truce signed}},\n"
        "  journal = {City Beacon},\n"
        "  year = {1953},\n"
        "  month = jul,\n"
        "  day = {27},\n"
        "  url = {https://beacon.example/1953/armistice?a=1&b=2},\n"
        "  urldate = {2020-01-01},\n"
        "  language = {en}\n"
        "}\n"
    )
    signs = replace(PLAIN, headline="100% of $5 & #1_{x} ~^\\", authors=("Smith and Sons Press",))
    assert r"{{100\% of \$5 \& \#1\_\{x\} \textasciitilde{}\textasciicircum{}\textbackslash{}}}" in citation(signs, "bibtex")
    assert "author = {{Smith and Sons Press}}" in citation(signs, "bibtex")


def test_ris_is_a_record_of_tagged_lines() -> None:
    assert citation(ARMISTICE, "ris").split("\r\n") == [
        "TY  - NEWS",
        "AU  - Okafor, Ruth",
        "AU  - Ng, Ada",
        "TI  - Korean truce signed",
        "T2  - City Beacon",
        "PY  - 1953",
        "DA  - 1953/07/27/",
        "AB  - Guns fall silent after three years.",
        "KW  - Korea",
        "LA  - en",
        "UR  - https://beacon.example/1953/armistice?a=1&b=2",
        "Y2  - 2020/01/01",
        "ER  - ",
        "",
    ]
    assert "DA  - 1954/07//\r\n" in citation(GENEVA, "ris")


def test_csl_json_is_one_newspaper_article() -> None:
    (item,) = json.loads(citation(ARMISTICE, "csl"))

    assert item == {
        "id": "okafor1953korean",
        "type": "article-newspaper",
        "title": "Korean truce signed",
        "author": [{"family": "Okafor", "given": "Ruth"}, {"family": "Ng", "given": "Ada"}],
        "container-title": "City Beacon",
        "section": "World",
        "abstract": "Guns fall silent after three years.",
        "issued": {"date-parts": [[1953, 7, 27]]},
        "accessed": {"date-parts": [[2020, 1, 1]]},
        "language": "en",
        "URL": "https://beacon.example/1953/armistice?a=1&b=2",
    }


@pytest.mark.parametrize("style", STYLES)
def test_hostile_fields_stay_in_their_place(style: str) -> None:
    """No line break ends a field, no brace a BibTeX one, and no address but one of the web is given."""
    evil = replace(HOSTILE, headline="A\r\nER  - \n}\n@misc{x,\u2028", authors=("A\nTY  - BOOK B",), url="https://e.example/}{\\")
    text = citation(evil, style)

    assert "javascript:" not in citation(HOSTILE, style)
    assert "\nER  - \n}" not in text
    assert "\u2028" not in text
    assert style != "ris" or text.count("\r\n") == text.count("\n") == len(
        [line for line in text.split("\r\n") if line[2:6] == "  - "]
    )
    if style == "bibtex":
        bare = text.replace("\\{", "").replace("\\}", "")
        assert bare.count("{") == bare.count("}")
        assert text.count("\n@") == 0


def test_files_have_plain_names() -> None:
    assert file_name(ARMISTICE, "bibtex") == "okafor1953korean.bib"
    assert file_name(HOSTILE, "csl").isascii()
    assert file_name(Article("a", "b", headline="توقيع"), "ris") == "article.ris"
