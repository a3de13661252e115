"""Waiting in the app for what was asked, not for a time."""

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot

from tui.screens.paper import PaperScreen
from tui.screens.search import SearchScreen


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Goes on once it holds; the test's own time limit ends a wait for what never comes."""
    while not holds():
        await asyncio.sleep(0.01)
    await pilot.pause()


async def settled(pilot: Pilot[None]) -> None:
    """Goes on once nothing is at work; work that newer work took the place of may have been cancelled.

    A key may go from widget to widget before it sets work going. Each pause sees one step through, so one in
    which nothing is at work says too little.
    """
    calm = 0
    while calm < 3:
        await pilot.pause(0)
        if any(not worker.is_finished for worker in pilot.app.workers):
            calm = 0
            await asyncio.sleep(0.01)
        else:
            calm += 1
    await pilot.pause()


def search_screen(pilot: Pilot[None]) -> SearchScreen:
    screen = pilot.app.screen
    assert isinstance(screen, SearchScreen)
    return screen


async def search(pilot: Pilot[None], text: str) -> SearchScreen:
    """The search screen once all legs have answered."""
    screen = search_screen(pilot)
    await until(pilot, lambda: bool(screen.found.documents) and screen.found.all_legs)
    screen.query_one("#query").focus()
    await pilot.press(*text)
    await until(pilot, lambda: screen.found.asked.text == text and screen.beside is screen.found)
    return screen


async def read(pilot: Pilot[None]) -> PaperScreen:
    """The paper view once it has all that it shows."""

    def complete() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, PaperScreen) and None not in (screen.facts, screen.related)

    await until(pilot, complete)
    screen = pilot.app.screen
    assert isinstance(screen, PaperScreen)
    return screen
