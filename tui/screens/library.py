"""Library: papers come in, are put in order, and go; what the index covers."""

import asyncio
import logging
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TabbedContent, TabPane

from indexes.errors import HintedError
from indexes.hybrid import HybridIndex
from tui.adding import Job, Stopped, add, catch_up, named
from tui.place import Place
from tui.widgets.add_pane import AddPane
from tui.widgets.imports_pane import ImportsPane
from tui.widgets.index_pane import IndexPane
from tui.widgets.job_line import JobLine
from tui.widgets.labels_pane import LabelsPane
from tui.widgets.library_pane import LibraryPane
from tui.widgets.merges_pane import MergesPane
from tui.widgets.trash_pane import TrashPane

_log = logging.getLogger(__name__)

_PANES = {
    "add": ("Add", AddPane),
    "duplicates": ("Duplicates", MergesPane),
    "labels": ("Labels", LabelsPane),
    "imports": ("Imports", ImportsPane),
    "trash": ("Trash", TrashPane),
    "index": ("Index", IndexPane),
}
_STARTER = (
    "This is the starter library that comes with litsearch. The papers that you add make a library of "
    "your own."
)


class LibraryScreen(Place):
    """Files are added one job after the other, in threads; they go on while the user is elsewhere."""

    CSS_PATH = "../styles/library.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"pane({name!r})", label, show=False)
            for number, (name, (label, _)) in enumerate(_PANES.items(), 1)
        ),
        Binding("left_square_bracket", "next_pane(-1)", "Pane before", show=False),
        Binding("right_square_bracket", "next_pane(1)", "Next pane", key_display="]"),
        Binding("S", "stop", "Stop"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._turn = asyncio.Lock()
        self._jobs: list[Job] = []

    def body(self) -> ComposeResult:
        yield Static(_STARTER, id="starter-said", markup=False)
        with TabbedContent():
            for number, (name, (label, pane)) in enumerate(_PANES.items(), 1):
                with TabPane(f"{number} {label}", id=name):
                    yield pane()
        yield JobLine()

    def on_mount(self) -> None:
        self._reload()

    def on_screen_resume(self) -> None:
        self._reload()

    # Panes

    def action_pane(self, name: str) -> None:
        self.query_one(TabbedContent).active = name

    def action_next_pane(self, by: int) -> None:
        names = list(_PANES)
        self.action_pane(names[(names.index(self.query_one(TabbedContent).active) + by) % len(names)])

    @on(TabbedContent.TabActivated)
    def _activated(self, event: TabbedContent.TabActivated) -> None:
        """The keys of a pane are those of its first field or table."""
        focusable = event.pane.query("Input, Listing")
        if focusable:
            focusable.first().focus()

    @on(LibraryPane.Changed)
    def _changed(self) -> None:
        self._reload()
        self._catch_up()

    def _reload(self) -> None:
        self.query_one("#starter-said").display = self.desk.starter
        for pane in self.query(LibraryPane):
            pane.reload()

    # Jobs

    @on(AddPane.Asked)
    def _add(self, event: AddPane.Asked) -> None:
        pane, desk = self.query_one(AddPane), self.desk

        def work(job: Job) -> None:
            library = desk.own_library()
            for added in add(library, named(event.paths), event.tags, job):
                self.app.call_from_thread(pane.take, added)
            if not job.stopping:
                catch_up(HybridIndex.open(library.index_folder, library), job)
            desk.reopen()

        self._begin("reading", work)

    @on(IndexPane.CatchUp)
    def _catch_up(self) -> None:
        self._begin("bringing the index up to date", lambda job: catch_up(self.desk.index, job))

    def action_stop(self) -> None:
        for job in self._jobs:
            job.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """There is nothing to stop where nothing is at work."""
        return action != "stop" or bool(self._jobs)

    def _begin(self, said: str, work: Callable[[Job], None]) -> None:
        job = Job(said)
        self._jobs.append(job)
        self.refresh_bindings()
        self.run_worker(self._carry(job, work), group="jobs", exit_on_error=False)

    async def _carry(self, job: Job, work: Callable[[Job], None]) -> None:
        try:
            async with self._turn:
                self.query_one(JobLine).follow(job)
                await asyncio.to_thread(work, job)
        except Stopped:
            self.notify("Stopped. What was done until then stays.")
        except HintedError as error:
            self.notify(error.said, severity="error", markup=False)
        except Exception as error:  # noqa: BLE001 (the outer boundary of a job: what was committed stays)
            _log.exception("%s failed", job.said)
            self.notify(f"{job.said} failed: {error}", severity="error", markup=False)
        finally:
            job.stop()  # its thread outlives this worker when the app is left
            self._jobs.remove(job)
            self.refresh_bindings()
            self.query_one(JobLine).follow(None)
            self._reload()
