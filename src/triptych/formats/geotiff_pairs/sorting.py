"""The members of a source by what they are to a reader of rasters, from their names alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from triptych.core.names import ending
from triptych.formats.pictures.kinds import PICTURE_ENDINGS

if TYPE_CHECKING:
    from triptych.formats.base import SourceView

RASTERS = frozenset({".tif", ".tiff"})
VECTORS = frozenset({".geojson", ".gpkg"})


@dataclass(slots=True)
class Members:
    """Indices of members: TIFF files, PNG files, other pictures, tables, vector files, lists, and the rest."""

    rasters: list[int] = field(default_factory=list)
    pngs: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    vectors: list[int] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


def members_of(view: SourceView) -> Members:
    """All members that are not clutter, by their endings."""
    found = Members()
    for member in view.kept:
        end = ending(view.paths[member])
        if end in RASTERS:
            found.rasters.append(member)
        elif end == ".png":
            found.pngs.append(member)
        elif end in PICTURE_ENDINGS:
            found.pictures.append(member)
        elif end == ".csv":
            found.tables.append(member)
        elif end in VECTORS:
            found.vectors.append(member)
        elif end == ".txt":
            found.lists.append(member)
        else:
            found.others.append(member)
    return found
