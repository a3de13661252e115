"""One paper: its text, what was quoted of it, what is known of it, and what is around it."""

from shelf import Shelf
from textual.content import Content
from textual.widgets import OptionList, Static, TextArea
from waiting import read, search, until

from litsearch.agent.events import Quote
from litsearch.notes import note, write_note
from litsearch.papers import Author, Identifier, Paper
from tui.app import LitsearchApp
from tui.marked import MATCH, QUOTE
from tui.screens.note import NoteEditor
from tui.screens.paper import PaperScreen
from tui.screens.prompt import Prompt

CITED = Paper(
    "On vinegar",
    "Vinegar is made of wine.",
    (Author("Gärtner", "Gil"),),
    2001,
    identifiers=(Identifier("doi", "10.1000/vinegar"),),
    url="javascript:alert(1)",
    key="gaertner2001",
)
CITING = Paper("On pickles", "Pickles need vinegar.", references=("doi:10.1000/vinegar",), key="hahn2002")


def text(app: LitsearchApp, selector: str) -> Content:
    visual = app.screen.query_one(selector, Static).visual
    assert isinstance(visual, Content)
    return visual


def marked(content: Content, style: str) -> list[str]:
    return [content.plain[span.start : span.end] for span in content.spans if span.style == style]


async def test_a_paper_found_tells_why_it_matched(own_app: LitsearchApp) -> None:
    async with own_app.run_test(size=(140, 40)) as pilot:
        await search(pilot, "feedback")
        await pilot.press("down", "enter")
        await read(pilot)
        assert marked(text(own_app, "#text"), MATCH)[:2] == ["Feedback", "feedback"]
        why = text(own_app, "#why").plain
        for leg in ("words (BM25): rank 1", "concepts (sparse)", "meaning (dense)", "feedback"):
            assert leg in why
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(own_app.screen, PaperScreen))


async def test_quotes_are_shown_in_place(own_app: LitsearchApp) -> None:
    [stored] = own_app.desk.library.papers([2])
    said = "it slowed every search down"
    start = stored.paper.abstract.index(said)
    quotes = [
        Quote(2, stored.key, "abstract", start, start + len(said), said, is_summary=False),
        Quote(2, stored.key, "title", 0, 4, "When", is_summary=False),
        Quote(1, "amsel2019", "abstract", 0, 6, "Sparse", is_summary=False),
        Quote(2, stored.key, "abstract", 0, 9, "not there", is_summary=False),
    ]
    async with own_app.run_test() as pilot:
        own_app.open_paper(2, quotes)
        await read(pilot)
        assert marked(text(own_app, "#text"), QUOTE) == ["When", said]


async def test_similar_citing_and_cited_papers_open(own_app: LitsearchApp, shelf: Shelf) -> None:
    shelf.add(CITED, CITING)
    cited = shelf.library.paper("gaertner2001")
    citing = shelf.library.paper("hahn2002")
    assert cited
    assert citing
    async with own_app.run_test(size=(140, 40)) as pilot:
        own_app.open_paper(cited.id)
        screen = await read(pilot)
        around = screen.query_one("#related", OptionList)
        assert [str(each.prompt) for each in around.options if each.disabled] == ["Similar", "Cited by"]
        around.highlighted = around.get_option_index(f"Cited-by-{citing.id}")
        around.focus()
        await pilot.press("enter")
        await until(pilot, lambda: own_app.screen is not screen)
        other = await read(pilot)
        assert other.paper == citing.id
        assert other.query_one("#related", OptionList).get_option(f"Cites-{cited.id}")


async def test_only_web_links_are_opened(own_app: LitsearchApp, shelf: Shelf, monkeypatch: object) -> None:
    shelf.add(CITED)
    cited = shelf.library.paper("gaertner2001")
    assert cited
    opened: list[str] = []
    own_app.open_url = lambda url, *, new_tab=True: opened.append(url)  # type: ignore[method-assign]
    async with own_app.run_test() as pilot:
        own_app.open_paper(cited.id)
        screen = await read(pilot)
        assert "javascript" not in text(own_app, "#record").plain
        await pilot.press("o")
        screen.action_open("javascript:alert(1)")
        screen.action_open("file:///etc/passwd")
        assert opened == ["https://doi.org/10.1000/vinegar"]
        await pilot.press("l")
        assert own_app.clipboard == "https://doi.org/10.1000/vinegar"
        await pilot.press("y")
        assert own_app.clipboard == "Gil Gärtner (2001). On vinegar. https://doi.org/10.1000/vinegar"


async def test_a_note_is_written_kept_and_thrown_away_only_on_purpose(own_app: LitsearchApp) -> None:
    library = own_app.desk.library
    write_note(library, 1, "old")
    async with own_app.run_test() as pilot:
        own_app.open_paper(1)
        screen = await read(pilot)
        assert "old" in text(own_app, "#note").plain
        await pilot.press("n")
        await until(pilot, lambda: isinstance(own_app.screen, NoteEditor))
        own_app.screen.query_one(TextArea).text = "new [bold]\nin two lines"
        await pilot.press("escape")
        assert isinstance(own_app.screen, NoteEditor), "a change is not lost to one key"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: own_app.screen is screen and "new [bold]" in text(own_app, "#note").plain)
    assert note(library, 1) == "new [bold]\nin two lines"


async def test_a_paper_is_tagged_where_it_is_read(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        own_app.open_paper(1)
        screen = await read(pilot)
        for typed, shown in (("thesis", True), ("-thesis", False)):
            await pilot.press("t")
            await until(pilot, lambda: isinstance(own_app.screen, Prompt))
            await pilot.press(*typed, "enter")
            await until(
                pilot,
                lambda shown=shown: (
                    own_app.screen is screen and ("thesis" in text(own_app, "#record").plain) is shown
                ),
            )


async def test_a_paper_that_is_gone_is_told_of(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        own_app.open_paper(4711)
        await until(pilot, lambda: bool(own_app.screen.query("#text")))
        await until(pilot, lambda: "The paper is not in the library any more" in text(own_app, "#text").plain)


async def test_nothing_is_said_to_be_done_with_a_paper_that_is_gone(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    async with own_app.run_test(notifications=True) as pilot:
        await search(pilot, "feedback")
        await pilot.press("down", "enter")
        await read(pilot)
        shelf.library.remove(["dorn2018"])
        await pilot.press("b")
        await until(pilot, lambda: any("not in the library" in each.title for each in own_app._notifications))
        assert not own_app.clipboard


async def test_a_note_that_cannot_be_written_is_not_lost(own_app: LitsearchApp, shelf: Shelf) -> None:
    file = shelf.library.folder / "library.db"
    async with own_app.run_test() as pilot:
        await search(pilot, "feedback")
        await pilot.press("down", "enter")
        await read(pilot)
        await pilot.press("n", *"kept")
        editor = own_app.screen
        file.rename(file.with_name("elsewhere.db"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(own_app.screen, NoteEditor) and own_app.screen is not editor)
        file.with_name("elsewhere.db").rename(file)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "kept" in text(own_app, "#note").plain)


async def test_hundreds_of_authors_leave_the_abstract_in_sight(own_app: LitsearchApp, shelf: Shelf) -> None:
    authors = tuple(Author(f"Writer{n}", "W.") for n in range(500))
    title = "A title that goes on " * 100
    shelf.add(Paper("By many", "A short abstract.", authors, key="many"), Paper(title, "About by many."))
    async with own_app.run_test(size=(140, 40)) as pilot:
        paper = shelf.library.paper("many")
        assert paper is not None
        own_app.open_paper(paper.id)
        screen = await read(pilot)
        above, _, _ = text(own_app, "#text").plain.partition("A short abstract.")
        assert "W. Writer29 and 470 more, named below" in above
        assert "W. Writer499" in text(own_app, "#record").plain
        options = screen.query_one("#related", OptionList).options
        assert max(len(str(each.prompt)) for each in options) < 300
