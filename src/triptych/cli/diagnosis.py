"""What `triptych doctor` looks at, part by part. Each check says what it found and, where needed, what to do."""

from __future__ import annotations

import platform
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit, urlunsplit

import sqlalchemy as sa

from triptych.cli.words import duration, size
from triptych.core.errors import TriptychError
from triptych.db.migrate import HEAD, current
from triptych.db.session import Database
from triptych.db.tables import jobs
from triptych.jobs.compute import Compute, ComputeLimits
from triptych.storage.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triptych.cli.context import Context
    from triptych.client.connection import Connection
    from triptych.settings import Settings

State = Literal["ok", "warn", "fail"]

LITTLE_SPACE, NO_SPACE = 10_000_000_000, 1_000_000_000
CLOCK_SECONDS = 5.0
"""By how much two clocks may differ before sign-ins and heartbeats suffer."""


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the installation: its state, what was found, and what to do about it."""

    name: str
    state: State
    message: str
    hint: str = ""

    def document(self) -> dict[str, str]:
        """As JSON."""
        return asdict(self)


def diagnose(context: Context) -> list[Check]:
    """All checks: of this machine and the home, or of the server that is named."""
    checks = [_python(), _packages()]
    if context.server_address is not None:
        return checks + list(_remote(context))
    settings = context.settings()
    local: list[tuple[str, Callable[[Settings], Check]]] = [
        ("home", _home),
        ("disk", _disk),
        ("database", _database),
        ("storage", _storage),
        ("workers", _workers),
        ("clock", _clock),
        ("server", _server),
    ]
    return checks + [_guarded(name, check, settings) for name, check in local]


def _guarded(name: str, check: Callable[[Settings], Check], settings: Settings) -> Check:
    try:
        return check(settings)
    except TriptychError as error:
        return Check(name, "fail", error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever ails a part, and looks at the next
        return Check(
            name, "fail", f"{type(error).__name__}: {error}", "Run `triptych doctor` with TRIPTYCH_DEBUG=1."
        )


def _python() -> Check:
    return Check(
        "python", "ok", f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    )


def _packages() -> Check:
    missing = []
    try:
        wanted = [text for text in requires("triptych") or () if "extra ==" not in text]
    except PackageNotFoundError:
        return Check("packages", "fail", "Triptych itself is not installed.", "Install it with pip.")
    for text in wanted:
        name = text.partition(";")[0].split("[")[0].split(">")[0].split("=")[0].split("<")[0].strip()
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check(
            "packages", "fail", f"Missing: {', '.join(missing)}.", f"pip install {' '.join(missing)}"
        )
    return Check("packages", "ok", f"Triptych {version('triptych')} and {len(wanted)} packages that it needs")


def _home(settings: Settings) -> Check:
    home = settings.home
    if not home.exists():
        above = _nearest(home)
        if not _is_writable(above):
            return Check(
                "home", "fail", f"{home} does not exist, and {above} may not be written to.",
                "Choose another home with --home or TRIPTYCH_HOME.",
            )  # fmt: skip
        return Check("home", "ok", f"{home} does not exist yet; it is made when it is needed")
    if not home.is_dir() or not _is_writable(home):
        return Check(
            "home", "fail", f"{home} may not be written to by this user.",
            "Change its owner, or choose another home with --home.",
        )  # fmt: skip
    return Check("home", "ok", f"{home} may be written to")


def _disk(settings: Settings) -> Check:
    place = _nearest(settings.home)
    free = shutil.disk_usage(place).free
    text = f"{size(free)} free where {place} lies"
    if free < NO_SPACE:
        return Check("disk", "fail", text, "Free space; uploads and onboarding stop when the disk is full.")
    if free < LITTLE_SPACE:
        return Check("disk", "warn", text, "Free space before adding much.")
    return Check("disk", "ok", text)


def _database(settings: Settings) -> Check:
    address = _without_password(settings.database_url)
    if not settings.database and not (settings.home / "triptych.sqlite").exists():
        return Check("database", "ok", "SQLite, made when it is needed")
    database = Database(settings.database_url)
    try:
        began = time.perf_counter()
        stands_at = current(database)
        answered = (time.perf_counter() - began) * 1000
    finally:
        database.close()
    if stands_at == HEAD:
        return Check("database", "ok", f"{address} answers in {answered:.0f} ms, migrations are current")
    if stands_at is None:
        return Check("database", "ok", f"{address} is empty; its tables are made when they are needed")
    if stands_at < HEAD:
        return Check(
            "database", "warn", f"{address} stands at migration {stands_at} of {HEAD}.",
            "Make a backup; the next command that opens it brings it up to date.",
        )  # fmt: skip
    return Check(
        "database", "fail", f"{address} was written by a later release (migration {stands_at}, here {HEAD}).",
        "Install that release or a later one.",
    )  # fmt: skip


def _storage(settings: Settings) -> Check:
    if not settings.storage and not settings.home.exists():
        return Check("storage", "ok", "a folder in the home, made when it is needed")
    Objects(settings.storage_url).check()
    where = "a folder in the home" if not settings.storage else _without_password(settings.storage_url)
    return Check("storage", "ok", f"{where}: writing, reading and deleting work")


def _workers(settings: Settings) -> Check:
    limits = ComputeLimits(workers=1, memory=settings.worker_memory, seconds_per_item=30.0)
    began = time.perf_counter()
    with Compute(limits) as compute:
        answers = [outcome for _, outcome in compute.map(_double, [[1, 2]])]
    took = time.perf_counter() - began
    if answers[0].results != ([2, 4],):
        return Check(
            "workers", "fail", "A decoding process started and could not work.",
            "Raise TRIPTYCH_WORKER_MEMORY, and look for limits on memory (ulimit -a).",
        )  # fmt: skip
    text = f"a decoding process starts in {took:.1f} s; {settings.worker_count} are used"
    return Check("workers", "ok", f"{text}, {size(settings.worker_memory)} of memory each")


def _double(numbers: list[int]) -> list[int]:
    return [2 * number for number in numbers]


def _clock(settings: Settings) -> Check:
    now = f"{time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime())}"
    if not settings.database and not (settings.home / "triptych.sqlite").exists():
        return Check("clock", "ok", now)
    database = Database(settings.database_url)
    try:
        if current(database) != HEAD:
            return Check("clock", "ok", now)
        with database.read() as connection:
            newest = connection.execute(sa.select(sa.func.max(jobs.c.created_at))).scalar() or 0.0
            ahead = newest - time.time()
            if not database.is_sqlite:
                theirs = connection.execute(
                    sa.text("SELECT extract(epoch FROM clock_timestamp())")
                ).scalar_one()
                return _compared("the database server", float(theirs) - time.time(), now)
    finally:
        database.close()
    if ahead > CLOCK_SECONDS:
        return Check(
            "clock", "warn", f"{now}; the newest job lies {duration(ahead)} in the future.",
            "The clock was set back. Switch time synchronization on (timedatectl set-ntp true).",
        )  # fmt: skip
    return Check("clock", "ok", now)


def _server(settings: Settings) -> Check:
    from triptych.client.connection import Connection
    from triptych.client.home_server import LOCAL_HEADER, running_server

    server = running_server(settings.home)
    if server is None:
        return Check("server", "ok", "none runs on this home; commands work without one")
    with Connection(server.address, headers={LOCAL_HEADER: server.secret}, trusted=True) as connection:
        connection.get("/session")
    return Check("server", "ok", f"{server.address} answers (process {server.pid})")


def _remote(context: Context) -> Iterator[Check]:
    from triptych.cli.reach import reach

    with reach(context) as connection:
        for name, check in (("server", _answers), ("ready", _ready), ("token", _token)):
            try:
                yield from check(connection)
            except TriptychError as error:
                yield Check(name, "fail", error.message, error.hint)
                if name == "server":
                    return


def _answers(connection: Connection) -> Iterator[Check]:
    from email.utils import parsedate_to_datetime

    began = time.perf_counter()
    response = connection.request("GET", _outside(connection, "/healthz"))
    took = (time.perf_counter() - began) * 1000
    yield Check("server", "ok", f"{connection.address} answers in {took:.0f} ms")
    if "date" in response.headers:
        theirs = parsedate_to_datetime(response.headers["date"]).timestamp()
        yield _compared("the server", theirs - time.time(), time.strftime("%H:%M:%S UTC", time.gmtime()))


def _ready(connection: Connection) -> Iterator[Check]:
    # 503 with the parts named is an answer here, not a failure of the request.
    document = connection.probe(_outside(connection, "/readyz"))
    for name, part in (document.get("parts") or {}).items():
        if part["ok"]:
            yield Check(name, "ok", "ready")
        else:
            yield Check(name, "fail", str(part["reason"]), "Run `triptych doctor` on the server's machine.")


def _token(connection: Connection) -> Iterator[Check]:
    user = connection.get("/session")["user"]
    yield Check("token", "ok", f"signed in as {user['email']}, {str(user['role']).replace('_', ' ')}")


def _compared(other: str, difference: float, now: str) -> Check:
    # A second comes from the resolution of the other clock's answer.
    if abs(difference) > CLOCK_SECONDS:
        where = "ahead of" if difference > 0 else "behind"
        return Check(
            "clock", "warn", f"{other[0].upper()}{other[1:]} is {duration(abs(difference))} {where} this machine.",
            "Switch time synchronization on, on both machines.",
        )  # fmt: skip
    return Check("clock", "ok", f"{now}, as {other}'s")


def _outside(connection: Connection, path: str) -> str:
    return f"{connection.address}{path}"


def _nearest(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme.startswith("sqlite"):
        return "SQLite"
    place = parts.netloc.rpartition("@")[2]
    user = parts.username
    return urlunsplit(
        (parts.scheme.partition("+")[0], f"{user}@{place}" if user else place, parts.path, "", "")
    )
