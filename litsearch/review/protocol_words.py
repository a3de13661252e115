"""What is wrong with a protocol, in words: where, what, and the nearest right name."""

import difflib
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from litsearch.review.toml_lines import Path

_KINDS: Mapping[str, str] = {
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "a text in quotation marks",
    "tuple_type": "a list in square brackets",
    "dataclass_type": "a table",
}
_SHOWN = 60  # characters of a wrong value


@dataclass(frozen=True, slots=True)
class Problem:
    """``line`` is from 1; None for the file as a whole."""

    file: str
    line: int | None
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.message.rstrip('.')}" + (f". {self.hint}" if self.hint else "")


def explained(error: Mapping[str, Any], root: type) -> tuple[str, str]:
    """A validation error of pydantic as message and hint. ``root`` is the type that was validated."""
    loc: Path = error["loc"]
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    name = named(loc)
    if kind == "unexpected_keyword_argument":
        known = names_at(loc[:-1], root)
        return f"there is no setting {str(loc[-1])!r}{_inside(loc[:-1])}", nearest(str(loc[-1]), known)
    if kind == "missing":
        return f"{str(loc[-1])!r} is missing{_inside(loc[:-1])}", ""
    if kind in ("literal_error",):
        options = [option.strip("'") for option in context["expected"].replace(" or ", ", ").split(", ")]
        said = f"{name} must be one of {', '.join(options)}, and is {_shown(value)}"
        return said, nearest(str(value), options, listed=False)
    if kind == "greater_than_equal":
        return f"{name} must be at least {context['ge']:g}, and is {_shown(value)}", ""
    if kind == "less_than_equal":
        return f"{name} must be at most {context['le']:g}, and is {_shown(value)}", ""
    if kind in ("string_too_short", "too_short"):
        return f"{name} is empty", ""
    if kind in ("string_too_long", "too_long"):
        return f"{name} is too long: {context['max_length']:,} characters are the most", ""
    wanted = _KINDS.get(kind)
    if wanted:
        hint = f"Put it in square brackets: [{_shown(value)}]" if kind == "tuple_type" else ""
        if kind == "tuple_type" and isinstance(value, dict):
            hint = f"Write [[{name}]], with two brackets on each side"
        return f"{name} must be {wanted}, and is {_shown(value)}", hint
    return f"{name}: {error['msg']}", ""


def named(loc: Path) -> str:
    """``questions[2].filters.year_from``: positions count from 1."""
    words = ""
    for part in loc:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def nearest(name: str, known: Sequence[str], *, listed: bool = True) -> str:
    """The nearest right name, or what there is."""
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]}?"
    return f"There are {', '.join(known)}" if listed and known else ""


def names_at(loc: Path, root: type) -> list[str]:
    """The settings that a table may have."""
    kind: Any = root
    for part in loc:
        kind = _element(kind) if isinstance(part, int) else _bare(get_type_hints(kind).get(part))
        if kind is None:
            return []
    return [field.name for field in fields(kind)] if is_dataclass(kind) else []


def _element(kind: Any) -> Any:
    return _bare(get_args(kind)[0]) if get_origin(kind) is tuple else None


def _bare(kind: Any) -> Any:
    """The type without its constraints and without None."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(option for option in get_args(kind) if option is not types.NoneType))
    return kind


def _inside(loc: Path) -> str:
    return f" in {named(loc)}" if loc else ""


def _shown(value: object) -> str:
    words = str(value).lower() if isinstance(value, bool) else repr(value)
    return words if len(words) <= _SHOWN else words[:_SHOWN] + " ..."
