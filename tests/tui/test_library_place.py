"""The library screen: papers come in, are taken apart, tagged, removed and brought back."""

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from shelf import Shelf
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, Static
from waiting import settled, until

from litsearch.library import Library
from tui.adding import Job, named
from tui.app import LitsearchApp
from tui.screens.library import LibraryScreen

BIB = """@article{weber, title={Looms of old}, author={Weber, Wim}, year=1999}
@article{nobody, author={Nobody, Nora}}
@article{again, title={Query expansion for sparse retrieval}, author={Amsel, Ada}, year={2019}}
"""


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    path = tmp_path / "my papers.bib"
    path.write_text(BIB)
    return path


def cells(app: LitsearchApp, table: str) -> list[list[str]]:
    """What a table shows, row by row."""
    found = app.screen.query_one(table, DataTable)
    return [[str(cell) for cell in found.get_row_at(row)] for row in range(found.row_count)]


def said(app: LitsearchApp, pane: str) -> str:
    return str(app.screen.query_one(f"{pane} .said", Static).content)


async def add(pilot: Pilot[Any], paths: str, tags: str = "") -> None:
    await pilot.press("f6")
    await settled(pilot)
    pilot.app.screen.query_one("#paths", Input).value = paths
    pilot.app.screen.query_one("#tags", Input).value = tags
    await pilot.press("enter")
    await settled(pilot)


async def test_files_are_added_with_what_was_rejected_and_why(
    own_app: LitsearchApp, shelf: Shelf, bib: Path
) -> None:
    async with own_app.run_test(size=(120, 40)) as pilot:
        await add(pilot, str(bib), "thesis, looms")
        assert cells(own_app, "#added") == [["my papers.bib", "3", "1", "0", "0", "1", "1"]]
        [[record, line, why]] = cells(own_app, "#rejected")
        assert (record, line) == ("2", "2")
        assert "no title" in why
    [paper] = [each for each in shelf.library.all(tag="looms") if each.key == "weber"]
    assert paper.tags == ("looms", "thesis")
    [rejects] = (shelf.library.folder / "rejects").iterdir()
    assert "Nobody" in rejects.read_text()
    assert not any(each.behind for each in shelf.index.status()), "the index caught up"


async def test_what_cannot_be_added_is_said_in_place(own_app: LitsearchApp, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7 ...")
    async with own_app.run_test(size=(120, 40), notifications=True) as pilot:
        await add(pilot, str(tmp_path / "paper.pdf"))
        [[name, why, *_]] = cells(own_app, "#added")
        assert name == "paper.pdf"
        assert "is a PDF" in why
        await add(pilot, "/nowhere/at/all.bib")
        assert any("/nowhere/at/all.bib" in each.message for each in own_app._notifications)
        assert own_app.is_running


async def test_the_first_papers_take_the_place_of_the_starter_library(
    starter_app: LitsearchApp, bib: Path
) -> None:
    async with starter_app.run_test() as pilot:
        await pilot.press("f6")
        await settled(pilot)
        assert starter_app.screen.query_one("#starter-said").display
        await add(pilot, str(bib))
        assert not starter_app.screen.query_one("#starter-said").display
        assert not starter_app.desk.starter
        assert starter_app.desk.library.count() == 2


async def test_a_duplicate_is_taken_apart(own_app: LitsearchApp, shelf: Shelf, bib: Path) -> None:
    async with own_app.run_test() as pilot:
        await add(pilot, str(bib))
        await pilot.press("escape", "2")
        await settled(pilot)
        [[_, paper, by, why, _]] = cells(own_app, "MergesPane Listing")
        assert (paper, by) == ("amsel2019", "my papers.bib: again")
        assert "title" in why
        await pilot.press("u")
        await settled(pilot)
        assert "To be looked at: 0 · confirmed: 0 · undone: 1" in said(own_app, "MergesPane")
    assert shelf.library.count() == 14


async def test_a_confirmed_duplicate_is_not_shown_again_unless_all_are(
    own_app: LitsearchApp, shelf: Shelf, bib: Path
) -> None:
    async with own_app.run_test() as pilot:
        await add(pilot, str(bib))
        await pilot.press("escape", "2", "c")
        await settled(pilot)
        assert cells(own_app, "MergesPane Listing") == []
        assert "To be looked at: 0 · confirmed: 1" in said(own_app, "MergesPane")
        [merge] = shelf.library.merges()
        assert merge.confirmed_at
        await pilot.press("a")
        await settled(pilot)
        [[state, *_]] = cells(own_app, "MergesPane Listing")
        assert state == "confirmed"
        await pilot.press("c", "a")
        await settled(pilot)
        [[state, *_]] = cells(own_app, "MergesPane Listing")
        assert state == ""


async def test_an_import_is_undone_when_the_user_says_yes(
    own_app: LitsearchApp, shelf: Shelf, bib: Path
) -> None:
    async with own_app.run_test() as pilot:
        await add(pilot, str(bib))
        await pilot.press("escape", "4", "u", "n")
        await settled(pilot)
        assert shelf.library.count() == 13
        await pilot.press("u", "y")
        await settled(pilot)
        assert cells(own_app, "ImportsPane Listing")[0][-1] == "undone"
    assert shelf.library.count() == 12


async def test_a_removed_paper_is_restored(own_app: LitsearchApp, shelf: Shelf) -> None:
    shelf.library.remove(["fink1999"])
    async with own_app.run_test() as pilot:
        await pilot.press("f6", "escape", "5")
        await settled(pilot)
        assert [row[0] for row in cells(own_app, "TrashPane Listing")] == ["fink1999"]
        await pilot.press("u")
        await settled(pilot)
        assert "empty" in said(own_app, "TrashPane")
    assert shelf.library.paper("fink1999") is not None


async def test_labels_are_listed_with_their_papers_and_taken_off(own_app: LitsearchApp, shelf: Shelf) -> None:
    shelf.library.tag(["amsel2019", "birke2021"], ["thesis"])
    shelf.library.collect(["clog2020"], ["Chapter [2]"])
    async with own_app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f6", "escape", "3")
        await settled(pilot)
        assert cells(own_app, "#label-list") == [["tag", "thesis", "2"], ["collection", "Chapter [2]", "1"]]
        assert [row[0] for row in cells(own_app, "#labelled")] == ["amsel2019", "birke2021"]
        await pilot.press("tab", "d")
        await settled(pilot)
        assert [row[0] for row in cells(own_app, "#labelled")] == ["birke2021"]
        await pilot.press("shift+tab", "d", "y")
        await settled(pilot)
    assert shelf.library.tags() == {}
    assert shelf.library.collections() == {"Chapter [2]": 1}


async def test_the_index_says_how_far_it_is_and_catches_up(own_app: LitsearchApp, shelf: Shelf) -> None:
    shelf.library.remove(["fink1999"])
    async with own_app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f6", "escape", "6")
        await settled(pilot)
        assert "behind: c" in said(own_app, "IndexPane")
        await pilot.press("c")
        await settled(pilot)
        assert "up to date" in said(own_app, "IndexPane")
        assert [row[2] for row in cells(own_app, "IndexPane Listing")] == ["0", "0", "0"]


async def test_papers_that_another_process_added_appear(own_app: LitsearchApp, shelf: Shelf) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f6", "escape", "6")
        await settled(pilot)
        assert said(own_app, "IndexPane").startswith("12 papers")
        with Library.open(shelf.library.folder) as other:
            other.remove(["fink1999", "esche2001"])
        await pilot.press("f2", "f6")
        await settled(pilot)
        assert said(own_app, "IndexPane").startswith("10 papers")


def test_paths_are_read_as_they_are_typed_pasted_or_dropped(tmp_path: Path) -> None:
    spaced = tmp_path / "my papers.bib"
    spaced.touch()
    assert named(str(spaced)) == [spaced]
    assert named(f"  '{spaced}' ") == [spaced]
    assert named(f"'{spaced}' /a.ris file:///b.csv") == [spaced, Path("/a.ris"), Path("/b.csv")]
    assert named("~/x.bib") == [Path.home() / "x.bib"]
    assert named("it's.bib other.bib") == [Path("it's.bib"), Path("other.bib")]


async def test_leaving_the_app_stops_what_is_at_work(own_app: LitsearchApp) -> None:
    stopped = threading.Event()

    def work(job: Job) -> None:
        if job._stopping.wait(20):
            stopped.set()

    async with own_app.run_test(size=(100, 24)) as pilot:
        await pilot.press("f6")
        await settled(pilot)
        screen = own_app.screen
        assert isinstance(screen, LibraryScreen)
        screen._begin("reading many papers", work)
        await until(pilot, lambda: screen.query_one("JobLine > Static", Static).region.width > 0)
        assert screen.query_one("JobLine > Static", Static).region.width > 50, "the words have the room"
    assert stopped.wait(10)


async def test_a_library_without_an_index_says_so_and_builds_it(own_app: LitsearchApp, shelf: Shelf) -> None:
    shutil.rmtree(shelf.library.index_folder)
    async with own_app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "there is no index" in str(pilot.app.screen.query_one("#status").render()))
        await pilot.press("f6", "escape", "6")
        await settled(pilot)
        assert "There is no index" in said(own_app, "IndexPane")
        await pilot.press("c")
        await until(pilot, lambda: "up to date" in said(own_app, "IndexPane"))


async def test_a_pane_that_cannot_be_read_says_why_in_place(own_app: LitsearchApp, shelf: Shelf) -> None:
    async with own_app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        (shelf.library.folder / "library.db").rename(shelf.library.folder / "elsewhere.db")
        await pilot.press("f6")
        await until(pilot, lambda: "was moved, deleted or replaced" in said(own_app, "TrashPane"))
        (shelf.library.folder / "elsewhere.db").rename(shelf.library.folder / "library.db")


async def test_several_lines_of_paths_can_be_pasted(own_app: LitsearchApp, bib: Path, tmp_path: Path) -> None:
    other = tmp_path / "other papers.bib"
    other.write_text(BIB)
    async with own_app.run_test() as pilot:
        await pilot.press("f6")
        await settled(pilot)
        field = own_app.screen.query_one("#paths", Input)
        field.post_message(Paste(f"{bib}\n{other}\n"))
        await until(pilot, lambda: bool(field.value))
        assert named(field.value) == [bib, other]
