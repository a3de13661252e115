"""Tells on every screen that a run is at work."""

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widgets import Static

from litsearch.cli.screen import line
from tui.live import Followed
from tui.widgets.run_line import at_work_line

if TYPE_CHECKING:
    from tui.app import LitsearchApp


class AtWork(Static):
    """The run at work in one line, nothing where there is none. A click leads to it."""

    def on_mount(self) -> None:
        live = cast("LitsearchApp", self.app).live
        live.moved.subscribe(self, self._moved)
        self._show(live.current)

    def on_click(self) -> None:
        app = cast("LitsearchApp", self.app)
        if (current := app.live.current) is not None:
            app.live.show(current)
            app.switch_mode("ask")

    def _moved(self, moved: Followed) -> None:  # noqa: ARG002 - which one it was does not matter
        self._show(cast("LitsearchApp", self.app).live.current)

    def _show(self, current: Followed | None) -> None:
        self.display = current is not None
        if current is not None:
            words = f"{at_work_line(current)} · {line(current.question)}"
            self.update(Content.assemble(("● ", "$text-success"), words))
