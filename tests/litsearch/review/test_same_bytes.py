"""The same protocol on the same library and cache gives the same folder, but for its manifest."""

import json
from pathlib import Path

import pytest
from batch import TEXT, Batch, script
from model_server import Answer, Fault, ModelServer, Request

from litsearch.review import outputs
from litsearch.review.conduct import Review
from litsearch.review.events import QuestionEnded, ReviewEvent
from litsearch.review.record import Record
from litsearch.review.result import ReviewResult


def files(batch: Batch, result: ReviewResult, folder: Path) -> dict[str, bytes]:
    """What is written, but for the manifest."""
    stages = Record.named(batch.ledger, result.manifest.review).events()
    outputs.write(result, folder, batch.ledger.events, stages)
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name != "manifest.json"}


@pytest.mark.parametrize("model", ["openai/scripted", ""])
def test_two_reviews_of_one_protocol_have_the_same_bytes(batch: Batch, tmp_path: Path, model: str) -> None:
    one, other = (
        files(batch, batch.carry_out(TEXT, model=model), tmp_path / name) for name in ("one", "other")
    )
    assert [name for name in one if one[name] != other[name]] == []
    assert len(one) == 17


def test_one_that_was_carried_on_has_the_bytes_of_one_that_was_not(batch: Batch, tmp_path: Path) -> None:
    def stop(review: Review, event: ReviewEvent) -> None:
        if isinstance(event, QuestionEnded):
            review.stop()

    stopped = batch.carry_out(watch=stop)
    assert stopped.status == "partial"
    resumed = batch.carry_out(resume=stopped.manifest.review)
    one, other = (
        files(batch, result, tmp_path / folder)
        for result, folder in ((resumed, "one"), (batch.carry_out(), "other"))
    )
    assert [name for name in one if one[name] != other[name]] == []


def test_what_failed_at_first_stands_where_it_belongs(
    batch: Batch, tmp_path: Path, model_server: ModelServer
) -> None:
    def failing(request: Request) -> Answer:
        unlucky = {"screen": "Caching web pages", "extract": "When expansion hurts"}.get(request.step)
        return Fault(400) if unlucky and unlucky in request.text else script(request)

    model_server.script = failing
    failed = batch.carry_out()
    assert failed.status == "partial"
    model_server.script = script
    resumed = batch.carry_out(resume=failed.manifest.review)
    assert resumed.status == "complete"
    fresh = batch.carry_out()
    one, other = files(batch, resumed, tmp_path / "one"), files(batch, fresh, tmp_path / "other")
    assert [name for name in one if one[name] != other[name]] == []


def test_the_ledgers_file_has_the_stages_and_the_runs(batch: Batch, tmp_path: Path) -> None:
    lines = files(batch, batch.carry_out(), tmp_path / "out")["ledger.jsonl"].splitlines()
    kinds = [json.loads(line)["type"] for line in lines]
    stages = ["Begun", "Identified", "Deduplicated", "Screened", "QuestionEnded", "Extracted", "Synthesised"]
    assert [kind for kind in dict.fromkeys(kinds) if kind in stages] == stages
    assert kinds.count("Screened") == 12
    assert kinds.count("Answered") == kinds.count("QuestionEnded") == 3
