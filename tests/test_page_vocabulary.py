"""The data files of indexer/extract/lexicon, entry by entry: what a line or a name is with the entry, and without it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml.html import document_fromstring

from indexer.extract.body.page_elements import PageElements
from indexer.extract.lexicon import boilerplate_names, line_patterns
from indexer.extract.lexicon.boilerplate_names import Names
from indexer.extract.lexicon.phrases import AnyOpening, Mentions, Openings
from indexer.extract.metadata import framework_state, json_ld
from search.analysis.sentences import ends_sentence, sentences
from search.lexicon.read import Lexicon, LexiconEntry, read_lexicon

PACKAGE = "indexer.extract.lexicon"
Uses = tuple[str, str, str, Callable[[str], Any], str]

LINES: list[Uses] = [  # file, kind, the object that finds its entries, what it decides, a line with {} for the entry
    ("contributor_lines", "opening", "_CONTRIBUTOR_OPENINGS", line_patterns.is_contributor_line, "{} Ann Roe"),
    ("contributor_lines", "ending", "_CONTRIBUTOR_ENDING", line_patterns.is_contributor_line, "Ann Roe {}"),
    ("contributor_lines", "within", "_CONTRIBUTED", line_patterns.is_contributor_line, "Ann Roe {} Oslo"),
    ("correction_lines", "label", "_CORRECTION", line_patterns.is_correction, "{}: zwei"),
    ("correction_lines", "opening", "_CORRECTION", line_patterns.is_correction, "{} zwei"),
    ("correction_lines", "bracketed", "_CORRECTION", line_patterns.is_correction, "【{}】"),
    ("related_lines", "label", "_RELATED_OPENING", line_patterns.is_related_line, "{}: Qvist"),
    ("related_lines", "plain", "_RELATED_OPENING", line_patterns.is_related_line, "{} Qvist"),
    ("boilerplate_lines", "line", "_BOILERPLATE", line_patterns.is_boilerplate, "{}"),
    ("boilerplate_lines", "opening", "_BOILERPLATE", line_patterns.is_boilerplate, "{} Qvist"),
    ("boilerplate_lines", "minutes", "_MINUTES", line_patterns.is_boilerplate, "4 {}"),
    ("boilerplate_lines", "of_reading", "_OF_READING", line_patterns.is_boilerplate, "4 min {}"),
    ("boilerplate_lines", "reading_time", "_BOILERPLATE", line_patterns.is_boilerplate, "{}: 4"),
    ("boilerplate_lines", "filed", "_BOILERPLATE", line_patterns.is_boilerplate, "{} Qvist"),
    ("boilerplate_lines", "sent_in", "_BOILERPLATE", line_patterns.is_boilerplate, "{} Ann Roe"),
    ("subscription_calls", "opening", "_CALL_OPENINGS", line_patterns.is_boilerplate, "{} qv qv whatsapp"),
    ("subscription_calls", "object", "_CALL_OBJECTS", line_patterns.is_boilerplate, "Stay qv qv {}"),
    ("subscription_calls", "asked", "_ASKED", line_patterns.is_call, "Qv qv, {} android"),
    ("subscription_calls", "asked_anywhere", "_ASKED", line_patterns.is_call, "Qv qv {} android"),
    ("subscription_calls", "asked_last", "_ASKED", line_patterns.is_call, "Android qv {}"),
    ("subscription_calls", "asked_for", "_ASKED_FOR", line_patterns.is_call, "Join qv {}"),
    ("subscription_calls", "last_word", "_LAST_WORDS", line_patterns.is_call, "{} Qvist"),
    ("subscription_calls", "of_site", "_OF_SITE", line_patterns.is_call, "Qvist {}"),
    ("closing_headings", "whole", "_WHOLE_HEADINGS", boilerplate_names.is_closing_heading, "{}"),
    ("closing_headings", "opening", "_HEADING_OPENINGS", boilerplate_names.is_closing_heading, "{} qvist"),
    ("notices", "cookies", "_COOKIES", boilerplate_names.is_notice, "qv {} qv"),
]
NAMES: list[tuple[str, str, Callable[[str], bool]]] = [
    ("comments", "_COMMENTS", boilerplate_names.is_comments),
    ("consent", "_CONSENT", boilerplate_names.is_consent),
    ("side_matter", "_SIDE_MATTER", boilerplate_names.is_side_even_with_prose),
    ("folded", "_FOLDED", boilerplate_names.is_side_even_with_prose),
    ("side_unless_prose", "_UNLESS_PROSE", boilerplate_names.is_side_matter),
    ("side_unless_text", "_UNLESS_TEXT", boilerplate_names.is_side_matter),
    ("of_others", "_OF_OTHERS", boilerplate_names.is_of_others),
    ("deck", "_DECKS", boilerplate_names.is_deck),
    ("pull_quote", "_PULL_QUOTES", boilerplate_names.is_pull_quote),
    ("caption", "_CAPTIONS", boilerplate_names.is_caption),
    ("picture", "_PICTURES", boilerplate_names.is_picture),
    ("slide", "_SLIDES", boilerplate_names.is_slide),
    ("film", "_FILMS", boilerplate_names.is_video),
    ("credit", "_CREDITS", boilerplate_names.is_credit_anywhere),
    ("maker", "_MAKERS", boilerplate_names.is_credit),
    ("correction", "_CORRECTIONS", boilerplate_names.is_correction_name),
    ("place", "_PLACES", boilerplate_names.is_place),
]


def _without(lexicon: Lexicon, entry: LexiconEntry) -> Lexicon:
    return replace(lexicon, entries=tuple(each for each in lexicon.entries if (each.kind, each.text) != (entry.kind, entry.text)))


def _sample(phrase: str, lexicon: Lexicon, instead: dict[str, str] | None = None) -> str:
    """The shortest words that the phrase stands for. instead: kind -> the entry to take of it."""
    words = re.sub(r"<(\w+)>", lambda m: _sample((instead or {}).get(m[1]) or lexicon.of(m[1])[0], lexicon, instead), phrase)
    words = words.replace("…", " qv ").replace("#", "7").replace(" *", " qv")
    return " ".join(words.replace("*", "").split())


def _cases() -> Iterator[Any]:
    """Each entry of each file of lines; one that stands in phrases for <its kind> with the first of these phrases."""
    for file in dict.fromkeys(use[0] for use in LINES):
        lexicon, uses = read_lexicon(PACKAGE, file), {use[1]: use for use in LINES if use[0] == file}
        for entry in lexicon.entries:
            if entry.kind in uses:
                yield pytest.param(uses[entry.kind], entry, _sample(entry.text, lexicon), id=f"{file}-{entry.kind}-{entry.text}")
            elif entry.kind != "notice":  # these have a test of their own
                phrase = _phrase_with(entry, lexicon)
                sample = _sample(phrase.text, lexicon, {entry.kind: entry.text})
                yield pytest.param(uses[phrase.kind], entry, sample, id=f"{file}-{entry.kind}-{entry.text}")


def _phrase_with(entry: LexiconEntry, lexicon: Lexicon) -> LexiconEntry:
    phrases = [each for each in lexicon.entries if f"<{entry.kind}>" in each.text]
    return next((each for each in phrases if each.language == entry.language), phrases[0])


@pytest.mark.parametrize(("use", "entry", "sample"), list(_cases()))
def test_entry_makes_the_line_what_it_is(use: Uses, entry: LexiconEntry, sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kind, finder, decides, frame = use
    line = frame.format(sample)
    assert decides(line), line
    module = boilerplate_names if hasattr(boilerplate_names, finder) else line_patterns
    for name, found in _finders(module, file):
        smaller = tuple(replace(each, lexicon=_without(each.lexicon, entry)) for each in found)
        kind_of = type(getattr(module, name))
        monkeypatch.setattr(
            module, name, AnyOpening(smaller) if kind_of is AnyOpening else smaller if kind_of is tuple else smaller[0]
        )
    assert not decides(line), f"{line}: {file} says so without the {kind} {entry.text}"


def _finders(module: Any, file: str) -> list[tuple[str, tuple[Openings | Mentions, ...]]]:
    """Those of a file, by the names under which the module has them."""
    values = {name: value.openings if isinstance(value, AnyOpening) else value for name, value in vars(module).items()}
    named = [(name, value if isinstance(value, tuple) else (value,)) for name, value in values.items()]
    return [(n, f) for n, f in named if f and isinstance(f[0], Openings | Mentions) and f[0].lexicon.subject == file]


@pytest.mark.parametrize("entry", [e for e in read_lexicon(PACKAGE, "notices").entries if e.kind == "notice"], ids=str)
def test_entry_makes_the_line_a_notice(entry: LexiconEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    line = f"Qv {entry.text} qv"
    assert boilerplate_names.is_notice(line)
    monkeypatch.setattr(boilerplate_names, "_NOTICE_TEXTS", _without(read_lexicon(PACKAGE, "notices"), entry).of("notice"))
    assert not boilerplate_names.is_notice(line)


def _name_cases() -> Iterator[Any]:
    lexicon = read_lexicon(PACKAGE, "class_names")
    for kind, finder, decides in NAMES:
        for entry in lexicon.entries:
            if entry.kind == kind:
                yield pytest.param(finder, decides, entry, id=f"{kind}-{entry.text}")


@pytest.mark.parametrize(("finder", "decides", "entry"), list(_name_cases()))
def test_entry_makes_the_name_what_it_is(
    finder: str, decides: Callable[[str], bool], entry: LexiconEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"story-{entry.text.replace(' ', '-').replace('*', '')}-qv"
    assert decides(name)
    _leave_out(finder, entry, monkeypatch)
    assert not decides(name)


NAMES_BESIDE = [  # kind, the object that finds its entries, a name that is side matter without the entry
    ("text", "_TEXT", "qv-widget-{}"),
    ("unfolded", "_UNFOLDED", "qv-hidden-{}"),
    ("layout", "_LAYOUT", "qv-{}"),
]


@pytest.mark.parametrize(
    ("finder", "name", "entry"),
    [
        pytest.param(finder, name, entry, id=f"{kind}-{entry.text}")
        for kind, finder, name in NAMES_BESIDE
        for entry in read_lexicon(PACKAGE, "class_names").entries
        if entry.kind == kind
    ],
)
def test_entry_saves_the_name_from_being_side_matter(
    finder: str, name: str, entry: LexiconEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = name.format(entry.text.replace(" ", "-").replace("*", ""))
    assert not boilerplate_names.is_side_matter(name)
    _leave_out(finder, entry, monkeypatch)
    assert boilerplate_names.is_side_matter(name)


def _leave_out(finder: str, entry: LexiconEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    spare: Names = getattr(boilerplate_names, finder)
    monkeypatch.setattr(boilerplate_names, finder, replace(spare, lexicon=_without(spare.lexicon, entry)))
    _forget_names()


def _forget_names() -> None:
    for function in vars(boilerplate_names).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()


@pytest.fixture(autouse=True)
def _names_known_anew() -> Iterator[None]:
    yield
    _forget_names()


@pytest.mark.parametrize("still", read_lexicon(PACKAGE, "class_names").of("still"))
def test_film_that_is_named_for_a_picture_too_is_a_picture(still: str) -> None:
    assert boilerplate_names.is_video("video-qv")
    assert not boilerplate_names.is_video(f"video-{still}")


@pytest.mark.parametrize("role", read_lexicon(PACKAGE, "class_names").of("side_role"))
def test_role_is_of_no_text(role: str) -> None:
    assert boilerplate_names.is_side_role(role)
    assert not boilerplate_names.is_side_role(f"{role}qv")


@pytest.mark.parametrize("key", read_lexicon(PACKAGE, "data_keys").of("other_stories"))
def test_what_stands_below_the_key_is_another_story(key: str) -> None:
    page = document_fromstring(f'''<script type="application/ld+json">{{"{key}": {{"@type": "NewsArticle"}}}}</script>''')
    assert json_ld.read_blocks(page.iter("script")).nodes[1] == ({"@type": "NewsArticle"}, True)


SENTENCES = "It holds, so far. Nobody knows why. The envoy says so. "
STORY_KEYS: dict[str, tuple[str, Callable[[str], dict[str, Any]], str]] = {  # kind -> what has it, a story with the key, its HTML
    "text": ("_TEXT_KEYS", lambda key: {key: SENTENCES * 5}, SENTENCES),
    "nested": ("_NESTED_KEYS", lambda key: {"qv": [{"type": "p", key: [{"text": SENTENCES}]}]}, f"<p>{SENTENCES}</p>"),
    "deck": (
        "_DECK_KEYS",
        lambda key: {key: "A deck", "qv": [{"type": "p", "text": SENTENCES}]},
        '<p class="standfirst">A deck</p>',
    ),
    "byline": (
        "_BYLINE_KEYS",
        lambda key: {key: ["Ann Roe"], "qv": [{"type": "p", "text": SENTENCES}]},
        'rel="author">Ann Roe</a>',
    ),
    "contributors": (
        "_CONTRIBUTOR_KEYS",
        lambda key: {key: "Ann Roe helped.", "qv": [{"type": "p", "text": SENTENCES}]},
        '<p class="contributors">Ann Roe helped.</p>',
    ),
    "correction": (
        "_CORRECTION_KEYS",
        lambda key: {key: "It was two.", "qv": [{"type": "p", "text": SENTENCES}]},
        '<p class="correction">It was two.</p>',
    ),
    "picture_address": (
        "_ADDRESS_KEYS",
        lambda key: {"qv": [{"type": "p", "text": SENTENCES}, {"caption": "C", key: "a.png"}]},
        'src="a.png"',
    ),
    "picture_credit": (
        "_CREDIT_KEYS",
        lambda key: {"qv": [{"type": "p", "text": SENTENCES}, {"caption": "C", key: "Roe"}]},
        ">Roe</span>",
    ),
    "heading_type": (
        "_HEADING_TYPES",
        lambda key: {"qv": [{"type": key, "text": "Qvist"}, {"type": "p", "text": SENTENCES}]},
        "<h3>Qvist</h3>",
    ),
    "picture_type": (
        "_PICTURE_TYPES",
        lambda key: {"qv": [{"type": key, "caption": "Qvist"}, {"type": "p", "text": SENTENCES}]},
        "<figcaption>Qvist",
    ),
}


def _state_html(story: dict[str, Any]) -> str:
    data = json.dumps({"page": story, "filling": "x" * framework_state.MIN_SCRIPT_LETTERS})
    return framework_state.state_html(PageElements(document_fromstring(f'<script type="application/json">{data}</script>'))) or ""


@pytest.mark.parametrize("entry", [e for e in read_lexicon(PACKAGE, "data_keys").entries if e.kind in STORY_KEYS], ids=str)
def test_key_gives_the_part_of_the_story(entry: LexiconEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    finder, story, expected = STORY_KEYS[entry.kind]
    data = story(entry.text.replace("*", ""))
    assert expected in _state_html(data)
    found = getattr(framework_state, finder)
    spare = _without(read_lexicon(PACKAGE, "data_keys"), entry)
    monkeypatch.setattr(
        framework_state, finder, replace(found, lexicon=spare) if isinstance(found, Names) else spare.of(entry.kind)
    )
    assert expected not in _state_html(data)


@pytest.mark.parametrize("kind", read_lexicon(PACKAGE, "data_keys").of("skipped_type"))
def test_block_of_the_type_is_skipped(kind: str) -> None:
    text = {"type": "p", "text": SENTENCES}
    assert "Qvist" in _state_html({"qv": [text, {"type": "qv", "text": "Qvist"}]})
    assert "Qvist" not in _state_html({"qv": [text, {"type": kind.replace("*", ""), "text": "Qvist"}]})


@pytest.mark.parametrize(
    "entry", [e for e in read_lexicon("search.lexicon", "sentence_ends").entries if "spaced" in e.kind], ids=str
)
def test_sign_ends_a_sentence(entry: LexiconEntry) -> None:
    blank = " " if entry.kind == "spaced" else ""
    assert len(sentences(f"Qvist{entry.text}{blank}Qvist")) == 2
    assert ends_sentence(f"Qvist{entry.text}")
    assert not ends_sentence("Qvist")


@pytest.mark.parametrize(
    "entry", [e for e in read_lexicon("search.lexicon", "sentence_ends").entries if "closing" in e.kind], ids=str
)
def test_mark_belongs_to_the_sentence_before_it(entry: LexiconEntry) -> None:
    if entry.kind == "closing":
        assert ends_sentence(f"Qvist.{entry.text}")
        assert sentences(f"Qvist.{entry.text} Qvist")[0] == (0, 7)
    else:
        assert ends_sentence(f"Qvist{entry.text}")
