"""Tables of stored bytes, uploads, jobs and workers."""

import sqlalchemy as sa

from triptych.db.columns import Big, Digest, Id, Time, metadata

blobs = sa.Table(
    "blobs",
    metadata,
    sa.Column("sha256", Digest, primary_key=True),
    sa.Column("object", sa.Text, nullable=False, index=True),
    sa.Column("start", Big, nullable=False),
    sa.Column("length", Big, nullable=False),
    sa.Column("created_at", Time, nullable=False),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("user_id", Id, nullable=False, index=True),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("length", Big, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),  # the client's tus metadata
    sa.Column("created_at", Time, nullable=False),
    sa.Column("finished_at", Time),
    sa.Column("object", sa.Text),  # where the whole file lies once it is finished
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("user_id", Id),
    sa.Column("dataset_id", Id, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # waiting, running, succeeded, failed, cancelled
    sa.Column("stage", sa.Text, nullable=False, server_default=""),
    sa.Column("done", Big, nullable=False, server_default="0"),
    sa.Column("total", Big),
    sa.Column("stage_started_at", Time),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="1"),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("worker_id", sa.Text),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("started_at", Time),
    sa.Column("finished_at", Time),
    sa.Column("result", sa.JSON),
    sa.Column("error", sa.JSON),
    sa.Index(None, "organization_id", "id"),
    sa.Index(None, "state", "id"),
)

job_batches = sa.Table(
    "job_batches",
    metadata,
    sa.Column("job_id", Id, primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("batch", sa.Integer, primary_key=True),
    sa.Column("result", sa.JSON),  # what later stages need to know of the batch
    sqlite_with_rowid=False,
)

job_log = sa.Table(
    "job_log",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("job_id", Id, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index(None, "job_id", "id"),
)

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started_at", Time, nullable=False),
    sa.Column("beat_at", Time, nullable=False),
)

home_facts = sa.Table(
    "home_facts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
