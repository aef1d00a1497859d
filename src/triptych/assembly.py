"""Where everything meets: the kinds of jobs that there are, and an installation that knows them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from triptych.installation import make_installation
from triptych.maintenance.verification import VERIFYING_RUNNER
from triptych.onboarding.tasks import ANNOTATE_RUNNER, KEEPING_RUNNER, ONBOARDING_RUNNER
from triptych.people.service import ensure_first_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.installation import Installation
    from triptych.settings import Settings

RUNNERS = {
    runner.kind: runner for runner in (ONBOARDING_RUNNER, KEEPING_RUNNER, ANNOTATE_RUNNER, VERIFYING_RUNNER)
}


@contextmanager
def open_installation(settings: Settings, *, work: bool) -> Iterator[Installation]:
    """An installation with its first administrator; with `work` this process takes jobs. Closed at the end."""
    installation = make_installation(settings, RUNNERS)
    try:
        ensure_first_start(installation.database, settings)
        if work:
            installation.jobs.launch()
        yield installation
    finally:
        installation.close()
