"""A worker as a process of its own: home, database address, silence in seconds. Ends at SIGTERM."""

from __future__ import annotations

import signal
import sys
import threading
import warnings
from pathlib import Path

from tests.jobs.job_kinds import RUNNERS
from triptych.db.session import Database
from triptych.jobs import durable
from triptych.jobs.service import Jobs
from triptych.settings import Settings


def main(home: Path, url: str, silence: float) -> None:
    """Work on jobs until told to end."""
    warnings.simplefilter("error")
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    durable.QUEUE_POLL_SECONDS = 0.05  # a job that is taken over comes through a queue
    settings = Settings(home=home, heartbeat_seconds=0.2, silence_seconds=silence)
    database = Database(url)
    jobs = Jobs(database, RUNNERS, None, home=home, settings=settings)
    jobs.launch()
    sys.stdout.write("works\n")
    sys.stdout.flush()
    ended.wait()
    jobs.close()
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
