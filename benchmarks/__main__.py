"""`python -m benchmarks` runs every benchmark, `python -m benchmarks NAME…` some; each in a process of its own."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import psutil

from tests.support.postgresql import server_programs

FOLDER = Path(__file__).parent
ORDER = (
    "merge_statistics",
    "split",
    "near_duplicates",
    "decode_and_measure",
    "prescan_zip",
    "records",
    "lists",
    "pages",
    "scrolling",
    "onboarding",
    "dicom",
    "examine_rasters",
    "chips",
    "resplit",
    "map_tiles",
)
LIBRARIES = (
    "triptych",
    "numpy",
    "pillow",
    "imagecodecs",
    "pydicom",
    "sqlalchemy",
    "psycopg",
    "fastapi",
    "obstore",
    "dbos",
)


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; 1 when one broke off, 2 for a name that there is none of."""
    unknown = [name for name in names if name not in ORDER]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(ORDER)}", file=sys.stderr)
        return 2
    print(machine())
    broken = []
    for name in names or ORDER:
        summary = (FOLDER / f"{name}.py").read_text("utf-8").partition('"""')[2].partition('"""')[0]
        print(f"\n{name}: {summary.splitlines()[0]}", flush=True)
        start = time.perf_counter()
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"], cwd=FOLDER.parent, check=False
        ).returncode:
            broken.append(name)
        print(f"({time.perf_counter() - start:.0f} s with its preparations)", flush=True)
    if broken:
        print(f"\nbroke off: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def machine() -> str:
    """What the figures were taken on, and what else it is doing."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    busy = os.getloadavg()[0]
    return (
        f"{len(os.sched_getaffinity(0))} cores ({_processor()}), {psutil.virtual_memory().total / 1e9:.0f} GB, "
        f"{platform.system()} {platform.release()}; load before the first benchmark {busy:.1f}\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgresql()}, {libraries}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _postgresql() -> str:
    programs = server_programs()
    if programs is None:
        return "no PostgreSQL"
    shown = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    return f"PostgreSQL {shown.stdout.split()[2]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
