"""The shell: places and how one gets from one to the other."""

import pytest

from tui.app import LitsearchApp
from tui.places import PLACES, PlaceName


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.mode)
async def test_a_key_leads_to_every_place(place: PlaceName, own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press(place.key)
        assert own_app.current_mode == place.mode
        assert own_app.is_running


async def test_an_empty_library_shows_the_starter_library(starter_app: LitsearchApp) -> None:
    async with starter_app.run_test():
        assert starter_app.desk.starter
        assert starter_app.desk.library.count() > 10
