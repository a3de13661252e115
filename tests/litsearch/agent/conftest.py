from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import PAPERS, Shelf

from indexes import upkeep
from indexes.encoders import PLAIN


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """A library of the papers above."""
    shelf = Shelf(tmp_path)
    shelf.add(*PAPERS)
    yield shelf
    shelf.close()


@pytest.fixture
def empty_shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.close()


@pytest.fixture(autouse=True)
def without_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries begin with the legs that need none: these find only papers that have the question's words,
    which tests can foresee. The commands are tested with all three."""
    monkeypatch.setattr(upkeep, "DEFAULT_ENCODERS", {"bm25": "", "sparse": PLAIN})
