"""How a split is made: what a person may ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass

from triptych.core.blocks import LEAST_SIZE
from triptych.core.errors import InvalidInput
from triptych.core.split import RATIOS

BY = ("group", "study", "scene", "block", "time", "item")
"""What stays whole: everything that belongs together, studies alone, scenes, blocks of the ground, moments, or
nothing."""

FARTHEST = 20_040_000.0
"""Metres: half way round the Earth."""

LONGEST = 1e10
"""Seconds: some 300 years."""


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """How a split is made.

    `block_size` is the side of a block in metres, None for one that fits; `buffer` how far train keeps away from
    validation and test, in metres; `time_gap` how much time lies between parts, in seconds.
    """

    name: str = "default"
    ratios: tuple[float, ...] = RATIOS
    seed: int = 0
    by: str = "group"
    block_size: float | None = None
    buffer: float = 0.0
    time_gap: float = 0.0

    def check(self) -> None:
        """InvalidInput: `bad_grouping` for an unknown grouping, `bad_split_option` for what does not go with it."""
        if self.by not in BY:
            raise InvalidInput(
                f"There is no grouping “{self.by}”.",
                code="bad_grouping",
                hint=f"Take one of {', '.join(BY)}.",
            )
        self._check_option("block size", self.block_size, ("block",), LEAST_SIZE, FARTHEST, "metres")
        self._check_option("buffer", self.buffer or None, ("block", "scene"), 0.0, FARTHEST, "metres")
        self._check_option("time gap", self.time_gap or None, ("time",), 0.0, LONGEST, "seconds")

    def _check_option(
        self, what: str, value: float | None, ways: tuple[str, ...], least: float, most: float, unit: str
    ) -> None:
        if value is None:
            return
        if self.by not in ways:
            raise InvalidInput(
                f"A {what} belongs to a split by {' or '.join(ways)}, not by {self.by}.",
                code="bad_split_option",
                hint=f"Leave the {what} out, or split by {ways[0]}.",
            )
        if not (math.isfinite(value) and least <= value <= most):
            raise InvalidInput(
                f"The {what} {value:g} does not lie between {least:g} and {most:,.0f} {unit}.",
                code="bad_split_option",
                hint=f"Give the {what} in {unit}.",
            )
