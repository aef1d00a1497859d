"""Tables of what rasters bring: footprints of chips, and tunes."""

import sqlalchemy as sa

from triptych.db.columns import Big, Digest, Id, Time, metadata

# Where and when a chip was taken. Rows are of the place that an item and its later rows share (`item_ids`), and are
# not versioned: they follow from the bytes and from the source's names.
footprints = sa.Table(
    "footprints",
    metadata,
    sa.Column("place", Big, primary_key=True, autoincrement=False),  # the first id of the place
    sa.Column("dataset_id", Id, nullable=False),
    # Degrees in WGS 84; west > east where it crosses the antimeridian. NULL: it is not known where it lies.
    sa.Column("west", sa.Double),
    sa.Column("south", sa.Double),
    sa.Column("east", sa.Double),
    sa.Column("north", sa.Double),
    sa.Column("outline", sa.JSON),  # GeoJSON Polygon or MultiPolygon, in degrees
    sa.Column("crs", sa.Text, nullable=False, server_default=""),  # "EPSG:32633", else a name or WKT
    sa.Column("zone", Big),  # of the smallest square of the map that holds it, as core.zones numbers them
    sa.Column("zone_level", sa.Integer),
    sa.Column("time", Time),
    sa.Column("scene", sa.Text),
    sa.Column(
        "ground_group", sa.Integer, nullable=False, server_default="0"
    ),  # overlaps others of this number
    sa.Index(None, "dataset_id", "zone"),
    sa.Index(None, "dataset_id", "time"),
)

# Measurements of a content that depend on how it is read, for `layers.reading`: with a value declared as nothing.
measures = sa.Table(
    "measures",
    metadata,
    sa.Column("sha256", Digest, primary_key=True),
    sa.Column("reading", sa.Text, primary_key=True),
    sa.Column("code_version", sa.Integer, primary_key=True),
    sa.Column("moments", sa.LargeBinary, nullable=False),
    sa.Column("histograms", sa.LargeBinary, nullable=False),
)

# What a model is to be trained on, and how: the form "Create New Tune".
tunes = sa.Table(
    "tunes",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("organization_id", Id, nullable=False),
    sa.Column("dataset_id", Id, nullable=False, index=True),
    sa.Column("dataset_version", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("task", sa.Text, nullable=False),
    sa.Column("base_model", sa.Text, nullable=False),
    sa.Column("template", sa.Text, nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("updated_at", Time, nullable=False),
    sa.UniqueConstraint("organization_id", "name"),
)
