"""A run that begins with the evidence of an earlier one."""

import pytest
from model_server import Answer, ModelServer, Request
from shelf import QUESTION, Shelf, of

from litsearch.agent import recorded
from litsearch.agent.events import Answered, Continued, Event, Failed, Planned, Started
from litsearch.agent.expand import NEAR
from litsearch.agent.follow_up import together

MODEL = "openai/scripted"
GAIN = "Query expansion with feedback terms improved sparse retrieval by 12.5 % on five test collections"
LOSS = "query expansion did not improve sparse retrieval for long questions"
ASKED = "Does query expansion improve sparse retrieval for long questions?"


def script(request: Request) -> Answer:
    hurts = "When expansion hurts" in request.text
    long = "for long questions?" in request.text
    match request.step:
        case "follow_up":
            return {"question": ASKED}
        case "plan":
            return {"queries": [{"text": "feedback", "purpose": "terms"}]}
        case "pseudo_answers":
            return {"answers": ["Expansion helps."]}
        case "judge":
            first = "Query expansion for sparse retrieval" in request.text
            return {"reason": "by its title", "relevance": 3 if (hurts if long else first) else 0}
        case "distill":
            if hurts:
                return {"findings": [{"claim": "Not for long ones.", "quote": LOSS, "stance": "contradicts"}]}
            return {"findings": [{"claim": "It gained 12.5%.", "quote": GAIN, "stance": "supports"}]}
        case "gaps":
            return {"queries": []}
        case "questions":
            return {"questions": []}
        case "compose":
            return {"sentences": [{"text": "It did not help for long questions.", "findings": [2]}]}
        case "claims":
            return {"claims": []}
        case _:
            return {"reason": "they say so", "verdict": "supported"}


def run_of(events: list[Event]) -> str:
    [started] = of(Started, events)
    return str(started.run)


def test_the_evidence_stays_and_is_added_to(shelf: Shelf, model_server: ModelServer) -> None:
    model_server.script = script
    earlier = run_of(shelf.ask(model=MODEL))
    events = shelf.ask("And for long ones?", model=MODEL, continues=earlier)
    [continued] = of(Continued, events)
    assert (continued.run, continued.question, continued.asked) == (earlier, QUESTION, ASKED)
    assert [finding.quote.text for finding in continued.findings] == [GAIN]
    [answered] = of(Answered, events)
    assert {finding.quote.text for finding in answered.findings} >= {GAIN, LOSS}
    assert len({finding.number for finding in answered.findings}) == len(answered.findings)
    assert [sentence.text for sentence in answered.sentences] == ["It did not help for long questions."]
    assert f"continues {earlier}" in answered.extent.statement
    assert ASKED not in answered.extent.statement
    assert "And for long ones?" in answered.extent.statement


def test_kept_quotes_are_unjudged_towards_another_question(shelf: Shelf, model_server: ModelServer) -> None:
    model_server.script = script
    earlier = run_of(shelf.ask(model=MODEL))
    [other] = of(Continued, shelf.ask("And for long ones?", model=MODEL, continues=earlier))
    assert {finding.stance for finding in other.findings} == {"unjudged"}
    [same] = of(Continued, shelf.ask(QUESTION, model=MODEL, continues=earlier))
    assert {finding.stance for finding in same.findings} == {"supports"}


def test_relevant_papers_of_the_earlier_run_drive_the_search(shelf: Shelf) -> None:
    earlier = run_of(shelf.ask())
    events = shelf.ask("Do caches of web pages help people?", continues=earlier)
    assert any(query.purpose == NEAR for query in of(Planned, events)[0].queries)


def test_without_a_model_the_answer_has_only_quotes_for_what_is_asked_now(shelf: Shelf) -> None:
    earlier = run_of(shelf.ask())
    events = shelf.ask("Do caches keep web pages that people read?", continues=earlier)
    [answered] = of(Answered, events)
    assert [sentence.text for sentence in answered.sentences] == [
        "“Caches keep the pages that many people read close to them.”"
    ]
    assert any(finding.quote.key == "amsel2019" for finding in answered.findings)
    assert len({finding.number for finding in answered.findings}) == len(answered.findings)


def test_a_follow_up_can_be_followed(shelf: Shelf) -> None:
    one = run_of(shelf.ask())
    two = run_of(shelf.ask("Do caches keep web pages that people read?", continues=one))
    [three] = of(Continued, shelf.ask("Do cities expand along railway lines?", continues=two))
    assert {"amsel2019", "esche2001"} <= {finding.quote.key for finding in three.findings}


def test_a_quote_that_the_library_has_no_longer_is_not_kept(shelf: Shelf) -> None:
    earlier = run_of(shelf.ask())
    [kept] = of(Continued, shelf.ask(continues=earlier))
    shelf.library.remove(["amsel2019"])
    [left] = of(Continued, shelf.ask(continues=earlier))
    assert {f.quote.key for f in kept.findings} - {f.quote.key for f in left.findings} == {"amsel2019"}


def test_the_ledger_links_the_runs_and_resuming_begins_with_the_same(
    shelf: Shelf, model_server: ModelServer
) -> None:
    model_server.script = script
    earlier = run_of(shelf.ask(model=MODEL))
    stopped = shelf.ask("And for long ones?", model=MODEL, continues=earlier[:8], max_calls=4)
    run = run_of(stopped)
    assert recorded.continues(shelf.ledger.run(run).settings) == earlier
    resumed = shelf.ask(resume=run)
    assert of(Continued, resumed) == of(Continued, stopped)


def test_a_run_that_is_not_there_ends_it_before_it_begins(shelf: Shelf) -> None:
    [failed] = shelf.ask(continues="nobody")
    assert isinstance(failed, Failed)
    assert failed.fatal
    assert not shelf.ledger.runs()


def test_the_starter_library_is_another_one(shelf: Shelf) -> None:
    earlier = run_of(shelf.ask(starter=True))
    [failed] = shelf.ask(continues=earlier)
    assert isinstance(failed, Failed)
    assert "starter library" in failed.message


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("And in women?", False),
        ("What about long queries?", False),
        ("Why is it slower?", False),
        ("In children?", False),
        ("Does tea raise blood pressure?", True),
        ("How do dense encoders compress vectors", True),
    ],
)
def test_a_question_that_leans_on_the_earlier_one_is_put_after_it(question: str, *, alone: bool) -> None:
    assert together("Does coffee help?", question) == (question if alone else f"Does coffee help? {question}")
