"""The benchmark of extractors: its figures, and that it runs where no other extractor is installed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from saved import SENTENCES, save_page

BENCHMARKS = Path(__file__).parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

from extraction_figures import Found, Tally, agreement, days, lower_figures, quality, rows, words  # noqa: E402

GIVES = ("headline", "body", "published", "authors", "captions")


def figures(truth: dict[str, object], *found: Found | None) -> dict[str, str]:
    tally = Tally()
    for number, one in enumerate(found, 1):
        tally.count(truth, one, float(number))
    return rows(tally, GIVES)


def test_the_benchmark_prints_a_table_of_two_pages(tmp_path: Path) -> None:
    save_page(tmp_path / "pages/plain.html", "Truce holds")
    save_page(tmp_path / "pages/packed.html.gz", "Truce broken")
    truths = {"plain": "Truce holds", "packed": "Truce kept"}
    known = {"published": "2022-03-04", "authors": ["Ann Reed"], "body": "\n\n".join(SENTENCES)}
    lines = [{"id": name, "set": "made up", "truth": known | {"headline": headline}} for name, headline in truths.items()]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", _WITHOUT_PEERS, str(BENCHMARKS / "extraction.py"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    table = dict(re.findall(r"^\| (\w.+?) \| (.+?) \|$", run.stdout, re.MULTILINE))
    assert run.stdout.count("left out: ") == 5
    assert "2 pages of made up" in run.stdout
    assert table["body F1 / P / R"] == "1.000 / 1.000 / 1.000"
    assert table["headline exact / words F1"] == "0.500 / 0.750"
    assert (table["day of publication"], table["authors F1"]) == ("1.000", "1.000")
    assert table["empty bodies / crashes"] == "0 / 0"


_WITHOUT_PEERS = """
import runpy, sys
sys.modules.update(dict.fromkeys(["trafilatura", "newspaper", "readability", "goose3"]))
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize(
    ("true", "found", "expected"),
    [
        ("The truce holds", "the TRUCE holds", (1.0, 1.0, 1.0)),
        ("a b c d", "a b", (2 / 3, 1.0, 0.5)),
        ("停戦が続く", "停戦", (4 / 7, 1.0, 0.4)),
        ("", "", (1.0, 1.0, 1.0)),
        ("a", "", (0.0, 0.0, 0.0)),
        ("“It’s over” – so far", '"It\'s over" - so far', (1.0, 1.0, 1.0)),
    ],
    ids=["case", "half", "letters for words", "nothing", "nothing found", "quotes and dashes"],
)
def test_words_agree(true: str, found: str, expected: tuple[float, float, float]) -> None:
    assert agreement(words(true), words(found)) == pytest.approx(expected)


def test_a_day_is_right_where_it_was_printed_or_in_greenwich() -> None:
    assert days("2022-03-04T23:30:00-05:00") == {"2022-03-04", "2022-03-05"}
    assert days("2022-03-04 or so") == {"2022-03-04"}
    assert days(None) == set()


def test_a_true_caption_is_counted_once_and_its_credit_may_be_longer() -> None:
    truth = {
        "captions": [{"text": "Cars wait outside the palace.", "credit": "Jane Doe"}, {"text": "The bridge", "credit": None}]
    }
    same = ("Cars wait outside the palace.", "Jane Doe/Wire")
    shown = figures(truth, Found(captions=[same, same, ("Something else", None)]))
    assert shown["captions F1 / P / R"] == "0.400 / 0.333 / 0.500"
    assert shown["credits found"] == "1.000"


def test_segments_count_for_and_against() -> None:
    shown = figures({"with": ["first part", "second part"], "without": ["an advert"]}, Found(body="The first part, an advert."))
    assert shown["segments F1 / P / R"] == "0.500 / 0.500 / 0.500"


def test_a_crash_is_an_empty_body_and_costs_its_time() -> None:
    shown = figures({"body": "a"}, None, Found(body="a"))
    assert shown["empty bodies / crashes"] == "1 / 1"
    assert shown["CPU ms a page, median / 95th percentile"] == "1.5 / 2.0"


def test_what_an_extractor_does_not_give_is_left_open() -> None:
    tally = Tally()
    tally.count({"headline": "Truce", "authors": ["Jane Doe"]}, Found(headline="Truce"), 1.0)
    shown = rows(tally, ("headline",))
    assert (shown["headline exact / words F1"], shown["authors F1"]) == ("1.000 / 1.000", "–")


def test_sweep_prints_the_figures_for_each_value(tmp_path: Path) -> None:
    save_page(tmp_path / "pages/plain.html", "Truce holds")
    line = json.dumps({"id": "plain", "truth": {"body": " ".join(SENTENCES), "with": SENTENCES[:1], "without": ["Sold"]}})
    (tmp_path / "manifest.jsonl").write_text(f"{line}\n", encoding="utf-8")
    command = [sys.executable, str(BENCHMARKS / "thresholds.py"), str(tmp_path), "body.prose_blocks.LONG_LINE", "90000"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    assert [row.partition(" = ")[2].partition(":")[0] for row in printed] == ["100", "90000"]
    assert all(re.search(r"words [01]\.\d{4}, segments [01]\.\d{4}", row) for row in printed)


def test_a_figure_that_is_lower_than_the_baseline_is_named() -> None:
    kept = {"news": {"authors F1": "0.900", "body F1 / P / R": "0.970 / 0.960 / 0.980"}, "other": {"authors F1": "0.500"}}
    same = {"news": kept["news"]}
    assert lower_figures(kept, same) == []
    assert lower_figures(kept, {"news": kept["news"] | {"body F1 / P / R": "0.971 / 0.959 / 0.990"}}) == [
        "news: body F1 / P / R: 0.971 / 0.959 / 0.990, was 0.970 / 0.960 / 0.980"
    ]
    assert lower_figures(kept, {"news": {"body F1 / P / R": kept["news"]["body F1 / P / R"]}}) == [
        "news: authors F1: missing, was 0.900"
    ]


def test_times_and_failures_are_no_figures_of_quality() -> None:
    shown = figures({"headline": "Truce holds"}, Found(headline="Truce holds"))
    assert {name for name in shown if name not in quality(shown)} == {
        "empty bodies / crashes", "CPU ms a page, median / 95th percentile"
    }  # fmt: skip


def test_the_benchmark_fails_where_a_figure_is_lower_than_the_kept_one(tmp_path: Path) -> None:
    save_page(tmp_path / "pages/plain.html", "Truce holds")
    known = {"published": "2022-03-04", "body": "\n\n".join(SENTENCES), "headline": "Truce holds"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps({"id": "plain", "set": "made up", "truth": known}), encoding="utf-8")
    script = [sys.executable, "-c", _WITHOUT_PEERS, str(BENCHMARKS / "extraction.py"), str(tmp_path)]
    kept = tmp_path / "kept.json"
    subprocess.run([*script, "--keep", str(kept)], check=True, capture_output=True, timeout=60)
    assert subprocess.run([*script, "--baseline", str(kept)], capture_output=True, timeout=60).returncode == 0
    (tmp_path / "manifest.jsonl").write_text(
        json.dumps({"id": "plain", "set": "made up", "truth": known | {"headline": "Truce broken"}}), encoding="utf-8"
    )
    worse = subprocess.run([*script, "--baseline", str(kept)], capture_output=True, text=True, timeout=60)
    assert (worse.returncode, "made up: headline exact / words F1: 0.000 / 0.500" in worse.stdout) == (1, True)
