"""The command line. `main` is the program `triptych`; the contract of its verbs is docs/command-line.md."""

from __future__ import annotations

from triptych.cli.application import main

__all__ = ["main"]
