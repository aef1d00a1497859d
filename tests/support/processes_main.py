"""`triptych` with smaller batches, so that a small source is imported in many of them, and cheap passwords; else the
program itself."""

from __future__ import annotations

import os

from tests.support.cheap_passwords import cheap_hashers
from triptych.cli import main
from triptych.onboarding import members

if __name__ == "__main__":
    cheap_hashers()
    members.CHUNK_FILES = int(os.environ["TRIPTYCH_TEST_BATCH_FILES"])
    main()
