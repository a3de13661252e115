"""The JSON schema of a protocol, for editors: shipped as ``protocol.schema.json`` beside this module."""

import json
from typing import Any

from pydantic import TypeAdapter

from litsearch.review.protocol import ID_PATTERN, Protocol

FILE = "protocol.schema.json"


def schema() -> dict[str, Any]:
    """As the protocol's own types have it, with the pattern of a question's id. TOML has no null, so what
    may be left out is of its one type."""
    made: dict[str, Any] = _without_null(TypeAdapter(Protocol).json_schema())
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "A protocol of litsearch review"
    made["$defs"]["Question"]["properties"]["id"]["pattern"] = f"^{ID_PATTERN}$"
    return made


def text() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _without_null(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_null(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {
        name: _without_null(value)
        for name, value in part.items()
        if not (name == "default" and value is None)
    }
    options = kept.pop("anyOf", None)
    if options is not None:
        [option] = [option for option in options if option != {"type": "null"}]
        kept |= option
    return kept
