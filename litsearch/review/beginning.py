"""What a review is begun with: settings that its protocol shapes, and what is needed to repeat it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version

from indexes.hybrid import HybridIndex
from indexes.types import LEGS
from litsearch.agent.recorded import SHAPE
from litsearch.clock import now
from litsearch.config import Settings, override
from litsearch.errors import ConfigError, RunError
from litsearch.library import Library
from litsearch.paths import default_prompts
from litsearch.review.protocol import Protocol
from litsearch.review.result import Manifest, PromptUsed
from prompts import NAMES, load


def shaped(protocol: Protocol, settings: Settings) -> Settings:
    """The settings with what the protocol says of models and depth. A model that it names reads and writes
    alone, unless it names others for that. Raises ConfigError."""
    chosen, budget = protocol.model, protocol.budget
    read, write = chosen.read, chosen.write
    if chosen.name is not None:
        read, write = read or "", write or ""
    return override(
        settings,
        model=chosen.name,
        model_read=read,
        model_write=write,
        rounds=chosen.rounds,
        queries=chosen.queries,
        max_papers=chosen.max_papers,
        rerank=chosen.rerank,
        entailment=chosen.entailment,
        concurrency=budget.concurrency,
        seed=protocol.seed,
    )


def manifest(
    settings: Settings, library: Library, index: HybridIndex, *, starter: bool, parent: str = ""
) -> Manifest:
    """As far as it is known at the beginning. Raises PromptError for a template that can't be used."""
    names = NAMES if settings.reading else ()
    templates = [load(name, default_prompts()) for name in names]
    models = dict.fromkeys(filter(None, (settings.reading, settings.writing)))
    return Manifest(
        review="",
        parent=parent,
        started_at=now(),
        finished_at="",
        version=version("litsearch-agent"),
        model=", ".join(models),
        rerank=settings.rerank,
        entailment=settings.entailment,
        prompts=tuple(PromptUsed(each.name, each.version, each.hash) for each in templates),
        encoders=tuple(f"{leg}: {encoder}" for leg in LEGS if (encoder := index.encoder(leg))),
        revision=library.revision(),
        papers=library.count(),
        starter=starter,
        seed=settings.seed,
    )


def to_json(settings: Settings, output: str) -> str:
    """What shapes the answers, and the folder that the outputs go to."""
    shape = {name: getattr(settings, name) for name in SHAPE}
    return json.dumps({"shape": shape, "output": output})


def from_json(text: str, settings: Settings) -> tuple[Settings, str]:
    """What was kept, over the settings of now. Raises RunError for what another version kept."""
    try:
        kept: Mapping[str, Mapping[str, object]] = json.loads(text)
        shape = {name: kept["shape"][name] for name in SHAPE}
        return replace(settings, **shape), str(kept["output"])  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(
            "This review was kept by another version and can't be carried on", "Run its protocol anew"
        ) from error


def limited_by(protocol: Protocol, other: Protocol) -> Protocol:
    """The protocol with the budgets of another one: what a review may spend can change, the rest can't."""
    return replace(protocol, budget=other.budget)


def limited(protocol: Protocol, **limits: float | None) -> Protocol:
    """The protocol with the limits in all that are given and not None. Raises ConfigError."""
    given = {name: value for name, value in limits.items() if value is not None}
    for name, value in given.items():
        if value < (1 if name == "concurrency" else 0):
            raise ConfigError(f"--{name.replace('_', '-')} can't be {value:g}")
    return replace(protocol, budget=replace(protocol.budget, **given)) if given else protocol  # type: ignore[arg-type]
