"""ninjs, NITF, NewsML-G2 and the SGML of collections: what agencies send arrives as they sent it."""

import json
from typing import Any

import pytest
from exports import MAX_BYTES, article, articles, readable, texts

from indexer.sources.formats.exports.wires.newsml import read_newsml
from indexer.sources.formats.exports.wires.ninjs import read_ninjs
from indexer.sources.formats.exports.wires.nitf import read_nitf
from indexer.sources.formats.exports.wires.sgml import read_sgml
from indexer.sources.formats.kinds import format_of
from indexer.sources.source_file import Format
from search.model.article import Article, Caption, Paragraph


def iso(found: Article) -> str | None:
    return found.published.iso if found.published else None


# --- ninjs -----------------------------------------------------------------------------------------------------------

NINJS_1: dict[str, Any] = {
    "uri": "http://wire.example/items/1", "type": "text", "versioncreated": "2022-03-05T10:37:00Z",
    "firstcreated": "2022-03-04T09:00:00+01:00", "language": "en-GB", "pubstatus": "usable", "byline": "Ann Reed and John Roe",
    "located": "Geneva, Switzerland", "headline": "Talks &amp; <b>truce</b>", "description_text": "It is the third round.",
    "body_html": "<h1>Talks &amp; truce</h1><p>The delegates met.</p><script>x()</script><p>Read more</p>", "source": "The Wire",
    "subject": [{"name": "peace", "code": "1"}, {"name": "talks"}], "keywords": ["hall"], "service": [{"name": "World"}],
    "associations": {"main": {"type": "picture", "description_text": "The <i>hall</i>.", "byline": "Jane Doe",
                              "renditions": {"thumb": {"href": "https://wire.example/hall.jpg"}}}},
}  # fmt: skip
NINJS_2: dict[str, Any] = {
    "uri": "urn:wire:2", "type": "text", "versioncreated": "2022-03-04T10:00:00Z", "language": "sv", "copyrightholder": "Tråden",
    "headlines": [{"role": "short", "value": "Kort"}, {"role": "main", "value": "Samtal"}],
    "descriptions": [{"role": "text", "value": "Delegaterna möttes i"}],
    "bodies": [{"contenttype": "text/plain", "value": "Delegaterna möttes i salen.\nDe satt."},
               {"contenttype": "text/html", "value": "<p>Delegaterna möttes i salen.</p><p>De satt.</p><figure><img src='https://wire.example/s.jpg'>"
                                                     "<figcaption>Salen i Genève.</figcaption></figure>"}],
    "associations": [{"name": "a1", "type": "picture", "by": "Karl Ek", "description_text": "Salen i Genève."}],
}  # fmt: skip


def test_an_item_of_ninjs_1_has_its_fields() -> None:
    found = article(read_ninjs, json.dumps(NINJS_1))
    assert (found.headline, found.standfirst, found.authors) == (
        "Talks & truce",
        "It is the third round.",
        ("Ann Reed", "John Roe"),
    )
    assert (iso(found), found.updated and found.updated.iso) == ("2022-03-04T09:00:00+01:00", "2022-03-05T10:37:00+00:00")
    assert (found.dateline, found.section, found.tags) == ("Geneva, Switzerland", "World", ("peace", "talks", "hall"))
    assert (found.publisher, found.language, texts(found)) == ("The Wire", "en", ["The delegates met.", "Read more"])
    assert found.captions == (Caption("The hall.", "Jane Doe", "https://wire.example/hall.jpg"),)
    assert found.url is None


def test_an_item_of_ninjs_2_has_its_main_headline_its_html_and_a_picture_once() -> None:
    found = article(read_ninjs, json.dumps(NINJS_2))
    assert (found.headline, found.standfirst, found.publisher) == ("Samtal", None, "Tråden")
    assert texts(found) == ["Delegaterna möttes i salen.", "De satt."]
    assert found.captions == (Caption("Salen i Genève.", "Karl Ek", None, 0),)


@pytest.mark.parametrize(
    ("text", "expected"), [("One.\nTwo.", ["One.", "Two."]), ("One\nline.\n\nTwo <b.", ["One line.", "Two <b."])]
)
def test_a_plain_body_has_a_paragraph_a_line_or_blank_lines_between_them(text: str, expected: list[str]) -> None:
    assert texts(article(read_ninjs, json.dumps({"uri": "u:1", "headline": "Talks", "body_text": text}))) == expected


def test_what_is_no_text_to_be_published_is_counted_and_what_is_no_object_is_reported() -> None:
    others = [{"uri": "u:1", "type": "picture"}, {"uri": "u:2", "type": "video"}, {"uri": "u:3", "pubstatus": "canceled"},
              {"uri": "u:4", "pubstatus": "withheld"}, "no object", NINJS_1, NINJS_2]  # fmt: skip
    found, codes, left_out = readable(read_ninjs, json.dumps(others))
    assert (len(found), codes) == (2, ["bad-record"])
    assert left_out == {
        "items of the type picture": 1, "items of the type video": 1, "cancelled items": 1, "withheld items": 1,
    }  # fmt: skip


def test_ninjs_may_stand_an_item_a_line_and_break_off() -> None:
    lines = "\n".join(map(json.dumps, (NINJS_1, NINJS_2)))
    assert len(articles(read_ninjs, lines)) == 2
    found, codes, _ = readable(read_ninjs, lines[:-20])
    assert (len(found), codes) == (1, ["bad-record"])


@pytest.mark.parametrize("data", ["", "{", "[" * 100_000, "null", '{"uri": 1' + "0" * 5_000 + "}", "\xff"], ids=repr)
def test_what_is_not_ninjs_is_reported(data: str) -> None:
    assert readable(read_ninjs, data[:200_000])[1] in (["bad-record"], [])


# --- NITF ------------------------------------------------------------------------------------------------------------

NITF = """<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "http://wire.example/nitf.dtd"><nitf><head><title>Ignored</title>
<meta name="online_sections" content="World; Europe"/><tobject><tobject.subject tobject.subject.type="Peace"/></tobject>
<docdata><doc-id id-string="12345"/><date.issue norm="20220304T100000+0100"/><key-list><keyword key="talks"/></key-list>
<doc.copyright holder="River Ltd" year="2022"/></docdata><pubdata name="The River Post" ex-ref="https://river.example/12345"/></head>
<body xml:lang="en"><body.head><hedline><hl1>Talks &amp; <em>truce</em></hl1><hl2>Third round</hl2></hedline><byline>By Ann Reed,
<byttl>Staff Reporter</byttl></byline><dateline><location>GENEVA</location>, <story.date>March 4</story.date> —</dateline>
<abstract><p>In short.</p></abstract></body.head><body.content><p>The delegates met at <location>Geneva</location>.</p>
<media media-type="image"><media-reference source="https://river.example/hall.jpg"/><media-caption>
<p>The long hall. (Jane Doe)</p>
</media-caption><media-producer>Jane Doe)</media-producer></media><hl2>What next</hl2><bq><block><p>It holds.</p></block></bq>
<table><tr><td>a</td><td>b</td></tr></table><ul><li>One</li><li>Two &lt;b&gt;</li></ul></body.content>
<body.end><tagline>Mia Lind reported from Bern.</tagline></body.end></body></nitf>"""


def test_a_text_in_nitf_has_its_fields_and_its_structure() -> None:
    found = article(
        read_nitf, NITF.replace("Jane Doe)</media-producer>", "Jane Doe</media-producer>").replace(". (Jane Doe)", ".")
    )
    assert (found.headline, found.standfirst, found.authors) == ("Talks & truce", "In short.", ("Ann Reed",))
    assert (iso(found), found.dateline, found.section) == ("2022-03-04T10:00:00+01:00", "GENEVA", "World")
    assert (found.publisher, found.url, found.language) == ("The River Post", "https://river.example/12345", "en")
    assert (found.tags, found.contributors) == (("talks", "Peace"), "Mia Lind reported from Bern.")
    assert found.paragraphs == (
        Paragraph("The delegates met at Geneva."), Paragraph("What next", "subhead"), Paragraph("It holds.", "quote"),
        Paragraph("a | b", "table"), Paragraph("One\nTwo <b>", "list"),
    )  # fmt: skip
    assert found.captions == (Caption("The long hall.", "Jane Doe", "https://river.example/hall.jpg", 1),)
    assert found.source == "news/export!/12345"


def test_a_lead_paragraph_that_the_full_text_repeats_is_there_once() -> None:
    blocks = '<block class="lead_paragraph"><p>Lead.</p></block><block class="full_text"><p>Lead.</p><p>Rest.</p></block>'
    people = '<byline class="print_byline">By ANN REED</byline><byline class="normalized_byline">Reed, Ann</byline>'
    found = article(read_nitf, f"<nitf><body><body.head>{people}</body.head><body.content>{blocks}</body.content></body></nitf>")
    assert (texts(found), found.authors) == (["Lead.", "Rest."], ("Ann Reed",))


def test_many_texts_in_nitf_stand_in_a_file_and_the_last_may_break_off() -> None:
    bare = NITF[NITF.index("<nitf>") :]
    assert len(articles(read_nitf, f"<batch>{bare}{bare.replace('12345', '12346')}</batch>")) == 2
    found, codes, _ = readable(read_nitf, f"<batch>{bare}{bare[:900]}")
    assert (len(found), codes) == (1, ["undecodable"])


# --- NewsML-G2 -------------------------------------------------------------------------------------------------------


def newsml(content: str, guid: str = "urn:wire:1", kind: str = "ninat:text", status: str = "stat:usable") -> str:
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="1" xml:lang="en-US"><itemMeta>
<itemClass qcode="{kind}"/><provider qcode="p:w"><name>The Wire</name></provider>
<versionCreated>2022-03-05T16:25:32-05:00</versionCreated>
<pubStatus qcode="{status}"/></itemMeta><contentMeta><contentCreated>2022-03-04T15:21:06-05:00</contentCreated>
<located qcode="g:1"><name>Geneva</name></located><by>Ann Reed</by><language tag="en-US"/><subject qcode="m:1">
<name>peace</name></subject>
<subject qcode="m:2"/><headline>Talks &amp; truce</headline><description role="drol:summary">In short.</description></contentMeta>
<contentSet>{content}</contentSet></newsItem>"""


XHTML = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>No</title></head><body>
<p>The <b>delegates</b> met.</p><p>They sat.</p></body></html></inlineXML>"""


def test_an_item_of_newsml_has_its_fields() -> None:
    found = article(read_newsml, newsml(XHTML))
    assert (found.headline, found.standfirst, found.authors) == ("Talks & truce", "In short.", ("Ann Reed",))
    assert (iso(found), found.updated and found.updated.iso) == ("2022-03-04T15:21:06-05:00", "2022-03-05T16:25:32-05:00")
    assert (found.dateline, found.tags, found.publisher, found.language) == ("Geneva", ("peace",), "The Wire", "en")
    assert texts(found) == ["The delegates met.", "They sat."]


@pytest.mark.parametrize(
    "content",
    [
        '<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.content>'
        "<p>It holds.</p><p>So far.</p></body.content></body></nitf></inlineXML>",
        '<inlineData contenttype="text/plain">It holds.\n\nSo far.</inlineData>',
        '<inlineData contenttype="text/html">&lt;p&gt;It holds.&lt;/p&gt;&lt;p&gt;So far.&lt;/p&gt;</inlineData>',
        '<inlineData contenttype="text/plain"><![CDATA[<p>It holds.</p><p>So far.</p>]]></inlineData>',
        '<inlineData contenttype="text/plain"><![CDATA[\n<p>\n    It\nholds.\n   So\nfar.\n  </p>]]></inlineData>',
        '<inlineData contenttype="text/plain">\n    It\n    holds.\n\n    So\n    far.\n</inlineData>',
    ],
    ids=["nitf", "plain", "html", "html that is called plain", "indents", "all indented"],
)
def test_the_text_of_an_item_may_be_inline_in_any_form(content: str) -> None:
    assert texts(article(read_newsml, newsml(content))) == ["It holds.", "So far."]


@pytest.mark.parametrize(
    ("dateline", "place"), [("PARIS, 4 March (Wire) –", "PARIS"), ("NEW YORK - ", "NEW YORK"), ("4 March", "Geneva")]
)
def test_the_place_of_a_dateline_goes_before_where_the_item_is_located(dateline: str, place: str) -> None:
    item = newsml(XHTML).replace("<headline>", f"<dateline>{dateline}</dateline><headline>")
    assert article(read_newsml, item).dateline == place


def test_items_of_a_message_are_articles_and_what_is_no_text_is_counted() -> None:
    items = (
        newsml(XHTML)
        + newsml(XHTML, "urn:wire:2")
        + newsml("", "urn:wire:3", "ninat:picture")
        + newsml("", status="stat:canceled")
    )
    message = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}<packageItem guid="p"/></itemSet>'
    found, codes, left_out = readable(read_newsml, message + "</newsMessage>")
    assert ([each.source for each in found], codes) == (["news/export!/urn:wire:1", "news/export!/urn:wire:2"], [])
    assert left_out == {"items of the class picture": 1, "cancelled items": 1, "packageItems": 1}
    assert readable(read_newsml, message[:-300])[1] == ["undecodable"]


def newsml_1(content: str, status: str = "Usable", kind: str = "Text") -> str:
    return f"""<NewsML><Catalog Href="http://wire.example/dtd"/><NewsEnvelope><DateAndTime>20220304T160000Z</DateAndTime></NewsEnvelope>
<NewsItem><Identification><NewsIdentifier><NewsItemId>7</NewsItemId><PublicIdentifier>urn:wire:7:1</PublicIdentifier>
</NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20220304T152106Z</FirstCreated>
<ThisRevisionCreated>20220305T162532Z</ThisRevisionCreated><Status FormalName="{status}"/></NewsManagement><NewsComponent>
<NewsLines><HeadLine>Talks &amp; truce</HeadLine><SubHeadLine>In short.</SubHeadLine><ByLine>Ann Reed</ByLine>
<DateLine>Geneva, 4 March 2022 (WIRE)</DateLine></NewsLines>
<AdministrativeMetadata><Provider><Party FormalName="The Wire"/></Provider></AdministrativeMetadata>
<DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata><NewsComponent><ContentItem>
<MediaType FormalName="{kind}"/><DataContent>{content}</DataContent></ContentItem></NewsComponent></NewsComponent>
</NewsItem></NewsML>"""


@pytest.mark.parametrize(
    "content",
    [
        "\n<p>It holds.</p>\n<p>So far.</p>\n",
        "<nitf><body><body.content><p>It holds.</p><p>So far.</p></body.content></body></nitf>",
        "It holds.\n\nSo far.",
        "<html xmlns='http://www.w3.org/1999/xhtml'><head/><body><p>It holds.</p><p>So far.</p></body></html>",
    ],
    ids=["bare", "nitf", "plain", "html"],
)
def test_an_item_of_the_first_newsml_has_its_fields(content: str) -> None:
    found = article(read_newsml, newsml_1(content))
    assert (found.headline, found.standfirst, found.authors) == ("Talks & truce", "In short.", ("Ann Reed",))
    assert (iso(found), found.updated and found.updated.iso) == ("2022-03-04T15:21:06+00:00", "2022-03-05T16:25:32+00:00")
    assert (found.dateline, found.publisher, found.language) == ("Geneva", "The Wire", "en")
    assert (found.source, texts(found)) == ("news/export!/urn:wire:7:1", ["It holds.", "So far."])


def test_of_the_first_newsml_what_is_cancelled_or_no_text_is_counted() -> None:
    assert readable(read_newsml, newsml_1("It holds.", "Canceled"))[1:] == ([], {"cancelled items": 1})
    assert readable(read_newsml, newsml_1("It holds.", kind="Photo"))[1:] == ([], {"items without text": 1})


def test_items_in_the_answer_of_an_interface_are_read() -> None:
    answer = json.dumps({"total": 2, "links": [{"href": "/next"}], "item": [NINJS_1, NINJS_2]})
    assert [each.headline for each in articles(read_ninjs, answer)] == [
        each.headline for each in articles(read_ninjs, json.dumps([NINJS_1, NINJS_2]))
    ]


# --- SGML ------------------------------------------------------------------------------------------------------------

TREC = b"""<DOC>
<DOCNO> AP880212-0001 </DOCNO>
<FILEID>AP-NR-02-12-88 2344EST</FILEID>
<HEAD>Talks &AMP; Truce</HEAD>
<BYLINE>By ANN REED</BYLINE>
<DATELINE>GENEVA (AP) </DATELINE>
<TEXT>
   The delegates met at
noon, caf\xe9 and all.
   They sat &lt;down&gt;.
</TEXT>
</DOC>
"""
GIGAWORD = b"""<DOC id="NYT_ENG_19940701.0001" type="story" >
<HEADLINE>
Second
Round
</HEADLINE>
<DATELINE>GENEVA</DATELINE>
<TEXT>
<P>
It holds.
</P>
<P>
So far.
</TEXT>
</DOC>
"""


def test_a_document_of_trec_has_its_fields() -> None:
    found = article(read_sgml, TREC)
    assert (found.headline, found.authors, iso(found)) == ("Talks & Truce", ("Ann Reed",), "1988-02-12")
    assert (found.dateline, found.source) == ("GENEVA", "news/export!/AP880212-0001")
    assert texts(found) == ["The delegates met at noon, café and all.", "They sat <down>."]


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        (
            "<DOC><DOCNO> J1 </DOCNO><HL> Truce Signed,\nAides Say\n----\nBy Ann Reed</HL><DD> 03/24/87</DD>"
            "<TEXT>It holds.</TEXT></DOC>",
            ("Truce Signed, Aides Say", ("Ann Reed",), "1987-03-24", None, ["It holds."]),
        ),
        (
            "<DOC><DOCNO>T9-3</DOCNO><DATE>910514\n</DATE><HEADLINE>Truce</HEADLINE><DATELINE>\nLIMA, Jan. 1</DATELINE>"
            "<TEXT>It holds.</TEXT></DOC>",
            ("Truce", (), "1991-05-14", "LIMA", ["It holds."]),
        ),
        (
            "<DOC><DOCNO> M1 </DOCNO><HEADLINE>Truce</HEADLINE><BYLINE> ANN REED, Lake News Staff Writer </BYLINE>"
            "<PUBDATE> 910701 </PUBDATE>"
            "<DATELINE> Monday, July 1, 1991 001 </DATELINE><LEADPARA> It holds. </LEADPARA><TEXT> So far. </TEXT></DOC>",
            ("Truce", ("Ann Reed",), "1991-07-01", None, ["It holds.", "So far."]),
        ),
        (
            '<!DOCTYPE lewis SYSTEM "lewis.dtd"><REUTERS TOPICS="YES" NEWID="4"><DATE>26-FEB-1987 15:01:01.79</DATE>'
            "<TEXT>&#2;<TITLE>Truce</TITLE><AUTHOR>    By Ann Reed</AUTHOR><DATELINE>    LIMA, Feb 26 - </DATELINE>"
            "<BODY>It\nholds.\n    So far.\n&#3;</BODY></TEXT></REUTERS>",
            ("Truce", ("Ann Reed",), "1987-02-26", "LIMA", ["It holds.", "So far."]),
        ),
        (
            "<DOC><DOCNO> N1.0001 </DOCNO><DATE_TIME> 1998-06-01 00:02 </DATE_TIME><BODY><HEADLINE> Truce </HEADLINE> By ANN REED"
            "<TEXT><P>It holds.<P>So far.</TEXT></BODY></DOC>",
            ("Truce", (), "1998-06-01", None, ["It holds.", "So far."]),
        ),
    ],
    ids=["headline and byline in one", "day of six digits", "a day as dateline", "of other elements", "text within a body"],
)
def test_documents_of_other_collections_have_their_fields(document: str, fields: tuple[object, ...]) -> None:
    found = article(read_sgml, document.encode())
    assert (found.headline, found.authors, (iso(found) or "")[:10], found.dateline, texts(found)) == fields


def test_a_document_of_gigaword_has_its_day_and_paragraphs_whose_ends_are_missing() -> None:
    found = article(read_sgml, GIGAWORD)
    assert (found.headline, iso(found), found.source) == ("Second Round", "1994-07-01", "news/export!/NYT_ENG_19940701.0001")
    assert texts(found) == ["It holds.", "So far."]


def test_advisories_are_counted_documents_without_text_and_a_broken_end_are_reported() -> None:
    advisory = GIGAWORD.replace(b'"story"', b'"advis"')
    empty = b"<DOC><DOCNO>X-1</DOCNO></DOC>"
    found, codes, left_out = readable(read_sgml, TREC + advisory + empty + GIGAWORD + TREC[:-10])
    assert (len(found), codes, left_out) == (2, ["no-article", "undecodable"], {"advisories": 1})


def test_a_document_without_end_is_not_taken_into_memory() -> None:
    assert readable(read_sgml, TREC + b"<DOC>" + b"word " * MAX_BYTES)[1] == ["too-large"]
    assert readable(read_sgml, b"no document")[1] == ["no-article"]


# --- which file is which ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.json", json.dumps(NINJS_1), "ninjs"), ("a.json", json.dumps([NINJS_2]), "ninjs"), ("a.json", '{"name": "cache"}',
        None),
        ("a.xml", NITF, "nitf"), ("a.xml", newsml(XHTML), "newsml"), ("a.xml", newsml("<nitf>"), "newsml"),
        ("a.xml", newsml_1("x"), "newsml"),
        ("latwp_eng_199405", GIGAWORD.decode(), "sgml"), ("AP880212", TREC.decode("cp1252"), "sgml"), ("a.xml", "<docs>", None),
        ("a.xml", '<?xml version="1.0"?><rss version="2.0">', "feed"),
        ("a.xml", '<feed xmlns="http://www.w3.org/2005/Atom">', "feed"),
        ("a.xml", "<!-- This is a WordPress eXtended RSS file -->", "wordpress"), ("a.sgm", "", "sgml"), ("a.atom", "", "feed"),
        ("inbox", "From ann@river.example Fri Mar  4 10:00:00 2022\n", "mailbox"), ("a.eml", "", "letter"),
    ],
)  # fmt: skip
def test_a_format_is_told_by_the_first_bytes(name: str, data: str, kind: str | None) -> None:
    found = format_of(name, lambda: data.encode()[:2_048])
    assert (found.name if isinstance(found, Format) else None) == kind
