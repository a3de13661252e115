"""Screenings as they are made and found, and the papers up for a decision."""

import pytest
from shelf import Shelf

from indexes.errors import HintedError
from litsearch.errors import LibraryError
from litsearch.screening.screenings import Screening, candidates, create, find, screenings


def test_a_screening_comes_back_as_it_was_made(shelf: Shelf) -> None:
    made = Screening("Über", "What helps?", ("trials", "in humans"), ("reviews",), "+expansion")
    create(shelf.library, made)
    create(shelf.library, Screening("b", ""))
    assert find(shelf.library, "Über") == made
    assert [each.name for each in screenings(shelf.library)] == ["Über", "b"]
    assert made.topic == "What helps? trials in humans"


def test_names_are_there_and_are_unique(shelf: Shelf) -> None:
    create(shelf.library, Screening("a", ""))
    for name in ("a", " a ", "", " "):
        with pytest.raises(LibraryError):
            create(shelf.library, Screening(name, ""))
    with pytest.raises(LibraryError, match="no screening 'x'"):
        find(shelf.library, "x")


def test_candidates_are_all_papers_or_those_that_match_a_query(shelf: Shelf) -> None:
    def of(query: str) -> list[int]:
        return candidates(shelf.library, shelf.index, Screening("a", "", candidates=query))

    assert of("") == list(range(1, 13))
    assert of("+expansion +sparse") == [1, 2, 4]
    shelf.library.remove(["birke2021"])
    assert 2 not in of("")
    assert of("+expansion +sparse") == [1, 4]
    with pytest.raises(HintedError):
        of('"expansion')
