"""Whole runs that no model reads."""

import asyncio
import re
from dataclasses import replace

import pytest
from shelf import PAPERS, Shelf, of

from indexes.types import Filters
from litsearch.agent.events import (
    Answered,
    Distilled,
    Drafted,
    Failed,
    Grouped,
    Judged,
    Planned,
    Searched,
    Spent,
    Started,
    Verified,
)
from litsearch.agent.expand import ASKED, FEEDBACK, NAMES, NEAR, SIMILAR
from litsearch.agent.loop import ask
from litsearch.papers import Paper

ODD_QUESTIONS = ["AND OR NOT", "title:", "the of and", "日本語の検索", "a" * 4000, "query " * 660]
NO_QUESTIONS = ["", " \t\n", "?", '"', "+", "💥", "\ud800\x00", "query expansion " * 1000]


def test_a_question_is_answered_by_quotes(shelf: Shelf) -> None:
    events = shelf.ask()
    answered = events[-1]
    assert isinstance(answered, Answered)
    assert answered.complete
    assert {reference.key for reference in answered.references} == {"amsel2019", "birke2021", "dorn2018"}
    quotes = [finding.quote.text for finding in answered.findings]
    assert (
        "Query expansion with feedback terms improved sparse retrieval by 12.5 % on five test collections."
        in quotes
    )
    for sentence in answered.sentences:
        assert sentence.status == "quoted"
        assert sentence.text.strip("“”") in [" ".join(quote.split()) for quote in quotes]


def test_the_stages_come_in_their_order(shelf: Shelf) -> None:
    kinds = list(dict.fromkeys(type(event) for event in shelf.ask()))
    assert kinds == [Started, Planned, Searched, Judged, Distilled, Drafted, Verified, Grouped, Answered]


def test_it_says_plainly_that_no_model_read(shelf: Shelf) -> None:
    events = shelf.ask()
    answered = events[-1]
    assert isinstance(answered, Answered)
    assert "No model read anything" in answered.extent.statement
    assert {judged.judge for judged in of(Judged, events)} == {"program"}
    assert {finding.judge for finding in answered.findings} == {"program"}
    assert {finding.stance for finding in answered.findings} == {"unjudged"}
    assert of(Spent, events) == []


def test_the_question_is_searched_with_feedback_and_again_from_what_was_found(shelf: Shelf) -> None:
    events = shelf.ask()
    assert [planned.round for planned in of(Planned, events)] == [1, 2]
    assert [search.round for search in of(Searched, events)] == [1, 1, 2, 2]
    assert [search.purpose for search in of(Searched, events)] == [ASKED, FEEDBACK, SIMILAR, NEAR]
    assert of(Searched, events)[0].legs == ("bm25", "sparse")


@pytest.mark.parametrize(
    "question",
    [
        "What is the best pasta recipe?",
        "best pasta recipe for beginners",
        "How do bees dance?",
        "What is the capital of France?",
        "Does aspirin improve survival?",
        "Do cities sleep?",
    ],
)
def test_an_off_topic_question_gets_no_answer(shelf: Shelf, question: str) -> None:
    events = shelf.ask(question)
    answered = events[-1]
    assert isinstance(answered, Answered)
    assert answered.sentences == ()
    assert answered.findings == ()
    assert re.match(r"[1-3] search(es)? ", answered.extent.statement)


@pytest.mark.parametrize("question", ODD_QUESTIONS)
def test_any_question_comes_to_an_end(shelf: Shelf, question: str) -> None:
    events = shelf.ask(question)
    assert isinstance(events[-1], Answered)
    assert of(Failed, events) == []


@pytest.mark.parametrize("question", NO_QUESTIONS)
def test_what_is_no_question_is_said_so_and_not_kept(shelf: Shelf, question: str) -> None:
    [failed] = shelf.ask(question)
    assert isinstance(failed, Failed)
    assert failed.fatal
    assert "question" in failed.message
    assert failed.hint
    assert shelf.ledger.runs() == []


def test_what_can_not_be_shown_is_taken_out_of_a_question(shelf: Shelf) -> None:
    started = of(Started, shelf.ask("Does \x1b[31mquery\ud800 expan\u202esion\x07\n improve  retrieval?"))[0]
    assert started.question == "Does query expansion improve retrieval?"


def test_an_empty_library_gives_no_answer(empty_shelf: Shelf) -> None:
    answered = empty_shelf.ask()[-1]
    assert isinstance(answered, Answered)
    assert answered.sentences == ()
    assert "found 0 papers" in answered.extent.statement


def test_the_same_question_gives_the_same_events(shelf: Shelf) -> None:
    first, second = shelf.ask(), shelf.ask()
    assert first[1:] == second[1:]


def test_passages_that_say_the_same_are_taken_once(shelf: Shelf) -> None:
    text = "Query expansion with feedback terms improved sparse retrieval by 12.5 % on five test collections!"
    shelf.add(*(Paper(f"Copy number {n} of an expansion study", text) for n in range(20)))
    answered = shelf.ask()[-1]
    assert isinstance(answered, Answered)
    assert "birke2021" in {reference.key for reference in answered.references}
    assert sum("12.5 %" in sentence.text for sentence in answered.sentences) == 1


def test_a_summary_of_ours_is_never_shown_as_the_papers(empty_shelf: Shelf) -> None:
    empty_shelf.add(*(replace(paper, is_summary=True) for paper in PAPERS))
    answered = empty_shelf.ask(starter=True)[-1]
    assert isinstance(answered, Answered)
    assert answered.sentences
    assert all(sentence.text.startswith("litsearch's summary of “") for sentence in answered.sentences)
    assert all(finding.quote.is_summary for finding in answered.findings)
    assert all(reference.is_summary for reference in answered.references)
    assert "not the paper" in answered.extent.statement


def test_a_paper_limit_ends_early_and_says_so(shelf: Shelf) -> None:
    events = shelf.ask(max_papers=1)
    answered = events[-1]
    assert isinstance(answered, Answered)
    assert len(of(Judged, events)) == 1
    assert not answered.complete
    assert answered.ending == "the limit of 1 judged paper is reached"
    assert answered.sentences


def test_a_time_limit_ends_early_with_what_there_is(shelf: Shelf) -> None:
    answered = shelf.ask(timeout=0.0)[-1]
    assert isinstance(answered, Answered)
    assert not answered.complete
    assert "time limit" in answered.ending


def test_filters_narrow_what_is_read(shelf: Shelf) -> None:
    async def listen() -> list[object]:
        events = ask(
            "Does query expansion improve sparse retrieval?",
            shelf.settings,
            library=shelf.library,
            index=shelf.index,
            ledger=shelf.ledger,
            filters=Filters(year_from=2020),
        )
        return [event async for event in events]

    answered = asyncio.run(listen())[-1]
    assert isinstance(answered, Answered)
    assert {reference.key for reference in answered.references} == {"birke2021"}


def test_a_script_without_spaces_is_read_too(empty_shelf: Shelf) -> None:
    empty_shelf.add(
        Paper(
            "查询扩展与稀疏检索",
            "本文研究信息检索。我们发现查询扩展可以显著提高稀疏检索的效果。代码已经公开。",
            key="wang2020",
        ),
        Paper("数据库索引的设计", "本文介绍数据库索引的设计方法。索引可以加快查询的速度。", key="li2001"),
    )
    answered = empty_shelf.ask("查询扩展能提高稀疏检索的效果吗?")[-1]
    assert isinstance(answered, Answered)
    assert [finding.quote.text for finding in answered.findings] == [
        "我们发现查询扩展可以显著提高稀疏检索的效果。"
    ]


def test_years_in_a_question_are_a_filter(shelf: Shelf) -> None:
    events = shelf.ask("Does query expansion improve sparse retrieval since 2020?")
    assert {note.text for planned in of(Planned, events) for note in planned.notes} == {
        "papers of 2020 and later"
    }
    years = {found.year for search in of(Searched, events) for found in search.found}
    assert years == {2021}
    answered = events[-1]
    assert isinstance(answered, Answered)
    assert {reference.key for reference in answered.references} == {"birke2021"}


def test_other_names_that_papers_introduce_are_searched_too(shelf: Shelf) -> None:
    shelf.add(
        *(Paper(f"Part {n} on QE", "Query expansion (QE) adds words to a query.") for n in range(2)),
        Paper("A trial of QE", "It does not say what the letters stand for."),
    )
    planned = of(Planned, shelf.ask())[0]
    assert planned.notes[0].text == "query expansion = QE"
    assert planned.queries[-1].purpose == NAMES
    assert planned.queries[-1].text.endswith(" QE")


def test_a_run_that_is_carried_on_keeps_its_plan(shelf: Shelf) -> None:
    first = shelf.ask(max_papers=1)
    run = of(Started, first)[0].run
    shelf.add(*(Paper(f"Part {n}", "Query expansion (QE) adds words to a query.") for n in range(2)))
    again = shelf.ask(resume=run)
    assert of(Planned, again) == of(Planned, first)
    assert of(Searched, again) == of(Searched, first)


def test_a_question_is_not_widened_by_papers_of_another_topic(shelf: Shelf) -> None:
    events = shelf.ask("Do whales describe oceans to networks of squids?")
    assert [search.purpose for search in of(Searched, events)] == [ASKED]
    [answered] = of(Answered, events)
    assert " + " not in answered.extent.statement.partition("Tried:")[2]
