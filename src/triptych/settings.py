"""One frozen object of settings, read once at the edge and passed on. A sentence for each field.

Every field can be given as an environment variable `TRIPTYCH_<FIELD>`; docs/settings.md lists them, and a
test holds that page against this class.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MB = 1_000_000
GB = 1_000 * MB


def default_home() -> Path:
    """Where an installation lives when nobody says otherwise."""
    return Path.home() / ".local" / "share" / "triptych"


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation is set up."""

    home: Path = field(default_factory=default_home, metadata={"help": "Folder of the installation."})
    database: str = field(
        default="",
        metadata={
            "help": "SQLAlchemy address; empty: SQLite in the home. postgresql://user@host/name beyond."
        },
    )
    storage: str = field(
        default="",
        metadata={
            "help": "Where bytes lie; empty: a folder in the home. s3://bucket/prefix, gs://, az:// beyond."
        },
    )
    workers: int = field(
        default=0, metadata={"help": "Processes that decode pictures; 0: one for each processor core."}
    )
    worker_memory: int = field(
        default=2 * GB, metadata={"help": "Bytes that one decoding process may allocate (RLIMIT_DATA)."}
    )
    file_seconds: float = field(
        default=60.0, metadata={"help": "Seconds that one file may take to read, decode and measure."}
    )
    file_bytes: int = field(
        default=4 * GB, metadata={"help": "Bytes that one file may have after unpacking."}
    )
    job_bytes: int = field(
        default=2_000 * GB,
        metadata={"help": "Bytes that all files of one job together may have after unpacking."},
    )
    job_seconds: float = field(default=7 * 86_400.0, metadata={"help": "Seconds that one job may take."})
    picture_pixels: int = field(
        default=300 * MB, metadata={"help": "Pixels that one picture may have; above it is rejected."}
    )
    upload_bytes: int = field(default=200 * GB, metadata={"help": "Bytes that one upload may have."})
    quota_bytes: int = field(
        default=0,
        metadata={"help": "Bytes that an organization may store unless it has its own quota; 0: no limit."},
    )
    side_min: int = field(default=16, metadata={"help": "Pixels below which a side is a finding."})
    side_max: int = field(default=4096, metadata={"help": "Pixels above which a side is a finding."})
    class_min: int = field(default=3, metadata={"help": "Pictures below which a class is a finding."})
    collections: str = field(
        default="",
        metadata={"help": "File with more collections of satellite pictures; docs/formats/geotiff_pairs.md."},
    )
    private_networks: bool = field(
        default=False, metadata={"help": "Whether a source's address may lie in the private network."}
    )
    trash_days: float = field(default=30.0, metadata={"help": "Days that a dataset stays in the trash."})
    session_days: float = field(default=14.0, metadata={"help": "Days that a sign-in lasts."})
    admin_email: str = field(
        default="", metadata={"help": "E-mail of the first administrator, made on first start."}
    )
    admin_password: str = field(
        default="",
        metadata={"help": "Password of the first administrator; without it a sign-in link is printed."},
    )
    heartbeat_seconds: float = field(
        default=1.0, metadata={"help": "Seconds between two signs of life of a worker."}
    )
    silence_seconds: float = field(
        default=5.0, metadata={"help": "Seconds of silence after which the jobs of a worker are taken over."}
    )
    log_level: str = field(default="INFO", metadata={"help": "DEBUG, INFO, WARNING or ERROR."})

    @property
    def database_url(self) -> str:
        """The database's address, SQLite in the home by default, psycopg 3 for PostgreSQL."""
        if not self.database:
            return f"sqlite:///{self.home / 'triptych.sqlite'}"
        scheme, _, rest = self.database.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgresql", "postgres") else self.database

    @property
    def storage_url(self) -> str:
        """The storage's address, a folder in the home by default."""
        return self.storage or f"file://{self.home / 'storage'}"

    @property
    def worker_count(self) -> int:
        """Decoding processes, at least one."""
        return self.workers or len(os.sched_getaffinity(0))


def read_settings(environment: Mapping[str, str], **given: Any) -> Settings:
    """Settings from `TRIPTYCH_…` variables; what is `given` (and not None) wins."""
    values: dict[str, Any] = {}
    for spec in fields(Settings):
        text = environment.get(f"TRIPTYCH_{spec.name.upper()}")
        if text:
            values[spec.name] = _parse(spec.type, text)
    values.update({name: value for name, value in given.items() if value is not None})
    return Settings(**values)


def _parse(kind: object, text: str) -> Any:
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    if kind == "bool":
        return text.lower() in ("1", "true", "yes", "on")
    if kind == "Path":
        return Path(text).expanduser()
    return text
