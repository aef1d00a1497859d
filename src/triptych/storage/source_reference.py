"""Where a source lies, as a value that travels between processes and lies in the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast, get_args
from urllib.parse import unquote, urlsplit

from triptych.core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SourceKind = Literal["file", "folder", "http", "object"]
DOCUMENT = "triptych/source"
VERSION = 1


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A file, a folder, a URL, or an object ("<storage url>#<object name>").

    `filename` is how the person named it. `size` (bytes), `etag` and `modified` pin its state where they are
    known: a reader refuses a source that has another.
    """

    kind: SourceKind
    address: str
    filename: str
    options: tuple[tuple[str, str], ...] = ()
    etag: str = ""
    modified: str = ""
    size: int | None = None

    @classmethod
    def of_file(cls, path: Path, filename: str = "") -> SourceRef:
        """A file on this machine."""
        return cls("file", str(path), filename or path.name)

    @classmethod
    def of_folder(cls, path: Path, filename: str = "") -> SourceRef:
        """A folder on this machine."""
        return cls("folder", str(path), filename or path.name)

    @classmethod
    def of_url(cls, url: str, filename: str = "") -> SourceRef:
        """What lies behind a URL; without a name it is called as the last part of the path."""
        parts = urlsplit(url)
        last = unquote(parts.path.rstrip("/").rpartition("/")[2])
        return cls("http", url, filename or last or parts.hostname or "download")

    @classmethod
    def of_object(cls, storage_url: str, name: str, filename: str = "") -> SourceRef:
        """An object in storage."""
        return cls("object", f"{storage_url}#{name}", filename or name.rpartition("/")[2])

    def option(self, name: str) -> str | None:
        """The value of an option, None when it was not given."""
        return dict(self.options).get(name)

    def with_option(self, name: str, value: str) -> SourceRef:
        """The same source with an option set; an empty value takes it away."""
        options = {**dict(self.options), name: value}
        return replace(self, options=tuple(sorted((key, text) for key, text in options.items() if text)))

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "type": DOCUMENT,
            "version": VERSION,
            "kind": self.kind,
            "address": self.address,
            "filename": self.filename,
            "options": dict(self.options),
            "etag": self.etag,
            "modified": self.modified,
            "size": self.size,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> SourceRef:
        """From JSON. Raises InvalidInput (`bad_document`) when it is none of these."""
        texts = [document.get(name, "") for name in ("address", "filename", "etag", "modified")]
        options = document.get("options", {})
        size = document.get("size")
        sound = (
            document.get("type") == DOCUMENT
            and document.get("version") == VERSION
            and document.get("kind") in get_args(SourceKind)
            and all(isinstance(text, str) for text in texts)
            and isinstance(options, dict)
            and all(isinstance(value, str) for pair in options.items() for value in pair)
            and (size is None or (isinstance(size, int) and not isinstance(size, bool) and size >= 0))
        )
        if not sound:
            raise InvalidInput("The document does not describe a source.", code="bad_document")
        address, filename, etag, modified = texts
        kind = cast("SourceKind", document["kind"])
        return cls(kind, address, filename, tuple(sorted(options.items())), etag, modified, size)


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """Limits on a source, on what really is there and comes out, in bytes unless said otherwise.

    `file_bytes`: one member; `total_bytes`: a whole archive unpacked; `source_bytes`: the archive itself;
    `members`: entries; `directory_bytes`: the directory of a zip.
    """

    file_bytes: int = 4_000_000_000
    total_bytes: int = 2_000_000_000_000
    source_bytes: int = 200_000_000_000
    members: int = 2_000_000
    directory_bytes: int = 300_000_000
