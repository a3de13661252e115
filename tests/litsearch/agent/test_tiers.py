"""Two models for one run: one reads, one writes."""

from dataclasses import replace
from pathlib import Path

from model_server import Answer, ModelServer, Request
from shelf import Shelf, of

from indexes.types import Filters
from litsearch.agent import recorded
from litsearch.agent.events import Answered, Started
from litsearch.config import Settings

READS, WRITES = "openai/reader", "openai/writer"
GAIN = "Query expansion with feedback terms improved sparse retrieval by 12.5 % on five test collections"
WRITTEN = {"compose", "claims", "revise"}


def script(request: Request) -> Answer:
    first = "Query expansion for sparse retrieval" in request.text
    match request.step:
        case "plan":
            return {"queries": [{"text": "feedback", "purpose": "terms"}]}
        case "pseudo_answers":
            return {"answers": ["Expansion helps."]}
        case "judge":
            return {"reason": "by its title", "relevance": 3 if first else 0}
        case "distill":
            return {"findings": [{"claim": "It gained 12.5%.", "quote": GAIN, "stance": "supports"}]}
        case "gaps" | "questions":
            return {request.step.replace("gaps", "queries"): []}
        case "compose" | "revise":
            return {"sentences": [{"text": "Query expansion gained 12.5%.", "findings": [1]}]}
        case "claims":
            return {"claims": []}
        case _:
            return {"reason": "they say so", "verdict": "supported"}


def asked(server: ModelServer) -> dict[str, set[str]]:
    """The models that were asked, and for which steps."""
    steps: dict[str, set[str]] = {}
    for request in server.requests:
        steps.setdefault(f"openai/{request.body['model']}", set()).add(request.step)
    return steps


def test_each_tier_has_its_own_model(shelf: Shelf, model_server: ModelServer) -> None:
    model_server.script = script
    events = shelf.ask(model_read=READS, model_write=WRITES)
    steps = asked(model_server)
    assert steps[WRITES] <= WRITTEN
    assert {"plan", "judge", "distill", "questions", "verify"} <= steps[READS]
    assert not steps[READS] & WRITTEN
    [started] = of(Started, events)
    assert (started.model, started.writer) == (READS, WRITES)
    [answered] = of(Answered, events)
    assert f"The model was {READS}" in answered.extent.statement
    assert f"{WRITES} wrote." in answered.extent.statement
    assert shelf.ledger.run(started.run).model == f"{READS}, {WRITES}"


def test_one_model_serves_whatever_names_no_other(shelf: Shelf, model_server: ModelServer) -> None:
    model_server.script = script
    [started] = of(Started, shelf.ask(model=READS, model_write=WRITES))
    assert (started.model, started.writer) == (READS, WRITES)
    [alone] = of(Started, shelf.ask(model_write=WRITES))
    assert (alone.model, alone.writer) == (WRITES, "")


def test_a_run_that_is_carried_on_keeps_both(shelf: Shelf) -> None:
    begun = Settings(Path("a"), model="openai/x", model_read=READS, model_write=WRITES)
    now = replace(begun, model="openai/y", model_read="", model_write="openai/z")
    kept = recorded.to_json(recorded.Kept(begun, Filters(), starter=False))
    carried = recorded.from_json(kept, now)
    assert (carried.settings.reading, carried.settings.writing) == (READS, WRITES)
    older = kept.replace(f', "model_read": "{READS}", "model_write": "{WRITES}"', "")
    assert older != kept
    assert recorded.from_json(older, now).settings.writing == "openai/x"
