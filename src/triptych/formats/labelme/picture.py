"""The picture that a LabelMe file carries, as a decoding process takes it out."""

from __future__ import annotations

import binascii
import json

from triptych.core.source import MemberError


def embedded_picture(data: bytes) -> bytes:
    """The bytes of `imageData` of a LabelMe file; MemberError `no_embedded_picture` where it is no base64."""
    try:
        text = json.loads(data)["imageData"]
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise MemberError(
            "no_embedded_picture",
            "The file's imageData is no picture in base64.",
            "Put the picture beside the file, or save it again in LabelMe with its image data.",
        ) from error
