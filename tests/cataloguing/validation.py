"""pystac's validator with the schemas that are shipped here; it asks nobody else.

The schemas of STAC itself come with pystac; those of the extensions in `schemas/` are written from what their
specifications say.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pystac
from pystac.validation.stac_validator import JsonSchemaSTACValidator

from triptych.cataloguing.extensions import EXTENSIONS

SCHEMAS = Path(__file__).parent / "schemas"


class NoNetwork(pystac.StacIO):
    """Reads nothing: a schema that is not shipped fails a test."""

    def read_text(self, source: Any, *_: Any, **__: Any) -> str:
        raise AssertionError(f"{source} is not shipped")

    def write_text(self, dest: Any, txt: str, *_: Any, **__: Any) -> None:
        raise AssertionError(f"{dest} is written")


@cache
def validator() -> JsonSchemaSTACValidator:
    """The validator. Every extension that is used has its schema here."""
    found = JsonSchemaSTACValidator()
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        found.schema_cache[schema["$id"]] = schema
    assert set(EXTENSIONS.values()) <= set(found.schema_cache)
    return found


def check(document: dict[str, Any]) -> dict[str, Any]:
    """The document, once it is valid STAC 1.1 with all its extensions."""
    pystac.StacIO.set_default(NoNetwork)
    kind = {
        "Feature": pystac.STACObjectType.ITEM,
        "Collection": pystac.STACObjectType.COLLECTION,
        "Catalog": pystac.STACObjectType.CATALOG,
    }[document["type"]]
    assert document["stac_version"] == "1.1.0"
    extensions = document.get("stac_extensions", [])
    checked = validator().validate(document, kind, "1.1.0", extensions)
    assert len(checked) == 1 + len(extensions)
    return document
