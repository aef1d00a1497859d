"""Which extensions of STAC a document uses: those whose fields stand in it."""

from __future__ import annotations

from typing import Any

EXTENSIONS = {
    "proj": "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "eo": "https://stac-extensions.github.io/eo/v2.0.0/schema.json",
    "raster": "https://stac-extensions.github.io/raster/v2.0.0/schema.json",
    "file": "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "label": "https://stac-extensions.github.io/label/v1.0.1/schema.json",
    "ml-aoi": "https://stac-extensions.github.io/ml-aoi/v0.2.0/schema.json",
}
"""By the prefix of their fields."""


def extensions_of(document: Any) -> list[str]:
    """The addresses of the schemas of all extensions whose fields a document has, in a fixed order."""
    found: set[str] = set()
    open_values = [document]
    while open_values:
        value = open_values.pop()
        if isinstance(value, dict):
            found.update(name.partition(":")[0] for name in value if ":" in name)
            open_values.extend(value.values())
        elif isinstance(value, list):
            open_values.extend(value)
    return [address for prefix, address in EXTENSIONS.items() if prefix in found]
