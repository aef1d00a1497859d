"""The global options, and how commands end."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.fake_api import show
from triptych.cli.context import Context

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run
    from tests.cli.fake_api import FakeServer


@pytest.mark.parametrize("arguments", [("--json", "list"), ("list", "--json")])
def test_global_options_stand_before_and_after_the_verb(
    run: Run, server: FakeServer, arguments: tuple[str]
) -> None:
    ended = run(*arguments)
    assert ended.status == 0
    assert ended.document == {"items": [], "next": None}
    assert ended.err == ""


def test_json_is_one_document_for_a_failure_too(run: Run, server: FakeServer) -> None:
    ended = run("show", "nothing", "--json")
    assert ended.status == 1
    assert ended.document["error"] == {
        "code": "dataset_not_found",
        "message": "There is no dataset nothing.",
        "hint": "`triptych list` lists them.",
        "findings": [],
    }
    assert ended.err == ""


def test_a_failure_is_told_on_standard_error(run: Run, server: FakeServer) -> None:
    ended = run("show", "nothing")
    assert (ended.status, ended.out) == (1, "")
    assert "There is no dataset nothing." in ended.err
    assert "`triptych list` lists them." in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",), ("list", "--nothing"), ("show",), ("list", "--limit", "none"), ("user",), (),
        ("serve", "--port", "70000"), ("split", "x", "--ratios", "1/2"), ("add", "x", "--option", "labels"),
        ("serve", "--tls-cert", "x"),
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_never_with_a_traceback(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.status == 2
    assert "Traceback" not in ended.out + ended.err


def test_wrong_usage_is_a_document_with_json(run: Run) -> None:
    ended = run("--json", "list", "--nothing")
    assert ended.status == 2
    assert ended.document["error"]["code"] == "wrong_usage"
    assert "--nothing" in ended.document["error"]["message"]


def test_a_fault_of_its_own_is_said_without_a_traceback(
    run: Run, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triptych.cli.looking._list", lambda *_: 1 / 0)
    ended = run("list", "--json")
    assert ended.status == 1
    assert ended.document["error"]["code"] == "bug"
    assert "ZeroDivisionError" in ended.document["error"]["message"]


def test_debugging_lets_the_traceback_through(
    run: Run, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triptych.cli.looking._list", lambda *_: 1 / 0)
    monkeypatch.setenv("TRIPTYCH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("list")


def test_a_file_that_cannot_be_written_is_said_with_its_name(
    run: Run, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setattr("triptych.cli.looking._list", fails)
    ended = run("list", "--json")
    assert ended.document["error"]["code"] == "file_error"
    assert "/somewhere" in ended.document["error"]["message"]


def test_a_home_that_is_named_wins_over_a_server_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRIPTYCH_SERVER", "http://elsewhere")
    assert Context().server_address == "http://elsewhere"
    assert Context(home=tmp_path).server_address is None
    assert Context(home=tmp_path, server="http://here").server_address == "http://here"


def test_a_home_and_a_server_exclude_each_other(run: Run, tmp_path: Path) -> None:
    ended = run("list", "--home", tmp_path, "--server", "http://127.0.0.1:1", "--json")
    assert ended.status == 1
    assert ended.document["error"]["code"] == "two_places"


def test_quiet_says_nothing_beside_the_result(run: Run, server: FakeServer) -> None:
    server.datasets["cells"] = show("cells")
    assert run("list").err == "1 dataset\n"
    assert run("-q", "list").err == ""
    assert run("list", "-q").out.splitlines()[1].startswith("cells")


def test_help_is_quick_to_load() -> None:
    loaded = _python("import sys, triptych.cli; print('\\n'.join(sys.modules))").split()
    heavy = {
        "httpx",
        "sqlalchemy",
        "fastapi",
        "numpy",
        "PIL",
        "pyarrow",
        "dbos",
        "uvicorn",
        "obstore",
        "anyio",
    }
    assert heavy.isdisjoint(loaded)
    loaded = _python("import sys, triptych; print('\\n'.join(sys.modules))").split()
    assert heavy.isdisjoint(loaded)


def test_every_verb_of_the_contract_has_help(run: Run) -> None:
    listed = run("--help").out
    for verb in (
        "serve", "work", "demo", "prescan", "add", "keep", "list", "show", "items", "findings", "stats", "split",
        "export", "rm", "restore", "log", "jobs", "user", "token", "root", "verify", "doctor", "backup",
        "restore-backup",
    ):  # fmt: skip
        assert f" {verb} " in listed
        assert run(verb, "--help").status == 0


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    script = f"{sys.executable} -m triptych.cli list --help | head -c 10; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").out == "triptych 0.1.0\n"


def _python(code: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout
