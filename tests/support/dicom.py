"""Small DICOM files for tests, made with pydicom: any tags, any transfer syntax, with and without preamble."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import dcmwrite, write_file_meta_info
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from triptych.core.source import MemberError
from triptych.dicom.picture import DicomPicture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CT = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
NATIVE = (EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED)


def make_dataset(pixels: NDArray[Any] | None = None, **tags: Any) -> Dataset:
    """A dataset with plain values of what every image has; `tags` by keyword replace, add, or remove (None).

    `pixels` are (y, x), (z, y, x), (y, x, 3) or (z, y, x, 3), integers or float32 / float64; the image pixel module
    is filled in from them. Bytes and sequences (lists of Dataset) are taken as they are.
    """
    dataset = Dataset()
    dataset.SOPClassUID = CT
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=["instance", repr(sorted(tags))])
    dataset.StudyInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    dataset.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.1.1"
    dataset.Modality = "CT"
    dataset.PatientID = "P1"
    dataset.PatientName = "Test^Person"
    dataset.InstanceNumber = 1
    if pixels is not None:
        _describe(dataset, np.asarray(pixels))
    for keyword, value in tags.items():
        if value is None:
            if keyword in dataset:
                delattr(dataset, keyword)
        elif keyword == "PixelData":
            dataset.add_new(keyword, "OB" if dataset.get("BitsAllocated", 16) == 8 else "OW", value)
        else:
            setattr(dataset, keyword, value)
    return dataset


def _describe(dataset: Dataset, pixels: NDArray[Any]) -> None:
    color = pixels.ndim > 2 and pixels.shape[-1] == 3
    shape = pixels.shape[:-1] if color else pixels.shape
    dataset.SamplesPerPixel = 3 if color else 1
    dataset.PhotometricInterpretation = "RGB" if color else "MONOCHROME2"
    if color:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = shape[-2:]
    if len(shape) == 3:
        dataset.NumberOfFrames = shape[0]
    dataset.BitsAllocated = pixels.dtype.itemsize * 8
    if pixels.dtype.kind == "f":
        return
    dataset.BitsStored = dataset.BitsAllocated
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")


def make_dicom(
    pixels: NDArray[Any] | None = None,
    *,
    syntax: str = EXPLICIT,
    frames: Sequence[bytes] | None = None,
    basic_offsets: bool = True,
    preamble: bool = True,
    file_meta: bool = True,
    **tags: Any,
) -> bytes:
    """The bytes of a DICOM file.

    `syntax` is the UID of a transfer syntax. For a native one `pixels` are written as they are, unless `tags` has
    PixelData. For an encapsulated one `frames` are the compressed frames, one fragment each, and `pixels` only
    describe them. Without `preamble` the file begins at once, without `file_meta` (then also without a
    preamble) with group 0008, as ACR-NEMA and streams have it.
    """
    dataset = make_dataset(pixels, **tags)
    uid = UID(syntax)
    if frames is not None:
        dataset.PixelData = encapsulate(list(frames), has_bot=basic_offsets)
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
    elif pixels is not None and not any(name in tags for name in _PIXELS):
        _write_pixels(dataset, np.asarray(pixels), big=uid == BIG_ENDIAN)
    return write_dicom(dataset, syntax=syntax, preamble=preamble, file_meta=file_meta)


_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


def _write_pixels(dataset: Dataset, pixels: NDArray[Any], *, big: bool) -> None:
    data = pixels.astype(pixels.dtype.newbyteorder(">" if big else "<")).tobytes()
    if pixels.dtype.kind == "f":
        setattr(dataset, "FloatPixelData" if pixels.dtype.itemsize == 4 else "DoubleFloatPixelData", data)
        return
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 else "OW"


def write_dicom(
    dataset: Dataset, *, syntax: str = EXPLICIT, preamble: bool = True, file_meta: bool = True
) -> bytes:
    """The bytes of a file that holds `dataset` in a transfer syntax; pixel data is taken as it is."""
    uid = UID(syntax)
    little = uid != BIG_ENDIAN
    body = BytesIO()
    dcmwrite(body, dataset, implicit_vr=uid == IMPLICIT, little_endian=little, enforce_file_format=False)
    data = body.getvalue()
    if uid == DEFLATED:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        data = packer.compress(data) + packer.flush()
        data += b"\0" * (len(data) % 2)
    if not file_meta:
        return data
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(str(dataset.get("SOPClassUID", CT)))
    meta.MediaStorageSOPInstanceUID = UID(str(dataset.get("SOPInstanceUID", "1.2.3")))
    meta.TransferSyntaxUID = uid
    meta.ImplementationClassUID = UID("1.2.826.0.1.3680043.8.498.2")
    meta.FileMetaInformationVersion = b"\0\1"
    head = DicomBytesIO()
    write_file_meta_info(head, meta, enforce_standard=True)
    return (b"\0" * 128 + b"DICM" if preamble else b"") + head.getvalue() + data


def explicit(dataset: Dataset) -> bytes:
    """A dataset as explicit VR little endian, without preamble and file meta."""
    return write_dicom(dataset, syntax=ExplicitVRLittleEndian, file_meta=False)


def noise(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Random samples over the whole range of an integer type, the same each time."""
    info = np.iinfo(dtype)
    return np.random.default_rng(5).integers(info.min, info.max, shape, dtype, endpoint=True)


def open_picture(data: bytes, max_pixels: int = 10_000_000) -> DicomPicture:
    """A picture of a small file."""
    return DicomPicture(data, max_pixels=max_pixels)


def refused_picture(data: bytes, max_pixels: int = 10_000_000) -> MemberError:
    """The error with which a file is refused when it is opened: a sentence, and a hint that is one."""
    with pytest.raises(MemberError) as error:
        open_picture(data, max_pixels)
    assert error.value.reason.endswith(".")
    assert error.value.hint.endswith(".")
    return error.value
