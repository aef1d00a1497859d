"""What a modality is: how the pixels of an open layer are cut into tiles and patches, shown and measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from triptych.core.dataset import Modality as ModalityName
    from triptych.core.histogram import Histogram
    from triptych.core.raster import OpenLayer, Profile, Window


@dataclass(frozen=True, slots=True)
class TileGrid:
    """How a layer is cut into tiles. Level 0 is full resolution, each further level half of the one before.

    `width`, `height` are pixels at level 0; `tile` is the side of a tile; tiles at the right and lower edge
    are as small as what is left.
    """

    width: int
    height: int
    tile: int
    levels: int

    def size(self, level: int) -> tuple[int, int]:
        """Width and height in pixels of a level: ceil(size / 2**level)."""
        return -(-self.width >> level), -(-self.height >> level)

    def shape(self, level: int) -> tuple[int, int]:
        """Columns and rows of tiles of a level."""
        width, height = self.size(level)
        return -(-width // self.tile), -(-height // self.tile)


class Modality(Protocol):
    """A way to look at layers. Arrays come in canonical axes, in native depth."""

    @property
    def name(self) -> ModalityName:
        """Which of the modalities this is."""

    def accepts(self, profile: Profile) -> bool:
        """Whether layers with this profile can be looked at this way."""

    def grid(self, profile: Profile) -> TileGrid:
        """How such a layer is cut into tiles."""

    def tile(
        self, layer: OpenLayer, level: int, column: int, row: int, plane: int | None = None
    ) -> NDArray[Any]:
        """One tile of one plane; NotFound outside the grid."""

    def patches(self, profile: Profile, size: int) -> Sequence[Window]:
        """Windows of at most `size` along y and x that cover the layer once, in reading order."""

    def thumbnail(self, layer: OpenLayer, size: int) -> bytes:
        """A JPEG of at most `size` pixels along its longer side."""

    def measure(self, layer: OpenLayer) -> tuple[NDArray[np.float64], tuple[Histogram, ...]]:
        """Moments (bands, 6) and a histogram per band, as core.statistics has them."""
