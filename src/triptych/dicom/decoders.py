"""One decoder for each transfer syntax, fixed in one table: hashes of pixels repeat only when decoders do.

pydicom chooses among the plug-ins that happen to be installed; none is asked here. Each decoder gets the bytes of
one frame and gives its samples (y, x) or (y, x, 3) in the layout's dtype, with unused bits still in them, and says
whether the colours are YBR. Lossless syntaxes give the same values with every correct decoder.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import imagecodecs
import numpy as np

from triptych.core.source import MemberError
from triptych.dicom.codestream import Codestream, damaged, read_jpeg, read_jpeg2000
from triptych.dicom.guard import FAILURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.dicom.codestream import Buffer
    from triptych.dicom.layout import PixelLayout

YBR = ("YBR_FULL", "YBR_FULL_422")

# imagecodecs takes any buffer and writes into arrays, but its annotations know bytes alone.
_codecs: Any = imagecodecs

_CODEC_ERRORS = (
    *FAILURES,
    imagecodecs.DicomrleError,
    imagecodecs.Jpeg2kError,
    imagecodecs.Jpeg8Error,
    imagecodecs.JpeglsError,
)


class Decoded(NamedTuple):
    """Samples as they are in the stream; `ybr`: still to be turned into RGB; `exact`: no bits to correct."""

    samples: NDArray[Any]
    ybr: bool
    exact: bool = False


_END_OF_IMAGE = b"\xff\xd9"

Decode = Callable[["Buffer", "PixelLayout"], Decoded]


class Syntax(NamedTuple):
    """A transfer syntax (PS3.6, table A-1): its short name, and its decoder, None for native pixels."""

    name: str
    decode: Decode | None


def syntax_of(uid: str) -> Syntax:
    """The transfer syntax of a UID; MemberError `unsupported_syntax` for one that is not in the table."""
    try:
        return SYNTAXES[uid]
    except KeyError:
        shown = uid[:64] if set(uid) <= set("0123456789.") and uid else "that is no UID"
        raise MemberError(
            "unsupported_syntax",
            f"The pixels are stored in the transfer syntax {shown}, which is not decoded.",
            "Convert the file to JPEG 2000 lossless, RLE or an uncompressed transfer syntax.",
        ) from None


def decode_frame(syntax: Syntax, data: Buffer, layout: PixelLayout) -> Decoded:
    """Decode one frame. MemberError: `decode_error`, also when the stream is not of the header's size."""
    assert syntax.decode is not None
    try:
        decoded = syntax.decode(data, layout)
    except MemberError:
        raise
    except MemoryError:
        raise MemberError(
            "not_enough_memory",
            f"A frame of {layout.columns} × {layout.rows} pixels does not fit in the memory that a decoding "
            "process may use.",
            "Raise the setting worker_memory.",
        ) from None
    except _CODEC_ERRORS:
        raise damaged(f"A frame is damaged: its {syntax.name} stream cannot be decoded.") from None
    if decoded.samples.shape != layout.shape:
        raise damaged(f"A frame decodes to another size than the header's {layout.columns} × {layout.rows}.")
    return decoded


def _check(stream: Codestream, layout: PixelLayout) -> None:
    if (stream.height, stream.width, stream.components) != (layout.rows, layout.columns, layout.samples):
        raise damaged(
            f"A frame has {stream.width} × {stream.height} pixels of {stream.components} samples, but the header "
            f"declares {layout.columns} × {layout.rows} of {layout.samples}."
        )
    if stream.precision > layout.numpy_dtype().itemsize * 8:
        raise damaged(
            f"A frame has {stream.precision} bits per sample, more than the {layout.bits_allocated} allocated."
        )


def _typed(samples: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    """In the layout's dtype, the bits of a sample as they are: streams other than JPEG 2000 know no sign."""
    kind = layout.numpy_dtype().kind
    same_width = samples.view(np.dtype(f"{kind}{samples.dtype.itemsize}"))
    return same_width.astype(layout.dtype, copy=False)


def _jpeg(data: Buffer, layout: PixelLayout) -> Decoded:
    """JPEG of all processes, 2 to 16 bits, by libjpeg-turbo.

    The stream's own word on colours goes before the header's: component identifiers "RGB", a JFIF marker, and
    Adobe's transform 1 with a header that says RGB. All else is as PhotometricInterpretation says; the stream is
    never converted twice.
    """
    stream = read_jpeg(data)
    _check(stream, layout)
    if layout.samples == 1:
        return Decoded(_typed(_codecs.jpeg8_decode(data), layout), False)
    rgb_ids = stream.ids in (b"RGB", b"rgb")
    ybr = not rgb_ids and (layout.photometric in YBR or stream.jfif)
    if stream.adobe == 1 and not ybr and not rgb_ids:
        samples = _codecs.jpeg8_decode(data, colorspace="YCBCR", outcolorspace="RGB")
    else:
        samples = _codecs.jpeg8_decode(data, colorspace="YCBCR", outcolorspace="YCBCR")
    return Decoded(_typed(samples, layout), ybr)


def _jpegls(data: Buffer, layout: PixelLayout) -> Decoded:
    """JPEG-LS by CharLS. Signed samples are stored as unsigned ones of the stream's precision."""
    stream = read_jpeg(data)
    _check(stream, layout)
    if _END_OF_IMAGE not in bytes(data[-16:]):
        # CharLS would refuse it too, but only after counting the missing bits for seconds.
        raise damaged("A JPEG-LS frame ends before its last pixel.")
    samples = _typed(_codecs.jpegls_decode(data), layout)
    if layout.signed:
        samples = extend_sign(samples, stream.precision)
    rgb = stream.ids in (b"RGB", b"rgb")
    ybr = layout.samples == 3 and not rgb and (layout.photometric in YBR or stream.jfif)
    return Decoded(samples, ybr, exact=True)


def _jpeg2000(data: Buffer, layout: PixelLayout) -> Decoded:
    """JPEG 2000 and HTJ2K by OpenJPEG, which undoes the stream's own colour transform (RCT, ICT).

    imagecodecs' other decoder of HTJ2K wraps 255 to 0 in some lossy streams.
    """
    stream = read_jpeg2000(data)
    _check(stream, layout)
    samples = _typed(_codecs.jpeg2k_decode(data), layout)
    if layout.samples == 1 and stream.signed != layout.signed:
        samples = extend_sign(samples, stream.precision)
    return Decoded(samples, layout.photometric in YBR, exact=True)


def extend_sign(samples: NDArray[Any], bits: int) -> NDArray[Any]:
    """Samples of which the lowest `bits` count: the rest becomes the sign, or 0 for unsigned ones."""
    spare = samples.dtype.itemsize * 8 - bits
    if spare <= 0:
        return samples
    if samples.dtype.kind == "u":
        masked: NDArray[Any] = samples & samples.dtype.type((1 << bits) - 1)
        return masked
    shifted: NDArray[Any] = np.left_shift(samples, spare)
    shifted >>= spare
    return shifted


def _rle(data: Buffer, layout: PixelLayout) -> Decoded:
    """Run-length segments, one for each byte of a sample, most significant first (PS3.5, Annex G)."""
    if layout.bits_allocated == 1:
        packed = (layout.frame_samples + 7) // 8
        bits = _rle_bytes(data, 1, packed, 1)
        samples = np.unpackbits(bits, count=layout.frame_samples, bitorder="little")
        return Decoded(samples.reshape(layout.shape), False)
    if layout.bits_allocated == 12:
        raise damaged("Run-length coded pixels have 12 bits allocated, which that coding cannot hold.")
    width = layout.bits_allocated // 8
    plane = layout.rows * layout.columns
    bytes_of = _rle_bytes(data, width * layout.samples, plane, width)
    planes = bytes_of.view(np.dtype(f"<{layout.numpy_dtype().kind}{width}"))
    planes = planes.astype(layout.dtype, copy=False).reshape(layout.samples, layout.rows, layout.columns)
    samples = planes[0] if layout.samples == 1 else np.ascontiguousarray(np.moveaxis(planes, 0, 2))
    return Decoded(samples, layout.photometric in YBR)


def _rle_bytes(data: Buffer, segments: int, length: int, width: int) -> NDArray[np.uint8]:
    """All segments unpacked: samples of `width` bytes, little endian, plane after plane."""
    out = np.zeros(segments * length, np.uint8)
    try:
        _codecs.dicomrle_decode(data, np.dtype(f"<u{width}"), out=out)
    except (imagecodecs.DicomrleError, ValueError):
        # It takes neither padding within a segment nor bytes behind it, which writers leave there.
        _rle_patiently(bytes(data), segments, length, width, out)
    return out


def _rle_patiently(data: bytes, segments: int, length: int, width: int, out: NDArray[np.uint8]) -> None:
    count = int.from_bytes(data[:4], "little")
    if len(data) < 64 or count != segments:
        raise damaged(f"A run-length coded frame has {count} segments, but the header means {segments}.")
    starts = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "little") for i in range(count)]
    for index, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True)):
        unpacked = _unpack_bits(data[start:end], length)
        if len(unpacked) < length:
            raise damaged("A run-length coded frame ends before its last pixel.")
        plane, byte = divmod(index, width)
        first = plane * length * width + width - 1 - byte
        out[first : first + length * width : width][:length] = np.frombuffer(unpacked[:length], np.uint8)


def _unpack_bits(data: bytes, length: int) -> bytearray:
    """The first `length` bytes of a segment, or fewer when it has no more."""
    unpacked = bytearray()
    position = 0
    while len(unpacked) < length and position + 1 < len(data):
        head = data[position]
        if head < 128:
            unpacked += data[position + 1 : position + 2 + head]
            position += 2 + head
        elif head == 128:
            position += 1
        else:
            unpacked += data[position + 1 : position + 2] * (257 - head)
            position += 2
    return unpacked


def _deflated(data: Buffer, layout: PixelLayout) -> Decoded:
    """Deflated Image Frame Compression: each frame is a native one, deflated by itself."""
    bits = layout.frame_samples * layout.bits_allocated
    length = (bits + 7) // 8
    unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, length)
    if len(unpacked) < length:
        raise damaged("A deflated frame ends before its last pixel.")
    raw = np.frombuffer(unpacked, np.uint8)
    if layout.bits_allocated == 1:
        samples = np.unpackbits(raw, count=layout.frame_samples, bitorder="little").reshape(layout.shape)
        return Decoded(samples, False)
    if layout.bits_allocated == 12:
        raise damaged("Deflated frames have 12 bits allocated, which that transfer syntax cannot hold.")
    samples = raw.view(layout.numpy_dtype().newbyteorder("<")).astype(layout.dtype)
    if layout.planar and layout.samples == 3:
        planes = samples.reshape(3, layout.rows, layout.columns)
        return Decoded(np.ascontiguousarray(np.moveaxis(planes, 0, 2)), layout.photometric in YBR)
    return Decoded(samples.reshape(layout.shape), layout.photometric in YBR)


SYNTAXES: dict[str, Syntax] = {
    "1.2.840.10008.1.2": Syntax("Implicit VR Little Endian", None),
    "1.2.840.10008.1.2.1": Syntax("Explicit VR Little Endian", None),
    "1.2.840.10008.1.2.1.99": Syntax("Deflated Explicit VR Little Endian", None),
    "1.2.840.10008.1.2.2": Syntax("Explicit VR Big Endian", None),
    "1.2.840.10008.1.2.4.50": Syntax("JPEG Baseline", _jpeg),
    "1.2.840.10008.1.2.4.51": Syntax("JPEG Extended", _jpeg),
    "1.2.840.10008.1.2.4.53": Syntax("JPEG Spectral Selection", _jpeg),
    "1.2.840.10008.1.2.4.55": Syntax("JPEG Full Progression", _jpeg),
    "1.2.840.10008.1.2.4.57": Syntax("JPEG Lossless", _jpeg),
    "1.2.840.10008.1.2.4.70": Syntax("JPEG Lossless, First-Order Prediction", _jpeg),
    "1.2.840.10008.1.2.4.80": Syntax("JPEG-LS Lossless", _jpegls),
    "1.2.840.10008.1.2.4.81": Syntax("JPEG-LS Near-Lossless", _jpegls),
    "1.2.840.10008.1.2.4.90": Syntax("JPEG 2000 Lossless", _jpeg2000),
    "1.2.840.10008.1.2.4.91": Syntax("JPEG 2000", _jpeg2000),
    "1.2.840.10008.1.2.4.201": Syntax("High-Throughput JPEG 2000 Lossless", _jpeg2000),
    "1.2.840.10008.1.2.4.202": Syntax("High-Throughput JPEG 2000 RPCL Lossless", _jpeg2000),
    "1.2.840.10008.1.2.4.203": Syntax("High-Throughput JPEG 2000", _jpeg2000),
    "1.2.840.10008.1.2.5": Syntax("RLE Lossless", _rle),
    "1.2.840.10008.1.2.8.1": Syntax("Deflated Image Frame Compression", _deflated),
}
"""The transfer syntaxes whose pixels are decoded."""
