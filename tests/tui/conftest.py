"""The app over the starter library, and over a small library of one's own."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asking import Reader
from model_server import ModelServer
from shelf import Shelf
from textual import constants

from litsearch.config import Settings
from tui.app import LitsearchApp


@pytest.fixture(autouse=True)
def without_animations(monkeypatch: pytest.MonkeyPatch) -> None:
    """What glides is painted many times over, and every key waits for it."""
    monkeypatch.setattr(constants, "TEXTUAL_ANIMATIONS", "none")


@pytest.fixture(autouse=True)
def own_theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A theme that one test chooses is remembered for no other."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def starter_app(tmp_path: Path) -> Iterator[LitsearchApp]:
    """The app of someone who has no papers yet."""
    app = LitsearchApp(Settings(library=tmp_path / "library"))
    yield app
    app.desk.close()


@pytest.fixture
def shelf(tmp_path: Path, indexed_papers: Path) -> Iterator[Shelf]:
    """A library of a dozen made-up papers, to add to or to ask of while the app shows it."""
    shelf = Shelf(shutil.copytree(indexed_papers, tmp_path / "library"))
    yield shelf
    shelf.close()


@pytest.fixture
def own_app(shelf: Shelf) -> Iterator[LitsearchApp]:
    """The app over the library of the shelf."""
    app = LitsearchApp(shelf.settings)
    yield app
    app.desk.close()


@pytest.fixture
def reader(model_server: ModelServer, own_app: LitsearchApp) -> Reader:
    """The app asks a model, which this is."""
    reader = Reader()
    model_server.script = reader
    own_app.live.settings = replace(own_app.settings, model="openai/scripted", call_timeout=20.0)
    return reader
