"""Help, the command palette, and a theme that is remembered."""

from pathlib import Path

import pytest
from shelf import Shelf
from textual.widgets import Static
from waiting import settled

from tui import remembered
from tui.app import LitsearchApp
from tui.keys import keys_of
from tui.places import PLACES, PlaceName
from tui.screens.help import HelpScreen


@pytest.fixture(autouse=True)
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "litsearch"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.mode)
async def test_help_tells_every_key_of_every_place(own_app: LitsearchApp, place: PlaceName) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press(place.key)
        await settled(pilot)
        here = keys_of(own_app.screen)
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(own_app.screen, HelpScreen)
        told = str(own_app.screen.query_one("VerticalScroll Static", Static).content)
        assert all(key.words in told for key in here)
        await pilot.press("escape")
        assert own_app.current_mode == place.mode
        assert not isinstance(own_app.screen, HelpScreen)


async def test_a_question_mark_asks_for_help_where_nothing_is_typed(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(own_app.screen, HelpScreen)
        await pilot.press("question_mark")
        await pilot.pause()
        assert not isinstance(own_app.screen, HelpScreen)


async def test_the_palette_goes_to_places_and_does_what_keys_do(own_app: LitsearchApp, shelf: Shelf) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("ctrl+p", *"go to library")
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert own_app.current_mode == "library"
        await pilot.press("escape", "6")
        await settled(pilot)
        shelf.library.remove(["fink1999"])
        await pilot.press("ctrl+p", *"catch up")
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert not any(each.behind for each in shelf.index.status())


async def test_the_theme_is_remembered(own_app: LitsearchApp, shelf: Shelf, settings_folder: Path) -> None:
    async with own_app.run_test() as pilot:
        assert own_app.current_theme.dark
        await pilot.press("ctrl+p", *"light or dark")
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert not own_app.current_theme.dark
    again = LitsearchApp(shelf.settings)
    async with again.run_test():
        assert not again.current_theme.dark
    again.desk.close()


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"theme": 3}', '{"theme": "no such theme"}'])
async def test_a_file_that_makes_no_sense_is_passed_over(
    own_app: LitsearchApp, settings_folder: Path, kept: str
) -> None:
    settings_folder.mkdir(parents=True)
    (settings_folder / "app.json").write_text(kept)
    async with own_app.run_test():
        assert own_app.theme == "textual-dark"


def test_where_nothing_can_be_written_nothing_is_remembered(settings_folder: Path) -> None:
    settings_folder.parent.mkdir(parents=True)
    settings_folder.write_text("a file where the folder would be")
    remembered.keep_theme("nord")
    assert remembered.theme() == ""


async def test_help_asked_for_from_a_field_tells_the_keys_outside_of_it(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("f1")
        await pilot.pause()
        told = str(own_app.screen.query_one("VerticalScroll Static", Static).content)
        outside = told.partition("Keys outside of it")[2]
        assert all(words in outside for words in ("Results", "Sort", "Facets", "Export"))
        assert "Scroll" not in told
