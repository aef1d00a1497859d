"""What cannot be begun leaves nothing behind, above all no name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.studio import open_studio
from triptych.core.errors import TriptychError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"format": "dicomm"}, "unknown_format"),
        ({"modality": "flat"}, "unknown_modality"),
        ({"options": {"labels": "perhaps"}}, "unknown_option"),
        ({"options": {"encoding": "klingon"}}, "unknown_option"),
    ],
)
def test_a_wish_that_cannot_be_met_takes_no_name(tmp_path: Path, wish: dict[str, object], code: str) -> None:
    folder = tmp_path / "cells"
    folder.mkdir()
    with open_studio(tmp_path / "home") as studio:
        asked = {"source": {"kind": "path", "path": str(folder)}, "keep_succeeded": False, **wish}

        with pytest.raises(TriptychError) as refused:
            studio.connection.post("/datasets", asked)

        assert refused.value.code == code
        assert studio.names() == []
        assert studio.connection.get("/jobs")["items"] == []
