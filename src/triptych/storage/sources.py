"""Open what people bring: a file, a folder, a URL or an object becomes members that can be read.

What a file is called decides nothing; its content says what it is.
"""

from __future__ import annotations

import gc
import os
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych.core.errors import Refused
from triptych.storage.containers import source_findings
from triptych.storage.containers.bundle import BundleMembers, file_range, list_bundle
from triptych.storage.containers.detect import HEAD, container_of, misnamed
from triptych.storage.containers.entries import Entry, LeftOut, arrange
from triptych.storage.containers.folder_members import FolderMembers, list_folder
from triptych.storage.containers.names import NameGuess, decode_names
from triptych.storage.containers.ranges import LocalFile, ObjectFile
from triptych.storage.containers.refusals import over_limit, source_changed
from triptych.storage.containers.staging import write_piece
from triptych.storage.containers.tar_directory import list_tar
from triptych.storage.containers.tar_members import TarMembers
from triptych.storage.containers.unpack import unpack_tar
from triptych.storage.containers.zip_directory import entries_of, read_directory
from triptych.storage.containers.zip_end import read_tail_plan
from triptych.storage.containers.zip_local import check_local_headers
from triptych.storage.containers.zip_members import ZipMembers, head_range
from triptych.storage.objects import Objects
from triptych.storage.source_reference import SourceLimits, SourceRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triptych.core.findings import Finding
    from triptych.core.source import Member, MemberReader
    from triptych.storage.containers.ranges import Range, RangeFile
    from triptych.storage.network import Resolver

__all__ = [
    "LeftOut", "NameGuess", "OpenedSource", "SourceLimits", "SourceRef", "open_by_ranges", "open_reader",
    "open_source", "read_tail_plan",
]  # fmt: skip

_COPY = 8_388_608
_BY_RANGES = ("zip", "folder")
"""Containers whose members are found without reading all that lies between them."""


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """An opened source (a `core.source.Root`).

    Every entry of the container, folders excepted, is in exactly one of `members`, `skipped` and `shadowed`.
    `resolved` is what worker processes open. `encoding` is how names without a mark were read ("" when there
    were none); `name_guesses` holds every encoding that fits them, best first, when it is a guess.
    """

    container: str
    members: Sequence[Member]
    skipped: Sequence[LeftOut]
    shadowed: Sequence[LeftOut]
    findings: Sequence[Finding]
    reader: MemberReader
    resolved: SourceRef
    encoding: str
    name_guesses: tuple[NameGuess, ...]
    entries: Sequence[Entry]

    def with_names(self, encoding: str) -> OpenedSource:
        """The same source with its unmarked names read in another encoding.

        Raises InvalidInput (`bad_encoding`) when they do not fit it; Refused (`unsafe_path`) when a name then
        leaves the folder.
        """
        if not self.encoding:
            return self
        decoded = decode_names(
            [entry.raw for entry in self.entries], [entry.text for entry in self.entries], encoding
        )
        arranged = arrange(self.entries, decoded.names)
        own = [finding for finding in self.findings if finding.code not in source_findings.FROM_NAMES]
        if self.name_guesses:
            own.append(source_findings.names_guessed(decoded.encoding, self.entries, decoded.names))
        return replace(
            self,
            members=arranged.members,
            skipped=arranged.skipped,
            shadowed=arranged.shadowed,
            findings=(*own, *arranged.findings),
            encoding=decoded.encoding,
        )


@contextmanager
def open_source(
    ref: SourceRef,
    limits: SourceLimits,
    *,
    private_networks: bool = False,
    staging: Path,
    resolver: Resolver | None = None,
) -> Iterator[OpenedSource]:
    """Open a source, list and check it. `staging` takes temporary files, which are gone in the end.

    Raises Refused: `unsafe_path`, `link`, `contradicts_directory`, `truncated`, `encrypted`, `split_archive`,
    `not_an_archive`, `damaged_container`, `over_limit`, `nothing_to_import`, `cannot_open`, `source_changed`,
    `bad_address`, `private_address`, `source_not_found`, `too_many_redirects`; Unavailable: `source_unreachable`,
    `disk_full`; InvalidInput: `bad_encoding`.
    """
    with ExitStack() as stack:
        opening = _Opening(limits, private_networks, resolver, staging, stack)
        yield opening.folder(ref) if ref.kind == "folder" else opening.archive(ref)


def open_reader(
    ref: SourceRef, *, private_networks: bool = False, resolver: Resolver | None = None
) -> MemberReader:
    """A reader of members by their locators, without listing the source; `ref` is `OpenedSource.resolved`.

    Raises Refused: `cannot_open`, `source_changed`, and those of addresses.
    """
    if ref.kind == "folder":
        return FolderMembers(Path(ref.address))
    file = _range_file(ref, private_networks, resolver)
    if file is None:
        raise source_changed(ref.filename)
    return ArchiveMembers(file)


def open_by_ranges(
    file: RangeFile, reader: MemberReader, ref: SourceRef, limits: SourceLimits
) -> OpenedSource | None:
    """List and check what a file holds whose bytes are got one by one; None where that takes nearly all of them.

    `reader` reads the members of the file. Raises Refused as `open_source` does; the headers in front of the
    members of a zip are held against its directory when each is read.
    """
    container, findings = _recognised(file, ref.filename, limits)
    if container not in _BY_RANGES:
        return None
    with _collection_paused():
        entries = _listed(container, file, limits, findings)
        return _opened(container, entries, findings, reader, ref)


class ArchiveMembers:
    """Reads members of a zip, a tar or a bundle: the locator of a member says which."""

    def __init__(self, file: RangeFile) -> None:
        self.file = file
        self._zip = ZipMembers(file)
        self._tar = TarMembers(file)
        self._bundle = BundleMembers(file)

    def read(self, member: Member, limit: int | None = None) -> bytes:
        """All bytes; see `ZipMembers.read`, `TarMembers.read` and `BundleMembers.read`."""
        return self._of(member).read(member, limit)

    def head(self, member: Member, length: int) -> bytes:
        """The first bytes, at most `length`."""
        return self._of(member).head(member, length)

    def piece(self, member: Member, start: int, length: int) -> bytes | None:
        """Bytes from `start`, at most `length`; None for packed members."""
        return self._of(member).piece(member, start, length)

    def prefetch(self, members: Sequence[Member], length: int) -> None:
        """Get the heads of many members of a distant zip in few reads."""
        self._zip.prefetch([member for member in members if member.locator[0] == "zip"], length)

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def _of(self, member: Member) -> ZipMembers | TarMembers | BundleMembers:
        kind = member.locator[0]
        if kind == "bundle":
            return self._bundle
        return self._tar if kind == "tar" else self._zip


def range_of(member: Member, length: int) -> Range:
    """Where the first `length` bytes of a member of a zip or a bundle lie, with what stands in front of them."""
    locator = member.locator
    return file_range(locator, length) if locator[0] == "bundle" else head_range(locator, length)


@dataclass(frozen=True, slots=True)
class _Opening:
    """The steps of opening; whatever is opened or written on the way is undone by `stack`."""

    limits: SourceLimits
    private_networks: bool
    resolver: Resolver | None
    staging: Path
    stack: ExitStack

    def folder(self, ref: SourceRef) -> OpenedSource:
        reader = FolderMembers(Path(ref.address))
        self.stack.callback(reader.close)
        return _opened("folder", list_folder(Path(ref.address), self.limits.members), [], reader, ref)

    def archive(self, ref: SourceRef) -> OpenedSource:
        file = _range_file(ref, self.private_networks, self.resolver)
        if file is None:
            file = self._fetched(ref, None)
        self.stack.callback(file.close)
        container, findings = _recognised(file, ref.filename, self.limits)
        if container not in _BY_RANGES and not isinstance(file, LocalFile):
            file = self._fetched(ref, file)
            self.stack.callback(file.close)
        if container not in (*_BY_RANGES, "tar"):
            file = self._unpacked(container, file, findings)
            self.stack.callback(file.close)
        with _collection_paused():
            entries = _listed(container, file, self.limits, findings)
            return _opened(container, entries, findings, ArchiveMembers(file), _resolved(ref, file))

    def _fetched(self, ref: SourceRef, file: RangeFile | None) -> LocalFile:
        """The whole file on this machine."""
        target = self._temporary(".download")
        if isinstance(file, ObjectFile):
            with target.open("wb") as copy:
                for start in range(0, file.size, _COPY):
                    write_piece(copy, file.read(start, _COPY))
            return LocalFile(target)
        for suffix in (".part", ".part.json"):
            self.stack.callback(target.with_name(target.name + suffix).unlink, missing_ok=True)
        from triptych.storage.download import download  # as in `_range_file`

        how: dict[str, Any] = {} if self.resolver is None else {"resolver": self.resolver}
        download(
            ref,
            target,
            lambda _got, _size: None,
            self.limits,
            private_networks=self.private_networks,
            **how,
        )
        return LocalFile(target)

    def _unpacked(self, container: str, file: RangeFile, findings: list[Finding]) -> LocalFile:
        assert isinstance(file, LocalFile)
        target = self._temporary(".tar")
        with file.path.open("rb") as source, target.open("wb") as plain:
            trailing = unpack_tar(container, source, plain, self.limits.total_bytes)
        if trailing:
            findings.append(source_findings.trailing_bytes(trailing))
        return LocalFile(target)

    def _temporary(self, suffix: str) -> Path:
        self.staging.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(suffix, "source-", self.staging)
        os.close(descriptor)
        path = Path(name)
        self.stack.callback(path.unlink, missing_ok=True)
        return path


def _recognised(file: RangeFile, filename: str, limits: SourceLimits) -> tuple[str, list[Finding]]:
    """What the file is, and what its name says otherwise. Raises Refused as `container_of`, and `over_limit`."""
    if file.size > limits.source_bytes:
        raise over_limit(f"The file of {file.size:,} bytes", limits.source_bytes, "bytes")
    container = container_of(file.read(0, HEAD))
    if misnamed(filename, container):
        return container, [source_findings.misnamed_container(filename, container)]
    return container, []


def _listed(container: str, file: RangeFile, limits: SourceLimits, findings: list[Finding]) -> list[Entry]:
    if container == "folder":
        return list_bundle(file, limits.members, limits.directory_bytes)
    if container != "zip":
        listing = list_tar(file, limits.members)
        findings.extend(listing.findings)
        return listing.entries
    directory = read_directory(file, limits.members, limits.directory_bytes)
    if isinstance(file, LocalFile):
        check_local_headers(file, directory)  # from afar each is checked when it is read
    findings.extend(source_findings.end_findings(directory.end))
    return entries_of(directory)


def _range_file(ref: SourceRef, private_networks: bool, resolver: Resolver | None) -> RangeFile | None:
    """The file of a reference by ranges, None where its server has none. Raises Refused (`source_changed`)."""
    file: RangeFile | None
    if ref.kind == "file":
        file = LocalFile(Path(ref.address))
    elif ref.kind == "object":
        storage_url, _, name = ref.address.partition("#")
        file = ObjectFile(Objects(storage_url), name)
    else:
        # Clients of the web take a third of the time that a decoding process starts in; few sources need them.
        from triptych.storage.http_source import open_ranges

        how: dict[str, Any] = {} if resolver is None else {"resolver": resolver}
        file = open_ranges(ref, private_networks=private_networks, **how)
    if file is not None and ref.size is not None and file.size != ref.size:
        file.close()
        raise source_changed(ref.filename)
    return file


def _resolved(ref: SourceRef, file: RangeFile) -> SourceRef:
    if isinstance(file, LocalFile):
        return SourceRef("file", str(file.path), ref.filename, ref.options, size=file.size)
    if ref.kind == "http":
        from triptych.storage.http_source import HttpFile, pinned

        if isinstance(file, HttpFile):
            return pinned(ref, file.pin)
    return replace(ref, size=file.size)


def _opened(
    container: str, entries: list[Entry], findings: list[Finding], reader: MemberReader, resolved: SourceRef
) -> OpenedSource:
    decoded = decode_names(
        [entry.raw for entry in entries], [entry.text for entry in entries], resolved.option("encoding")
    )
    arranged = arrange(entries, decoded.names)
    if decoded.guesses:
        findings = [*findings, source_findings.names_guessed(decoded.encoding, entries, decoded.names)]
    if not arranged.members:
        raise Refused(
            "The folder holds no files." if container == "folder" else "The archive holds no files.",
            code="nothing_to_import",
            hint="Check that the right folder was packed.",
            findings=(*findings, *arranged.findings),
        )
    return OpenedSource(
        container,
        arranged.members,
        arranged.skipped,
        arranged.shadowed,
        (*findings, *arranged.findings),
        reader,
        resolved,
        decoded.encoding,
        decoded.guesses,
        entries if decoded.encoding else (),
    )


@contextmanager
def _collection_paused() -> Iterator[None]:
    # Making 100,000 tuples sets off full collections, which take as long as the listing and find nothing.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
