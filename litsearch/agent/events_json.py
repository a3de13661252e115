"""Events as JSON, for the ledger and for whoever reads the stream from outside."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Literal, Union, cast, get_args, get_origin, get_type_hints

from litsearch.agent.events import Event
from litsearch.errors import RunError


def to_json(event: Event) -> dict[str, object]:
    """The event as values that JSON can hold, flat, with its type's name: ``{"type": "Searched", ...}``."""
    return {"type": type(event).__name__} | {
        field.name: _plain(getattr(event, field.name)) for field in fields(event)
    }


def from_json(body: Mapping[str, object]) -> Event:
    """The event that :func:`to_json` gave these values for.

    Raises:
        RunError: the type is unknown, or the values don't fit it.
    """
    kind = _KINDS.get(str(body.get("type")))
    if kind is None:
        raise RunError(
            f"An event of the unknown type {body.get('type')!r}",
            "A newer litsearch may have written it: update this one",
        )
    try:
        return cast(Event, _build(kind, {name: value for name, value in body.items() if name != "type"}))
    except (TypeError, ValueError) as error:
        raise RunError(f"A damaged event of the type {kind.__name__}: {error}") from error


_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event)}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind)


def _build(kind: type, values: object) -> object:
    if not isinstance(values, dict):
        raise TypeError(f"expected an object, found {values!r}")
    hints = _hints(kind)
    if unknown := values.keys() - hints.keys():
        raise ValueError(f"unknown field {min(unknown)!r}")
    return kind(**{name: _read(hints[name], value) for name, value in values.items()})


def _read(kind: object, value: object) -> object:
    """``value`` as the annotation ``kind`` says; only the kinds that events use."""
    origin, options = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _read(options[0], value)
    if origin is Literal:
        if value not in options:
            raise ValueError(f"{value!r} is none of {', '.join(options)}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError(f"expected a list, found {value!r}")
        return tuple(_read(options[0], item) for item in value)
    if isinstance(kind, type) and is_dataclass(kind):
        return _build(kind, value)
    if type(value) is kind or (kind is float and type(value) is int):
        return value
    raise TypeError(f"expected {kind}, found {value!r}")
