"""A source of label files for a dataset that is there: one file as it is, or an archive or folder with some."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.core.dataset import Ignored, Inventory, Modality
from triptych.core.errors import InvalidInput, NotFound, Refused
from triptych.core.findings import FindingLog, Severity
from triptych.core.names import base_name, ending
from triptych.core.source import Member, MemberError
from triptych.formats.base import SourceView, view_of
from triptych.formats.label_csv.notices import NOTICES
from triptych.formats.pictures.tables import TableReader
from triptych.formats.sidecar import sidecar_of
from triptych.formats.tally import Notice
from triptych.onboarding.check import Checked, reader_options
from triptych.storage.blobs import read_blob
from triptych.storage.containers.bundle import MAGIC
from triptych.storage.containers.ranges import LocalFile, ObjectFile
from triptych.storage.containers.tar_headers import BLOCK, is_header
from triptych.storage.containers.unpack import MAGICS
from triptych.storage.containers.zip_members import over_limit
from triptych.storage.objects import Objects
from triptych.storage.sources import OpenedSource, SourceLimits, open_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triptych.core.dataset import DraftItem
    from triptych.db.session import Database
    from triptych.formats.label_csv.matching import PathMatcher
    from triptych.formats.pictures.tables import TablesRead
    from triptych.settings import Settings
    from triptych.storage.containers.ranges import RangeFile
    from triptych.storage.sources import SourceRef

OPTIONS = ("encoding", "csv_encoding")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", MAGIC, *MAGICS.values())
HINT = "Mend the file, then add the labels again."

NOTICES_HERE = {
    **NOTICES,
    "label_without_image": Notice(
        Severity.WARNING,
        "{subject}: rows name pictures that are not in the dataset.",
        "Nothing to do if the pictures are not meant to be there.",
    ),
}


@dataclass(frozen=True, slots=True)
class LabelsRead:
    """What the label files of a source gave. `checked` has no items; labels stand on ids of items."""

    checked: Checked
    tables: TablesRead


def check_options(options: tuple[tuple[str, str], ...]) -> None:
    """InvalidInput (`unknown_option`) for what does not concern label files."""
    for name, value in options:
        if name not in OPTIONS:
            raise InvalidInput(
                f"The option {name}={value} is none of label files.",
                code="unknown_option",
                hint=f"Options are {' and '.join(OPTIONS)}.",
            )
    reader_options(options)


@contextmanager
def open_label_source(
    reference: SourceRef, options: tuple[tuple[str, str], ...], settings: Settings, staging: Path
) -> Iterator[OpenedSource]:
    """Open a source. What does not begin as an archive does is a label file itself, whatever it is called."""
    names = dict(options).get("encoding")
    if names is not None:
        reference = reference.with_option("encoding", names)
    if reference.kind == "folder" or _is_archive(reference):
        limits = SourceLimits(
            file_bytes=settings.file_bytes, total_bytes=settings.job_bytes, source_bytes=settings.upload_bytes
        )
        with open_source(
            reference, limits, private_networks=settings.private_networks, staging=staging
        ) as opened:
            yield opened
        return
    with closing(_Alone(_range_file(reference))) as reader:
        size = reader.file.size
        path = base_name(reference.filename.replace("\\", "/")) or "label.csv"
        member = Member(path, size, size, None, ())
        yield OpenedSource("file", (member,), (), (), (), reader, reference, "", (), ())


def read_labels(
    opened: OpenedSource, options: tuple[tuple[str, str], ...], matcher: PathMatcher
) -> LabelsRead:
    """The annotation sets of a source, and the bin of each of its members.

    Refused: `no_label_file`, and `labels_unreadable` when nothing in the label files can be used.
    """
    view = view_of(opened)
    members = list(view.kept)
    if opened.container != "file":
        members = [member for member in members if ending(view.paths[member]) == ".csv"]
    if not members:
        raise Refused(
            "The source holds no label file.",
            code="no_label_file",
            hint="Give a .csv file, or an archive or folder with one.",
            findings=(*opened.findings, *view.findings),
        )
    tables = read_tables(view, members, options, matcher)
    log = FindingLog()
    for part in (opened.findings, view.findings, tables.findings):
        log.extend(list(part))
    if not tables.sets:
        raise _nothing_matched(log)
    sidecar = view.once(sidecar_of)
    described = [] if sidecar.member is None or sidecar.sidecar is None else [sidecar.member]
    labels = sorted([*tables.label_files, *described])
    known = {*labels, *(entry.member for entry in tables.ignored)}
    left = [
        Ignored(member, "not_a_label_file", "Only label files are read when labels are added.")
        for member in view.kept
        if member not in known
    ]
    items: list[DraftItem] = []
    inventory = Inventory(
        "label_csv", Modality.PLANAR, items, tables.sets, labels, [*tables.ignored, *left], tables.findings
    )
    return LabelsRead(Checked(opened, view, (), inventory, log.all()), tables)


def read_tables(
    view: SourceView, members: list[int], options: tuple[tuple[str, str], ...], matcher: PathMatcher
) -> TablesRead:
    """What the label files among the members of a view say, read one after the other."""
    reader = TableReader(view, [], reader_options(options), matcher=matcher, notices=NOTICES_HERE, hint=HINT)
    return reader.read(members)


def stored_view(database: Database, objects: Objects, files: Sequence[tuple[str, str]]) -> SourceView:
    """A view of label files that are stored: pairs of a path, as it was below the wrapper, and a hash."""
    members = [Member(path, 0, 0, None, (digest,)) for path, digest in files]
    paths = [path for path, _ in files]
    return SourceView(members, _Stored(database, objects), paths, list(range(len(members))))


def _nothing_matched(log: FindingLog) -> Refused:
    findings = log.all()
    unusable = [finding for finding in findings if finding.code in ("csv_not_labels", "label_file_empty")]
    message = unusable[0].message if len(unusable) == 1 else "None of the label files can be used."
    return Refused(
        message,
        code="labels_unreadable",
        hint="The first column names pictures of this dataset by their keys; the findings say more.",
        findings=findings,
    )


def _is_archive(reference: SourceRef) -> bool:
    with closing(_range_file(reference)) as file:
        head = file.read(0, BLOCK)
    return head.startswith(ARCHIVES) or is_header(head)


def _range_file(reference: SourceRef) -> RangeFile:
    if reference.kind == "object":
        storage_url, _, name = reference.address.partition("#")
        return ObjectFile(Objects(storage_url), name)
    return LocalFile(Path(reference.address))


class _Alone:
    """Reads the one member of a source that is a label file itself."""

    def __init__(self, file: RangeFile) -> None:
        self.file = file

    def read(self, member: Member, limit: int | None = None) -> bytes:
        if limit is not None and self.file.size > limit:
            raise over_limit(member, limit)
        return self.file.read(0, self.file.size)

    def head(self, _member: Member, length: int) -> bytes:
        return self.file.read(0, length)

    def close(self) -> None:
        self.file.close()


class _Stored:
    """Reads label files from storage, where they are kept under their hashes."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    def read(self, member: Member, limit: int | None = None) -> bytes:
        del limit  # it was kept to when the file was stored
        try:
            with self._database.read() as connection:
                return read_blob(connection, self._objects, bytes.fromhex(str(member.locator[0])))
        except NotFound as error:
            raise MemberError("unreadable_file", error.message) from error

    def head(self, member: Member, length: int) -> bytes:
        return self.read(member)[:length]

    def close(self) -> None:
        """Nothing is held open."""
