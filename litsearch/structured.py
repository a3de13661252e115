"""From a model's text to a checked value: the form that is asked for, and lenient reading of what came.

Pure, and forgiving only about what surrounds the JSON (thoughts, prose, code fences): what is in it must
fit, or the model is asked again.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)

_DECODER = json.JSONDecoder(strict=False)  # small models break lines inside strings
_MOST_STARTS = 50  # places where an object may start that are tried: bounds the work on nonsense
_MOST_PROBLEMS = 3  # named to the model at once


class ReplyError(ValueError):
    """A reply that does not fit; the message is written for the model, to mend it by."""


def form(reply_type: type[BaseModel]) -> str:
    """The shape of a reply on one line, as ``{"relevance": 0 | 1 | 2 | 3, "reason": string}``: a tenth of
    its JSON schema in tokens, and small models copy it better."""
    schema = reply_type.model_json_schema()
    return _form(schema, schema.get("$defs", {}))


def parse(text: str, reply_type: type[T]) -> T:
    """The first JSON object in the text that fits.

    Raises:
        ReplyError: there is none; says what is wrong with the first object.
    """
    text = text.rpartition("</think>")[2]
    problem = ""
    for found in _objects(text):
        try:
            return reply_type.model_validate(found)
        except ValidationError as error:
            problem = problem or _problems(error)
    if problem:
        raise ReplyError(problem)
    if "{" in text:
        raise ReplyError("the JSON in it is damaged or does not end")
    raise ReplyError("there is no JSON object in it" if text.strip() else "it is empty")


def _objects(text: str) -> Iterator[Mapping[str, object]]:
    """The outermost JSON objects of a text, in order."""
    position = 0
    for _ in range(_MOST_STARTS):
        position = text.find("{", position)
        if position < 0:
            return
        try:
            found, position = _DECODER.raw_decode(text, position)
            yield found
        except (ValueError, RecursionError):
            position += 1


def _problems(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    named = [
        f"{'.'.join(map(str, one['loc'])) or 'the object'}: {one['msg']}" for one in found[:_MOST_PROBLEMS]
    ]
    return "; ".join(named)


def _form(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _form(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    match schema.get("type"):
        case "object":
            inner = ", ".join(
                f'"{name}": {_form(part, definitions)}' for name, part in schema["properties"].items()
            )
            return f"{{{inner}}}"
        case "array":
            return f"[{_form(schema['items'], definitions)}, ...]"
        case "integer" if "maximum" in schema:
            return " | ".join(str(value) for value in range(schema["minimum"], schema["maximum"] + 1))
    return str(schema["type"])
