"""The description of the API, as the server gives it at `/api/v1/openapi.json`, on standard output.

The types of the web UI are generated from it: `python -m triptych.api.openapi > frontend/openapi.json`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from triptych.api.app import create_app
from triptych.assembly import open_installation
from triptych.settings import Settings


def main() -> None:
    """Print the description; it depends on the code alone, not on any installation."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_installation(Settings(home=Path(folder)), work=False) as installation,
    ):
        document = create_app(installation).openapi()
    json.dump(document, sys.stdout, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
