"""`python -m triptych.cli` is the program `triptych`."""

from __future__ import annotations

from triptych.cli.application import main

if __name__ == "__main__":
    main()
