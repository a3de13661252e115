"""Who screens the papers of a review, and what is made of it."""

import pytest
from batch import READS, Batch, script
from model_server import Answer, Fault, ModelServer, Request
from shelf import PAPERS

from litsearch.papers import Paper
from litsearch.review.result import ReviewResult
from litsearch.screening.decisions import Decisions
from litsearch.screening.screenings import Screening, create

QUESTION = '\n[[questions]]\nid = "gain"\nquestion = "Does query expansion improve sparse retrieval?"\n'
BY_USER = f'title = "T"\n{QUESTION}\n[screening]\nby = "user"\nname = "mine"\n'
BY_FEEDBACK = BY_USER.replace('"user"', '"feedback"') + "most = 2\n"
BY_MODEL = f'title = "Expansion"\ninclude = ["about retrieval"]\nexclude = ["about cities"]\n{QUESTION}'


@pytest.fixture
def mine(batch: Batch) -> Decisions:
    """A screening of the app, whose candidates are all papers."""
    create(batch.library, Screening("mine", "Does expansion help?"))
    return Decisions(batch.library, "mine")


def number(batch: Batch, key: str) -> int:
    found = batch.library.paper(key)
    assert found
    return found.id


def verdicts(result: ReviewResult) -> dict[str, tuple[str, str]]:
    return {paper.key: (paper.verdict, paper.by) for paper in result.screened}


def quoted(result: ReviewResult) -> set[str]:
    return {finding.quote.key for finding in result.findings}


def test_the_users_decisions_say_what_is_included_and_the_rest_is_counted(
    batch: Batch, mine: Decisions
) -> None:
    mine.decide(number(batch, "amsel2019"), "include")
    mine.decide(number(batch, "dorn2018"), "maybe")
    mine.decide(number(batch, "birke2021"), "exclude", "wrong outcome")
    result = batch.carry_out(BY_USER, model="")
    assert result.status == "complete"
    assert verdicts(result) == {
        "amsel2019": ("include", "user"),
        "dorn2018": ("maybe", "user"),
        "birke2021": ("exclude", "user"),
    }
    assert result.flow.excluded == (("wrong outcome", 1),)
    assert (result.flow.screened, result.flow.included) == (3, 2)
    assert result.flow.undecided == len(PAPERS) - 3
    assert "amsel2019" in quoted(result) <= {"amsel2019", "dorn2018"}
    assert {stored.key for stored in result.papers} == {"amsel2019", "dorn2018"}


def test_what_may_be_relevant_can_be_left_out(batch: Batch, mine: Decisions) -> None:
    mine.decide(number(batch, "amsel2019"), "include")
    mine.decide(number(batch, "dorn2018"), "maybe")
    result = batch.carry_out(f"{BY_USER}maybe = false\n", model="")
    assert quoted(result) == {"amsel2019"}
    assert result.flow.included == 1
    assert result.flow.excluded == (("not clearly relevant", 1),)
    assert [stored.key for stored in result.papers] == ["amsel2019"]


def test_a_screening_without_decisions_is_not_answered_from(batch: Batch, mine: Decisions) -> None:
    waiting = batch.carry_out(BY_USER, model="")
    assert waiting.status != "complete"
    assert waiting.findings == ()
    assert any("none of the papers was decided in the screening mine" in each for each in waiting.problems)
    mine.decide(number(batch, "amsel2019"), "include")
    carried_on = batch.carry_out(resume=waiting.manifest.review, model="")
    assert carried_on.status == "complete"
    assert quoted(carried_on) == {"amsel2019"}


def test_the_candidates_are_those_of_the_screening_that_meet_the_filters(batch: Batch) -> None:
    create(batch.library, Screening("mine", "q", candidates="retrieval"))
    decisions = Decisions(batch.library, "mine")
    for paper in batch.library.all():
        decisions.decide(paper.id, "include")
    result = batch.carry_out(f"{BY_USER}[filters]\nyear_from = 2019\n", model="")
    assert set(verdicts(result)) == {"amsel2019", "birke2021"}


def test_a_screening_that_is_not_there_is_told(batch: Batch) -> None:
    result = batch.carry_out(BY_USER, model="")
    assert result.status == "failed"
    assert any("no screening 'mine'" in problem for problem in result.problems)


def test_feedback_takes_in_the_papers_most_like_those_decided_for(batch: Batch, mine: Decisions) -> None:
    mine.decide(number(batch, "amsel2019"), "include")
    mine.decide(number(batch, "fink1999"), "exclude", "cities")
    result = batch.carry_out(BY_FEEDBACK, model="")
    found = verdicts(result)
    assert found["amsel2019"] == ("include", "user")
    assert found["fink1999"] == ("exclude", "user")
    learnt = {key for key, said in found.items() if said == ("include", "feedback")}
    assert learnt == {"birke2021", "dorn2018"}
    assert result.flow.included == 3


def test_feedback_learns_from_seeds_alone(batch: Batch) -> None:
    text = BY_FEEDBACK.replace('name = "mine"\n', "").replace('"T"', '"T"\nseeds = ["amsel2019"]')
    result = batch.carry_out(f"{text}[search]\neverything = true\n", model="")
    found = verdicts(result)
    assert found.pop("amsel2019") == ("include", "seed")
    assert set(found) == {"birke2021", "dorn2018"}


def test_an_update_learns_anew_and_keeps_to_the_number(batch: Batch, mine: Decisions) -> None:
    mine.decide(number(batch, "amsel2019"), "include")
    mine.decide(number(batch, "fink1999"), "exclude")
    first = batch.carry_out(BY_FEEDBACK, model="")
    mine.decide(number(batch, "dorn2018"), "exclude")
    mine.undo()
    mine.decide(number(batch, "birke2021"), "exclude", "harm is no gain")
    batch.add(Paper("Sparse retrieval with query expansion", PAPERS[0].abstract, year=2025, key="neu2025"))
    result = batch.carry_out(update=first.manifest.review, model="")
    found = verdicts(result)
    assert found["birke2021"] == ("exclude", "user")
    assert list(found.values()).count(("include", "feedback")) == 2
    assert found["neu2025"] == ("include", "feedback")


def test_a_decision_taken_back_is_not_taken_over(batch: Batch, mine: Decisions) -> None:
    mine.decide(number(batch, "amsel2019"), "include")
    mine.decide(number(batch, "dorn2018"), "include")
    first = batch.carry_out(BY_USER, model="")
    mine.undo()
    assert set(verdicts(batch.carry_out(update=first.manifest.review, model=""))) == {"amsel2019"}


def test_a_model_reads_no_more_than_the_most_promising(batch: Batch, model_server: ModelServer) -> None:
    result = batch.carry_out(
        f'{BY_MODEL}\n[search]\neverything = true\n[screening]\nby = "model"\nmost = 4\n'
    )
    assert result.status == "complete"
    assert model_server.steps().count("screen") == 4
    assert (result.flow.screened, result.flow.undecided) == (4, len(PAPERS) - 4)
    relevant = {paper.title for paper in result.screened if paper.verdict == "include"}
    assert len(relevant & set(READS)) >= 3


def test_a_paper_is_not_excluded_for_a_criterion_turned_round(
    batch: Batch, model_server: ModelServer
) -> None:
    def deny(request: Request) -> Answer:
        if request.step == "screen":
            return {"reason": "It is not about retrieval.", "criterion": "I1", "verdict": "exclude"}
        return script(request)

    model_server.script = deny
    result = batch.carry_out(f"{BY_MODEL}\n[search]\neverything = true\n")
    held = {paper.title for paper in result.screened if paper.verdict == "maybe"}
    assert held == {paper.title for paper in PAPERS if "retriev" in f"{paper.title} {paper.abstract}".lower()}
    assert all("not excluded" in paper.reason for paper in result.screened if paper.title in held)


def test_seeds_and_the_users_decisions_stand_before_the_models(
    batch: Batch, mine: Decisions, model_server: ModelServer
) -> None:
    mine.decide(number(batch, "amsel2019"), "exclude", "read it already")
    result = batch.carry_out(
        f'seeds = ["fink1999"]\n{BY_MODEL}\n[search]\nqueries = ["retrieval"]\n'
        '[screening]\nby = "model"\nname = "mine"\n'
    )
    found = verdicts(result)
    assert found["amsel2019"] == ("exclude", "user")
    assert found["fink1999"] == ("include", "seed")
    assert found["birke2021"] == ("include", "openai/scripted")
    asked = [request.text for request in model_server.requests if request.step == "screen"]
    assert not any("Expansion of cities" in text or "12.5 %" in text for text in asked)


def test_without_a_model_for_the_criteria_all_candidates_stay(batch: Batch) -> None:
    result = batch.carry_out(f'seeds = ["amsel2019"]\n{BY_MODEL}\n[search]\neverything = true\n', model="")
    assert result.status == "partial"
    assert any("not screened by the criteria" in problem for problem in result.problems)
    assert (result.flow.screened, result.flow.included, result.flow.undecided) == (1, len(PAPERS), 0)
    assert "birke2021" in quoted(result)


def test_nothing_is_answered_from_half_a_screening(batch: Batch, model_server: ModelServer) -> None:
    stopped = batch.carry_out(f"{BY_MODEL}\n[search]\neverything = true\n[budget]\nmax_calls = 5\n")
    assert stopped.status == "partial"
    assert model_server.steps() == ["screen"] * 5
    assert [each.error for each in stopped.questions] == ["it was not asked"]

    def down(request: Request) -> Answer:
        return Fault(401, message="no such key") if request.step == "screen" else script(request)

    model_server.script = down
    other = batch.carry_out(f'{BY_MODEL}\n[search]\nqueries = ["cities"]\n')
    assert other.findings == ()
    assert any("screen: " in problem for problem in other.problems)
