"""The laws of every format, for `class_folders`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestClassFolders(FormatConformance):
    """Inherited."""

    name = "class_folders"
