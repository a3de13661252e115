"""The starter library: what is in it, and that it opens whole."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexes.joint import JointModel
from indexes.types import LEGS, Query
from litsearch.papers import StoredPaper
from litsearch.starter import open_starter


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[StoredPaper]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        library, _ = open_starter()
        with library:
            yield list(library.all())


def test_it_has_at_least_sixty_papers_with_their_facts(papers: list[StoredPaper]) -> None:
    assert len(papers) >= 60
    for stored in papers:
        assert stored.paper.authors
        assert stored.paper.year
        assert stored.paper.venue
        assert stored.paper.identifiers


def test_every_text_is_a_summary_of_80_to_150_words(papers: list[StoredPaper]) -> None:
    lengths = {stored.key: len(stored.paper.abstract.split()) for stored in papers}
    assert {key: length for key, length in lengths.items() if not 80 <= length <= 150} == {}
    assert all(stored.paper.is_summary for stored in papers)


def test_it_is_built_once_and_searched_by_every_leg_without_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        library, index = open_starter()
        with library:
            found = index.search(Query("dense retrieval of rare entities"), k=5)
            keys = [paper.key for paper in library.papers([hit.id for hit in found.hits])]
            assert "sciavolino2021simple" in keys
            assert {each.leg for each in found.coverage if each.present} == set(LEGS)
    assert [folder.name.startswith("starter-") for folder in (tmp_path / "litsearch").iterdir()] == [True]


def test_its_vectors_come_with_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(self: JointModel, texts: Sequence[str]) -> None:
        raise AssertionError(
            "the vectors are of another encoder or text: run python -m bench.starter_vectors"
        )

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(JointModel, "encode", encode)
    library, index = open_starter()
    with library:
        assert {each.documents for each in index.status()} == {library.count()}
