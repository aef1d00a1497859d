"""The OpenAPI document is true: generated requests get the answers that it declares, and never a bug."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from triptych.core.access import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.support.house import House

EXAMPLES = 4
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NOT_GENERATED = {("POST", "/api/v1/prescan"), ("POST", "/api/v1/datasets")}
"""Their generated sources would be addresses on the network."""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The OpenAPI document, as the application gives it out."""
    from tests.support.house import build

    installation, app, _ = build(tmp_path_factory.mktemp("openapi"))
    yield json.loads(json.dumps(app.openapi()))
    installation.close()


def call_operation(operation: Any, client: httpx.Client, known: dict[str, str]) -> int:
    """Call an operation with generated requests, every other one for things that exist; how many there were."""
    calls = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        nonlocal calls
        calls += 1
        for name in known.keys() & (case.path_parameters or {}).keys():
            if calls % 2:
                case.path_parameters[name] = known[name]
        sent = case.as_transport_kwargs(base_url="http://triptych.test")
        body = {"content": sent["data"]} if "data" in sent else {}
        names = {"method", "url", "params", "headers", "json"} & sent.keys()
        answer = client.request(**{name: sent[name] for name in names}, **body)
        case.validate_response(answer, checks=CHECKS)

    check()
    return calls


def test_generated_requests_get_the_answers_that_are_declared(any_house: House) -> None:
    house = any_house
    boss = house.person(Role.ADMINISTRATOR)
    client = boss.client()
    failures: list[str] = []
    schema: Any = schemathesis.openapi.from_dict(house.app.openapi())
    for result in schema.get_all_operations():
        operation = result.ok()
        if (operation.method.upper(), operation.path) in NOT_GENERATED:
            continue
        dataset = house.dataset(boss)
        known = {"dataset": dataset, "job": house.job(boss, dataset), "user": house.person().user_id}
        try:
            assert call_operation(operation, client, known)
        except Exception as error:  # noqa: BLE001  every operation is tried before the test fails
            failures.append(f"{operation.method.upper()} {operation.path}: {error}")
    assert not failures, "\n\n".join(failures)


def test_every_operation_declares_the_one_error_shape(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status in ("400", "401", "403", "404", "409", "413", "422", "503"):
                content = operation["responses"][status]["content"]["application/json"]
                assert content["schema"]["$ref"].endswith("/ErrorDocument"), (method, path, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_operation_declares_what_its_path_names(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            declared = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path)), (method, path)


def test_every_operation_of_people_and_jobs_has_a_summary_and_examples(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in ("UserView", "NewUser", "TeamView", "AddedToken", "RootView", "JobDocument", "ErrorDocument"):
        assert schemas[name]["example"], name
    for path, methods in document["paths"].items():
        assert all(operation.get("summary") for operation in methods.values()), path


def test_the_document_is_served_and_nothing_that_asks_other_sites(house: House) -> None:
    assert house.client().get("/openapi.json").json()["info"]["title"] == "Triptych"
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert house.client().get(f"http://triptych.test{path}").status_code == 404
