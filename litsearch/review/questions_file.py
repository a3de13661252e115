"""Questions read from a file beside the protocol: CSV with a heading, JSON Lines, or a text of one a line."""

import csv
import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from litsearch.errors import ConfigError
from litsearch.review.protocol import Scope

_LISTS = ("authors", "venues", "sources", "tags", "collections")
_YEARS = ("year_from", "year_to")
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_SCOPE = [field.name for field in fields(Scope)]

Row = tuple[int, dict[str, Any]]
"""The line where a question starts, from 1, and what is said of it as the protocol itself would."""


def rows(path: Path) -> Iterator[Row]:
    """The questions of a file, unchecked. Lists within a field of a CSV file are parted by semicolons.

    Raises:
        ConfigError: the file can't be read, or is of no known kind.
        ValueError: a line can't be read; its message begins with the line's number.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"the file of questions {path.name} can't be read: {said}") from error
    kinds = {".csv": _of_csv, ".jsonl": _of_json_lines, ".txt": _of_text}
    read = kinds.get(path.suffix.lower())
    if read is None:
        raise ConfigError(f"the file of questions {path.name} must end in {', '.join(kinds)}")
    yield from read(text)


def _of_text(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, {"question": line.strip()}


def _of_json_lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            raise ValueError(f"{number}: not valid JSON: {error}") from error
        if not isinstance(found, dict):
            raise ValueError(f"{number}: a question must be a JSON object")
        yield number, found


def _of_csv(text: str) -> Iterator[Row]:
    lines = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        heading = [name.strip().lower() for name in next(lines, [])]
        before = lines.line_num
        for row in lines:
            start, before = before + 1, lines.line_num
            if len(row) > len(heading):
                raise ValueError(f"{start}: {len(row)} fields under a heading of {len(heading)}")
            if any(value.strip() for value in row):
                yield start, _question(dict(zip(heading, (value.strip() for value in row), strict=False)))
    except csv.Error as error:
        raise ValueError(f"{lines.line_num}: not valid CSV: {error}") from error


def _question(given: dict[str, str]) -> dict[str, Any]:
    """Columns of the scope go into its table; empty ones say nothing."""
    said: dict[str, Any] = {name: value for name, value in given.items() if value and name not in _SCOPE}
    scope = {name: _value(name, given[name]) for name in _SCOPE if given.get(name)}
    return said | ({"filters": scope} if scope else {})


def _value(name: str, text: str) -> object:
    if name in _LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if name in _YEARS and text.isdecimal():
        return int(text)
    return _TRUTHS.get(text.lower(), text) if name == "has_abstract" else text
