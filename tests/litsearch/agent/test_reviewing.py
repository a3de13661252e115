"""Runs that end in a review: outline, sections, the papers compared, limits."""

from collections.abc import Mapping
from typing import Any

import pytest
from model_server import Answer, Fault, ModelServer, Request
from shelf import Shelf, of

from litsearch.agent.events import Answered, Event, Failed, Outlined, Review, Sectioned, Started

MODEL = "openai/scripted"
READS: Mapping[str, tuple[str, str]] = {
    "Query expansion for sparse retrieval": (
        "Query expansion with feedback terms improved sparse retrieval by 12.5 % on five test collections",
        "supports",
    ),
    "When expansion hurts": (
        "query expansion did not improve sparse retrieval for long questions",
        "contradicts",
    ),
    "Feedback in sparse retrieval systems": (
        "It makes sparse retrieval systems find more relevant papers at a small cost in speed",
        "supports",
    ),
}
OUTLINE = {"sections": [{"title": "Gain and loss", "claims": [1]}, {"title": "The cost", "claims": [2]}]}


def script(request: Request) -> Answer:
    title = next((title for title in READS if title in request.text), "")
    match request.step:
        case "plan":
            return {"queries": [{"text": "feedback", "purpose": "terms"}]}
        case "pseudo_answers":
            return {"answers": ["Expansion helps."]}
        case "judge":
            return {"reason": "by its title", "relevance": 3 if title else 0}
        case "distill":
            quote, stance = READS[title]
            found = {"quote": quote, "claim": quote, "stance": stance, "method": "five test collections"}
            return {"findings": [found]}
        case "gaps" | "questions":
            return {"queries": [], "questions": []}
        case "claims":
            return {
                "claims": [
                    {"claim": "Expansion improves retrieval.", "supports": [1], "contradicts": [2]},
                    {"claim": "It costs speed.", "supports": [3]},
                ]
            }
        case "outline":
            return OUTLINE
        case "section":
            gain = "Section: Gain and loss" in request.text
            return {
                "sentences": [
                    {"text": "Expansion improved sparse retrieval by 12.5 %.", "findings": [1]},
                    {"text": "For long questions expansion did not improve it.", "findings": [2]},
                ]
                if gain
                else [{"text": "Systems find more papers at a small cost in speed.", "findings": [3]}]
            }
        case "compose":
            return {
                "sentences": [{"text": "Expansion improved sparse retrieval by 12.5 %.", "findings": [1]}]
            }
        case _:
            return {"reason": "they say so", "verdict": "supported"}


def but(**answers: Answer) -> Any:
    return lambda request: answers[request.step] if request.step in answers else script(request)


def ask(shelf: Shelf, server: ModelServer, script: Any = script, **options: Any) -> list[Event]:
    server.script = script
    return shelf.ask(model=MODEL, review=True, concurrency=1, **options)


def review(events: list[Event]) -> Review:
    [answered] = of(Answered, events)
    assert answered.review is not None
    found: Review = answered.review
    return found


def texts(found: Review) -> dict[str, list[str]]:
    return {section.title: [each.text for each in section.sentences] for section in found.sections}


def test_a_section_is_written_from_its_own_evidence(shelf: Shelf, model_server: ModelServer) -> None:
    events = ask(shelf, model_server)
    found = review(events)
    assert texts(found) == {
        "Gain and loss": [
            "Expansion improved sparse retrieval by 12.5 %.",
            "For long questions expansion did not improve it.",
        ],
        "The cost": ["Systems find more papers at a small cost in speed."],
    }
    assert {sentence.status for section in found.sections for sentence in section.sentences} == {"supported"}
    [gain, cost] = [request.text for request in model_server.requests if request.step == "section"]
    assert "small cost in speed" not in gain
    assert "12.5" not in cost
    [outlined] = of(Outlined, events)
    assert [heading.title for heading in outlined.sections] == list(texts(found))


def test_papers_are_compared_by_what_they_say_themselves(shelf: Shelf, model_server: ModelServer) -> None:
    rows = {study.key: study for study in review(ask(shelf, model_server)).studies}
    assert rows["amsel2019"].method == "five test collections"
    assert rows["birke2021"].method == ""
    assert (rows["amsel2019"].stance, rows["birke2021"].stance) == ("supports", "contradicts")


def test_the_limits_have_the_coverage_and_what_is_contested(shelf: Shelf, model_server: ModelServer) -> None:
    events = ask(shelf, model_server)
    [answered] = of(Answered, events)
    limits = review(events).limits
    assert limits.endswith(answered.extent.statement)
    assert "3 quotes from titles and abstracts of 3 papers" in limits
    assert "1 claim is contested" in limits


def test_a_sentence_without_support_is_dropped(shelf: Shelf, model_server: ModelServer) -> None:
    foreign = {
        "sentences": [
            {"text": "Expansion improved sparse retrieval by 99 %.", "findings": [1]},
            {"text": "Expansion improved sparse retrieval by 12.5 %.", "findings": [1]},
            {"text": "Systems find more papers at a small cost in speed.", "findings": [3]},
        ]
    }
    events = ask(shelf, model_server, but(section=foreign))
    assert texts(review(events)) == {
        "Gain and loss": ["Expansion improved sparse retrieval by 12.5 %."],
        "The cost": ["Systems find more papers at a small cost in speed."],
    }
    reasons = [dropped.reason for each in of(Sectioned, events) for dropped in each.dropped]
    assert any("99" in reason for reason in reasons)


def test_a_section_whose_sentences_all_fail_has_its_quotes(shelf: Shelf, model_server: ModelServer) -> None:
    refused = {"reason": "it says more", "verdict": "not"}
    events = ask(shelf, model_server, but(verify=refused))
    found = review(events)
    assert all(text.startswith("“") for own in texts(found).values() for text in own)
    assert {each.status for section in found.sections for each in section.sentences} == {"quoted"}
    assert [failed.step for failed in of(Failed, events)] == ["compose", "section", "section"]


@pytest.mark.parametrize("step", ["outline", "section"])
def test_what_the_model_fails_at_the_program_does(shelf: Shelf, model_server: ModelServer, step: str) -> None:
    events = ask(shelf, model_server, but(**{step: Fault(400)}))
    assert step in {failed.step for failed in of(Failed, events)}
    found = review(events)
    assert found.sections
    assert all(section.sentences for section in found.sections)


def test_claims_that_the_outline_forgets_or_names_twice_are_told_once(
    shelf: Shelf, model_server: ModelServer
) -> None:
    outline = {
        "sections": [{"title": "One", "claims": [1, 1, 9]}, {"title": "As 30 trials say", "claims": [1]}]
    }
    found = review(ask(shelf, model_server, but(outline=outline)))
    assert sorted(number for section in found.sections for number in section.claims) == [1, 2]
    assert [section.title for section in found.sections] == ["One", "Further evidence"]


def test_a_title_says_no_more_than_the_quotes(shelf: Shelf, model_server: ModelServer) -> None:
    outline = {"sections": [{"title": "What 30 trials of Smith et al. found", "claims": [1, 2]}]}
    found = review(ask(shelf, model_server, but(outline=outline)))
    assert [section.title for section in found.sections] == ["Expansion improves retrieval."]


def test_a_budget_that_ends_leaves_quotes_for_what_was_not_written(
    shelf: Shelf, model_server: ModelServer
) -> None:
    whole = ask(shelf, model_server)
    before = [request.step for request in model_server.requests].index("section")
    calls = before + 1  # the first section, and no verdict on it
    [answered] = of(Answered, shelf.ask(model=MODEL, review=True, concurrency=1, max_calls=calls, seed=1))
    assert not answered.complete
    assert answered.review is not None
    assert [section.title for section in answered.review.sections] == list(texts(review(whole)))
    assert answered.review.sections[-1].sentences[0].text.startswith("“")


def test_without_a_model_a_review_is_quotes_in_order(shelf: Shelf) -> None:
    events = shelf.ask(review=True)
    found = review(events)
    assert found.sections
    assert {sentence.status for section in found.sections for sentence in section.sentences} == {"quoted"}
    assert {study.stance for study in found.studies} == {"unjudged"}
    assert "Nobody compared what the quotes say" in found.limits


def test_without_evidence_there_is_no_review(shelf: Shelf) -> None:
    found = review(shelf.ask("How do whales sing underwater?", review=True))
    assert (found.sections, found.studies) == ((), ())
    assert found.limits.startswith("There is no evidence")


def test_an_answer_alone_has_no_review(shelf: Shelf) -> None:
    [answered] = of(Answered, shelf.ask())
    assert answered.review is None


def test_a_review_that_was_stopped_is_carried_on_as_one(shelf: Shelf, model_server: ModelServer) -> None:
    [started] = of(Started, ask(shelf, model_server, max_calls=5))
    assert texts(review(shelf.ask(resume=started.run, max_calls=200))).keys() == {"Gain and loss", "The cost"}
