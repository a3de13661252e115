"""The bar of places can be read, in light themes and in dark ones."""

import pytest
from textual.color import Color
from textual.geometry import Region

from tui.app import LitsearchApp
from tui.widgets.place_bar import PlaceBar

READABLE = 4.5  # of WCAG 2, for text of usual size


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_every_place_and_its_key_stand_out_from_the_bar(own_app: LitsearchApp, theme: str) -> None:
    async with own_app.run_test() as pilot:
        own_app.theme = theme
        await pilot.pause()
        told = {}
        for tab in own_app.screen.query_one(PlaceBar).children[:5]:
            [strip] = tab.render_lines(Region(0, 0, tab.outer_size.width, 1))
            for segment in strip:
                if segment.text.strip():
                    assert segment.style
                    assert segment.style.color
                    assert segment.style.bgcolor
                    colours = segment.style.color, segment.style.bgcolor
                    told[segment.text.strip()] = contrast(*map(Color.from_rich_color, colours))
        assert len(told) >= 5
        assert all(value >= READABLE for value in told.values()), told


def contrast(one: Color, other: Color) -> float:
    """By WCAG 2: from 1, where they are the same, to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
