"""The pictures of templates, drawn here: coloured shapes on a soft ground, the same at every drawing."""

from __future__ import annotations

import io
import math
import random
from typing import NamedTuple

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 240, 180
FINE = 4
"""Shapes are drawn larger and then reduced, so that their edges are soft."""

INKS = {"disc": "#2F6FB3", "square": "#C8702A", "triangle": "#2E8B6A", "ring": "#8A4F9E", "star": "#C99A1E"}
GROUNDS = (
    ((250, 244, 232), (232, 222, 204)),
    ((236, 244, 248), (210, 224, 233)),
    ((240, 246, 236), (216, 228, 210)),
    ((247, 238, 244), (228, 214, 226)),
)
"""The colours at the top and at the bottom."""

BALL_HEIGHT, BALL_RADIUS = 0.2, 0.25
MARGIN = 6
CORNERS = {"square": 4, "triangle": 3, "star": 10}


class Shape(NamedTuple):
    """A shape: its kind, one of `INKS`, its centre and radius in pixels, its turn in radians."""

    kind: str
    x: float
    y: float
    radius: float
    turn: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width and height of what it covers, in whole pixels."""
        points = self.corners() or [
            (self.x + side * self.radius, self.y + side * self.radius) for side in (-1, 1)
        ]
        left, top = (math.floor(min(axis)) for axis in zip(*points, strict=True))
        right, bottom = (math.ceil(max(axis)) for axis in zip(*points, strict=True))
        return left, top, right - left, bottom - top

    def corners(self) -> list[tuple[float, float]]:
        """The corners in pixels; none for what is round."""
        count = CORNERS.get(self.kind, 0)
        reaches = [
            self.radius * (0.45 if self.kind == "star" and number % 2 else 1) for number in range(count)
        ]
        angles = [self.turn + 2 * math.pi * number / count for number in range(count)]
        return [
            (self.x + reach * math.cos(angle), self.y + reach * math.sin(angle))
            for reach, angle in zip(reaches, angles, strict=True)
        ]


def scatter(seed: str, kinds: list[str]) -> list[Shape]:
    """A shape of each kind somewhere in a picture, apart from the others; what finds no place is smaller."""
    chance = random.Random(seed)
    placed: list[Shape] = []
    for kind in kinds:
        reach = 52.0 if len(kinds) < 3 else 40.0
        while True:
            radius = chance.uniform(0.55, 1.0) * reach
            x = chance.uniform(radius + MARGIN, WIDTH - radius - MARGIN)
            y = chance.uniform(radius + MARGIN, HEIGHT - radius - MARGIN)
            if all(math.hypot(x - one.x, y - one.y) > radius + one.radius + MARGIN for one in placed):
                break
            reach *= 0.97
        placed.append(Shape(kind, x, y, radius, chance.uniform(0, 2 * math.pi)))
    return placed


def picture(shapes: list[Shape], ground: int = 0) -> bytes:
    """A PNG of 240 × 180 pixels with the shapes on one of `GROUNDS`."""
    image = _ground(*GROUNDS[ground % len(GROUNDS)])
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        corners = [(FINE * x, FINE * y) for x, y in shape.corners()]
        if corners:
            draw.polygon(corners, fill=INKS[shape.kind])
            continue
        left, top = FINE * (shape.x - shape.radius), FINE * (shape.y - shape.radius)
        round_box = (left, top, left + 2 * FINE * shape.radius, top + 2 * FINE * shape.radius)
        filled = INKS[shape.kind] if shape.kind == "disc" else None
        draw.ellipse(round_box, fill=filled, outline=INKS[shape.kind], width=int(FINE * shape.radius * 0.36))
    return _png(image.reduce(FINE))


def slice_of_ball(seed: str, height: float) -> bytes:
    """A gray PNG of 128 × 128 pixels: a body at the given height, -1 to 1, with a bright ball in some heights."""
    chance = random.Random(seed)
    side = 128 * FINE
    image = Image.new("L", (side, side), 16)
    draw = ImageDraw.Draw(image)
    tilt = chance.uniform(-0.12, 0.12)

    def ellipse(x: float, y: float, across: float, down: float, value: int) -> None:
        centre = ((0.5 + x / 2) * side, (0.5 + y / 2) * side)
        draw.ellipse(
            (
                centre[0] - across * side / 2, centre[1] - down * side / 2,
                centre[0] + across * side / 2, centre[1] + down * side / 2,
            ),
            fill=value,
        )  # fmt: skip

    body = math.sqrt(max(0.0, 1 - height**2))
    ellipse(tilt * height, 0, 0.82 * body, 0.92 * body, 108)
    for number in range(3):
        angle = chance.uniform(0, 2 * math.pi) + 2.6 * height
        reach = 0.42 * body
        size = 0.16 + 0.1 * number * (1 - abs(height))
        ellipse(reach * math.cos(angle), reach * math.sin(angle), size, 0.7 * size, 64 + 30 * number)
    across, down = chance.uniform(-0.3, 0.3), chance.uniform(-0.3, 0.3)
    ball = BALL_RADIUS**2 - (height - BALL_HEIGHT) ** 2
    if ball > 0:
        ellipse(across, down, 2 * math.sqrt(ball), 2 * math.sqrt(ball), 232)
    return _png(image.reduce(FINE))


def holds_ball(height: float) -> bool:
    """Whether the ball is seen in the slice at this height."""
    return abs(height - BALL_HEIGHT) < BALL_RADIUS


def _ground(above: tuple[int, int, int], below: tuple[int, int, int]) -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT * FINE))
    for row in range(HEIGHT * FINE):
        part = row / (HEIGHT * FINE - 1)
        mixed = (round(first + part * (last - first)) for first, last in zip(above, below, strict=True))
        column.putpixel((0, row), tuple(mixed))
    return column.resize((WIDTH * FINE, HEIGHT * FINE))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
