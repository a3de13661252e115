"""JSON as untrusted input: objects, and the names and identifiers in them."""

import json

import orjson

from litsearch.cleaning import clean_text
from litsearch.identifiers import parse_identifier
from litsearch.importers.drafts import as_text
from litsearch.importers.splitting import RecordError
from litsearch.names import parse_name, split_names
from litsearch.papers import Author, Identifier


def load_object(text: str) -> dict[str, object]:
    """The object that the text is; RecordError where it is none."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _load_loosely(text)
    if not isinstance(value, dict):
        raise RecordError("the record is not a JSON object in braces")
    return value


def _load_loosely(text: str) -> object:
    """What orjson refuses and the standard library takes: NaN, huge numbers, halves of surrogate pairs."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordError(
            f"the record is not valid JSON: {error.msg} at character {error.pos + 1}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise RecordError(
            "the record is not usable JSON: a number is too long or it is nested too deep"
        ) from error


def text_of(value: object) -> str:
    """A text, or of a list its first: some services wrap single values in lists."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    return as_text(value)


def authors_of(value: object) -> tuple[Author, ...]:
    """Authors from a list of names, a list of objects with name parts, or one text of several names."""
    if isinstance(value, str):
        value = split_names(value)
    if not isinstance(value, list):
        return ()
    authors = [parse_name(one) if isinstance(one, str) else _author(one) for one in value]
    return tuple([author for author in authors if author.family])


def _author(value: object) -> Author:
    if not isinstance(value, dict):
        return parse_name(as_text(value))
    if whole := text_of(value.get("literal") or value.get("name")):
        return Author(clean_text(whole)) if value.get("literal") else parse_name(whole)
    parts = [
        clean_text(text_of(value.get(part, ""))) for part in ("non-dropping-particle", "family", "suffix")
    ]
    given = [clean_text(text_of(value.get(part, ""))) for part in ("given", "dropping-particle")]
    family = " ".join(filter(None, parts))
    return Author(family, " ".join(filter(None, given))) if family else Author(" ".join(filter(None, given)))


def identifiers_of(value: object) -> list[Identifier | None]:
    """Identifiers from ``["doi:10.1/x"]``, ``[{"scheme": …, "value": …}]`` or ``{"doi": "10.1/x"}``."""
    if isinstance(value, dict):
        value = [f"{scheme}:{text_of(one)}" for scheme, one in value.items()]
    if not isinstance(value, list):
        return []
    return [
        parse_identifier(
            f"{one.get('scheme', '')}:{one.get('value', '')}" if isinstance(one, dict) else as_text(one)
        )
        for one in value
    ]
