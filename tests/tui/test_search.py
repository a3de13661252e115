"""Search as you type: papers, facets, faults, and what is done with papers selected."""

from pathlib import Path

import pytest
from shelf import Shelf
from textual.events import Paste
from textual.widgets import Input, OptionList, Static
from waiting import search, search_screen, until

from litsearch.papers import Paper
from tui.app import LitsearchApp
from tui.screens.paper import PaperScreen
from tui.screens.prompt import Prompt
from tui.screens.search import SearchScreen
from tui.widgets.preview import Preview


def keys(screen: SearchScreen) -> list[str]:
    return [each.key for each in screen.hits.documents]


def said(screen: SearchScreen, selector: str) -> str:
    return str(screen.query_one(selector, Static).render())


def lines(screen: SearchScreen) -> list[str]:
    """The list of papers as it is painted."""
    return [screen.hits.render_line(y).text for y in range(len(screen.hits.documents))]


async def test_typing_finds_papers_by_all_legs(own_app: LitsearchApp) -> None:
    async with own_app.run_test(size=(140, 40)) as pilot:
        screen = await search(pilot, "sparse retrieval")
        assert set(keys(screen)[:3]) == {"amsel2019", "birke2021", "dorn2018"}
        assert set(screen.found.hits[0].legs) == {"bm25", "sparse", "dense"}
        assert "Query expansion for sparse retrieval" in "\n".join(lines(screen))
        await pilot.press(*" feedback")
        await until(pilot, lambda: keys(screen)[0] == "dorn2018")


async def test_without_a_query_the_newest_papers_are_listed(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        screen = search_screen(pilot)
        await until(pilot, lambda: screen.beside is screen.found and bool(screen.found.documents))
        assert screen.hits.documents[0].title == "Report 5 on screens"
        assert "12 papers, the newest first" in said(screen, "#status")


async def test_matches_are_marked_in_titles_and_in_the_abstract(own_app: LitsearchApp) -> None:
    async with own_app.run_test(size=(140, 40)) as pilot:
        screen = await search(pilot, "caching")
        [line] = [strip for strip in map(screen.hits.render_line, range(1)) if "Caching" in strip.text]
        marked = screen.hits.get_component_rich_style("hit-list--match", partial=True).color
        assert [s.text for s in line if s.style and s.style.color == marked and s.text.strip()] == ["Caching"]
        preview = screen.query_one(Preview).query_one(Static).visual
        text = str(preview)
        assert "Caches keep the pages" in text


async def test_a_fault_is_shown_at_its_place_and_goes_when_it_is_mended(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        screen = await search(pilot, "sparse")
        await pilot.press(*' AND "query')
        await until(pilot, lambda: "never closed" in said(screen, "#query-fault"))
        assert said(screen, "#query-fault").index("^") == 2 + len("sparse AND ")
        assert keys(screen), "the papers found before stay"
        await pilot.press('"')
        await until(pilot, lambda: not screen.query_one("#query-fault").display)


async def test_a_facet_narrows_and_widens(own_app: LitsearchApp) -> None:
    async with own_app.run_test(size=(140, 40)) as pilot:
        screen = await search(pilot, "sparse retrieval")
        facets = screen.query_one("#facets-list", OptionList)
        at = next(n for n, each in enumerate(facets.options) if "Ada Amsel" in str(each.prompt))
        screen.hits.focus()
        await pilot.press("f")
        facets.highlighted = at
        await pilot.press("enter")
        await until(pilot, lambda: set(keys(screen)) == {"amsel2019", "birke2021"})
        assert "author Ada Amsel" in said(screen, "#status")
        screen.hits.focus()
        await pilot.press("x")
        await until(pilot, lambda: "clog2020" in keys(screen))


async def test_one_key_narrows_to_what_the_paper_has(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        screen = await search(pilot, "expansion hurts")
        await pilot.press("down")
        assert screen.hits.has_focus
        await pilot.press("y")
        await until(pilot, lambda: keys(screen) == ["birke2021"])


async def test_papers_are_sorted(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        screen = await search(pilot, "sparse retrieval")
        await pilot.press("down", "s")
        years = [each.year or 0 for each in screen.hits.documents]
        assert years == sorted(years, reverse=True)
        assert "newest first" in said(screen, "#status")


async def test_selected_papers_are_tagged_and_the_tag_is_a_facet(own_app: LitsearchApp) -> None:
    async with own_app.run_test(size=(140, 40)) as pilot:
        screen = await search(pilot, "sparse retrieval")
        marked = keys(screen)[:2]
        await pilot.press("down", "space", "space", "t")
        await until(pilot, lambda: isinstance(own_app.screen, Prompt))
        await pilot.press(*"thesis", "enter")
        await until(pilot, lambda: screen.found.facets.tags == (("thesis", 2),))
        assert {paper.key for paper in own_app.desk.library.all(tag="thesis")} == set(marked)
        assert not screen.hits.marks


async def test_papers_are_exported_to_a_new_file_alone(own_app: LitsearchApp, tmp_path: Path) -> None:
    there = tmp_path / "there.bib"
    there.write_text("mine", "utf-8")
    async with own_app.run_test() as pilot:
        await search(pilot, "sparse retrieval")
        for path in (there, tmp_path / "new.ris"):
            await pilot.press("down", "e")
            await until(pilot, lambda: isinstance(own_app.screen, Prompt))
            own_app.screen.query_one(Input).value = str(path)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(own_app.screen, SearchScreen))
        await until(pilot, (tmp_path / "new.ris").exists)
        await own_app.workers.wait_for_complete()
    assert there.read_text("utf-8") == "mine"
    assert "TI  - " in (tmp_path / "new.ris").read_text("utf-8")


async def test_a_paper_is_copied_as_bibtex_and_opened(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await search(pilot, "caching")
        await pilot.press("down", "b")
        await until(pilot, lambda: "esche2001" in own_app.clipboard)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(own_app.screen, PaperScreen))


async def test_papers_added_by_another_process_appear(own_app: LitsearchApp, shelf: Shelf) -> None:
    async with own_app.run_test() as pilot:
        screen = await search(pilot, "zymurgy")
        assert "zymurgy" not in "".join(lines(screen)).lower()
        shelf.add(Paper("Zymurgy for beginners", "Zymurgy is the study of fermentation.", key="gaer2022"))
        screen._watch()
        await until(pilot, lambda: "gaer2022" in keys(screen))


async def test_an_index_that_lags_is_told_of(own_app: LitsearchApp, shelf: Shelf) -> None:
    from litsearch.ingest import ingest

    async with own_app.run_test(size=(140, 40)) as pilot:
        screen = await search(pilot, "caching")
        ingest(shelf.library, [Paper("Zymurgy for beginners", key="gaer2022")], source="late")
        screen._watch()
        await until(pilot, lambda: "bm25 lags 1 change behind" in said(screen, "#status"))


async def test_what_the_papers_say_is_no_markup_and_breaks_no_line(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    titles = ("[bold]Zymurgy[/bold] [@click=quit]now[/]", "Zymurgy 発酵の研究 " * 9, "Zymurgy في علم التخمير")
    shelf.add(*(Paper(title, f"{title} [/nothing] [", key=f"odd{n}") for n, title in enumerate(titles)))
    for width in (60, 80, 200):
        app = LitsearchApp(shelf.settings)
        async with app.run_test(size=(width, 24)) as pilot:
            screen = await search(pilot, "zymurgy")
            assert {"odd0", "odd1", "odd2"} <= set(keys(screen))
            strips = [screen.hits.render_line(y) for y in range(screen.hits.size.height)]
            assert {strip.cell_length for strip in strips} == {screen.hits.size.width}
            assert any("[bold]Zymurgy[/bold]" in strip.text for strip in strips)
            await pilot.press("down", "down", "enter")
            await until(pilot, lambda app=app: isinstance(app.screen, PaperScreen))
        app.desk.close()


async def test_the_papers_without_the_words_are_not_counted_among_those_with_them(
    own_app: LitsearchApp,
) -> None:
    async with own_app.run_test() as pilot:
        screen = await search(pilot, "caching")
        assert len(keys(screen)) > 1
        assert "1 paper with these words, " in said(screen, "#status")


async def test_a_library_that_vanishes_is_told_of_until_it_is_back(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    there = shelf.library.folder / "library.db"
    async with own_app.run_test(size=(140, 40)) as pilot:
        screen = await search(pilot, "sparse")
        there.rename(there.with_name("elsewhere.db"))
        screen._watch()
        await until(pilot, lambda: "was moved, deleted or replaced" in said(screen, "#query-fault"))
        assert "^" not in said(screen, "#query-fault"), "it is no place in the query that is wrong"
        assert not there.exists(), "nothing is made in its place"
        there.with_name("elsewhere.db").rename(there)
        screen._watch()
        await until(pilot, lambda: not screen.query_one("#query-fault").display)


async def test_all_lines_of_a_title_are_pasted(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        screen = search_screen(pilot)
        field = screen.query_one("#query", Input)
        field.post_message(Paste("query expansion\nfor sparse\tretrieval\x1b[31m\n"))
        await until(pilot, lambda: bool(field.value))
        assert field.value == "query expansion for sparse retrieval[31m"


async def test_cursor_and_matches_are_seen_without_colours(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = LitsearchApp(shelf.settings)
    async with app.run_test() as pilot:
        screen = await search(pilot, "sparse")
        await pilot.press("down")
        await until(pilot, lambda: screen.hits.has_focus)
        first, second = ([s for s in screen.hits.render_line(y) if s.text.strip()] for y in (0, 1))
        assert all(s.style and s.style.reverse for s in first)
        assert not any(s.style and s.style.reverse for s in second)
        assert [s.text for s in first if s.style and s.style.underline and s.text != "  "] == ["sparse"]
    app.desk.close()
