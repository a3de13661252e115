"""How screening looks."""

from typing import Any

import pytest
from shelf import Shelf
from textual.pilot import Pilot
from textual.widgets import Input
from waiting import settled, until

from litsearch.screening.screenings import Screening, create
from tui.app import LitsearchApp
from tui.screens.new_screening import NewScreening

SIZES = [(80, 24), (140, 40)]


async def press(pilot: Pilot[Any], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


@pytest.mark.parametrize("size", SIZES)
def test_a_paper_with_criteria_and_progress(
    snap_compare: Any, own_app: LitsearchApp, shelf: Shelf, size: tuple[int, int]
) -> None:
    question = "Does query expansion help sparse retrieval?"
    reasons = ("about dense encoders", "no experiment")
    create(shelf.library, Screening("expansion", question, ("measured on test collections",), reasons))

    async def screen(pilot: Pilot[Any]) -> None:
        await press(pilot, "f5", "i", "2")

    assert snap_compare(own_app, terminal_size=size, run_before=screen)


@pytest.mark.parametrize("size", SIZES)
def test_the_form_for_a_new_screening(
    snap_compare: Any, own_app: LitsearchApp, size: tuple[int, int]
) -> None:
    async def form(pilot: Pilot[Any]) -> None:
        await press(pilot, "f5")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewScreening))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await until(pilot, lambda: isinstance(pilot.app.screen.focused, Input))

    assert snap_compare(own_app, terminal_size=size, run_before=form)
