"""The sample pages of corpus/ against what a person read on them: tests/corpus/PUBLISHER/PAGE.json."""

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.load.make_article import read_article
from indexer.sources.raw_page import RawPage
from search.model.article import Article
from search.settings import Settings

ROOT = Path(__file__).parents[1]
TRUTHS = sorted((ROOT / "tests/corpus").glob("*/*.json"))
PAGES = sorted(path for path in (ROOT / "corpus").glob("*/*") if path.suffix in (".html", ".txt"))


def read(page: Path) -> dict[str, Any]:
    """What is extracted of a page, in the form of the truths."""
    kind = "text" if page.suffix == ".txt" else "html"
    article: Article = read_article(RawPage(f"corpus/{page.name}", "", page.read_bytes(), kind), Settings())
    return {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "authors": list(article.authors),
        "contributors": article.contributors,
        "dateline": article.dateline,
        "publisher": article.publisher,
        "language": article.language,
        "tags": list(article.tags),
        "corrections": list(article.corrections),
        "section": article.section,
        "published": article.published.iso if article.published else None,
        "updated": article.updated.iso if article.updated else None,
        "body": [paragraph.text for paragraph in article.paragraphs],
        "captions": [{"text": caption.text, "credit": caption.credit} for caption in article.captions],
    }


def page_of(truth: Path) -> Path:
    return next(page for page in PAGES if (page.parent.name, page.stem) == (truth.parent.name, truth.stem))


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_page_is_read_as_a_person_reads_it(truth: Path) -> None:
    assert read(page_of(truth)) == json.loads(truth.read_text(encoding="utf-8"))


def test_every_page_has_its_truth() -> None:
    assert [(path.parent.name, path.stem) for path in TRUTHS] == sorted((page.parent.name, page.stem) for page in PAGES)
