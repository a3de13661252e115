"""The library from Python: what the examples of docs/python.md leave out."""

import asyncio
from pathlib import Path

import pytest
from command import BIBTEX
from shelf import QUESTION

import litsearch
from litsearch.agent.events import Answered, Event, Started
from litsearch.config import Settings
from litsearch.errors import ImportFileError, LibraryError, RunError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of three papers."""
    (tmp_path / "refs.bib").write_text(BIBTEX, "utf-8")
    with litsearch.Library(tmp_path / "library") as library:
        library.add(tmp_path / "refs.bib", collections=["birds"])
    return tmp_path / "library"


def test_a_library_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with litsearch.Library(tmp_path / "nowhere") as library, pytest.raises(LibraryError):
        library.search("expansion")
    assert not (tmp_path / "nowhere").exists()


def test_nothing_is_added_where_one_of_the_files_is_none(tmp_path: Path) -> None:
    (tmp_path / "good.bib").write_text(BIBTEX, "utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7")
    with litsearch.Library(tmp_path / "library") as library:
        with pytest.raises(ImportFileError):
            library.add([tmp_path / "good.bib", tmp_path / "bad.pdf"])
        with pytest.raises(LibraryError):
            len(library)


def test_nothing_is_added_to_the_starter_library(tmp_path: Path) -> None:
    with litsearch.Library.starter() as library, pytest.raises(LibraryError):
        library.add(tmp_path)


def test_a_search_is_narrowed_and_kept(folder: Path) -> None:
    with litsearch.Library(folder) as library:
        assert [match.key for match in library.search("retrieval", authors="Drossel")] == ["drossel2021"]
        assert library.search("retrieval", collections=["birds"], year_to=2020)[0].paper.year == 2019
        with pytest.raises(LibraryError):
            library.search("retrieval", tags=["nothing"])
        kept = library.store.searches()
    assert [(each.text, each.filters) for each in kept] == [
        ("retrieval", "authors='Drossel'"),
        ("retrieval", "collections=['birds'] year_to=2020"),
    ]


def test_pages_of_a_ranking_join(folder: Path) -> None:
    with litsearch.Library(folder) as library:
        whole = [match.key for match in library.search("retrieval", k=2)]
        paged = [match for page in (0, 1) for match in library.search("retrieval", k=1, offset=page)]
    assert [match.key for match in paged] == whole
    assert [match.rank for match in paged] == [1, 2]


def test_what_is_like_no_paper_is_told(folder: Path) -> None:
    with litsearch.Library(folder) as library:
        assert library.paper("nobody2000") is None
        with pytest.raises(LibraryError):
            library.similar("nobody2000")


def test_an_answer_is_in_the_ledger_as_complete(folder: Path) -> None:
    with litsearch.Library(folder) as library:
        answered = library.answer(QUESTION)
        [run] = library.ledger.runs()
        assert library.ledger.events(run.id)[-1] == answered
    assert run.status == "complete"


def test_the_events_are_those_of_the_run(folder: Path) -> None:
    async def follow(library: litsearch.Library) -> list[Event]:
        return [event async for event in library.ask(QUESTION)]

    with litsearch.Library(folder) as library:
        events = asyncio.run(follow(library))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Answered)


def test_a_run_that_fails_is_an_error_with_its_hint(folder: Path) -> None:
    settings = Settings(library=folder, entailment="onnx:/nowhere")
    with litsearch.Library(settings=settings) as library:
        with pytest.raises(RunError) as raised:
            library.answer(QUESTION)
        assert [run.status for run in library.ledger.runs()] == ["failed"]
    assert raised.value.message


def test_waiting_inside_an_event_loop_is_told(folder: Path) -> None:
    async def wait(library: litsearch.Library) -> None:
        library.answer(QUESTION)

    with litsearch.Library(folder) as library, pytest.raises(RunError, match="event loop"):
        asyncio.run(wait(library))


def test_a_review_is_updated_and_says_what_changed(folder: Path, tmp_path: Path) -> None:
    protocol = tmp_path / "protocol.toml"
    protocol.write_text(f'title = "T"\n[[questions]]\nquestion = "{QUESTION}"\n', "utf-8")
    with litsearch.Library(folder) as library:
        first = library.review(protocol, tmp_path / "one")
        (tmp_path / "more.bib").write_text(
            "@misc{new2024, title={Query expansion improves sparse retrieval again}, year={2024},"
            " abstract={Query expansion improved sparse retrieval on all test collections that we tried.}}",
            "utf-8",
        )
        library.add(tmp_path / "more.bib")
        second = library.review(protocol, tmp_path / "two", update=first.manifest.review)
    assert second.manifest.parent == first.manifest.review
    assert second.changes
    assert (tmp_path / "two" / "report.html").exists()
