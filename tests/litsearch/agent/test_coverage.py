from dataclasses import replace

from litsearch.agent.coverage import extent
from litsearch.agent.events import (
    Distilled,
    Event,
    Finding,
    Found,
    Judge,
    Judged,
    Planned,
    PlannedQuery,
    Quote,
    Searched,
    Started,
)
from litsearch.agent.plan_notes import PlanNote
from litsearch.agent.state import State


def state(*events: Event, model: str = "", starter: bool = False) -> State:
    folded = State()
    for event in (Started("run", "Q?", model, 0, 1200, 7, starter), *events):
        folded.apply(event)
    return folded


def searched(*ids: int) -> Searched:
    found = tuple(Found(n, f"key{n}", "", None, rank, 1.0) for rank, n in enumerate(ids, 1))
    return Searched(1, "q", found, len(ids), len(ids), ("bm25", "dense"))


def judged(paper: int, relevance: int, judge: Judge) -> Judged:
    return Judged(paper, f"key{paper}", "", relevance, "", judge)


def distilled(number: int) -> Distilled:
    quote = Quote(number, "key", "abstract", 0, 4, "text", False)
    return Distilled(number, "key", (Finding(number, "claim", quote, "supports", "model"),), ())


def test_counts_are_of_distinct_papers() -> None:
    counted = extent(
        state(searched(1, 2, 3), searched(2, 4), judged(1, 3, "model"), judged(2, 1, "model"), distilled(1))
    )
    assert (
        counted.papers,
        counted.queries,
        counted.found,
        counted.judged,
        counted.relevant,
        counted.findings,
    ) == (
        *(1200, 2, 4),
        *(2, 1, 1),
    )
    assert counted.legs == ("bm25", "dense")


def test_the_statement_says_who_judged_and_what_went_unjudged() -> None:
    said = extent(
        state(
            searched(1, 2, 3), judged(1, 3, "model"), judged(2, 0, "program"), distilled(1), model="openai/x"
        )
    ).statement
    assert "1 search (BM25 + dense) of 1,200 papers found 3 papers." in said
    assert "1 by a model, from title and abstract and 1 by program" in said
    assert "1 held relevant" in said
    assert "1 paper that the searches found went unjudged." in said
    assert "The model was openai/x; it read titles and abstracts, no full text." in said


def test_without_a_model_it_says_so() -> None:
    assert "No model read anything" in extent(state(searched(1), judged(1, 2, "program"))).statement


def test_a_model_that_gave_nothing_is_not_said_to_have_read() -> None:
    said = extent(state(searched(1), judged(1, 2, "program"), model="openai/x")).statement
    assert "openai/x gave no usable reply" in said


def test_without_evidence_it_says_what_was_tried() -> None:
    planned = Planned(
        1, (PlannedQuery("best pasta", "as asked"), PlannedQuery("best pasta", "wider")), "program"
    )
    tried = (replace(searched(1), query="best pasta"), replace(searched(1), query="best pasta + recipe"))
    said = extent(state(planned, *tried, judged(1, 0, "program"))).statement
    assert "Tried: “best pasta”; “best pasta + recipe”." in said


def test_summaries_are_never_passed_off_as_papers() -> None:
    assert "litsearch's own summary of a paper, not the paper" in extent(state(starter=True)).statement


def test_nothing_is_claimed_of_recall_where_no_model_judged_all() -> None:
    for judge in ("program", "model"):
        told = extent(state(searched(1, 2), judged(1, 2, "program"), judged(2, 2, judge)))
        assert (told.recall, told.unseen) == (None, None)
        assert "nothing is claimed" in told.statement


def test_where_nothing_was_relevant_nothing_is_claimed() -> None:
    told = extent(state(searched(1, 2), judged(1, 0, "model")))
    assert (told.recall, told.unseen) == (None, None)
    assert "Nothing judged was held relevant" in told.statement


def test_recall_is_bounded_by_what_went_unjudged() -> None:
    papers = range(1, 101)
    some = [judged(paper, 3 if paper <= 10 else 0, "model") for paper in range(1, 81)]
    told = extent(state(searched(*papers), *some, model="openai/x"))
    assert told.recall is not None
    assert 0.5 < told.recall < 1
    assert f"at least {int(told.recall * 100)}% were judged" in told.statement
    rest = [judged(paper, 0, "model") for paper in range(81, 101)]
    whole = extent(state(searched(*papers), *some, *rest, model="openai/x"))
    assert whole.recall == 1.0
    assert "% were judged" not in whole.statement


def test_searches_that_hardly_overlap_leave_papers_unseen() -> None:
    apart = [searched(paper) for paper in range(1, 7)]
    judgements = [judged(paper, 3, "model") for paper in range(1, 7)]
    told = extent(state(*apart, *judgements, model="openai/x"))
    assert told.unseen == 15
    assert "at least 15 relevant papers of the library probably escaped" in told.statement
    same = extent(state(searched(1, 2), searched(1, 2), judged(1, 3, "model"), judged(2, 3, "model")))
    assert same.unseen == 0
    assert "no proof that none escaped" in same.statement


def test_the_years_that_a_question_asks_for_are_said() -> None:
    planned = Planned(1, (), "program", (PlanNote("years", "papers of 2020 and later"),))
    assert "The question asks for papers of 2020 and later." in extent(state(planned, searched(1))).statement
