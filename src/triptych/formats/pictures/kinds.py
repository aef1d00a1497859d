"""What counts as a picture: endings in any case, and the first bytes where the ending says nothing."""

from __future__ import annotations

from triptych.core.names import ending

HEAD = 512
"""Bytes that `kind_of` looks at: DICOM's mark stands at 128 to 131 (PS3.10, section 7.1); without it, its first
elements tell."""

DICOM_ENDINGS = frozenset({".dcm", ".dicom", ".ima"})
PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png"}) | DICOM_ENDINGS
TEXT_ENDINGS = frozenset(
    {".csv", ".tsv", ".json", ".txt", ".xml", ".md", ".html", ".htm", ".yaml", ".yml", ".toml", ".py", ".ini",
     ".log", ".rst"}
)  # fmt: skip
"""Files under these names are never looked into for pictures."""

_MARKS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
)
_UNREAD_ENDINGS = {
    ".tif": "TIFF", ".tiff": "TIFF", ".gif": "GIF", ".bmp": "BMP", ".webp": "WebP", ".jp2": "JPEG 2000",
    ".jxl": "JPEG XL", ".heic": "HEIF", ".heif": "HEIF", ".avif": "AVIF",
}  # fmt: skip


def is_picture(kind: str | None) -> bool:
    """Whether the planar formats read this kind."""
    return kind in ("JPEG", "PNG", "DICOM")


def kind_of(head: bytes) -> str | None:
    """What a file is by its first bytes: "JPEG", "PNG", another picture format's name, or None."""
    for mark, kind in _MARKS:
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return "AVIF" if head[8:12] == b"avif" else "HEIF"
    if head[128:132] == b"DICM" or _without_mark(head):
        return "DICOM"
    return None


def _without_mark(head: bytes) -> bool:
    # Group 0002 or 0008, low or high byte first: all else need not wait for pydicom to be imported.
    if head[:2] not in (b"\x02\0", b"\x08\0", b"\0\x02", b"\0\x08"):
        return False
    from triptych.dicom.reading import looks_like_dicom

    return looks_like_dicom(head)


def unread_kind(path: str) -> str | None:
    """The picture format that an ending promises and that the planar formats do not read."""
    return _UNREAD_ENDINGS.get(ending(path))
