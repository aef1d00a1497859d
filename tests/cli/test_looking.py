"""list, show, items, findings, log: tables for people, documents for programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.fake_api import CLASSES, show

if TYPE_CHECKING:
    from tests.cli.conftest import Run
    from tests.cli.fake_api import FakeServer

HOSTILE = "a\x1b[31mred\x1b]0;owned\x07 “細胞” [bold]x[/bold] " + "n" * 120


@pytest.mark.parametrize("columns", ["80", "200"])
@pytest.mark.parametrize("verb", [("list",), ("show", "x"), ("items", "x"), ("findings", "x")])
def test_nothing_is_wider_than_the_terminal_and_hostile_names_are_harmless(
    run: Run, server: FakeServer, monkeypatch: pytest.MonkeyPatch, columns: str, verb: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    server.datasets["x"] = show(
        "x", display_name=HOSTILE, description=HOSTILE, tags=[HOSTILE],
        annotation_sets=[
            {"name": HOSTILE, "task": "detection", "items": 1, "classes": [{**CLASSES[0], "name": HOSTILE}]}
        ],
    )  # fmt: skip
    server.datasets["y"] = show(HOSTILE)
    ended = run(*verb)
    assert ended.status == 0
    assert not set(ended.out + ended.err) & {"\x1b", "\x07"}
    assert all(len(line) <= int(columns) for line in ended.out.splitlines())
    assert all(line == line.rstrip() for line in ended.out.splitlines())


def test_a_name_is_shown_whole_even_if_it_needs_several_lines(run: Run, server: FakeServer) -> None:
    server.datasets["y"] = show("q" * 250)
    assert run("list").out.count("q") == 250


def test_show_prints_the_document_as_it_is(run: Run, server: FakeServer) -> None:
    server.datasets["x"] = show("x")
    assert run("show", "x@1", "--json").document == server.datasets["x"]


def test_show_has_counts_classes_split_and_bins(run: Run, server: FakeServer) -> None:
    server.datasets["x"] = show("x", bins={"imported": 365, "ignored": 2, "rejected": 1})
    text = run("show", "x").out
    for part in (
        "364 pictures, 7.12 MB", "jpeg, 640×480 px", "RBC", "4,155", "counted in boxes", "train 218",
        "validation 73", "365 imported, 2 ignored, 1 rejected", "1 warning, 2 notes", "● ready",
    ):  # fmt: skip
        assert part in text


def test_programs_get_every_item_and_people_the_first_ones(run: Run, server: FakeServer) -> None:
    document = run("items", "x", "--json").document
    assert len({row["key"] for row in document["items"]}) == 1234
    assert document["next"] is None
    ended = run("items", "x")
    assert ended.err == "50 items shown; --after 50 goes on\n"
    assert len(re.findall(r"image/\d{4}\.png", ended.out)) == 50


def test_a_limit_and_a_cursor_make_a_page(run: Run, server: FakeServer) -> None:
    first = run("items", "x", "--limit", 700, "--json").document
    assert (len(first["items"]), first["next"]) == (700, "700")
    rest = run("items", "x", "--after", first["next"], "--all", "--json").document
    assert [row["id"] for row in rest["items"]] == list(range(700, 1234))


def test_filters_reach_the_server_by_their_names(run: Run, server: FakeServer) -> None:
    run(
        "items",
        "x",
        "--class",
        "label:RBC",
        "--part",
        "train",
        "--study",
        "s",
        "--search",
        "a b",
        "--limit",
        1,
    )
    _, path, query = server.asked[-1]
    assert path == "/api/v1/datasets/x/items"
    assert query == {"class": "label:RBC", "part": "train", "study": "s", "search": "a b", "limit": "1"}
    run("list", "--modality", "planar", "--not-annotated", "--trashed")
    assert server.asked[-1][2] == {
        "modality": "planar",
        "annotated": "false",
        "state": "trashed",
        "limit": "500",
    }


def test_an_empty_home_says_what_to_do(run: Run, server: FakeServer) -> None:
    ended = run("list")
    assert (ended.status, ended.out) == (0, "")
    assert "triptych add SOURCE" in ended.err


def test_findings_name_places_and_what_to_do(run: Run, server: FakeServer) -> None:
    text = run("findings", "x").out
    assert "A picture ends early." in text
    assert "Export it again." in text
    assert "image/\\x1b[31mred.png" in text
    assert "6 more" in text


def test_the_log_is_lines_and_with_json_a_document(run: Run, server: FakeServer) -> None:
    assert run("log", "x").out == "14:02:11 began\n14:02:12 stored \\x1b[2J all\n"
    assert run("log", "x", "--json").document["lines"][1] == "14:02:12 stored \x1b[2J all"


def test_colour_is_only_for_terminals_that_want_it(
    run: Run, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.datasets["x"] = show("x")
    assert "\x1b[" not in run("show", "x").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("show", "x").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[3\d", run("show", "x").out)


def test_the_configuration_of_a_training_is_printed_as_it_is(run: Run, server: FakeServer) -> None:
    assert run("stats", "x", "--training", "yaml").out == (
        "data:\n  class_path: GenericNonGeoSegmentationDataModule\n"
    )
    ended = run("stats", "x", "--training", "toml")
    assert ended.status == 2
    assert "yaml, py, json" in ended.err
