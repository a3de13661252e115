import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import PAPERS, Shelf

from indexes import upkeep
from indexes.encoders import PLAIN

MODEL_FREE = {"bm25": "", "sparse": PLAIN}


@pytest.fixture(scope="session")
def indexed_papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As everywhere, but with the legs that need no model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upkeep, "DEFAULT_ENCODERS", MODEL_FREE)
        shelf = Shelf(tmp_path_factory.mktemp("indexed") / "library")
        shelf.add(*PAPERS)
        shelf.close()
    return shelf.library.folder


@pytest.fixture
def shelf(tmp_path: Path, indexed_papers: Path) -> Iterator[Shelf]:
    """A library of the papers above."""
    shelf = Shelf(shutil.copytree(indexed_papers, tmp_path, dirs_exist_ok=True))
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
    monkeypatch.setattr(upkeep, "DEFAULT_ENCODERS", MODEL_FREE)
