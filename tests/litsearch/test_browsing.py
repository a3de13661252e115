"""Looking around in a library."""

from pathlib import Path

import pytest
from shelf import PAPERS

from litsearch.browsing import facets, newest
from litsearch.ingest import ingest
from litsearch.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library.open(tmp_path)
    ingest(library, PAPERS, source="made up", tags=["all of them"])
    return library


def test_the_newest_come_first_without_those_in_the_trash(library: Library) -> None:
    assert newest(library, 2) == [len(PAPERS), len(PAPERS) - 1]
    library.remove([library.papers([len(PAPERS)])[0].key])
    assert newest(library, 2) == [len(PAPERS) - 1, len(PAPERS) - 2]


def test_facets_of_all_papers(library: Library) -> None:
    found = facets(library)
    assert found.years == ((2018, 1), (2019, 1), (2020, 1), (2021, 1))
    assert found.authors[0] == ("Ada Amsel", 2)
    assert found.venues == (("Journal of Made-up Results", 1),)
    assert found.sources == (("made up", len(PAPERS)),)
    assert found.tags == (("all of them", len(PAPERS)),)
    assert len(facets(library, most=2).authors) == 2


def test_facets_of_some_papers(library: Library) -> None:
    library.collect(["amsel2019"], ["chapter"])
    found = facets(library, [1, 3])
    assert found.years == ((2019, 1), (2020, 1))
    assert found.collections == (("chapter", 1),)
    assert facets(library, []).sources == ()
