"""A browser that sends what a check asks for, and counts it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from triptych.core.ids import new_id
from triptych.onboarding.check import Wish
from triptych.onboarding.upload_check import UploadCheck, check_upload
from triptych.settings import Settings
from triptych.storage.upload_ranges import UploadRanges
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from pathlib import Path

MANY_ROUNDS = 12


class Waits(Exception):
    """The check waits for more of the upload."""


@dataclass
class Arriving:
    """An upload of a file, of which nothing has arrived at first."""

    home: Path
    source: Path
    filename: str = ""
    rounds: int = 0
    sent: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = Settings(home=self.home)
        self.folder = UploadFolder(self.home)
        self.upload_id = new_id()
        self.length = self.source.stat().st_size
        self.folder.create(self.upload_id, self.length)

    @property
    def bytes_sent(self) -> int:
        """Bytes that were asked for and sent."""
        return sum(length for _, length in self.sent)

    def arrive(self, until: int | None = None) -> None:
        """Let the upload come to a place by tus, or to its end."""
        offset = self.folder.offset(self.upload_id)
        with self.source.open("rb") as file, self.folder.writing(
            self.upload_id, offset, self.length
        ) as writer:  # fmt: skip
            file.seek(offset)
            writer.write(file.read((self.length if until is None else until) - offset))

    def finish_by_link(self) -> None:
        """Let the upload be there whole, without copying a byte."""
        part = self.folder.path(self.upload_id)
        part.unlink()
        part.symlink_to(self.source.absolute())

    def check(self, wish: Wish | None = None) -> UploadCheck:
        """One check."""
        return check_upload(
            self.folder,
            self.upload_id,
            self.length,
            self.filename or self.source.name,
            wish or Wish(),
            self.settings,
            self.home / "staging",
        )

    def report(self, wish: Wish | None = None) -> dict[str, Any]:
        """Check and send until there is a report. Waits; AssertionError when it asks too often."""
        ranges = UploadRanges(self.folder, self.upload_id)
        with self.source.open("rb") as file:
            for _ in range(MANY_ROUNDS):
                self.rounds += 1
                found = self.check(wish)
                if found.report is not None:
                    assert not found.wanted
                    return found.report
                if found.waiting:
                    raise Waits
                assert found.wanted
                pieces = []
                for start, length in found.wanted:
                    file.seek(start)
                    pieces.append((start, file.read(length)))
                ranges.add(pieces)
                self.sent += found.wanted
        raise AssertionError(f"no report after {MANY_ROUNDS} rounds")
