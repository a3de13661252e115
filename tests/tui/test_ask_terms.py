"""What a question is asked with in the app: a review, queries of one's own, earlier evidence."""

from contextlib import aclosing

import pytest
from asking import GAIN, Reader, answered, ask, offered, open_stored, text_of
from model_server import ModelServer
from shelf import QUESTION, Shelf
from stored_runs import keep_read
from textual.pilot import Pilot
from textual.widgets import Input, TextArea
from waiting import until

from indexes.types import Filters
from litsearch.agent.events import Continued, Distilled, Drafted, Planned, PlannedQuery, Started
from litsearch.agent.loop import Run
from tui.app import LitsearchApp
from tui.screens.ask_settings import AskSettings
from tui.screens.help import HelpScreen
from tui.terms import BadQuery, Terms, plan_of, read_queries
from tui.widgets.question_box import QuestionBox
from tui.widgets.tick import Tick

_ALL = Filters()


async def form(pilot: Pilot[None], key: str) -> AskSettings:
    """The dialog that a key opens."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, AskSettings) and pilot.app.focused is not None)
    screen = pilot.app.screen
    assert isinstance(screen, AskSettings)
    return screen


async def take(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+s")
    await until(pilot, lambda: not isinstance(pilot.app.screen, AskSettings))


def box(pilot: Pilot[None]) -> QuestionBox:
    return pilot.app.screen.query_one(QuestionBox)


def run_of(
    shelf: Shelf, filters: Filters = _ALL, *, review: bool = False, queries: tuple[str, ...] = ()
) -> Run:
    """A run as the command line would make it."""
    return Run(
        QUESTION,
        shelf.settings,
        library=shelf.library,
        index=shelf.index,
        ledger=shelf.ledger,
        filters=filters,
        review=review,
        queries=queries,
    )


async def test_a_review_is_asked_for_from_the_box_and_only_once(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3", "ctrl+r")
        assert text_of(pilot, "#asked-with") == "ends in a review"
        first = await answered(pilot)
        assert first.story.answered
        assert first.story.answered.review
        assert "Limits" in text_of(pilot, "#answer-entries")
        second = await answered(pilot, "Does feedback improve sparse retrieval?")
        assert second.story.answered
        assert second.story.answered.review is None


async def test_a_review_can_be_taken_back(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3", "ctrl+r", "ctrl+r")
        assert not box(pilot).query_one("#asked-with").display
        assert (await ask(pilot)).terms == Terms()


async def test_queries_of_ones_own_take_the_place_of_planned_ones(
    own_app: LitsearchApp, reader: Reader, model_server: ModelServer
) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        dialog = await form(pilot, "ctrl+o")
        assert isinstance(pilot.app.focused, TextArea)
        await pilot.press(*'"cost in speed"', "enter", "enter", *"  feedback +terms ")
        dialog.query_one(Tick).value = True
        await take(pilot)
        said = text_of(pilot, "#asked-with")
        assert said == 'ends in a review; searches for: "cost in speed" · feedback +terms'
        followed = await answered(pilot)
        assert followed.story.failures == []
        planned = next(event for event in followed.events if isinstance(event, Planned))
        assert planned.planner == "user"
        assert [query.text for query in planned.queries] == [
            QUESTION,
            '"cost in speed"',
            "feedback +terms",
        ]
        assert "plan" not in model_server.steps()
        assert followed.story.answered
        assert followed.story.answered.review
        assert "your plan: 3 queries" in text_of(pilot, "#searching")


async def test_a_query_that_cannot_be_read_is_told_of_at_its_place_and_nothing_is_lost(
    own_app: LitsearchApp,
) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3", *"Does it help?")
        dialog = await form(pilot, "ctrl+o")
        text = 'feedback\nterms "query expansion'
        area = dialog.query_one(TextArea)
        area.text = text
        await pilot.press("ctrl+s")
        fault = text_of(pilot, "#queries-fault").splitlines()
        assert fault[0].startswith("Line 2: This quotation mark is never closed.")
        assert fault[1][fault[2].index("^")] == '"'
        assert (area.text, area.cursor_location) == (text, (1, 6))
        await pilot.press("end", '"')
        assert not dialog.query_one("#queries-fault").display, "it goes as soon as it is mended"
        await take(pilot)
        assert box(pilot).terms.queries == ("feedback", 'terms "query expansion"')
        assert box(pilot).query_one(Input).value == "Does it help?"


async def test_changed_queries_are_not_thrown_away_by_one_escape(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        dialog = await form(pilot, "ctrl+o")
        await pilot.press(*"feedback", "escape")
        assert "Escape again" in text_of(pilot, ".hint")
        assert dialog.query_one(TextArea).text == "feedback"
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, AskSettings)
        assert box(pilot).terms == Terms()


async def test_the_plan_of_a_run_is_changed_and_asked_with_again(
    own_app: LitsearchApp, reader: Reader, model_server: ModelServer
) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        first = await answered(pilot)
        dialog = await form(pilot, "p")
        area = dialog.query_one(TextArea)
        assert area.text.splitlines() == ["feedback", "cost"]  # of the first plan, and of what was missing
        area.text = "feedback terms\ncost"
        await take(pilot)
        assert box(pilot).query_one(Input).value == QUESTION
        await pilot.press("enter")
        await until(pilot, lambda: len(own_app.live.runs) == 2)
        second = own_app.live.runs[-1]
        await until(pilot, lambda: second.state == "ended")
        assert second.id != first.id
        assert second.plan[:2] == ("feedback terms", "cost")


async def test_the_plan_of_a_stopped_run_can_be_taken_too(
    own_app: LitsearchApp, reader: Reader, model_server: ModelServer
) -> None:
    reader.held = "judge"
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        followed = await ask(pilot)
        await until(pilot, lambda: "judge" in model_server.steps())
        assert "queries" not in offered(pilot), "its plan may grow yet"
        await pilot.press("x")
        await until(pilot, lambda: followed.state == "ended")
        reader.go_on.set()
        dialog = await form(pilot, "p")
        assert dialog.query_one(TextArea).text == "feedback"


async def test_a_question_that_cannot_be_asked_keeps_its_queries(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        dialog = await form(pilot, "ctrl+o")
        dialog.query_one(TextArea).text = "feedback"
        await take(pilot)
        await answered(pilot, "???")
        dialog = await form(pilot, "p")
        assert dialog.query_one(TextArea).text == "feedback"
        await take(pilot)
        assert box(pilot).query_one(Input).value == "???"


async def test_a_run_of_the_command_line_is_asked_again_as_it_was(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    run = run_of(shelf, Filters(year_from=2018, year_to=2019), review=True, queries=("feedback",))
    async for _ in run.events():
        pass
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run.id)
        dialog = await form(pilot, "p")
        assert dialog.query_one(Tick).value
        assert dialog.query_one(TextArea).text == "feedback"
        await take(pilot)
        assert "narrowed as that run was" in text_of(pilot, "#asked-with")
        await pilot.press("enter")
        await until(pilot, lambda: bool(own_app.live.runs) and own_app.live.runs[0].state == "ended")
        again = own_app.live.runs[0].story.answered
        assert again
        assert again.review
        assert {reference.year for reference in again.references} <= {2018, 2019}


async def test_a_run_that_was_cut_short_is_followed_with_its_evidence_checked_again(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    run = run_of(shelf)
    async with aclosing(run.events()) as events:
        async for event in events:
            if isinstance(event, Drafted):
                break
    read = {event.key for event in shelf.ledger.events(run.id) if isinstance(event, Distilled)}
    shelf.library.remove(["birke2021"])
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run.id)
        assert "cut short" in text_of(pilot, "RunLine")
        await pilot.press("f")
        assert text_of(pilot, "#asked-with").startswith("asks on")
        second = await answered(pilot, "What does feedback cost in speed?")
        [kept] = [event for event in second.events if isinstance(event, Continued)]
        keys = {finding.quote.key for finding in kept.findings}
        assert "birke2021" in read
        assert keys == read - {"birke2021"}, "its quotes stand nowhere any more"


async def test_the_same_question_goes_on_from_its_evidence_with_another_budget(
    own_app: LitsearchApp, reader: Reader, model_server: ModelServer
) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3", "escape")
        dialog = await form(pilot, "e")
        dialog.query_one("#max_papers", Input).value = "2"
        await take(pilot)
        first = await answered(pilot)
        dialog = await form(pilot, "e")
        dialog.query_one("#max_papers", Input).value = "12"
        await take(pilot)
        await pilot.press("f", "enter")
        await until(pilot, lambda: len(own_app.live.runs) == 2)
        second = own_app.live.runs[-1]
        await until(pilot, lambda: second.state == "ended")
        assert second.question == first.question
        [kept] = [event for event in second.events if isinstance(event, Continued)]
        assert first.story.answered
        assert second.story.answered
        assert kept.findings == first.story.answered.findings
        assert GAIN in {finding.quote.text for finding in kept.findings}
        assert second.story.answered.extent.judged > first.story.answered.extent.judged


async def test_leaving_the_box_keeps_what_was_written(own_app: LitsearchApp, shelf: Shelf) -> None:
    run = keep_read(shelf.ledger)
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run)
        await pilot.press("f", *"And its cost?", "ctrl+r", "escape")
        assert box(pilot).query_one(Input).value == "And its cost?"
        assert box(pilot).terms == Terms(continues=run, review=True)
        await pilot.press("slash")
        assert box(pilot).terms == Terms(review=True), "now it is a question of its own"
        assert box(pilot).query_one(Input).value == "And its cost?"


async def test_the_keys_work_before_anything_is_asked(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3", "escape")
        await form(pilot, "e")


async def test_help_names_the_review_and_the_queries(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3", "f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        told = text_of(pilot, "VerticalScroll Static")
        assert "^r               Review" in told
        assert "^o               Queries" in told


def test_a_plan_is_what_can_be_searched_for_again() -> None:
    started = Started("r", "Does it help?", "m", 0, 1, 1, starter=False)
    first = Planned(
        1,
        (
            PlannedQuery("Does it help?", "as asked"),
            PlannedQuery("feedback", "wider"),
            PlannedQuery("It helps a lot.", "words and meaning of a supposed answer"),
        ),
        "model",
    )
    again = Planned(2, (PlannedQuery("feedback", "again"), PlannedQuery("cost", "its cost")), "model")
    doubt = Planned(3, (PlannedQuery("How fast?", "to verify: It helps."),), "model")
    assert plan_of([started, first, again, doubt]) == ("feedback", "cost")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [('"open', 0, 0), ("fine\n   year:20x0", 1, 3), ("fine\n\n???", 2, 0)],
)
def test_the_first_bad_query_is_found_where_it_was_typed(text: str, line: int, column: int) -> None:
    bad = read_queries(text)
    assert isinstance(bad, BadQuery)
    assert (bad.line, bad.text) == (line, text.splitlines()[line])
    assert bad.column >= column
    assert bad.problem
