"""Exports of WordPress, feeds, newsletters: each article as it was published, and nothing that was not."""

import io
import json
import zipfile
from typing import Any

import pytest
from exports import MAX_BYTES, article, articles, parts, readable, texts

from indexer.sources.formats.exports.article import ExportedArticle, Unread
from indexer.sources.formats.exports.publications.feeds import read_feed
from indexer.sources.formats.exports.publications.ghost import read_ghost
from indexer.sources.formats.exports.publications.letters import read_letter, read_mailbox
from indexer.sources.formats.exports.publications.shortcodes import post_html
from indexer.sources.formats.exports.publications.substack import read_substack
from indexer.sources.formats.exports.publications.wordpress import read_wordpress
from indexer.sources.formats.exports.xml_items import xml_items
from indexer.sources.formats.kinds import inner_format
from search.model.article import Article, Caption, Paragraph, article_id

# --- WordPress -------------------------------------------------------------------------------------------------------

NAMESPACES = (
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
)
CHANNEL = """<title>River Post</title><link>https://river.example</link><language>en-US</language>
<wp:author><wp:author_login><![CDATA[areed]]></wp:author_login><wp:author_display_name><![CDATA[Ann Reed]]>
</wp:author_display_name>
</wp:author><wp:author><wp:author_login>jroe</wp:author_login><wp:author_display_name>jroe</wp:author_display_name>
<wp:author_first_name>John</wp:author_first_name><wp:author_last_name>Roe</wp:author_last_name></wp:author>"""


def wxr(*items: str, end: str = "</channel></rss>") -> str:
    return f'<?xml version="1.0" encoding="UTF-8" ?><rss version="2.0" {NAMESPACES}><channel>{CHANNEL}{"".join(items)}{end}'


def post(number: int, content: str, status: str = "publish", kind: str = "post", more: str = "", login: str = "areed") -> str:
    return f"""<item><title><![CDATA[Talks &amp; <em>truce</em> {number}]]></title><link>https://river.example/talks-{number}/</link>
<pubDate>Fri, 04 Mar 2022 09:30:00 +0000</pubDate><dc:creator><![CDATA[{login}]]></dc:creator>
<guid isPermaLink="false">https://river.example/?p={number}</guid><description></description>
<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[<p>In short.</p>]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date><![CDATA[2022-03-04 10:30:00]]></wp:post_date>
<wp:post_date_gmt><![CDATA[2022-03-04 09:30:00]]></wp:post_date_gmt><wp:status>{status}</wp:status>
<wp:post_type>{kind}</wp:post_type><category domain="category" nicename="world"><![CDATA[World]]></category>
<category domain="category" nicename="uncategorized">Uncategorized</category>
<category domain="post_tag" nicename="peace"><![CDATA[Peace]]></category>{more}</item>"""


def post_without_address(channel: str, guid: str = "") -> Article:
    """Post 7 of a site that is named by elements of its channel."""
    item = (
        f"<item><title>Talks</title>{guid}<wp:post_id>7</wp:post_id><content:encoded>&lt;p&gt;They met.</content:encoded></item>"
    )
    return article(read_wordpress, f"<rss {NAMESPACES}><channel>{channel}{item}</channel></rss>")


@pytest.mark.parametrize("guid", ["", "<guid>7</guid>", "<guid>?p=7</guid>"])
@pytest.mark.parametrize("element", ["link", "wp:base_blog_url", "wp:base_site_url"])
def test_posts_of_two_sites_without_addresses_are_two_articles(element: str, guid: str) -> None:
    river, hill, river_later = (
        post_without_address(f"<{element}>https://{site}.example</{element}>", guid).id for site in ("river", "hill", "river")
    )
    assert river == river_later != hill


def test_sites_of_a_network_are_told_by_their_own_address() -> None:
    network = "<link>https://net.example</link><wp:base_site_url>https://net.example</wp:base_site_url>"
    one, two = (
        post_without_address(f"{network}<wp:base_blog_url>https://{name}.net.example</wp:base_blog_url>") for name in ("a", "b")
    )
    assert one.id != two.id


def test_a_post_of_a_site_without_a_name_is_told_by_its_file() -> None:
    assert post_without_address("").id == article_id(None, "news/export!/7")


BLOCKS = """<!-- wp:paragraph {"dropCap":true} --><p>GENEVA — The delegates <a href="/x">met</a> at noon.</p>
<!-- /wp:paragraph -->
<!-- wp:image --><figure class="wp-block-image"><img src="/hall.jpg" alt=""/>
<figcaption>The long hall. Photo: Jane Doe</figcaption></figure>
<!-- /wp:image --><!-- wp:heading --><h2>What comes next</h2><!-- /wp:heading -->
<!-- wp:embed --><figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://video.example/7
</div></figure><!-- /wp:embed --><!-- wp:latest-posts /--><script>alert("no text")</script>
<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>met at noon.</p></blockquote></figure>
<!-- /wp:pullquote -->
<!-- wp:paragraph --><p>Read more</p><!-- /wp:paragraph --><!-- wp:list --><ul><li>Prisoners</li><li>Borders</li></ul>
<!-- /wp:list -->"""


def test_a_post_arrives_with_its_fields_and_nothing_of_its_text_is_taken_for_boilerplate() -> None:
    found = article(read_wordpress, wxr(post(7, BLOCKS)))
    assert (found.headline, found.standfirst, found.authors) == ("Talks & truce 7", "In short.", ("Ann Reed",))
    assert found.published
    assert found.published.iso == "2022-03-04T10:30:00+01:00"
    assert (found.section, found.tags, found.publisher, found.language) == ("World", ("Peace",), "River Post", "en")
    assert (found.url, found.dateline) == ("https://river.example/talks-7/", "GENEVA")
    assert found.id == article_id("https://river.example/talks-7/", "")  # as that of its page from a crawl
    assert found.source == "news/export!/7"
    assert found.paragraphs == (
        Paragraph("GENEVA — The delegates met at noon."),
        Paragraph("What comes next", "subhead"),
        Paragraph("Read more"),
        Paragraph("Prisoners\nBorders", "list"),
    )
    assert found.captions == (Caption("The long hall.", "Jane Doe", "https://river.example/hall.jpg", 1),)


def test_what_is_not_published_is_counted_by_its_kind() -> None:
    kinds = [("draft", "post"), ("draft", "post"), ("future", "post"), ("private", "post"), ("trash", "post"), ("publish",
    "page"),
             ("inherit", "attachment"), ("publish", "nav_menu_item"), ("pending", "post"), ("custom", "post")]  # fmt: skip
    items = [post(number, "It holds.", status, kind) for number, (status, kind) in enumerate(kinds)]
    locked = post(98, "It holds.", more="<wp:post_password>secret</wp:post_password>")
    found, codes, left_out = readable(read_wordpress, wxr(*items, locked, post(99, "It holds.", kind="story")))
    assert [each.url for each in found] == ["https://river.example/talks-99/"]
    assert codes == []
    assert left_out == {
        "drafts": 2, "scheduled posts": 1, "private posts": 1, "posts in the trash": 1, "pages": 1, "attachments": 1,
        "of the kind nav_menu_item": 1, "posts pending review": 1, "with the status custom": 1, "posts behind a password": 1,
    }  # fmt: skip


def test_authors_are_names_where_the_export_has_them_and_co_authors_go_first() -> None:
    co_author = '<category domain="author" nicename="cap-mia">Mia Lind</category>'
    found = articles(read_wordpress, wxr(*(post(1, "a", login=name) for name in ("jroe", "desk")), post(2, "a", more=co_author)))
    assert [each.authors for each in found] == [("John Roe",), ("desk",), ("Mia Lind",)]


def test_an_update_is_told_in_the_zone_of_the_site() -> None:
    more = (
        "<wp:post_modified>2022-03-05 08:00:00</wp:post_modified><wp:post_modified_gmt>2022-03-05 07:00:00</wp:post_modified_gmt>"
    )
    updated = article(read_wordpress, wxr(post(1, "a", more=more))).updated
    assert updated
    assert updated.iso == "2022-03-05T08:00:00+01:00"


@pytest.mark.parametrize(
    ("stored", "html"),
    [
        ("One.\n\nTwo.\r\n\r\nThree.", "One.<br><br>Two.<br><br>Three."),
        ("[caption id='a' width=\"300\"]<a href='b'><img src='c'></a> A bridge[/caption]",
         "<figure><a href='b'><img src='c'></a><figcaption>A bridge</figcaption></figure>"),
        ("[caption caption='A bridge']<img src='c'>[/caption]",
         "<figure><img src='c'><figcaption>A bridge</figcaption></figure>"),
        ("Before [gallery ids=\"1,2\"] after [sic] and [he said]", "Before  after [sic] and [he said]"),
        ("[vc_row full=\"1\"][vc_column]Inside[/vc_column][/vc_row]", "Inside"),
        ("[embed]https://video.example/7[/embed]It holds.", "It holds."),
        ("It holds.\nhttps://video.example/7\n", "It holds.<br><br>"),
        ("Type [[gallery]] to see it.", "Type [gallery] to see it."),
        ("[button color=red size='2']", ""),
        ("<!-- wp:paragraph --><p>a</p>\n\n<!-- /wp:paragraph -->", "<!-- wp:paragraph --><p>a</p>\n\n<!-- /wp:paragraph -->"),
    ],
)  # fmt: skip
def test_shortcodes_go_and_their_words_stay(stored: str, html: str) -> None:
    assert post_html(stored) == html


def test_paragraphs_of_a_classic_post_are_told_by_blank_lines() -> None:
    assert texts(article(read_wordpress, wxr(post(1, "First\nline.\n\n<strong>Second</strong>.\n\n<h3>Head</h3>\nThird.")))) == [
        "First line.", "Second.", "Head", "Third.",
    ]  # fmt: skip


def test_an_export_that_breaks_off_is_read_up_to_there() -> None:
    whole = wxr(post(1, "It holds."), post(2, "It breaks."))
    found, codes, _ = readable(read_wordpress, whole[: whole.index("It breaks.") + 5])
    assert [texts(each) for each in found] == [["It holds."]]
    assert codes == ["undecodable"]


def test_what_is_not_quite_xml_is_mended() -> None:
    ugly = wxr(post(1, "Caf\u00e9 &nbsp; \x08bar & grill")).encode().replace(b"Caf\xc3\xa9", b"Caf\xe9")
    ugly = ugly.replace(b"<title>River Post", b"<title>River &amp; Post & Sons &eacute;")
    found = article(read_wordpress, ugly)
    assert (texts(found), found.publisher) == (["Café bar & grill"], "River & Post & Sons é")


def test_entities_are_words_at_most_and_no_file_is_opened() -> None:
    declared = '<!DOCTYPE rss [<!ENTITY e0 "ha"><!ENTITY file SYSTEM "file:///etc/hostname">]><rss'
    document = wxr(post(1, "a")).replace("<rss", declared, 1).replace("<![CDATA[Talks &amp; <em>truce</em> 1]]>", "A &e0; &file;")
    assert article(read_wordpress, document).headline == "A ha &file;"
    bomb = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    bombed = document.replace('"ha">', f'"ha">{bomb}').replace("&e0; &file;", "&e9;")
    assert article(read_wordpress, bombed).headline == "A &e9;"


@pytest.mark.parametrize("data", ["<b>" * 400, "x" * 2 * MAX_BYTES, "<b>a</b>" * MAX_BYTES], ids=["deep", "long", "wide"])
def test_an_item_that_is_no_article_of_any_newspaper_ends_the_reading(data: str) -> None:
    found = parts(read_wordpress, wxr(post(1, "It holds."), f"<item><title>{data}"))
    assert isinstance(found[0], ExportedArticle)
    assert isinstance(found[-1], Unread)
    assert found[-1].code in ("too-large", "too-complex")


def test_many_items_take_no_more_memory_than_one() -> None:
    class Endless:
        left = 300

        def read(self, _: int) -> bytes:
            self.left -= 1
            return (
                b"" if self.left < 0 else (b"<rss>" if self.left == 299 else b"<item>" + b"<p>word</p>" * 1_000 + b"</item><x/>")
            )

    beside = []
    for item in xml_items(Endless(), ("item",), MAX_BYTES):  # type: ignore[arg-type]
        if not isinstance(item, Unread):
            parent = item.getparent()
            beside.append(0 if parent is None else len(parent))
    assert (len(beside), max(beside)) == (299, 3)


def test_an_item_in_which_the_file_is_cut_off_is_not_taken_for_whole() -> None:
    whole = b"<rss><item><b><![CDATA[<p>One]]></b><!-- 1 --><c>x &amp; y</c><d><e>three</e></d></item></rss>"
    for length in range(len("<rss><item>"), whole.index(b"</item>") + len("</item")):
        [found] = xml_items(io.BytesIO(whole[:length]), ("item",), MAX_BYTES)
        assert isinstance(found, Unread), whole[:length]
        assert "the file breaks off" in found.message


# --- feeds -----------------------------------------------------------------------------------------------------------

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>River Post</title>
<language>en-gb</language>
<item><title>Talks &amp;amp; &lt;i&gt;truce&lt;/i&gt;</title><link>https://river.example/1</link>
<description>Short &lt;b&gt;words&lt;/b&gt;</description><content:encoded><![CDATA[<p>The whole story.</p>
<script>x()</script>]]></content:encoded>
<pubDate>Fri, 4 Mar 2022 10:00 EST</pubDate><author>ann@river.example (Ann Reed)</author><category>World</category>
<media:content url="https://river.example/a.jpg" medium="image"><media:title>no caption</media:title>
<media:description>The bridge</media:description><media:credit>Jane Doe</media:credit></media:content></item>
<item><title>Second</title><description>Only this &amp; that</description><guid isPermaLink="false">z9</guid>
<pubDate>some day</pubDate><dc:creator>John Roe</dc:creator></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://fleuve.example/"><title>Le Fleuve</title>
<author><name>Anne Roseau</name></author><entry><id>tag:fleuve.example,2022:1</id><title type="html">Trêve &amp;amp; paix</title>
<link rel="edit" href="/edit/1"/><link href="/1"/><published>2022-03-04T10:00:00+01:00</published>
<updated>2022-03-05T10:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Le texte <b>entier</b>.</p><figure><img src="pont.jpg"/>
<figcaption>Le pont à midi. Photo : Jeanne Dupont</figcaption></figure></div></content><summary>Bref</summary>
<category term="w" label="Monde"/></entry><entry><id>tag:fleuve.example,2022:2</id><title>3 &lt; 4</title>
<content type="text">Deux &lt;b&gt;
textes</content><author><name>Jean Dubois</name></author></entry></feed>"""


def test_an_item_of_a_feed_has_its_full_text_and_the_description_beside_it() -> None:
    first, second = articles(read_feed, RSS)
    assert (first.headline, first.standfirst, texts(first)) == ("Talks & truce", "Short words", ["The whole story."])
    assert first.published
    assert (first.published.iso, first.published.text) == ("2022-03-04T10:00:00-05:00", "Fri, 4 Mar 2022 10:00 EST")
    assert (first.authors, first.tags, first.publisher, first.language) == (("Ann Reed",), ("World",), "River Post", "en")
    assert first.captions == (Caption("The bridge", "Jane Doe", "https://river.example/a.jpg"),)
    assert (texts(second), second.standfirst, second.authors, second.published) == (
        ["Only this & that"],
        None,
        ("John Roe",),
        None,
    )
    assert (first.source, second.source) == ("news/export!/https://river.example/1", "news/export!/z9")
    assert first.id != second.id


def test_an_entry_of_an_atom_feed_has_its_content_however_it_is_written() -> None:
    first, second = articles(read_feed, ATOM)
    assert (first.headline, first.standfirst, texts(first)) == ("Trêve & paix", "Bref", ["Le texte entier."])
    assert (first.url, first.language, first.authors, first.tags) == (
        "https://fleuve.example/1",
        "fr",
        ("Anne Roseau",),
        ("Monde",),
    )
    assert first.published
    assert first.updated
    assert (first.published.iso, first.updated.iso) == ("2022-03-04T10:00:00+01:00", "2022-03-05T10:00:00+00:00")
    assert first.captions == (Caption("Le pont à midi.", "Jeanne Dupont", "https://fleuve.example/pont.jpg", 1),)
    assert (second.headline, texts(second), second.authors) == ("3 < 4", ["Deux <b> textes"], ("Jean Dubois",))


def test_a_feed_of_rss_1_has_its_channel_beside_the_items() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>River Post</title></channel><item rdf:about="https://river.example/5">
    <title>Talks</title><link>https://river.example/5</link><description>It holds.</description><dc:date>2004-05-06</dc:date>
</item>
    <item rdf:about="https://river.example/6"><title>More</title><description>So far.</description></item></rdf:RDF>"""
    found = articles(read_feed, rdf)
    assert [each.source for each in found] == ["news/export!/https://river.example/5", "news/export!/https://river.example/6"]
    assert [(each.publisher, texts(each), each.published and each.published.iso) for each in found] == [
        ("River Post", ["It holds."], "2004-05-06"), ("River Post", ["So far."], None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ('<title mode="base64">VGFsa3MgPGI+YWdhaW48L2I+</title>', "Talks again"), ('<title mode="base64">no!</title>', "no!"),
        ("<title>Naked <b>mark</b>up</title>", "Naked markup"), ('<title type="text">3 &lt;b&gt; 4</title>', "3 <b> 4"),
        ('<title type="text/plain" mode="escaped">3 &lt;b&gt;4&lt;/b&gt;</title>', "3 4"),
    ],
)  # fmt: skip
def test_a_title_of_atom_is_read_however_it_is_written(title: str, headline: str) -> None:
    entry = f'<feed xmlns="http://purl.org/atom/ns#"><entry>{title}<content>It holds.</content></entry></feed>'
    assert article(read_feed, entry).headline == headline


def test_a_description_that_only_begins_the_text_is_no_standfirst() -> None:
    begun = RSS.replace("Short &lt;b&gt;words&lt;/b&gt;", "The whole […]")
    assert articles(read_feed, begun)[0].standfirst is None


# --- letters ---------------------------------------------------------------------------------------------------------

LETTER = b"""From: =?utf-8?q?Ann_R=C3=A9ed?= <ann@river.example>
To: reader@example.org
Subject: =?utf-8?b?VGFsa3MgJiB0cnVjZQ==?=
Date: Fri, 4 Mar 2022 10:00:00 +0100
Message-ID: <abc@river.example>
List-Id: "The River Letter" <letter.river.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b1

--b1
Content-Type: text/plain; charset=utf-8

plain
--b1
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><head><style>p{}</style></head><body><div style=3D"display:none">Preview of the letter</div><table><tr><td>
<p>Caf=E9 =93one=94.</p>
</td><td><p>Two.</p><table><tr><td>Three</td></tr></table></td></tr></table></body></html>
--b1--
"""
PLAIN = b"Subject: Second\nDate: someday\n\n>From here\nto there.\n\nFrom there on.\n\n-- \nSent by post\n"


def mailbox(*letters: bytes) -> bytes:
    return b"".join(b"From ann@river.example Fri Mar  4 10:00:00 2022\n" + letter + b"\n" for letter in letters)


def test_a_newsletter_is_its_html_part_without_what_the_layout_hides() -> None:
    found = article(read_letter, LETTER)
    assert (found.headline, found.authors, found.publisher) == ("Talks & truce", ("Ann Réed",), "The River Letter")
    assert found.published
    assert found.published.iso == "2022-03-04T10:00:00+01:00"
    assert texts(found) == ["Café “one”.", "Two.", "Three"]


def test_each_letter_of_a_mailbox_is_an_article() -> None:
    first, second = articles(read_mailbox, mailbox(LETTER, PLAIN))
    assert (first.source, second.source) == ("news/export!/abc@river.example", "news/export!/1")
    assert (second.headline, texts(second), second.published) == ("Second", ["From here to there.", "From there on."], None)


@pytest.mark.parametrize(("words", "headline"), [("", "Talks & truce"), ("See below.", "Fwd")])
def test_a_letter_that_only_forwards_another_is_that_one(words: str, headline: str) -> None:
    head = "Subject: Fwd\nMessage-ID: <f@river.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b2\n\n"
    forward = f"{head}--b2\n\n{words}\n"
    found = article(read_letter, forward.encode() + b"--b2\nContent-Type: message/rfc822\n\n" + LETTER + b"\n--b2--\n")
    assert (found.headline, found.source) == (headline, "news/export!/f@river.example")


def test_a_letter_without_a_text_and_one_that_is_too_large_are_reported_and_the_next_is_read() -> None:
    attached = b"Subject: Scan\nContent-Type: application/pdf\nContent-Disposition: attachment\n\nJVBERi0=\n"
    huge = b"Subject: Huge\n\n" + b"word\n" * MAX_BYTES
    found, codes, _ = readable(read_mailbox, mailbox(attached, huge, PLAIN))
    assert [each.headline for each in found] == ["Second"]
    assert codes == ["no-article", "too-large"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "bad-record"), (b"\xff\xfe\x00binary", "bad-record"), (b"Subject: \xff\xe9 =?bad?q?x", "no-article")],
)
def test_what_is_no_letter_is_reported(data: bytes, code: str) -> None:
    assert readable(read_letter, data)[1] == [code]
    assert readable(read_mailbox, data)[1] == ["bad-record"]


def test_parts_within_parts_without_end_are_reported() -> None:
    deep = b"Subject: Deep\n" + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000))
    found, codes, _ = readable(read_letter, deep)
    assert found == []
    assert codes in (["too-complex"], ["too-large"], ["no-article"])


# --- Ghost -----------------------------------------------------------------------------------------------------------


def ghost(*posts: dict[str, Any]) -> str:
    tables = {
        "posts": list(posts), "users": [{"id": "u1", "name": "Ann Reed"}, {"id": "u2", "name": "John Roe"}],
        "tags": [{"id": "t1", "name": "World"}, {"id": "t2", "name": "#internal"}, {"id": "t3", "name": "Peace"}],
        "posts_tags": [{"post_id": "p1", "tag_id": "t3", "sort_order": 1}, {"post_id": "p1", "tag_id": "t1", "sort_order": 0},
                       {"post_id": "p1", "tag_id": "t2", "sort_order": 2}],
        "posts_authors": [{"post_id": "p1", "author_id": "u2", "sort_order": 1}, {"post_id": "p1", "author_id": "u1",
        "sort_order": 0}],
        "posts_meta": [{"post_id": "p1", "feature_image_caption": "The <b>hall</b>."}],
        "settings": [{"key": "title", "value": "River Letter"}, {"key": "locale", "value": "en"}],
    }  # fmt: skip
    return json.dumps({"db": [{"meta": {"exported_on": 1, "version": "5.0"}, "data": tables}]})


GHOST_POST: dict[str, Any] = {
    "id": "p1", "uuid": "0001", "slug": "talks", "title": "Talks &amp; truce", "type": "post", "status": "published",
    "custom_excerpt": "In short.", "published_at": "2022-03-04T10:00:00.000Z", "updated_at": "2022-03-05T10:00:00.000Z",
    "feature_image": "https://river.example/hall.jpg",
    "html": '<p>The delegates met.</p><figure class="kg-card kg-image-card"><img src="__GHOST_URL__/b.jpg">'
            '<figcaption>The bridge. Photo: Jane Doe</figcaption></figure>'
            '<div class="kg-card kg-signup-card"><p>Sign up now</p></div>'
            '<!--kg-card-begin: html--><p>So far.</p>',
}  # fmt: skip


def test_a_post_of_ghost_has_its_fields_and_not_the_cards_that_are_no_text() -> None:
    found = article(read_ghost, ghost(GHOST_POST))
    assert (found.headline, found.standfirst, found.authors) == ("Talks & truce", "In short.", ("Ann Reed", "John Roe"))
    assert (found.published and found.published.iso, found.updated and found.updated.iso) == (
        "2022-03-04T10:00:00+00:00", "2022-03-05T10:00:00+00:00",
    )  # fmt: skip
    assert (found.tags, found.publisher, found.language) == (("World", "Peace"), "River Letter", "en")
    assert texts(found) == ["The delegates met.", "So far."]
    assert found.captions == (
        Caption("The hall.", None, "https://river.example/hall.jpg"), Caption("The bridge.", "Jane Doe", "/b.jpg", 1),
    )  # fmt: skip
    assert found.source == "news/export!/talks"


def test_a_post_of_ghost_of_2014_has_its_day_in_milliseconds() -> None:
    found = article(read_ghost, ghost(GHOST_POST | {"published_at": 1_389_139_200_000, "updated_at": 1_389_225_600_000}))
    assert found.published is not None
    assert found.published.iso == "2014-01-08T00:00:00+00:00"


def test_drafts_and_pages_of_ghost_are_counted_and_a_post_without_text_is_reported() -> None:
    posts = [GHOST_POST, GHOST_POST | {"id": "p2", "slug": "mailed", "status": "sent", "html": None,
    "plaintext": "It holds.\n\nSo far."},
             GHOST_POST | {"status": "draft"}, GHOST_POST | {"status": "scheduled"}, GHOST_POST | {"type": "page"},
             GHOST_POST | {"uuid": "9", "html": None}]  # fmt: skip
    found, codes, left_out = readable(read_ghost, ghost(*posts))
    assert [texts(each) for each in found][1] == ["It holds.", "So far."]
    assert found[1].authors == ()
    assert (codes, left_out) == (["bad-record"], {"drafts": 1, "scheduled posts": 1, "pages": 1})


@pytest.mark.parametrize("data", ["", "{", '{"db": 1}', '{"db": [{"data": {"posts": 1}}]}', "[" * 5_000])
def test_what_is_no_export_of_ghost_is_reported(data: str) -> None:
    assert readable(read_ghost, data)[1] == ["bad-record"]


# --- Substack --------------------------------------------------------------------------------------------------------

POSTS = (
    "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle\r\n"
    '101.talks,2022-03-04T10:00:00.000Z,true,,newsletter,everyone,"Talks, again","In short."\r\n'
    "102.draft,,false,,newsletter,everyone,Draft,\r\n103.gone,2022-03-05T10:00:00.000Z,true,,thread,everyone,Gone,\r\n"
    "104.caf\u00e9,2022-03-06T10:00:00.000Z,true,,newsletter,only_paid,Caf\u00e9,\r\n"
)
SUBSTACK_PAGE = """<p>The delegates met.</p><div class="captioned-image-container"><figure><a class="image-link image2" href="https://cdn.example/h.jpg">
<div class="image2-inset"><picture><source><img src="https://cdn.example/h.jpg"></picture></div></a>
<figcaption class="image-caption">The long
hall.</figcaption></figure></div><p class="button-wrapper"><a><span>Share</span></a></p><div class="subscription-widget-wrap">
<p>Thanks for
reading!</p></div><p>So far.</p>"""


def substack(**more: bytes) -> bytes:
    members = {"posts.csv": POSTS.encode(), "posts/101.talks.html": SUBSTACK_PAGE.encode(), "posts/102.draft.html": b"<p>No</p>",
               "posts/104.caf\u00e9.html": "<p>Déjà vu.</p>".encode(), "posts/101.talks.opens.csv": b"a,b"} | more  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_a_post_of_substack_has_its_fields_and_not_its_buttons() -> None:
    (first, second), codes, left_out = readable(read_substack, substack())
    assert (first.headline, first.standfirst, first.published and first.published.iso) == (
        "Talks, again", "In short.", "2022-03-04T10:00:00+00:00",
    )  # fmt: skip
    assert texts(first) == ["The delegates met.", "So far."]
    assert first.captions == (Caption("The long hall.", None, "https://cdn.example/h.jpg", 1),)
    assert (second.headline, texts(second)) == ("Café", ["Déjà vu."])
    assert (codes, left_out) == (["no-article"], {"drafts": 1})
    assert inner_format("zip", substack) == "substack"
    assert inner_format("zip", lambda: substack()[-800:]) == "substack"
    assert inner_format("zip", lambda: substack().replace(b"posts.csv", b"pages.csv")) == "zip"


def test_a_post_of_substack_that_is_a_bomb_is_reported_and_the_next_is_read() -> None:
    found, codes, _ = readable(read_substack, substack(**{"posts/101.talks.html": bytes(10 * MAX_BYTES)}))
    assert ([each.headline for each in found], codes) == (["Café"], ["too-large", "no-article"])
