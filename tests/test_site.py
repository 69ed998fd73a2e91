"""What the site owner sets: title, logo, colour, texts and the public address, wherever readers and programs meet them."""

import re
import struct
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask.testing import FlaskClient
from press import ARTICLES, archive_of

from indexer.cli.commands import main
from search.errors import SettingsError
from search.settings import Settings
from web.app import create_app
from web.i18n.catalogue import LANGUAGES, catalogue
from web.presenters.articles.citations import STYLES
from web.responses.site.accent import DARK_GROUNDS, LIGHT_GROUNDS, MIN_CONTRAST, contrast, shade, stylesheet
from web.responses.site.logo import MAX_BYTES, read_logo

ROOT = Path(__file__).parents[1]
ATOM = "{http://www.w3.org/2005/Atom}"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><script>alert(1)</script><path d="M0 0h200v50"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 100, 20) + b"\x08\x06\0\0\0"
TITLE = "The Courier & <b>Post</b>"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    unaddressed = replace(ARTICLES[0], id="without-address", source="press/no-address.html", url=None)
    return archive_of(tmp_path_factory.mktemp("site"), *ARTICLES, unaddressed)


def client_of(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def page_of(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.data, "html.parser")


# --- title and texts -------------------------------------------------------------------------------------------------

PAGES = ("/", "/?q=treaty", "/help", "/api", "/embed", "/names", "/changes", f"/article/{ARTICLES[0].id}", "/values/section")


@pytest.mark.parametrize("path", PAGES)
def test_the_title_is_on_each_page_escaped(plain: Settings, path: str) -> None:
    page = page_of(client_of(replace(plain, title=TITLE)), path)
    assert page.title
    assert re.fullmatch(rf"\S.* – {re.escape(TITLE)}", page.title.text, re.DOTALL)
    assert page.select_one(".masthead .title").text == TITLE  # type: ignore[union-attr]
    assert "Broadsheet" not in page.select_one("head").text  # type: ignore[union-attr]
    assert not page.select(".title b")


def test_no_text_names_the_program_in_the_place_of_the_site() -> None:
    named = {key for language in LANGUAGES for key, text in catalogue(language).entries.items() if "– Broadsheet" in str(text)}
    assert named == set()


def test_the_title_is_in_feeds_and_descriptions(plain: Settings) -> None:
    client = client_of(replace(plain, title=TITLE))
    feed = ElementTree.fromstring(client.get("/feed.atom?q=treaty").data)
    assert feed.findtext(f"{ATOM}title") == f"treaty – {TITLE}"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == TITLE
    described = {each.tag.partition("}")[2]: each.text for each in ElementTree.fromstring(client.get("/opensearch.xml").data)}
    assert (described["ShortName"], described["LongName"]) == (TITLE[:16], TITLE)
    assert client.get("/openapi.json").get_json()["info"]["title"] == TITLE


def test_a_long_title_is_shortened_to_what_opensearch_allows(plain: Settings) -> None:
    root = ElementTree.fromstring(client_of(replace(plain, title="News " * 20)).get("/opensearch.xml").data)
    lengths = {each.tag.partition("}")[2]: len(each.text or "") for each in root}
    assert (lengths["ShortName"], lengths["LongName"]) == (16, 48)


def test_the_welcome_text_stands_on_the_start_page_alone_as_plain_text(plain: Settings) -> None:
    client = client_of(replace(plain, welcome="Every issue <i>since</i> 1887.\nMost of them.\n\n  Ask the desk.  "))
    shown = [paragraph.text for paragraph in page_of(client, "/").select(".welcome")]
    assert shown == ["Every issue <i>since</i> 1887.\nMost of them.", "Ask the desk."]
    assert not page_of(client, "/?q=treaty").select(".welcome")
    assert not page_of(client_of(plain), "/").select(".welcome")


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://courier.example/imprint", "https://courier.example/imprint"),
        ("archive@courier.example", "mailto:archive@courier.example"),
        ("Harbour Street 1\nPort Town", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("the?desk@b.example", "mailto:the%3Fdesk@b.example"),
    ],
)
def test_contact_and_imprint_are_links_if_they_are_addresses(plain: Settings, given: str, url: str | None) -> None:
    foot = page_of(client_of(replace(plain, contact=given, imprint=given)), "/help").select_one("footer.site")
    assert foot
    links = {link.text: link["href"] for link in foot.select("a") if link.text in ("Contact", "Imprint")}
    assert links == ({"Contact": url, "Imprint": url} if url else {})
    assert [each.text for each in foot.select("p")] == ([] if url else [f"Contact: {given}", f"Imprint: {given}"])


# --- logo ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "kind", "size"),
    [
        (SVG.encode(), "logo.svg", "image/svg+xml", ("160", "40")),
        (SVG.replace('viewBox="0 0 200 50"', 'width="30px" height="60"').encode(), "logo.svg", "image/svg+xml", ("20", "40")),
        (SVG.replace("200 50", "2000 50").encode(), "logo.svg", "image/svg+xml", ("320", "8")),
        (b'<?xml version="1.0"?><!-- made by hand -->' + SVG.encode(), "logo.svg", "image/svg+xml", ("160", "40")),
        (PNG, "logo.png", "image/png", ("200", "40")),
    ],
    ids=["viewBox", "width and height", "wide", "XML declaration", "PNG"],
)
def test_a_logo_is_served_as_what_it_is_and_shown_with_its_size(
    plain: Settings, tmp_path: Path, content: bytes, name: str, kind: str, size: tuple[str, str]
) -> None:
    (tmp_path / "logo.gif").write_bytes(content)  # what it is does not depend on its name
    client = client_of(replace(plain, logo=str(tmp_path / "logo.gif"), title=TITLE))

    picture = page_of(client, "/").select_one(".title img")
    assert picture
    answer = client.get(str(picture["src"]))

    assert str(picture["src"]).startswith(f"/static/{name}?v=")
    assert (picture["width"], picture["height"], picture["alt"]) == (*size, TITLE)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, kind, content)
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(str(picture["src"]), headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_logo_without_dark_colours_gets_a_light_ground_on_dark_pages(tmp_path: Path) -> None:
    (tmp_path / "both.svg").write_text(SVG.replace("<path", "<style>@media (prefers-color-scheme: dark) {}</style><path"))
    (tmp_path / "one.svg").write_text(SVG)
    (tmp_path / "one.png").write_bytes(PNG + b"prefers-color-scheme")
    assert [read_logo(str(tmp_path / name)).has_dark for name in ("both.svg", "one.svg", "one.png")] == [True, False, False]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        (b"GIF89a", "not an SVG"),
        (b"<svg><path/></svg>", "not an SVG"),
        (SVG.replace(' viewBox="0 0 200 50"', "").encode(), "with a viewBox or a size"),
        (SVG.replace("200 50", "0 50").encode(), "with a viewBox or a size"),
        (SVG.replace("200 50", f"{'9' * 400} {'9' * 400}").encode(), "with a viewBox or a size"),
        (b'<!DOCTYPE svg [<!ENTITY a "ha">]>' + SVG.encode(), "not an SVG"),
        (SVG.encode()[:-9], "not an SVG"),
        (PNG[:20], "not an SVG"),
        (PNG + b"0" * MAX_BYTES, f"more than {MAX_BYTES:,} bytes"),
    ],
    ids=["missing", "GIF", "no namespace", "no size", "no width", "endless", "entities", "cut off", "PNG cut off", "large"],
)
def test_a_logo_that_cannot_be_used_stops_the_start(plain: Settings, tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "logo").write_bytes(content)
    with pytest.raises(SettingsError, match=re.escape(says)) as refused:
        create_app(replace(plain, logo=str(tmp_path / "logo")))
    assert str(tmp_path / "logo") in str(refused.value)


def test_without_a_logo_and_a_colour_nothing_of_them_is_served(plain: Settings) -> None:
    client = client_of(plain)
    assert [client.get(f"/static/{name}").status_code for name in ("logo.svg", "logo.png", "site.css")] == [404, 404, 404]
    assert "site.css" not in client.get("/").text


# --- colour ----------------------------------------------------------------------------------------------------------

ACCENTS = ("#8c1d18", "#00529b", "#ffff00", "#000000", "#ffffff", "#777777", "#00ff00", "#12345f")


@pytest.mark.parametrize("accent", ACCENTS)
def test_the_accent_is_readable_on_light_and_dark_pages(accent: str) -> None:
    assert MIN_CONTRAST >= 4.5
    light, dark = re.findall(r"--accent:(#[0-9a-f]{6})\}", stylesheet(accent))
    assert min(contrast(light, ground) for ground in LIGHT_GROUNDS) >= MIN_CONTRAST
    assert min(contrast(dark, ground) for ground in DARK_GROUNDS) >= MIN_CONTRAST


def test_a_readable_accent_stays_as_it_is() -> None:
    assert shade("#8C1D18", LIGHT_GROUNDS, -0.01) == "#8c1d18"
    assert shade("#ffd27f", DARK_GROUNDS, 0.01) == "#ffd27f"


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_grounds_are_those_of_the_style_sheet() -> None:
    css = (ROOT / "web/static/broadsheet.css").read_text(encoding="utf-8")
    grounds = list(zip(re.findall(r"--paper: (#\w+)", css), re.findall(r"--tint: (#\w+)", css), strict=True))
    assert grounds[:2] == [LIGHT_GROUNDS, DARK_GROUNDS]


def test_the_accent_is_a_style_sheet_after_that_of_the_program(plain: Settings) -> None:
    client = client_of(replace(plain, accent="#00529b"))
    sheets = [str(link["href"]) for link in page_of(client, "/").select("link[rel=stylesheet]")]
    assert [re.sub(r"\?.*", "", sheet) for sheet in sheets] == ["/static/broadsheet.css", "/static/site.css"]
    answer = client.get(sheets[1])
    assert (answer.mimetype, answer.text) == ("text/css", stylesheet("#00529b"))


# --- the public address ----------------------------------------------------------------------------------------------

PUBLIC = "https://news.example/archive"


@pytest.fixture(scope="module")
def proxied(plain: Settings) -> FlaskClient:
    return client_of(replace(plain, base_url=f"{PUBLIC}/"))


@pytest.mark.parametrize("folder", ["", "/archive"], ids=["the proxy takes the folder out", "the proxy leaves it"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "news.example"])
def test_addresses_are_those_that_readers_use(proxied: FlaskClient, folder: str, host: str) -> None:
    def get(path: str) -> str:
        answer = proxied.get(folder + path, headers={"Host": host, "Accept-Language": "en"})
        assert answer.status_code == 200, path
        return answer.text

    feed = ElementTree.fromstring(get("/feed.atom?q=treaty"))
    links = {str(link.get("href")) for link in feed.iter(f"{ATOM}link") if link.get("rel") != "via"}
    assert {link for link in links if not link.startswith(f"{PUBLIC}/")} == set()
    assert f"{PUBLIC}/feed.atom?q=treaty" in links
    templates = {each.get("template") for each in ElementTree.fromstring(get("/opensearch.xml")).iter() if each.get("template")}
    assert {template for template in templates if not str(template).startswith(f"{PUBLIC}/")} == set()
    embed = BeautifulSoup(get("/embed"), "html.parser").select_one("#embed-form")
    assert embed
    assert f'action="{PUBLIC}/"' in embed.text
    article = BeautifulSoup(get(f"/article/{ARTICLES[0].id}?q=treaty"), "html.parser")
    assert [link["href"] for link in article.select("link[rel=canonical]")] == [f"{PUBLIC}/article/{ARTICLES[0].id}"]
    front = BeautifulSoup(get("/"), "html.parser")
    paths = {str(link["href"]) for link in front.select("a") if str(link["href"]).startswith("/")}
    assert {path for path in paths if not path.startswith("/archive/")} == set()
    assert proxied.get(f"{folder}/static/broadsheet.css").status_code == 200


def test_the_description_of_the_api_names_the_public_address(proxied: FlaskClient, plain: Settings) -> None:
    assert proxied.get("/openapi.json").get_json()["servers"] == [{"url": PUBLIC}]
    assert "servers" not in client_of(plain).get("/openapi.json").get_json()


def test_the_host_that_a_request_names_is_still_checked(proxied: FlaskClient) -> None:
    assert proxied.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert proxied.get("/", headers={"Host": "news.example"}).status_code == 200


def test_without_a_public_address_there_is_no_canonical_one(plain: Settings) -> None:
    assert not page_of(client_of(plain), f"/article/{ARTICLES[0].id}").select("link[rel=canonical]")


def test_an_article_without_an_address_is_cited_at_its_page_here(proxied: FlaskClient, plain: Settings) -> None:
    for style in STYLES:
        path = f"/cite/{style}/without-address"
        assert f"{PUBLIC}/article/without-address" in proxied.get(path).text.replace("\\", "")
        assert "/article/without-address" not in client_of(plain).get(path).text
    posted = {"format": "ris", "source": "press/no-address.html"}
    assert f"UR  - {PUBLIC}/article/without-address" in proxied.post("/selection", data=posted).text


def test_alerts_lead_to_the_public_address_unless_their_file_names_another(
    plain: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_BASE_URL", f"{PUBLIC}/")

    def links(head: str) -> set[str]:
        file = tmp_path / f"searches{len(head)}.toml"
        file.write_text(f'{head}[[search]]\nname = "a"\nquery = "headline:truce"\nsince = "2000"')
        told = CliRunner().invoke(main, ["--index", plain.index, "alert", str(file), "--dry-run"])
        assert told.exit_code == 0, told.stderr
        return set(re.findall(r"https://\S+/article/", told.stdout))

    assert links("") == {f"{PUBLIC}/article/"}
    assert links('site = "https://other.example"\n') == {"https://other.example/article/"}
