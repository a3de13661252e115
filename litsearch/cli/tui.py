"""``litsearch tui``: the app."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

import typer

from litsearch.cli.command import command
from litsearch.config import Settings


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    command(app)(tui)


def tui(settings: Settings) -> None:
    """Open the app: search as you type, read, ask, screen."""
    open_app(settings)


def open_app(settings: Settings) -> None:
    """Runs the app until it is left. By name, since imports point from the app to here, and only when it is
    wanted: Textual takes 0.4 s to load."""
    run = cast("Callable[[Settings], None]", import_module("tui.app").run)
    run(settings)
