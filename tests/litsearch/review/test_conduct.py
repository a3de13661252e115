"""Whole reviews that a scripted model reads, through the real litellm and a real HTTP server."""

import pytest
from batch import GAIN, TEXT, Batch, call_key, essence, script
from model_server import Answer, Fault, ModelServer, Request
from shelf import PAPERS

from litsearch.errors import RunError
from litsearch.papers import Paper
from litsearch.review.conduct import Review
from litsearch.review.events import QuestionEnded, ReviewEvent, Screened

NO_MODEL = TEXT.replace('include = ["about retrieval"]\nexclude = ["about cities"]\n', "").replace(
    "[search]\neverything = true\n", ""
)


def test_a_review_goes_through_all_its_stages(batch: Batch, model_server: ModelServer) -> None:
    result = batch.carry_out()
    assert result.status == "complete"
    assert result.problems == ()
    assert result.flow.identified == (("made up", len(PAPERS)),)
    assert result.flow.screened == len(PAPERS)
    assert result.flow.included == 4
    assert result.flow.excluded == (("not met: about retrieval", len(PAPERS) - 4),)
    assert [each.id for each in result.questions] == ["gain", "cost", "dense"]
    assert all(each.answered and each.answered.sentences for each in result.questions)
    gain = next(row for row in result.extracted if row.key == "amsel2019").cells[0]
    assert gain.value == 12.5
    assert gain.quote is not None
    assert gain.quote.text == GAIN
    assert [sentence.findings for sentence in result.synthesis] == [(1,)]
    assert result.spent.calls == len(batch.call_keys())


def test_answers_are_made_of_the_included_papers_alone(batch: Batch, model_server: ModelServer) -> None:
    def strict(request: Request) -> Answer:
        if request.step == "screen" and "When expansion hurts" in request.text:
            return {"reason": "about cities", "criterion": "E1", "verdict": "exclude"}
        return script(request)

    model_server.script = strict
    result = batch.carry_out()
    assert ("about cities", 1) in result.flow.excluded
    assert "birke2021" not in {finding.quote.key for finding in result.findings}


def test_the_same_protocol_gives_the_same_result_and_calls_nobody(
    batch: Batch, model_server: ModelServer
) -> None:
    first = batch.carry_out()
    asked = len(model_server.requests)
    second = batch.carry_out()
    assert essence(first) == essence(second)
    assert len(model_server.requests) == asked
    assert second.spent.calls == 0


def test_a_stopped_review_is_carried_on_to_the_same_result(batch: Batch, model_server: ModelServer) -> None:
    def stop(review: Review, event: ReviewEvent) -> None:
        if isinstance(event, Screened):
            review.stop()

    stopped = batch.carry_out(watch=stop)
    assert stopped.status == "partial"
    assert any("stopped by the user" in problem for problem in stopped.problems)
    kept = batch.call_keys()
    asked = len(model_server.requests)
    result = batch.carry_out(resume=stopped.manifest.review)
    assert result.status == "complete"
    assert not kept & {call_key(request) for request in model_server.requests[asked:]}
    fresh = batch.carry_out()
    assert essence(result) == essence(fresh)


def test_a_complete_review_is_not_carried_on(batch: Batch) -> None:
    done = batch.carry_out()
    with pytest.raises(RunError, match="is complete"):
        batch.carry_out(resume=done.manifest.review)


def test_a_question_that_fails_fails_alone(batch: Batch, model_server: ModelServer) -> None:
    def broken(request: Request) -> Answer:
        if "dense encoders need" in request.text and request.step != "screen":
            return Fault(401, message="no")
        return script(request)

    model_server.script = broken
    result = batch.carry_out()
    assert result.status == "partial"
    assert [bool(each.answered) for each in result.questions] == [True, True, False]
    assert result.questions[2].error
    model_server.script = script
    assert batch.carry_out(resume=result.manifest.review).status == "complete"


def test_the_budget_in_all_is_never_overdrawn(batch: Batch, model_server: ModelServer) -> None:
    result = batch.carry_out(f"{TEXT}\n[budget]\nmax_calls = 30\n")
    assert result.status == "partial"
    assert result.spent.calls <= 30
    assert len(model_server.requests) <= 30
    assert any("limit" in problem for problem in result.problems)


def test_calls_of_all_questions_together_are_bounded(batch: Batch, model_server: ModelServer) -> None:
    batch.carry_out(f"{TEXT}\n[budget]\nconcurrency = 2\nquestions = 3\n")
    assert model_server.at_once <= 2


def test_without_a_model_there_are_quotes_and_what_the_record_says(batch: Batch) -> None:
    result = batch.carry_out(f'{NO_MODEL}\n[[extract]]\nname = "year"\ntype = "int"\n', model="")
    assert all(each.answered and each.answered.sentences for each in result.questions)
    assert result.synthesis == ()
    years = {row.key: row.cells[-1].value for row in result.extracted}
    assert years["amsel2019"] == 2019
    assert result.status == "partial"
    assert any("only one can tell" in problem for problem in result.problems)
    again = batch.carry_out(resume=result.manifest.review)
    assert (again.status, again.problems) == ("partial", result.problems)


def test_missing_seeds_end_it_before_it_costs_anything(batch: Batch, model_server: ModelServer) -> None:
    result = batch.carry_out(f'seeds = ["nobody2000"]\n{TEXT}')
    assert result.status == "failed"
    assert any("nobody2000" in problem for problem in result.problems)
    assert model_server.requests == []


def test_an_update_takes_over_what_nothing_new_bears_on(batch: Batch, model_server: ModelServer) -> None:
    before = batch.carry_out()
    asked = len(model_server.requests)
    again = batch.carry_out(update=before.manifest.review)
    assert again.manifest.parent == before.manifest.review
    assert len(model_server.requests) == asked
    assert {change for _, change in again.changes} == {"nothing new bears on it"}
    assert essence(again) == essence(before) or again.questions == before.questions

    new = Paper(
        "Feedback in sparse retrieval systems",
        f"A new study of retrieval. {GAIN.replace('12.5', '20')}.",
        year=2024,
        key="neu2024",
    )
    batch.add(new)
    screened: list[str] = []

    def watch(review: Review, event: ReviewEvent) -> None:
        if isinstance(event, QuestionEnded):
            screened.append(event.change)

    updated = batch.carry_out(update=again.manifest.review, watch=watch)
    steps = [request.step for request in model_server.requests[asked:]]
    assert steps.count("screen") == 1
    assert updated.flow.screened == len(PAPERS) + 1
    assert any(screened)


def test_a_review_of_another_library_is_not_gone_on_with(batch: Batch) -> None:
    review = batch.carry_out(NO_MODEL, model="", starter=True).manifest.review
    with pytest.raises(RunError, match="is of the starter library"):
        batch.carry_out(resume=review)
    with pytest.raises(RunError, match="is of the starter library"):
        batch.carry_out(update=review)
