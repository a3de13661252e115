"""``protocol.toml``: the protocol, with every question in it, as it can be run again."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TypeGuard

from litsearch.review.protocol import Protocol

Value = str | int | float | tuple[str, ...]
_UNFIT = re.compile("[\x7f\ud800-\udfff]")  # what JSON holds as it is, and a TOML text can't


def toml(protocol: Protocol) -> str:
    """Questions that came from a file are written out, so that the copy needs no other file."""
    pieces = list(_table(replace(protocol, questions_file=""), ()))
    return "\n".join(pieces).strip("\n") + "\n"


def _table(table: object, path: tuple[str, ...]) -> Iterator[str]:
    """Its values, then the tables within; what is empty is left out, for that is what it is without."""
    values = [(field.name, getattr(table, field.name)) for field in fields(table)]  # type: ignore[arg-type]
    for name, value in values:
        if _is_value(value) and value not in ("", ()):
            yield f"{name} = {_written(value)}"
    for name, value in values:
        inner = (*path, name)
        if is_dataclass(value):
            body = list(_table(value, inner))
            if body or (path == () and name in ("search", "screening")):  # these mean something where empty
                yield from ("", f"[{'.'.join(inner)}]", *body)
        elif isinstance(value, tuple) and value and not _is_value(value):
            for each in value:
                yield from ("", f"[[{'.'.join(inner)}]]", *_table(each, inner))


def _is_value(value: object) -> TypeGuard[Value]:
    return isinstance(value, str | int | float) or (
        isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    )


def _written(value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_written(each) for each in value)}]"
    if isinstance(value, str):  # a JSON string is a basic string of TOML, but for what follows
        return _UNFIT.sub(lambda match: _escaped(match[0]), json.dumps(value, ensure_ascii=False))
    return str(value).lower()


def _escaped(character: str) -> str:
    return "\\u007f" if character == "\x7f" else "\\ufffd"
