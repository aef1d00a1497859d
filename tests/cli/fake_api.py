"""A small server with the interface's shapes, for tests of the client and the command line alone.

It keeps datasets in a dictionary; a job takes three questions to finish. What the real server does is tested
against the real server.
"""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request

CLASSES = [
    {"id": 0, "name": "RBC", "color": "#0072B2", "count": 4155},
    {"id": 1, "name": "WBC", "color": "#E69F00", "count": 372},
]


def show(name: str, **changes: Any) -> dict[str, Any]:
    """A dataset as the interface shows it."""
    return {
        "id": hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:24],
        "name": name,
        "display_name": name,
        "description": "",
        "tags": [],
        "modality": "planar",
        "format": "image_label",
        "version": 1,
        "state": "ready",
        "created_at": 1_795_000_000.0,
        "counts": {"items": 364, "studies": 364, "files": 365, "bytes": 7_123_456},
        "layers": [
            {
                "name": "image",
                "role": "image",
                "formats": ["jpeg"],
                "dtypes": ["uint8"],
                "bands": ["red green blue"],
                "bit_depths": [8],
                "sizes": {"min": [640, 480], "max": [640, 480]},
            }
        ],
        "annotation_sets": [{"name": "label", "task": "detection", "items": 364, "classes": CLASSES}],
        "split": {"train": 218, "validation": 73, "test": 73},
        "training": {},
        "findings": {"error": 0, "warning": 1, "note": 2},
        "bins": {"imported": 365, "ignored": 0, "rejected": 0},
        "content_hash": "ab" * 32,
        "job": None,
        **changes,
    }


@dataclass
class FakeServer:
    """What the server knows, and what it was asked."""

    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(
        default_factory=lambda: {"image/a.png": b"A" * 3000, "label.csv": b"a.png,x\n"}
    )
    job_ends: dict[str, Any] = field(default_factory=lambda: {"state": "succeeded"})
    polls: int = 0
    cancelled: bool = False
    lifespan: list[str] = field(default_factory=list)
    is_remote: bool = False

    def application(self) -> Starlette:
        """The ASGI application."""

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[dict[str, str]]:
            self.lifespan.append("up")
            yield {"greeting": "hello"}
            self.lifespan.append("down")

        def at(path: str, method: str, endpoint: Any) -> Route:
            return Route(f"/api/v1{path}", endpoint, methods=[method])

        return Starlette(
            lifespan=lifespan,
            routes=[
                at("/datasets", "GET", self._list),
                at("/datasets", "POST", self._add),
                at("/datasets/{name}", "GET", self._show),
                at("/datasets/{name}", "DELETE", self._remove),
                at("/datasets/{name}/findings", "GET", self._findings),
                at("/datasets/{name}/items", "GET", self._items),
                at("/datasets/{name}/export/check", "GET", self._check),
                at("/datasets/{name}/export", "GET", self._export),
                at("/datasets/{name}/log", "GET", self._log),
                at("/datasets/{name}/training.yaml", "GET", self._training),
                at("/jobs/{id}", "GET", self._job),
                at("/jobs/{id}/cancel", "POST", self._cancel),
                at("/uploads", "POST", self._create_upload),
                at("/uploads/{id}", "HEAD", self._upload_offset),
                at("/uploads/{id}", "PATCH", self._append),
                at("/echo", "POST", self._echo),
                at("/state", "GET", self._state),
                at("/endless", "GET", self._endless),
                at("/half", "GET", self._half),
                at("/bug", "GET", self._bug),
            ],
        )

    async def _note(self, request: Request) -> dict[str, str]:
        query = dict(request.query_params)
        self.asked.append((request.method, request.scope["path"], query))
        return query

    async def _list(self, request: Request) -> Response:
        query = await self._note(request)
        return _page(list(self.datasets.values()), query)

    async def _add(self, request: Request) -> Response:
        await self._note(request)
        body = await request.json()
        self.bodies.append(body)
        name = body.get("name") or "cells"
        if name in self.datasets:
            return _error(409, "name_taken", f"A dataset called {name} exists already.")
        self.datasets[name] = show(name)
        return JSONResponse({"dataset": self.datasets[name], "job": self._job_document()}, status_code=202)

    async def _show(self, request: Request) -> Response:
        await self._note(request)
        text = request.path_params["name"]
        for dataset in self.datasets.values():
            if text.partition("@")[0] in (dataset["name"], dataset["id"]):
                return JSONResponse(dataset)
        return _error(404, "dataset_not_found", f"There is no dataset {text}.", "`triptych list` lists them.")

    async def _remove(self, request: Request) -> Response:
        dataset = self.datasets[request.path_params["name"]]
        dataset["state"] = "trashed"
        return JSONResponse(dataset)

    async def _findings(self, request: Request) -> Response:
        query = await self._note(request)
        found = [
            {
                "severity": "error", "code": "image_truncated", "subject": "", "message": "A picture ends early.",
                "hint": "Export it again.", "count": 7, "examples": ["image/\x1b[31mred.png"],
            }
        ]  # fmt: skip
        return _page(found, query)

    async def _items(self, request: Request) -> Response:
        query = await self._note(request)
        return _page([item(number) for number in range(1234)], query)

    async def _check(self, request: Request) -> Response:
        await self._note(request)
        return JSONResponse({"format": request.query_params["format"], "findings": []})

    async def _export(self, request: Request) -> Response:
        await self._note(request)
        make = _zip_of if request.query_params["container"] == "zip" else _tar_of
        return StreamingResponse(_pieces(make(self.files)))

    async def _log(self, request: Request) -> Response:
        return PlainTextResponse("14:02:11 began\n14:02:12 stored \x1b[2J all\n")

    async def _training(self, request: Request) -> Response:
        return PlainTextResponse("data:\n  class_path: GenericNonGeoSegmentationDataModule\n")

    def _job_document(self) -> dict[str, Any]:
        done = self.polls > 2 or self.cancelled
        ended = {"state": "cancelled"} if self.cancelled else self.job_ends
        return {
            "id": "0193a5c0f1e2a1b2c3d4e5f7", "kind": "onboard", "title": "Onboard cells", "state": "running",
            "stage": "Reading", "done": self.polls, "total": 3, "seconds_left": 1.0, "error": None,
            "result": None, **(ended if done else {}),
        }  # fmt: skip

    async def _job(self, request: Request) -> Response:
        self.polls += 1
        return JSONResponse(self._job_document())

    async def _cancel(self, request: Request) -> Response:
        self.cancelled = True
        return JSONResponse(self._job_document())

    async def _create_upload(self, request: Request) -> Response:
        upload_id = f"{len(self.uploads):024x}"
        self.uploads[upload_id] = bytearray()
        self.lengths[upload_id] = int(request.headers["upload-length"])
        pairs = (pair.partition(" ") for pair in request.headers["upload-metadata"].split(","))
        metadata = {name: base64.b64decode(encoded).decode() for name, _, encoded in pairs}
        self.bodies.append(metadata["filename"])
        self.types.append(metadata.get("filetype", ""))
        return Response(
            status_code=201, headers={"Location": f"https://proxy.example/api/v1/uploads/{upload_id}"}
        )

    async def _upload_offset(self, request: Request) -> Response:
        stored = self.uploads.get(request.path_params["id"])
        if stored is None:
            return Response(status_code=410)
        return Response(headers={"Upload-Offset": str(len(stored)), "Tus-Resumable": "1.0.0"})

    async def _append(self, request: Request) -> Response:
        stored = self.uploads[request.path_params["id"]]
        if int(request.headers["upload-offset"]) != len(stored):
            return _error(409, "wrong_offset", "The upload stands elsewhere.")
        stored += await request.body()
        return Response(status_code=204, headers={"Upload-Offset": str(len(stored))})

    async def _echo(self, request: Request) -> Response:
        sizes = [len(piece) async for piece in request.stream()]
        return JSONResponse({"pieces": len([size for size in sizes if size]), "bytes": sum(sizes)})

    async def _state(self, request: Request) -> Response:
        return JSONResponse({"greeting": request.state.greeting, "raw": request.scope["raw_path"].decode()})

    async def _endless(self, _: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 65_536

        return StreamingResponse(pieces())

    async def _half(self, _: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"half"
            raise OSError("the disk went away")

        return StreamingResponse(pieces())

    async def _bug(self, _: Request) -> Response:
        raise ZeroDivisionError


def item(number: int) -> dict[str, Any]:
    """An item as the interface shows it."""
    return {
        "id": number, "key": f"image/{number:04d}.png", "study": f"image/{number:04d}.png", "series": None,
        "position": None, "part": "train", "width": 640, "height": 480, "bit_depth": 8,
        "bands": "red green blue", "bytes": 1000, "sha256": f"{number:064x}", "duplicate_group": 0,
        "near_group": 0, "thumbnail": "", "labels": [],
    }  # fmt: skip


def _page(entries: list[Any], query: dict[str, str]) -> Response:
    start, limit = int(query.get("after", 0)), int(query.get("limit", 50))
    end = start + limit
    return JSONResponse({"items": entries[start:end], "next": str(end) if end < len(entries) else None})


def _error(status: int, code: str, message: str, hint: str = "") -> Response:
    document = {"error": {"code": code, "message": message, "hint": hint, "findings": []}}
    return JSONResponse(document, status_code=status)


def _tar_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mtime = 1_700_000_000
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _pieces(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), 700):
        yield data[start : start + 700]
