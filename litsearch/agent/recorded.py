"""What the ledger keeps of a run beside its question, so that it can be carried on as it was begun."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from indexes.types import Filters
from litsearch.agent.ledger import RunRecord
from litsearch.config import Settings
from litsearch.errors import RunError

_FIRST = ("model", "max_papers", "rounds", "queries", "pseudo_answers", "seed", "entailment", "rerank")
_LATER = ("model_read", "model_write")  # empty in runs that were kept before these were known
SHAPE = (*_FIRST, *_LATER)
"""The settings that shape a run, or a review; the rest are limits, and the caller's."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What shapes a run beside its question."""

    settings: Settings
    filters: Filters
    starter: bool  # it asks the starter library
    continues: str = ""  # id of the run whose evidence it begins with
    review: bool = False  # it ends in a review
    queries: tuple[str, ...] = ()  # of the user's own


def to_json(kept: Kept) -> str:
    shape = {name: getattr(kept.settings, name) for name in SHAPE}
    ids = None if kept.filters.ids is None else sorted(kept.filters.ids)
    narrowed = asdict(kept.filters) | {"ids": ids}
    values = {"settings": shape, "filters": narrowed, "starter": kept.starter}
    values |= {"continues": kept.continues, "review": kept.review, "queries": kept.queries}
    return json.dumps(values)


def from_json(text: str, settings: Settings) -> Kept:
    """What was kept, over the settings of now. Raises RunError for what an older or newer program kept."""
    try:
        kept: dict[str, Any] = json.loads(text)
        shape = {name: kept["settings"][name] for name in _FIRST}
        shape |= {name: kept["settings"].get(name, "") for name in _LATER}
        narrowed = {field.name: _value(kept["filters"][field.name]) for field in fields(Filters)}
        if narrowed["ids"] is not None:
            narrowed["ids"] = frozenset(narrowed["ids"])
        return Kept(
            replace(settings, **shape),
            Filters(**narrowed),
            bool(kept["starter"]),
            kept.get("continues", ""),
            bool(kept.get("review")),
            tuple(kept.get("queries", ())),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunError("This run was kept by another version and can't be carried on", "Ask again") from error


def check_library(record: RunRecord, settings: Settings, *, starter: bool) -> None:
    """Raises RunError where the run asked the starter library and this one is the user's own, or the other
    way round: it can't be resumed here."""
    asked = from_json(record.settings, settings).starter
    if asked != starter:
        raise RunError(
            f"The run {record.id} asked {'the starter library' if asked else 'your own library'}",
            "Your library has changed too much since; ask the question again",
        )


def continues(text: str) -> str:
    """The id of the run that what was kept continues, empty where none is known."""
    try:
        return str(json.loads(text).get("continues", ""))
    except (AttributeError, ValueError):
        return ""


def _value(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value
