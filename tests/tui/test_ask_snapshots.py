"""How asking and its runs look, from a stored run."""

from typing import Any

import pytest
from shelf import Shelf
from stored_runs import keep_read
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TextArea
from waiting import until

from tui.app import LitsearchApp

SIZES = [(80, 24), (140, 40)]


async def shown(pilot: Pilot[None], run: str) -> None:
    """The run in the ask screen, with the text behind its first sentence."""
    app = pilot.app
    assert isinstance(app, LitsearchApp)
    app.open_run(run)
    await until(pilot, lambda: any(text.content for text in texts(pilot)))


def texts(pilot: Pilot[None]) -> list[Static]:
    return list(pilot.app.screen.query("#source-text").results(Static))


def steady(pilot: Pilot[None]) -> None:
    for box in pilot.app.screen.query(Input):
        box.cursor_blink = False


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["answer", "claims", "course"])
def test_a_run(
    snap_compare: Any, own_app: LitsearchApp, shelf: Shelf, size: tuple[int, int], view: str
) -> None:
    run = keep_read(shelf.ledger)

    async def look(pilot: Pilot[None]) -> None:
        await shown(pilot, run)
        await pilot.press({"answer": "1", "claims": "2", "course": "3"}[view])
        await pilot.wait_for_scheduled_animations()  # the line under the tabs moves

    assert snap_compare(own_app, terminal_size=size, run_before=look)


@pytest.mark.parametrize("size", SIZES)
def test_before_anything_is_asked(snap_compare: Any, own_app: LitsearchApp, size: tuple[int, int]) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await pilot.press("f3")
        await until(pilot, lambda: bool(pilot.app.screen.query("#question")))
        steady(pilot)

    assert snap_compare(own_app, terminal_size=size, run_before=look)


@pytest.mark.parametrize("size", SIZES)
def test_the_settings(snap_compare: Any, own_app: LitsearchApp, shelf: Shelf, size: tuple[int, int]) -> None:
    """With a query that can't be read."""
    run = keep_read(shelf.ledger)

    async def look(pilot: Pilot[None]) -> None:
        await shown(pilot, run)
        await pilot.press("e")
        await until(pilot, lambda: bool(pilot.app.screen.query("#max_cost")))
        queries = pilot.app.screen.query_one("#queries", TextArea)
        queries.cursor_blink = False
        queries.text = '"pseudo-relevance feedback" +drift\nRM3 title:"query expansion'
        await pilot.press("ctrl+s")
        steady(pilot)

    assert snap_compare(own_app, terminal_size=size, run_before=look)


@pytest.mark.parametrize("size", SIZES)
def test_past_runs(snap_compare: Any, own_app: LitsearchApp, shelf: Shelf, size: tuple[int, int]) -> None:
    keep_read(shelf.ledger)
    for status in ("stopped", "failed", "running"):
        run = shelf.ledger.start(f"A question whose run is {status}", model="openai/scripted")
        shelf.ledger.finish(run, status)
    with shelf.ledger.writing() as connection:
        connection.execute("UPDATE runs SET started_at = '2026-05-04T10:20:30+00:00'")

    async def look(pilot: Pilot[None]) -> None:
        await pilot.press("f4")
        await until(pilot, lambda: any(runs.option_count for runs in pilot.app.screen.query(OptionList)))

    assert snap_compare(own_app, terminal_size=size, run_before=look)
