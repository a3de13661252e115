"""How help looks."""

from typing import Any

import pytest
from textual.pilot import Pilot
from waiting import settled

from tui.app import LitsearchApp


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_help_from_screening(snap_compare: Any, own_app: LitsearchApp, size: tuple[int, int]) -> None:
    async def asked(pilot: Pilot[Any]) -> None:
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("question_mark")
        await pilot.pause()

    assert snap_compare(own_app, terminal_size=size, run_before=asked)
