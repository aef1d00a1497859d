"""The addresses that a catalogue names. They are absolute, and carry the token that the request came with."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

JSON, GEOJSON = "application/json", "application/geo+json"
PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses under `base`, scheme and host without a slash at the end. `token` is an API token that stood in the
    address of the request, and so stands in those that are followed from it."""

    base: str
    token: str | None = None

    def root(self) -> str:
        """The catalog."""
        return self._at("/stac")

    def collections(self, **query: str | int) -> str:
        """A page of collections."""
        return self._at("/stac/collections", **query)

    def collection(self, collection: str) -> str:
        """A collection by its id."""
        return self._at(f"/stac/collections/{_segment(collection)}")

    def items(self, collection: str, **query: str | int) -> str:
        """A page of items of a collection."""
        return self._at(f"/stac/collections/{_segment(collection)}/items", **query)

    def item(self, collection: str, key: str) -> str:
        """An item by its key."""
        return self._at(f"/stac/collections/{_segment(collection)}/items/{_segment(key)}")

    def file(self, dataset_id: str, sha256: str) -> str:
        """A file as it was uploaded."""
        return self._at(f"/api/v1/datasets/{dataset_id}/files/{sha256}")

    def thumbnail(self, dataset_id: str, sha256: str) -> str:
        """A picture of at most 512 px."""
        return self._at(f"/api/v1/datasets/{dataset_id}/thumbnails/{sha256}", size=512)

    def parquet(self, collection: str) -> str:
        """All items of a dataset as stac-geoparquet."""
        return self._at(f"/api/v1/datasets/{_segment(collection)}/stac.parquet")

    def _at(self, path: str, **query: str | int) -> str:
        if self.token is not None:
            query["token"] = self.token
        return f"{self.base}{path}?{urlencode(query)}" if query else f"{self.base}{path}"


def link(rel: str, href: str, kind: str = JSON, title: str | None = None) -> dict[str, str]:
    """A link object of STAC."""
    found = {"rel": rel, "href": href, "type": kind}
    return found if title is None else found | {"title": title}


def _segment(text: str) -> str:
    return quote(text, safe="")
