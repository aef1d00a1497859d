"""What all tests share."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.support.cheap_passwords import cheap_hashers

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["tests.support.postgresql", "tests.support.s3"]

# Tests start hundreds of processes: without bytecode each of them would compile the program anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Else a busy machine fails an example that takes 200 ms.
settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")

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


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Every application hashes a password when it is made: at its lowest price here."""
    with pytest.MonkeyPatch.context() as patch:
        cheap_hashers(patch.setattr)
        yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Note what was left out for lack of a component, for the last line of `make test`."""
    if hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in (reporter.stats.get("skipped", []) if reporter is not None else [])
        if isinstance(report.longrepr, tuple)
    )
    if reasons:
        told = "; ".join(f"{count} tests: {reason}" for reason, count in sorted(reasons.items()))
        with (REPOSITORY / ".left-out").open("a", encoding="utf-8") as left_out:
            left_out.write(f"make test: left out: {told}\n")
