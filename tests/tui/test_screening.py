"""Screening by hand: a screening made, papers decided, undone, looked at again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import waiting
from shelf import PAPERS, Shelf
from textual.pilot import Pilot
from textual.widgets import OptionList, Static, TextArea

from litsearch.config import Settings
from litsearch.ingest import ingest
from litsearch.screening.decisions import Decisions
from litsearch.screening.screenings import Screening, create, find
from tui.app import LitsearchApp
from tui.screens.new_screening import NewScreening
from tui.screens.screening import ScreeningScreen

EXPANSION = Screening(
    "expansion",
    "Does query expansion help sparse retrieval?",
    ("measured on test collections",),
    ("about dense encoders", "no experiment"),
)


@pytest.fixture
def screened(shelf: Shelf, own_app: LitsearchApp) -> Iterator[LitsearchApp]:
    create(shelf.library, EXPANSION)
    return own_app


async def settled(pilot: Pilot[Any]) -> ScreeningScreen:
    """The screening screen, when all that was set going is done."""
    await waiting.settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, ScreeningScreen)
    return screen


def shown(screen: ScreeningScreen) -> str:
    return str(screen.query_one("RecordView Static", Static).content)


def counts(screen: ScreeningScreen) -> str:
    return str(screen.query_one("#screening-counts", Static).content)


def statement(screen: ScreeningScreen) -> str:
    return str(screen.query_one("#screening-statement", Static).content)


async def test_a_key_decides_and_the_next_paper_is_chosen_by_the_decisions(
    screened: LitsearchApp, shelf: Shelf
) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        screen = await settled(pilot)
        first = shown(screen)
        assert "expansion" in first.lower()
        assert "0 of 12" in counts(screen)
        await pilot.press("i")
        assert shown(await settled(pilot)) != first
        await pilot.press("2")
        await settled(pilot)
        await pilot.press("m")
        screen = await settled(pilot)
        assert "3 of 12" in counts(screen)
        assert "95% confidence" in statement(screen)
    made = Decisions(shelf.library, "expansion").all().values()
    assert [(each.verdict, each.reason, each.by) for each in made] == [
        ("include", "", "user"),
        ("exclude", "no experiment", "user"),
        ("maybe", "", "user"),
    ]


async def test_keys_pressed_at_once_are_all_decided_in_their_order(
    screened: LitsearchApp, shelf: Shelf
) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("i", "x", "x", "m", "x")
        assert "5 of 12" in counts(await settled(pilot))
    made = Decisions(shelf.library, "expansion").all().values()
    assert [each.verdict for each in made] == ["include", "exclude", "exclude", "maybe", "exclude"]


async def test_a_reason_can_be_given_or_left(screened: LitsearchApp, shelf: Shelf) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("X", "n", "o", "escape")
        assert "0 of 12" in counts(await settled(pilot))
        await pilot.press("X", *"in mice", "enter")
        assert "1 of 12" in counts(await settled(pilot))
    [decision] = Decisions(shelf.library, "expansion").all().values()
    assert (decision.verdict, decision.reason) == ("exclude", "in mice")


async def test_undo_brings_the_paper_back(screened: LitsearchApp, shelf: Shelf) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        first = shown(await settled(pilot))
        await pilot.press("x")
        await settled(pilot)
        await pilot.press("u")
        screen = await settled(pilot)
        assert shown(screen) == first
        assert "0 of 12" in counts(screen)
        await pilot.press("u")
        await settled(pilot)
    assert Decisions(shelf.library, "expansion").all() == {}


async def test_a_skipped_paper_comes_last(screened: LitsearchApp) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        first = shown(await settled(pilot))
        await pilot.press("s")
        assert shown(await settled(pilot)) != first
        for _ in range(11):
            await pilot.press("x")
            screen = await settled(pilot)
        assert shown(screen) == first
        await pilot.press("i")
        screen = await settled(pilot)
        assert "All candidates are decided" in shown(screen)
        assert "All candidates are decided" in statement(screen)


async def test_a_decided_paper_can_be_decided_anew(screened: LitsearchApp, shelf: Shelf) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        first = shown(await settled(pilot))
        await pilot.press("x")
        await settled(pilot)
        await pilot.press("v")
        await pilot.wait_for_scheduled_animations()
        assert pilot.app.screen.query_one(OptionList).option_count == 1
        await pilot.press("enter")
        screen = await settled(pilot)
        assert shown(screen) == f"✗ exclude\n{first}"
        await pilot.press("i")
        await settled(pilot)
    [decision] = Decisions(shelf.library, "expansion").all().values()
    assert decision.verdict == "include"


async def test_a_screening_is_made_in_the_form(own_app: LitsearchApp, shelf: Shelf) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f5")
        assert "n makes a screening" in shown(await settled(pilot))
        await pilot.press("n")
        await pilot.pause()
        form = own_app.screen
        assert isinstance(form, NewScreening)
        await pilot.press("ctrl+s")
        problem = form.query_one(".problem", Static)
        while not problem.content:
            await pilot.pause()
        assert "needs a name" in str(problem.content)
        await pilot.press(*"mine", "tab", *"what?", "tab")
        form.query_one("#include", TextArea).text = "trials\n\n  in   humans \n"
        form.query_one("#candidates").focus()
        await pilot.press(*"+expansion +sparse", "enter")
        screen = await settled(pilot)
        assert "0 of 3" in counts(screen)
    assert find(shelf.library, "mine") == Screening(
        "mine", "what?", ("trials", "in humans"), (), "+expansion +sparse"
    )


async def test_papers_that_come_meanwhile_are_candidates_when_one_returns(
    screened: LitsearchApp, shelf: Shelf
) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("f2")
        shelf.library.remove(["esche2001"])
        await pilot.press("f5")
        screen = await settled(pilot)
        await waiting.until(pilot, lambda: "0 of 11" in counts(screen))


async def test_no_letter_of_a_reason_decides(screened: LitsearchApp, shelf: Shelf) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        screen = await settled(pilot)
        await pilot.press("X")
        screen.query_one("RecordView").focus()  # as while the field is still on its way
        await pilot.press("i", "m", "x", "1", "u", "n")
        await settled(pilot)
    assert Decisions(shelf.library, "expansion").all() == {}


@pytest.fixture
def starter_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LitsearchApp]:
    """The app over a starter library of its own, which may be written to."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    app = LitsearchApp(Settings(library=tmp_path / "library"))
    yield app
    app.desk.close()


def warned(screen: ScreeningScreen) -> bool:
    note = screen.query_one("#screening-starter", Static)
    return bool(note.display) and "do not move to a library of your own" in str(note.content)


async def test_over_the_starter_library_it_says_that_decisions_stay_there(starter_app: LitsearchApp) -> None:
    async with starter_app.run_test() as pilot:
        await pilot.press("f5")
        assert warned(await settled(pilot))
        await pilot.press("n")
        await waiting.until(pilot, lambda: isinstance(starter_app.screen, NewScreening))
        assert "does not move" in str(starter_app.screen.query_one("#starter-said", Static).content)
        await pilot.press(*"mine", "ctrl+s")
        await waiting.until(pilot, lambda: isinstance(starter_app.screen, ScreeningScreen))
        assert warned(await settled(pilot))


async def test_over_a_library_of_ones_own_it_warns_of_nothing(screened: LitsearchApp) -> None:
    async with screened.run_test() as pilot:
        await pilot.press("f5")
        assert not warned(await settled(pilot))
        await pilot.press("n")
        await waiting.until(pilot, lambda: isinstance(screened.screen, NewScreening))
        assert not screened.screen.query("#starter-said")


async def test_once_papers_are_added_nothing_more_is_decided_in_the_starter_library(
    starter_app: LitsearchApp,
) -> None:
    desk = starter_app.desk
    starter = desk.library
    create(starter, replace(EXPANSION, name="tried once"))
    async with starter_app.run_test(notifications=True) as pilot:
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("i")
        assert warned(await settled(pilot))
        await pilot.press("f2")
        ingest(desk.own_library(), PAPERS, source="made up")
        desk.index.update()
        assert desk.reopen()
        await pilot.press("f5", "i")
        screen = await settled(pilot)
        assert not warned(screen)
        assert "n makes a screening" in shown(screen)
        assert any("stayed there" in each.message for each in starter_app._notifications)
        assert len(Decisions(starter, "tried once").all()) == 1
