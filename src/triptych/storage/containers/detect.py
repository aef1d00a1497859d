"""What a file is, by its first bytes: a container that is opened, or something else that gets a sentence."""

from __future__ import annotations

from triptych.core.errors import Refused
from triptych.storage.containers.bundle import MAGIC
from triptych.storage.containers.tar_headers import BLOCK, is_header
from triptych.storage.containers.unpack import MAGICS

HEAD = BLOCK
_OTHERS = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"%PDF", "a PDF document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
    (b"\x04\x22\x4d\x18", "compressed with LZ4"),
    (b"triptych folder ", "a folder, sent in a way that this version does not know"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)
_ENDINGS = {
    "zip": (".zip",),
    "tar": (".tar",),
    "tar.gz": (".tar.gz", ".tgz"),
    "tar.bz2": (".tar.bz2", ".tbz2", ".tbz"),
    "tar.xz": (".tar.xz", ".txz"),
}


def container_of(head: bytes) -> str:
    """ "zip", "folder" (a bundle), "tar", "tar.gz", "tar.bz2" or "tar.xz"; "zip" too for what nothing else
    explains, since a zip may have anything in front. Raises Refused (`nothing_to_import` for an empty file,
    `not_an_archive`)."""
    if not head:
        raise Refused("The file is empty.", code="nothing_to_import", hint="Upload it again.")
    if head.startswith(b"PK"):
        return "zip"
    if head.startswith(MAGIC):
        return "folder"
    for container, magic in MAGICS.items():
        if head.startswith(magic):
            return container
    if is_header(head):
        return "tar"
    for magic, words in _OTHERS:
        if head[: len(magic)].lower() == magic.lower():
            raise _other(f"The file is {words}, not an archive that can be opened.")
    if head[128:132] == b"DICM":
        raise _other("The file is a DICOM file, not an archive that can be opened.")
    return "zip"


def misnamed(filename: str, container: str) -> bool:
    """Whether the name has the ending of another container."""
    name = filename.lower()
    if name.endswith(_ENDINGS.get(container, ("",))):
        return False
    return name.endswith(tuple(ending for endings in _ENDINGS.values() for ending in endings))


def _other(message: str) -> Refused:
    return Refused(
        message, code="not_an_archive", hint="Pack the folder as a .zip file; one picture needs it too."
    )
