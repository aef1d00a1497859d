"""Tables of organizations, users, teams, sessions, tokens, grants, registered folders, events, what was seen."""

import sqlalchemy as sa

from triptych.db.columns import Big, Digest, Id, Time, metadata

organizations = sa.Table(
    "organizations",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("quota_bytes", Big),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False, index=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),  # folded to lower case
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("deactivated_at", Time),
)

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.UniqueConstraint("organization_id", "name"),
)

team_members = sa.Table(
    "team_members",
    metadata,
    sa.Column("team_id", Id, sa.ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("manages", sa.Boolean, nullable=False, server_default=sa.false()),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", Digest, primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("expires_at", Time, nullable=False),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column(
        "prefix", sa.Text, nullable=False
    ),  # the first letters, shown so that a person can tell them apart
    sa.Column("token_hash", Digest, nullable=False, unique=True),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("expires_at", Time),
    sa.Column("revoked_at", Time),
    sa.Column("last_used_at", Time),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("token_hash", Digest, primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("expires_at", Time, nullable=False),
    sa.Column("used_at", Time),
)

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("subject_kind", sa.Text, nullable=False),  # everyone, organization, team, user, link
    sa.Column("subject_id", sa.Text, nullable=False),  # "" for everyone
    sa.Column("thing_kind", sa.Text, nullable=False),  # dataset
    sa.Column("thing_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("since", Time, nullable=False),
    sa.Column("expires_at", Time),
    sa.UniqueConstraint("subject_kind", "subject_id", "thing_kind", "thing_id", "action"),
    sa.Index(None, "thing_kind", "thing_id"),
)

roots = sa.Table(
    "roots",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.UniqueConstraint("organization_id", "name"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("actor_id", Id),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("thing_kind", sa.Text, nullable=False),
    sa.Column("thing_id", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Index(None, "organization_id", "id"),
    sa.Index(None, "thing_kind", "thing_id", "id"),
    sa.Index(None, "actor_id", "id"),
)

notification_reads = sa.Table(
    "notification_reads",
    metadata,
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("until", Big, nullable=False),  # the newest event that was read; all before it are, too
)

opened = sa.Table(
    "opened",
    metadata,
    # Who opened which dataset for the first time when; without a row it is new to them.
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "dataset_id", Id, sa.ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    sa.Column("at", Time, nullable=False),
    sqlite_with_rowid=False,
)
