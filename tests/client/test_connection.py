"""A connection: errors, lists, names in paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.fake_api import show
from triptych.client import connection as connection_module
from triptych.client.connection import Connection, dataset_path, segment
from triptych.core.errors import NotFound, Refused, TooLarge, TriptychError, Unavailable
from triptych.core.findings import Severity

if TYPE_CHECKING:
    from tests.cli.fake_api import FakeServer


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_name_is_one_segment_and_comes_back(name: str) -> None:
    raw = httpx.URL("http://x/api/v1" + dataset_path(name)).raw_path.decode()
    assert raw.startswith("/api/v1/datasets/")
    assert raw.count("/") == 4
    assert httpx.URL(f"http://x/{segment(name)}").path == f"/{name}"


def test_names_of_dots_do_not_climb() -> None:
    assert dataset_path("..") == "/datasets/%2E%2E"


def test_an_error_comes_back_as_its_class_with_code_message_and_hint(connection: Connection) -> None:
    with pytest.raises(NotFound) as caught:
        connection.get(dataset_path("nothing"))
    assert caught.value.code == "dataset_not_found"
    assert caught.value.message == "There is no dataset nothing."
    assert caught.value.hint == "`triptych list` lists them."


def test_findings_of_an_error_come_back_as_values() -> None:
    finding = {
        "severity": "error", "code": "path_climbs", "message": "A name climbs.", "hint": "", "subject": "",
        "count": 2, "examples": ["../x"],
    }  # fmt: skip
    document = {"error": {"code": "refused", "message": "Refused.", "hint": "", "findings": [finding]}}
    with _answering(httpx.Response(422, json=document)) as made, pytest.raises(Refused) as caught:
        made.get("/x")
    assert caught.value.findings[0].severity is Severity.ERROR
    assert caught.value.findings[0].examples == ("../x",)


@pytest.mark.parametrize(("status", "kind"), [(413, TooLarge), (502, Unavailable), (500, TriptychError)])
def test_an_answer_without_explanation_is_judged_by_its_status(
    status: int, kind: type[TriptychError]
) -> None:
    with _answering(httpx.Response(status, text="<html>")) as made, pytest.raises(kind) as caught:
        made.get("/x")
    assert type(caught.value) is kind
    assert str(status) in caught.value.message


def test_a_list_is_read_to_its_end(connection: Connection, server: FakeServer) -> None:
    keys = [row["key"] for row in connection.all(dataset_path("x", "items"))]
    assert len(set(keys)) == 1234
    limits = [query["limit"] for _, path, query in server.asked if path.endswith("items")]
    assert limits == ["500"] * 3


def test_an_empty_list_is_one_request(connection: Connection, server: FakeServer) -> None:
    assert list(connection.all("/datasets")) == []
    assert len(server.asked) == 1


def test_parameters_that_are_none_are_left_out(connection: Connection, server: FakeServer) -> None:
    server.datasets["a"] = show("a")
    connection.get("/datasets", search=None, annotated=False, class_="x:y")
    assert server.asked[-1][2] == {"annotated": "false", "class": "x:y"}


def test_a_get_is_repeated_when_the_connection_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "PAUSES", (0.0, 0.0))
    tries: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tries.append(request.method)
        if len(tries) < 3:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, json={"ok": True})

    with Connection("http://x", transport=httpx.MockTransport(answer)) as made:
        assert made.get("/x") == {"ok": True}
    assert tries == ["GET"] * 3


def test_a_post_is_never_repeated() -> None:
    tries: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tries.append(request.method)
        raise httpx.ReadError("gone")

    made = Connection("http://x", transport=httpx.MockTransport(answer))
    with made, pytest.raises(Unavailable) as caught:
        made.post("/x", {})
    assert caught.value.code == "server_unavailable"
    assert "http://x does not answer" in caught.value.message
    assert tries == ["POST"]


def _answering(response: httpx.Response) -> Connection:
    return Connection("http://x", transport=httpx.MockTransport(lambda _: response))
