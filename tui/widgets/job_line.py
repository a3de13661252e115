"""What is at work on the library, and how far it is."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import ProgressBar, Static

from tui.adding import Job


class JobLine(Horizontal):
    """Looks at the job ten times a second, however often that moves."""

    EVERY: ClassVar[float] = 0.1  # seconds

    def compose(self) -> ComposeResult:
        yield ProgressBar(total=1, show_eta=False)
        yield Static(markup=False)

    def on_mount(self) -> None:
        self._job: Job | None = None
        self.display = False
        self._timer = self.set_interval(self.EVERY, self._look, pause=True)

    def follow(self, job: Job | None) -> None:
        self._job = job
        self.display = job is not None
        self._timer.resume() if job is not None else self._timer.pause()
        self._look()

    def _look(self) -> None:
        if self._job is not None:
            share = self._job.share
            self.query_one(ProgressBar).update(total=None if share is None else 1, progress=share or 0)
            self.query_one(Static).update(("stopping · " if self._job.stopping else "") + self._job.said)
