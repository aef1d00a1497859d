"""An export is whole, or it is an error."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.support.studio import open_studio
from triptych.client.connection import dataset_path
from triptych.core.errors import TriptychError

if TYPE_CHECKING:
    from pathlib import Path


def _picture(number: int) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(number).integers(0, 256, (20, 20), np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("container", ["zip", "tar"])
def test_what_a_format_cannot_hold_is_said_before_the_first_byte(tmp_path: Path, container: str) -> None:
    with zipfile.ZipFile(tmp_path / "cells.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"image/{number}.png", _picture(number))
    with open_studio(tmp_path / "home") as studio:
        studio.add(tmp_path / "cells.zip")
        query = {"format": "class_folders", "container": container}

        with (
            pytest.raises(TriptychError) as refused,
            studio.connection.stream(dataset_path("cells", "export"), **query) as answer,
        ):
            answer.read()

        assert refused.value.code == "format_cannot_hold"
