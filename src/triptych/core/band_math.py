"""Arithmetic of bands: a small language of expressions, parsed without ever being run as code.

    (B08 - B04) / (B08 + B04)          where(VV < -15, 1, 0)          'band-8A' * 2

Numbers, names of bands, + - * /, parentheses, comparisons within where(), and the functions of `FUNCTIONS`. A name
that is no identifier stands in quotes; b1, b2, … are the bands by their place in the file, from 1, where no band is
called so. What has no value (a division by zero, the root of a negative number) is NaN.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

LONGEST = 500
"""Characters of an expression."""

DEEPEST = 40
"""How far its parts may be nested."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w.]))|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<quoted>'[^'\"\\\n]+'|\"[^'\"\\\n]+\")|(?P<sign><=|>=|==|!=|[-+*/(),<>]))",
    re.ASCII,
)

FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "min": (2, np.minimum),
    "max": (2, np.maximum),
    "abs": (1, np.abs),
    "sqrt": (1, np.sqrt),
    "log": (1, np.log),
    "where": (3, np.where),
}
"""Names with how many values they take; log is the natural one, where(condition, then, else) chooses."""

_OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. `bands` are the places in the file, from 0, that it needs, in rising order."""

    text: str
    bands: tuple[int, ...]
    _tree: ast.expr
    _places: Mapping[str, int]

    def evaluate(self, values: Mapping[int, NDArray[Any]]) -> NDArray[np.float64]:
        """The expression over arrays of one shape, one for each place of `bands`; NaN where it has no value.

        Values that are missing are NaN in the arrays, and stay so wherever the result rests on them.
        """
        names = {name: np.asarray(values[place], np.float64) for name, place in self._places.items()}
        with np.errstate(all="ignore"):
            found = np.asarray(_value(self._tree, names), np.float64)
        shape = np.broadcast_shapes(found.shape, *(each.shape for each in names.values()))
        found = np.broadcast_to(found, shape).copy()
        found[~np.isfinite(found)] = math.nan
        # Comparisons with NaN are false, so that where() would find a value for a pixel that has none.
        for each in names.values():
            found[np.isnan(np.broadcast_to(each, shape))] = math.nan
        return found


def parse(text: str, bands: Sequence[str]) -> Expression:
    """The expression of a text over bands in the order of the file; InvalidInput `bad_expression` says what is
    wrong, and where."""
    if len(text) > LONGEST:
        raise _bad(f"it has more than {LONGEST} characters")
    _check_tokens(text)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _bad(f"“{text[:80]}” does not read as a formula") from None
    names: dict[str, int] = {}
    _check(tree, bands, names)
    return Expression(text, tuple(sorted(set(names.values()))), tree, names)


def name_in_expression(band: str) -> str:
    """A band's name as an expression writes it: in quotes unless it is an identifier that means nothing else."""
    plain = (
        re.fullmatch(r"[A-Za-z_]\w*", band, re.ASCII)
        and band not in FUNCTIONS
        and not keyword.iskeyword(band)
    )
    return band if plain else f"'{band}'"


def _check_tokens(text: str) -> None:
    """Refuse what is no part of the language before Python's parser sees it; it knows much more, and warns."""
    at, previous = 0, ""
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _bad(f"“{text[at : at + 20].strip()}” at character {at + 1} is no part of it")
        if found["name"] and keyword.iskeyword(found["name"]):
            raise _bad(f"“{found['name']}” is written in quotes where it is the name of a band")
        if found["quoted"] and previous == "quoted":
            raise _bad("two names stand side by side")
        previous = found.lastgroup or ""
        at = found.end()
    if not text.strip():
        raise _bad("it is empty")


def _check(tree: ast.expr, bands: Sequence[str], names: dict[str, int]) -> None:
    """Refuse all but the nodes of the language; notes which bands are named."""
    waiting: list[tuple[ast.expr, int, bool]] = [(tree, 0, False)]
    while waiting:
        node, depth, condition = waiting.pop()
        if depth > DEEPEST:
            raise _bad(f"it is nested more than {DEEPEST} deep")
        if isinstance(node, ast.Compare) != condition:
            raise _bad("a comparison stands first in where(), and nowhere else")
        waiting += [(part, depth + 1, asked) for part, asked in _parts(node, bands, names)]


def _parts(node: ast.expr, bands: Sequence[str], names: dict[str, int]) -> list[tuple[ast.expr, bool]]:
    """What a node is made of, and whether each is to be a condition."""
    match node:
        case ast.Name(id=name) | ast.Constant(value=str(name)):
            names[name] = _place(name, bands)
            return []
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            if not math.isfinite(number):
                raise _bad("a number is too large")
            return []
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return [(operand, False)]
        case ast.BinOp(op=op, left=left, right=right) if type(op) in _OPERATORS:
            return [(left, False), (right, False)]
        case ast.Compare(ops=[op], left=left, comparators=[right]) if type(op) in _OPERATORS:
            return [(left, False), (right, False)]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            if len(args) != FUNCTIONS[name][0]:
                raise _bad(f"{name}() takes {FUNCTIONS[name][0]} values, not {len(args)}")
            return [(part, name == "where" and index == 0) for index, part in enumerate(args)]
        case ast.Call(func=ast.Name(id=name)):
            raise _bad(f"there is no function “{name}”; there are {', '.join(FUNCTIONS)}")
    raise _bad("it holds more than numbers, bands, + - * / and functions")


def _place(name: str, bands: Sequence[str]) -> int:
    if name in bands:
        return bands.index(name)
    numbered = re.fullmatch(r"b([1-9]\d{0,4})", name, re.ASCII)
    if numbered and int(numbered[1]) <= len(bands):
        return int(numbered[1]) - 1
    shown = ", ".join(bands[:20]) + (", …" if len(bands) > 20 else "")
    raise _bad(f"there is no band “{name}”; there are {shown}")


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Name(id=name) | ast.Constant(value=str(name)):
            return names[name]
        case ast.Constant(value=number):
            return np.float64(number)  # type: ignore[arg-type]
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](_value(operand, names))
        case ast.BinOp(op=op, left=left, right=right):
            return _OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.Compare(ops=[op], left=left, comparators=[right]):
            return _OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name][1](*(_value(part, names) for part in args))
    raise AssertionError(f"{type(node).__name__} passed the check")


def _bad(why: str) -> InvalidInput:
    return InvalidInput(
        f"The expression cannot be used: {why}.",
        code="bad_expression",
        hint="Write one like (B08 - B04) / (B08 + B04), with names of this raster's bands.",
    )
