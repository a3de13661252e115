"""How search and the paper view look."""

from typing import Any

import pytest
from shelf import Shelf
from textual.pilot import Pilot
from textual.widgets import Input
from waiting import read, search, until

from litsearch.agent.events import Quote
from litsearch.notes import write_note
from tui.app import LitsearchApp

SIZES = [(80, 24), (140, 40)]


@pytest.mark.parametrize("size", [*SIZES, (60, 20)])
def test_papers_found(snap_compare: Any, starter_app: LitsearchApp, size: tuple[int, int]) -> None:
    async def found(pilot: Pilot[Any]) -> None:
        await search(pilot, "query expansion")
        await pilot.press("down", "down", "space")

    assert snap_compare(starter_app, terminal_size=size, run_before=found)


@pytest.mark.parametrize("size", SIZES)
def test_facets(snap_compare: Any, starter_app: LitsearchApp, size: tuple[int, int]) -> None:
    async def facets(pilot: Pilot[Any]) -> None:
        screen = await search(pilot, "retrieval")
        await pilot.press("down", "y")
        await until(
            pilot, lambda: bool(screen.found.asked.narrowing.chosen) and screen.beside is screen.found
        )
        await pilot.press("f", "down")

    assert snap_compare(starter_app, terminal_size=size, run_before=facets)


def test_a_fault(snap_compare: Any, starter_app: LitsearchApp) -> None:
    async def fault(pilot: Pilot[Any]) -> None:
        screen = await search(pilot, "sparse")
        screen.query_one(Input).cursor_blink = False
        screen.query_one(Input).value = 'sparse AND "late'  # at once: keys may find papers in between
        await until(pilot, lambda: screen.query_one("#query-fault").display)

    assert snap_compare(starter_app, run_before=fault)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", SIZES)
def test_a_paper(
    snap_compare: Any, own_app: LitsearchApp, shelf: Shelf, size: tuple[int, int], theme: str
) -> None:
    with shelf.library.transaction() as writer:
        writer.execute("UPDATE papers SET added_at = '2026-01-02T03:04:05Z'")
    write_note(shelf.library, 2, "Against the others.\nAsk for the data.")
    shelf.library.tag(["birke2021"], ["thesis"])
    [stored] = shelf.library.papers([2])
    said = "it slowed every search down"
    start = stored.paper.abstract.index(said)
    quote = Quote(2, stored.key, "abstract", start, start + len(said), said, is_summary=False)

    async def paper(pilot: Pilot[Any]) -> None:
        own_app.theme = theme
        screen = await search(pilot, "expansion hurts")
        hit = next(hit for hit in screen.found.hits if hit.id == 2)
        own_app.open_paper(2, [quote], query=screen.found.query, hit=hit)
        await read(pilot)

    assert snap_compare(own_app, terminal_size=size, run_before=paper)
