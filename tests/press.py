"""A small archive made by hand, for the tests of the ways in: pages, API, server, browser."""

from pathlib import Path

from search.engines.protocol import open_engine
from search.model.article import Article, Caption, Paragraph, PrintedDate
from search.settings import Settings

ARMISTICE = Article(
    source="beacon/armistice.html",
    id="armistice",
    captured="2020-01-01T10:00:00Z",
    url="https://beacon.example/1953/armistice?a=1&b=2",
    publisher="City Beacon",
    headline="Korean truce signed",
    alternative_headline="Armistice after three years of war",
    standfirst="Guns fall silent after three years.",
    paragraphs=(
        Paragraph("Delegates signed the armistice in eleven minutes on Monday."),
        Paragraph("A long table", "subhead"),
        Paragraph("The truce was negotiated over two years.", "quote"),
        Paragraph("Prisoners will be exchanged.\nThe line will be two miles wide.", "list"),
        Paragraph("Year | Meetings\n1951 | 210", "table"),
    ),
    captions=(
        Caption("Officers sign the truce papers.", "Ruth Doe/Agency", "https://img.example/1.jpg", 1),
        Caption(None, "Archive of the Beacon", after=9),
    ),
    authors=("Ruth Okafor", "Ng, Ada"),
    contributors="Tom Hale reported from Seoul.",
    dateline="PANMUNJOM, Korea",
    section="World",
    tags=("Korea",),
    language="en",
    corrections=("An earlier version gave a wrong number of meetings.",),
    published=PrintedDate("July 27, 1953", "1953-07-27"),
    updated=PrintedDate("July 28, 1953", "1953-07-28T09:30"),
)
EARLIER = Article(
    source="beacon/armistice-early.html",
    id="armistice",
    captured="2019-01-01T10:00:00Z",
    publisher="City Beacon",
    headline="Korean truce near",
    paragraphs=(Paragraph("Bulletin: a truce is near."),),
    language="en",
    published=PrintedDate("July 27, 1953", "1953-07-27"),
)
GENEVA = Article(
    source="regard/geneve.html",
    id="geneve/1954",
    publisher="Le Regard",
    headline="Accords de Genève : la trêve",
    paragraphs=(Paragraph("Les négociations ont abouti dans la nuit."),),
    authors=("Élise Martin",),
    section="Monde",
    tags=("Indochine",),
    language="fr",
    published=PrintedDate("juillet 1954", "1954-07"),
)
ARABIC = Article(
    source="masa/hudna.html",
    id="hudna",
    headline="توقيع اتفاق الهدنة",
    paragraphs=(Paragraph("وقع الطرفان اتفاق الهدنة."),),
    language="ar",
    published=PrintedDate("1955", "1955"),
)
UNDATED = Article(source="beacon/undated.txt", id="undated", headline="A treaty without a date")
ROUNDS = tuple(
    Article(
        source=f"lens/round-{number}.html",
        id=f"round-{number}",
        publisher="Lens Weekly",
        headline=f"Treaty talks, round {number}",
        paragraphs=(Paragraph("The ministers met, spoke of the treaty and parted."),),
        captions=(Caption("Ministers before the conference", "Jo Weber"),),
        authors=("Jo Weber",) if number % 2 else ("Ada Ng",),
        section="Politics",
        language="en",
        published=PrintedDate(f"{1970 + number}", f"{1970 + number}-03-0{number % 9 + 1}"),
    )
    for number in range(12)
)
FLOOD = (
    "The river rose by four metres in a single night and broke through the dyke below the old mill, where the army had stacked "
    "sandbags since Friday. Some three thousand people left their houses in boats, on tractors and on foot. Nobody was hurt, the "
    "district council said, but the school, the bakery and the railway bridge stand in water up to their windows.",
    "Engineers expect the crest to pass the town before noon. Until then the pumps have to hold. A column of trucks with gravel "
    "and steel sheets is on its way from the quarry, but the last stretch of the road is under water, and the drivers were "
    "told to wait for daylight. The hospital has moved its patients to the upper floors and runs its own generator.",
    "Trains are stopped between both banks, and the ferry, which has no bridge to compete with now, takes passengers without "
    "asking for a fare. It was the third flood in ten years. After the second a higher dyke was planned, and the plan shelved.",
)
WIRE = tuple(
    Article(
        source=f"{outlet.lower()}/flood.html",
        id=f"flood-{outlet.lower()}",
        publisher=f"The {outlet}",
        headline=headline,
        paragraphs=tuple(map(Paragraph, FLOOD[: 3 - cut])),
        language="en",
        published=PrintedDate(f"May {day}, 1965", f"1965-05-0{day}"),
    )
    for day, (outlet, headline, cut) in enumerate(
        (("Herald", "Dyke breaks at the mill", 0), ("Mirror", "Thousands flee flood", 0), ("Globe", "Town under water", 1)), 1
    )
)
"""A story that three outlets ran, the last without its end."""
MENDED = Article(
    source="herald/mended.html",
    id="mended",
    headline="Flood town has its dyke again",
    paragraphs=(Paragraph("The dyke below the mill was mended, and the railway bridge has lost its sandbags."),),
    language="en",
)
ARTICLES = (ARMISTICE, EARLIER, GENEVA, ARABIC, UNDATED, *ROUNDS)
CURRENT = len(ARTICLES) - 1

HOSTILE = Article(
    source='evil/"><script>alert(1)</script>.html',
    id='evil"><script>alert(1)</script>',
    captured='"><script>alert(2)</script>',
    url="javascript:alert(3)",
    publisher="<img src=x onerror=alert(4)>",
    headline='Truce <script>alert("5")</script> & </title><script>alert(6)</script>',
    standfirst="<iframe src=//evil.example></iframe>",
    paragraphs=(
        Paragraph('<b onclick="x()">truce</b> \ud800 \u202e end <a href="javascript:x">truce</a>'),
        Paragraph("<table onload=x> | truce\n<tr>", "table"),
        Paragraph("</ul><script>x</script>", "list"),
    ),
    captions=(Caption("<i onmouseover=x>truce</i>", "<script>c</script>", "javascript:alert(7)"),),
    authors=('"><svg onload=x>',),
    contributors="<script>alert(8)</script>",
    dateline="<script>alert(9)</script>",
    section="'><script>alert(10)</script>",
    tags=("<script>alert(11)</script>",),
    language='en" onload="x',
    corrections=("<script>alert(12)</script>",),
    published=PrintedDate('"><script>alert(13)</script>', "2022-03"),
)


def archive_of(folder: Path, *articles: Article, **settings: object) -> Settings:
    """Settings of a new index in the folder that holds the articles."""
    url = f"tantivy:{folder / 'index'}"
    with open_engine(url, create=True) as engine:
        report = engine.add(articles)
        assert not report.failed, report.failed
    return Settings(index=url, **settings)  # type: ignore[arg-type]
