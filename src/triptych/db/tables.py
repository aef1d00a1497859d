"""Every table. Rows of items, layers, annotations and assignments hold for the versions [since, until).

Times are seconds since 1970, UTC, as floats. Documents are JSON. Hashes of content are the 32 bytes of
SHA-256. Enumerations are stored by their values and checked in code, so that a new value needs no migration.
"""

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.db.columns import Big, Digest, Id, SortKey, Time, metadata, ranged
from triptych.db.geospatial_tables import footprints, measures, tunes
from triptych.db.people_tables import (
    events,
    grants,
    notification_reads,
    opened,
    organizations,
    roots,
    sessions,
    sign_in_links,
    team_members,
    teams,
    tokens,
    users,
)
from triptych.db.work_tables import (
    blobs,
    home_facts,
    job_batches,
    job_log,
    jobs,
    uploads,
    workers,
)

__all__ = [
    "FLAGGED",
    "NONE",
    "NO_NOTES",
    "annotation_rows",
    "annotation_sets",
    "assignments",
    "blobs",
    "classes",
    "contents",
    "datasets",
    "dicom_files",
    "events",
    "findings",
    "footprints",
    "grants",
    "hash_head",
    "home_facts",
    "items",
    "job_batches",
    "job_log",
    "jobs",
    "kept_files",
    "layers",
    "measures",
    "metadata",
    "notification_reads",
    "opened",
    "organizations",
    "renditions",
    "roots",
    "sessions",
    "sign_in_links",
    "sources",
    "splits",
    "tag_runs",
    "team_members",
    "teams",
    "tokens",
    "tunes",
    "uploads",
    "users",
    "versions",
    "workers",
]

datasets = sa.Table(
    "datasets",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("search_text", sa.Text, nullable=False),  # folded name, display name, description and tags
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),  # free metadata of the dataset
    sa.Column("modality", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column(
        "version", sa.Integer, nullable=False, server_default="0"
    ),  # the current one; 0: none published
    sa.Column("owner_id", Id, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("updated_at", Time, nullable=False),
    sa.Column("trashed_at", Time),
    sa.Column("state_before_trash", sa.Text),
    # Copies of the current version's counts, so that a list reads one table.
    sa.Column("items", sa.Integer, nullable=False, server_default="0"),
    sa.Column("studies", sa.Integer, nullable=False, server_default="0"),
    sa.Column("bytes", Big, nullable=False, server_default="0"),
    sa.Column("annotation_sets", sa.Integer, nullable=False, server_default="0"),
    sa.Column("tasks", sa.Text, nullable=False, server_default=""),  # in the order of the alphabet: "a b"
    sa.Column("samples", sa.JSON, nullable=False, server_default="[]"),  # hashes of up to three pictures
    sa.Column("sort_name", SortKey, nullable=False, server_default=""),  # of the display name
    sa.UniqueConstraint("organization_id", "name"),
    sa.Index(None, "organization_id", "created_at", "id"),
    sa.Index(None, "owner_id", "id"),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("dataset_id", Id, sa.ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("author_id", Id),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("content_hash", Digest, nullable=False),
    # Documents with `type` and `version`: counts and facets; training parameters and statistics per part.
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("statistics", sa.JSON, nullable=False),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("dataset_id", Id, sa.ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("job_id", Id, nullable=False),
    sa.Column("reference", sa.JSON, nullable=False),  # where it came from, as a SourceRef document
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("uploader_id", Id),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # the version that it was added in
    sa.Column("manifest", Digest),  # blob: path, size, time, hash and bin of every member
    sa.Column("imported", sa.Integer, nullable=False, server_default="0"),
    sa.Column("ignored", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rejected", sa.Integer, nullable=False, server_default="0"),
    sa.Column("files", sa.Integer, nullable=False, server_default="0"),
    sa.Column("bytes", Big, nullable=False, server_default="0"),  # of the imported files
    # Items up to this id have their keys in item_search; `indexed`: all of them.
    sa.Column("indexed_to", Big, nullable=False, server_default="0"),
    sa.Column("indexed", sa.Boolean, nullable=False, server_default=sa.false()),
)

kept_files = sa.Table(
    "kept_files",
    metadata,
    # Members of a source that are not items: label files, and what was ignored or rejected.
    sa.Column("source_id", Id, sa.ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("member", sa.Integer, primary_key=True),  # its place in the source's manifest
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("bytes", Big, nullable=False),
    sa.Column("bin", sa.Text, nullable=False),  # imported, ignored, rejected
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("sha256", Digest, index=True),  # NULL where its bytes could not be read or are not kept
    sqlite_with_rowid=False,
)

items = sa.Table(
    "items",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("dataset_id", Id, nullable=False),
    *ranged(),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("study", sa.Text, nullable=False),
    sa.Column("series", sa.Text),
    sa.Column("position", sa.Integer),
    sa.Column("bytes", Big, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("bit_depth", sa.Integer, nullable=False),
    sa.Column("bands", sa.Text, nullable=False),  # names joined by a space: "gray", "red green blue"
    # Groups that a split must not divide; 0: in none. Numbers are unique in the dataset, never across.
    sa.Column("duplicate_group", sa.Integer, nullable=False, server_default="0"),
    sa.Column("near_group", sa.Integer, nullable=False, server_default="0"),
    # A person whose items a split keeps together, as a keyed hash that means nothing outside the dataset.
    sa.Column("subject", sa.Text),
    sa.Column("flagged", sa.Boolean, nullable=False, server_default=sa.false()),  # has findings of its own
    # Their codes, sorted and joined by a space: few different texts, so that an index lists them by code.
    sa.Column("notes", sa.Text, nullable=False, server_default=""),
    sa.Column("source_id", Id, nullable=False),
    sa.Column("member", sa.Integer, nullable=False),  # its place in the source's manifest
    sa.Index(None, "dataset_id", "id"),
    sa.Index(None, "dataset_id", "key"),
    sa.Index(None, "dataset_id", "study", "id"),
    sa.Index(None, "dataset_id", "width", "height", "id"),
    sa.Index(None, "dataset_id", "bit_depth", "id"),
    sa.Index(None, "dataset_id", "bands", "id"),
)

# SQLite takes a partial index only where a statement spells its condition as the index does, numbers included,
# and surely only where the index fixes one column more than the plain one does.
NONE: sa.ColumnElement[int] = sa.literal_column("0")
NO_NOTES: sa.ColumnElement[str] = sa.literal_column("''")
FLAGGED = items.c.flagged.is_(sa.true())

for _name, _fixed, _rare in (
    ("flagged", items.c.flagged, FLAGGED),
    ("duplicate_group", items.c.duplicate_group, items.c.duplicate_group > NONE),
    ("near_group", items.c.near_group, items.c.near_group > NONE),
    ("series", items.c.series, items.c.series.is_not(None)),
    ("notes", items.c.notes, items.c.notes != NO_NOTES),
):
    sa.Index(
        f"ix_items_some_{_name}",
        items.c.dataset_id,
        _fixed,
        items.c.id,
        sqlite_where=_rare,
        postgresql_where=_rare,
    )

layers = sa.Table(
    "layers",
    metadata,
    sa.Column("item_id", Big, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("since", sa.Integer, primary_key=True),
    sa.Column("until", sa.Integer, nullable=False, server_default=str(OPEN_END)),
    sa.Column("role", sa.Text, nullable=False),  # core.dataset.Role; each item has one image
    sa.Column("format", sa.Text, nullable=False),  # how its bytes are read: jpeg, png, …
    sa.Column("dtype", sa.Text, nullable=False),  # numpy's name of a sample's type
    # Where its pixels are: exactly one of a blob, a tree, a path under a root, a remote address.
    sa.Column("sha256", Digest),
    sa.Column("location", sa.JSON),
    sa.Column("member", sa.Integer),  # its place in the source's manifest; NULL: that of its item
    sa.Column("reading", sa.Text, nullable=False, server_default=""),  # "": its content's own measurements
    sqlite_with_rowid=False,
)

# Hashes come in any order, so a batch of layers is written all over an index of them; one of their first four
# bytes has less than half the pages. A condition on sha256 alone reads every layer: `layer_hashes` names both.
hash_head: sa.ColumnElement[bytes] = sa.func.substr(
    layers.c.sha256, sa.literal_column("1"), sa.literal_column("4"), type_=sa.LargeBinary
)
sa.Index("ix_layers_sha256_head", hash_head)

# Tables whose keys are hashes keep SQLite's rowid: rows are appended, and only the slim index is hit at random.
contents = sa.Table(
    "contents",
    metadata,
    sa.Column("sha256", Digest, primary_key=True),
    sa.Column("code_version", sa.Integer, primary_key=True),
    sa.Column("bytes", Big, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),  # as seen, after the EXIF orientation
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("bands", sa.Text, nullable=False),
    sa.Column("dtype", sa.Text, nullable=False),
    sa.Column("bit_depth", sa.Integer, nullable=False),
    sa.Column("orientation", sa.Integer, nullable=False),
    sa.Column("pixel_hash", Digest, nullable=False),
    sa.Column("perceptual_hash", Big),  # 64 bits as a signed integer; NULL for a constant picture
    sa.Column("moments", sa.LargeBinary, nullable=False),
    sa.Column("histograms", sa.LargeBinary, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),  # findings of the file itself: [[code, detail], ...]
    sa.Column("frames", sa.Integer, nullable=False, server_default="1"),  # planes of a picture with several
    sa.Column("details", sa.JSON),  # what else its file says of the pixels: windows, rescale, spacing, …
    # How often each value occurs in a raster of one band with few values, packed as core.value_counts does.
    sa.Column("value_counts", sa.LargeBinary),
)

# What a DICOM file says of itself that is looked up; all other tags stand in tag_runs, and in the file.
dicom_files = sa.Table(
    "dicom_files",
    metadata,
    sa.Column("sha256", Digest, primary_key=True),
    sa.Column("code_version", sa.Integer, primary_key=True),
    sa.Column("sop_class", sa.Text, nullable=False),
    sa.Column("sop_uid", sa.Text, nullable=False, index=True),
    sa.Column("study_uid", sa.Text, nullable=False, index=True),
    sa.Column("series_uid", sa.Text, nullable=False, index=True),
    sa.Column("modality", sa.Text, nullable=False),
    sa.Column("body_part", sa.Text, nullable=False),
    sa.Column("study_date", sa.Text, nullable=False),
    sa.Column("study_title", sa.Text, nullable=False),
    sa.Column("series_title", sa.Text, nullable=False),
)

# Values of tags, each for a run of items that follow each other: most tags of a series are the same in all its
# slices. Runs cover the ids from `first_item` to `last_item`, later rows of the same items included, and are not
# versioned: a search meets them with the items that hold.
tag_runs = sa.Table(
    "tag_runs",
    metadata,
    sa.Column("dataset_id", Id, primary_key=True),
    sa.Column("tag", sa.Text, primary_key=True),  # keyword, or gggg,eeee of a private tag
    sa.Column("value", sa.Text, primary_key=True),  # folded, as it is searched
    sa.Column("first_item", Big, primary_key=True),
    sa.Column("last_item", Big, nullable=False),
    sa.Column("shown", sa.Text, nullable=False),  # as it is written
    sqlite_with_rowid=False,
)

renditions = sa.Table(
    "renditions",
    metadata,
    sa.Column("sha256", Digest, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),  # thumbnail-160, thumbnail-512, pyramid
    sa.Column("code_version", sa.Integer, primary_key=True),
    sa.Column("blob", Digest, nullable=False, index=True),
    sa.Column("media_type", sa.Text, nullable=False),
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("dataset_id", Id, nullable=False),
    *ranged(),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("examples", sa.JSON, nullable=False),
    sa.Index(None, "dataset_id", "id"),
)

annotation_sets = sa.Table(
    "annotation_sets",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("dataset_id", Id, nullable=False, index=True),
    *ranged(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("task", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),  # import, person, model
    sa.Column("source", sa.Text, nullable=False),  # the member that it came from
    sa.Column("layer", sa.Text, nullable=False, server_default=""),  # the layer that holds its pixels, if any
    sa.Column("created_at", Time, nullable=False),
)

classes = sa.Table(
    "classes",
    metadata,
    sa.Column("set_id", Big, primary_key=True),
    sa.Column("class_id", sa.Integer, primary_key=True),
    sa.Column("since", sa.Integer, primary_key=True),
    sa.Column("until", sa.Integer, nullable=False, server_default=str(OPEN_END)),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("color", sa.Text, nullable=False),
    sa.Column("opacity", sa.Double, nullable=False),
    sa.Column("weight", sa.Double),
    sa.Column(
        "ignore", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # its pixels are not learnt from
    sqlite_with_rowid=False,
)

annotation_rows = sa.Table(
    "annotations",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("set_id", Big, nullable=False),
    sa.Column("item_id", Big, nullable=False, index=True),
    *ranged(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("class_id", sa.Integer),  # NULL: looked at, nothing there
    sa.Column("value", sa.Double),
    sa.Column("x", sa.Double),  # boxes: left, top, width, height in pixels of the picture as it is seen
    sa.Column("y", sa.Double),
    sa.Column("width", sa.Double),
    sa.Column("height", sa.Double),
    sa.Column("geometry", sa.JSON),
    sa.Column("score", sa.Double),
    sa.Column("state", sa.Text, nullable=False, server_default="final"),
    sa.Column("author_id", Id),
    sa.Index(None, "set_id", "class_id", "item_id"),
)

splits = sa.Table(
    "splits",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    sa.Column("dataset_id", Id, nullable=False, index=True),
    *ranged(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("plan", sa.JSON, nullable=False),  # how it was made: ratios, seed, grouping, and what leaks
)

assignments = sa.Table(
    "assignments",
    metadata,
    sa.Column("split_id", Big, primary_key=True),
    sa.Column("item_id", Big, primary_key=True),
    sa.Column("since", sa.Integer, primary_key=True),
    sa.Column("until", sa.Integer, nullable=False, server_default=str(OPEN_END)),
    sa.Column("part", sa.Text, nullable=False),
    sa.Index(None, "split_id", "part", "item_id", "until"),  # all that a walk over a part reads
    sqlite_with_rowid=False,
)
