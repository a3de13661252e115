"""How the library looks."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shelf import Shelf
from textual.pilot import Pilot
from textual.widgets import Input
from waiting import settled

from litsearch.config import Settings
from tui.app import LitsearchApp

SIZES = [(80, 24), (140, 40)]
BIB = """@article{weber, title={Looms of old}, author={Weber, Wim}, year=1999}
@article{nobody, author={Nobody, Nora}}
@article{again, title={Query expansion for sparse retrieval}, author={Amsel, Ada}, year={2019}}
"""


@pytest.fixture
def here(tmp_path: Path, indexed_papers: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LitsearchApp]:
    """An app whose paths are the same wherever the tests run."""
    monkeypatch.chdir(tmp_path)
    shelf = Shelf(Path(shutil.copytree(indexed_papers, "library")))
    shelf.library.tag(["amsel2019", "birke2021"], ["thesis"])
    shelf.library.collect(["clog2020"], ["Chapter 2"])
    Path("refs.bib").write_text(BIB)
    app = LitsearchApp(Settings(library=Path("library")))
    yield app
    app.desk.close()
    shelf.close()


async def added(pilot: Pilot[Any]) -> None:
    await pilot.press("f6")
    await settled(pilot)
    pilot.app.screen.query_one("#paths", Input).value = "refs.bib"
    await pilot.press("enter")
    await settled(pilot)
    await pilot.press("escape")
    await settled(pilot)


@pytest.mark.parametrize("size", SIZES)
def test_papers_added_and_records_rejected(
    snap_compare: Any, here: LitsearchApp, size: tuple[int, int]
) -> None:
    assert snap_compare(here, terminal_size=size, run_before=added)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pane", ["2", "3"], ids=["duplicates", "labels"])
def test_panes(snap_compare: Any, here: LitsearchApp, pane: str, size: tuple[int, int]) -> None:
    async def shown(pilot: Pilot[Any]) -> None:
        await added(pilot)
        await pilot.press(pane)
        await settled(pilot)

    assert snap_compare(here, terminal_size=size, run_before=shown)
