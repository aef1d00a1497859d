"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.support.postgresql", "tests.support.s3"]

REPOSITORY = Path(__file__).resolve().parent.parent


def real_data_folder() -> Path | None:
    """The folder of real data, or None when there is none; see CONTRIBUTING.md."""
    folder = Path(os.environ.get("TRIPTYCH_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    return folder if (folder / "hostile" / "manifest.csv").is_file() else None


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real datasets and hostile uploads; tests that need them are skipped where they are absent."""
    folder = real_data_folder()
    if folder is None:
        pytest.skip("no real data: set TRIPTYCH_TEST_DATA")
    return folder
