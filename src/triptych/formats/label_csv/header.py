"""Headers of label files: the reference's files have none, other tools write one; where it is, it is obeyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.core.names import ending, fold
from triptych.formats.pictures.kinds import PICTURE_ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = {
    "path": "filename file filepath path image imagename imagepath imageid imagefile img imgname name "
    "picture photo id stem chip chipid chipname tile tileid key",
    "class": "class classname label labels category categoryname labelname classes target diagnosis tag",
    "value": "value onehot present positive truth",
    "left": "x xleft left xmin minx x1 bboxx bboxxmin boxx",
    "top": "y ytop top ymin miny y1 bboxy bboxymin boxy",
    "width": "w width boxwidth bboxwidth bboxw boxw",
    "height": "h height boxheight bboxheight bboxh boxh",
    "right": "xmax maxx x2 right xright bboxxmax",
    "bottom": "ymax maxy y2 bottom ybottom bboxymax",
    "mask": "mask rle segmentation maskdata maskstring encodedmask encodedpixels",
    "center": "xcenter ycenter centerx centery cx cy xcentre ycentre",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}


class HeaderNotUnderstood(Exception):
    """A header names columns that cannot be made into labels; the message says which."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what. `box` are the columns of left, top, width, height, or of left, top, right,
    bottom where `corners`; `mask` those of width, height and mask; `ignored` are names of columns that are not
    read."""

    path: int
    name: int | None = None
    value: int | None = None
    box: tuple[int, int, int, int] | None = None
    corners: bool = False
    ignored: tuple[str, ...] = ()
    mask: tuple[int, int, int] | None = None

    def describe(self, header: list[str]) -> str:
        """The columns that are read, by the header's own words."""
        read = [self.path, *(column for column in (self.name, self.value) if column is not None)]
        read += self.box or self.mask or ()
        return ", ".join(header[column].strip() for column in read)


def _word(cell: str) -> str:
    return "".join(letter for letter in fold(cell) if letter.isalnum())


def columns_of(row: list[str], resolves: Callable[[str], bool]) -> Columns | None:
    """The columns that a first row names; None when the row is data.

    A row is a header when at least half of its cells are words for columns, among them one for pictures and
    one for classes (or four for boxes), and none names a picture. Raises HeaderNotUnderstood.
    """
    cells = [cell for cell in row if cell.strip()]
    if not cells or any(ending(cell.strip()) in PICTURE_ENDINGS or resolves(cell.strip()) for cell in cells):
        return None
    roles = [_ROLES.get(_word(cell)) for cell in row]
    known = sum(role is not None for role in roles)
    if "path" not in roles or known < len(cells) / 2 or ("class" not in roles and known < 5):
        return None
    return _columns(row, roles)


def _columns(row: list[str], roles: list[str | None]) -> Columns:
    at: dict[str, int] = {}
    for index, role in enumerate(roles):
        if role is not None:
            at.setdefault(role, index)
    if "center" in at:
        raise HeaderNotUnderstood("its header names the centres of boxes; left and top are needed")
    mask: tuple[int, int, int] | None = None
    corners = "right" in at and "bottom" in at
    ends = ("right", "bottom") if corners else ("width", "height")
    named = [at[role] for role in ("left", "top", *ends) if role in at]
    if len(named) == 4:
        box = (named[0], named[1], named[2], named[3])
        used = {at["path"], at.get("class", at["path"]), *box}
    elif "mask" in at and "width" in at and "height" in at and "left" not in at and "top" not in at:
        box, mask = None, (at["width"], at["height"], at["mask"])
        used = {at["path"], at.get("class", at["path"]), *mask}
    elif "left" in at or "top" in at or "right" in at or "bottom" in at:
        raise HeaderNotUnderstood("its header names only some of the four numbers of a box")
    else:
        box = None
        used = {at[role] for role in ("path", "class", "value") if role in at}
    if "class" not in at:
        raise HeaderNotUnderstood("its header names no column of classes")
    ignored = tuple(cell.strip() for index, cell in enumerate(row) if index not in used and cell.strip())
    value = at.get("value") if box is None and mask is None else None
    return Columns(at["path"], at["class"], value, box, corners and box is not None, ignored, mask)
