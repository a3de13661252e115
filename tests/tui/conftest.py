"""The app over the starter library, and over a small library of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import PAPERS, Shelf

from litsearch.config import Settings
from tui.app import LitsearchApp


@pytest.fixture
def starter_app(tmp_path: Path) -> Iterator[LitsearchApp]:
    """The app of someone who has no papers yet."""
    app = LitsearchApp(Settings(library=tmp_path / "library"))
    yield app
    app.desk.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """A library of a dozen made-up papers, to add to or to ask of while the app shows it."""
    shelf = Shelf(tmp_path / "library")
    shelf.add(*PAPERS)
    yield shelf
    shelf.close()


@pytest.fixture
def own_app(shelf: Shelf) -> Iterator[LitsearchApp]:
    """The app over the library of the shelf."""
    app = LitsearchApp(shelf.settings)
    yield app
    app.desk.close()
