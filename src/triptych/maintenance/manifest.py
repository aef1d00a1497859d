"""What a backup consists of, and what proves it: `manifest.json`, written last.

A folder without it is no backup. It names every file with its length and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from triptych.core.errors import InvalidInput, Refused

if TYPE_CHECKING:
    from pathlib import Path

TYPE, VERSION = "triptych-backup", 1
NAME = "manifest.json"
BUFFER = 4_000_000


@dataclass(slots=True)
class Manifest:
    """The document. `schema` is the database's migration, `tables` the number of rows of each, `files` length
    and SHA-256 (hexadecimal) of each file by its path in the backup."""

    made_at: float
    release: str
    schema: str
    settings: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write it into the backup's folder, flushed: from now on the folder is a backup."""
        document = {
            "type": TYPE, "version": VERSION, "made_at": self.made_at, "release": self.release,
            "schema": self.schema, "settings": self.settings, "tables": self.tables,
            "files": {path: {"bytes": size, "sha256": digest} for path, (size, digest) in self.files.items()},
        }  # fmt: skip
        with (folder / NAME).open("x", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a backup. InvalidInput (`not_a_backup`) where there is none that can be read."""
        try:
            document = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if document["type"] != TYPE or document["version"] != VERSION:
                raise KeyError("type")
            files = {
                path: (int(entry["bytes"]), str(entry["sha256"])) for path, entry in document["files"].items()
            }
            return cls(
                float(document["made_at"]), str(document["release"]), str(document["schema"]),
                dict(document["settings"]), dict(document["tables"]), files,
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidInput(
                f"{folder} is not a whole backup.",
                code="not_a_backup",
                hint=f"Name the folder that `triptych backup` made; it holds {NAME}.",
            ) from error

    def add(self, folder: Path, path: str) -> None:
        """Take a finished file of the backup into the list."""
        size, digest = measure(folder / path)
        self.files[path] = (size, digest)

    def check(self, path: str, size: int, digest: str) -> None:
        """Refused (`backup_damaged`) when a file is not as it was written."""
        if self.files.get(path) != (size, digest):
            raise Refused(
                f"{path} of the backup is not as it was written.",
                code="backup_damaged",
                hint="Take another copy of the backup; this one would restore wrong data.",
            )


def measure(path: Path) -> tuple[int, str]:
    """Length and SHA-256 of a file; (0, "") where there is none."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while data := file.read(BUFFER):
                digest.update(data)
                size += len(data)
    except FileNotFoundError:
        return 0, ""
    return size, digest.hexdigest()
