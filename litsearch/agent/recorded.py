"""What the ledger keeps of a run beside its question, so that it can be carried on as it was begun."""

import json
from dataclasses import asdict, fields, replace
from typing import Any

from indexes.types import Filters
from litsearch.config import Settings
from litsearch.errors import RunError

# The rest are limits, and the caller's.
_SHAPE = ("model", "max_papers", "rounds", "queries", "pseudo_answers", "seed", "entailment", "rerank")


def to_json(settings: Settings, filters: Filters, *, starter: bool) -> str:
    shape = {name: getattr(settings, name) for name in _SHAPE}
    narrowed = asdict(filters) | {"ids": None if filters.ids is None else sorted(filters.ids)}
    return json.dumps({"settings": shape, "filters": narrowed, "starter": starter})


def from_json(text: str, settings: Settings) -> tuple[Settings, Filters, bool]:
    """The settings with the run's own where they shape it, its filters, and whether it read the starter
    library. Raises RunError for what an older or newer program kept."""
    try:
        kept: dict[str, Any] = json.loads(text)
        shape = {name: kept["settings"][name] for name in _SHAPE}
        narrowed = {field.name: _value(kept["filters"][field.name]) for field in fields(Filters)}
        if narrowed["ids"] is not None:
            narrowed["ids"] = frozenset(narrowed["ids"])
        return replace(settings, **shape), Filters(**narrowed), bool(kept["starter"])
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("This run was kept by another version and can't be carried on", "Ask again") from error


def _value(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value
