"""The questions asked so far: found by their words, shown again, gone on with."""

import asyncio

import pytest
from shelf import QUESTION, Shelf
from stored_runs import keep_read
from textual.pilot import Pilot
from textual.widgets import Input, Static
from waiting import until

from litsearch.agent.ledger import RunRecord
from tui.app import LitsearchApp
from tui.screens.runs import RunList, asks, resumable, run_line


def listed(pilot: Pilot[None]) -> list[str]:
    """The lines of the list; none while it is not there yet."""
    return [str(option.prompt) for runs in pilot.app.screen.query(RunList) for option in runs.options]


def told(pilot: Pilot[None]) -> str:
    return "".join(str(text.content) for text in pilot.app.screen.query("#runs-told").results(Static))


async def test_without_a_run_it_says_how_to_begin(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: "Ask one under Ask" in told(pilot))


async def test_a_run_is_found_by_its_words_and_shown_without_a_model(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    keep_read(shelf.ledger)
    shelf.ledger.finish(shelf.ledger.start("Do caches make pages quick?"), "failed")
    async with own_app.run_test() as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: len(listed(pilot)) == 2)
        assert "Do caches" in listed(pilot)[0], "the newest first"
        await pilot.press("slash")
        own_app.screen.query_one("#words", Input).value = "retrieval QUERY"
        await until(pilot, lambda: len(listed(pilot)) == 1)
        assert "1 of 2 runs" in told(pilot)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: own_app.current_mode == "ask" and own_app.live.shown is not None)
        assert own_app.live.shown
        assert own_app.live.shown.question == QUESTION
        assert own_app.live.shown.story.answered
        await pilot.press("f4", "escape")
        await until(pilot, lambda: len(listed(pilot)) == 2)


async def test_a_run_that_was_stopped_is_gone_on_with(own_app: LitsearchApp, shelf: Shelf) -> None:
    events = await asyncio.to_thread(shelf.ask, max_papers=1)
    async with own_app.run_test() as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: len(listed(pilot)) == 1)
        assert "ended early" in listed(pilot)[0]
        await pilot.press("r")
        await until(pilot, lambda: bool(own_app.live.runs) and own_app.live.runs[0].state == "ended")
        assert own_app.current_mode == "ask"
        assert own_app.live.runs[0].story.started == events[0]


async def test_a_run_of_another_process_is_marked_and_appears_by_itself(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: "Ask one" in told(pilot))
        run = shelf.ledger.start("Do caches make pages quick?")
        await pilot.press("f3")
        await pilot.press("f4")
        await until(pilot, lambda: len(listed(pilot)) == 1)
        assert "elsewhere" in listed(pilot)[0]
        assert not any(
            active.binding.action == "resume" for active in own_app.screen.active_bindings.values()
        )
        await pilot.press("enter")
        await until(pilot, lambda: own_app.current_mode == "ask" and own_app.live.shown is not None)
        assert own_app.live.shown
        assert (own_app.live.shown.id, own_app.live.shown.state) == (run, "elsewhere")


RECORD = RunRecord(
    "a-run", "Do Caches make pages quick?", "{}", "", "2026-05-04T10:20:30+00:00", None, "killed"
)


@pytest.mark.parametrize(("words", "found"), [("", True), ("quick caches", True), ("caches slow", False)])
def test_all_words_must_be_in_the_question(words: str, found: bool) -> None:
    assert asks(RECORD, words) is found


def test_a_run_whose_process_died_can_be_gone_on_with() -> None:
    assert resumable(RECORD)
    assert "cut short" in run_line(RECORD, ours=False).plain
    assert "2026-05-04 10:20" in run_line(RECORD, ours=False).plain
