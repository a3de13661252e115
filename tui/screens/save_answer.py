"""Where a run is written to, and as what."""

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from indexes.errors import HintedError
from litsearch.exporters import export
from litsearch.exporters.answers import write_answer
from litsearch.exporters.files import write_whole
from litsearch.exporters.runs import write_run
from tui.desk import Desk
from tui.live import Followed

_HINT = "NAME.md: the answer as Markdown, with NAME.bib beside it.  NAME.jsonl: all events of the run."


class SaveAnswer(ModalScreen[None]):
    """Writes a run to a file; what goes wrong is said here."""

    CSS_PATH = "../styles/ask_settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave")]

    def __init__(self, followed: Followed, desk: Desk) -> None:
        super().__init__()
        self._followed = followed
        self._desk = desk
        self._sure: Path | None = None  # a file that may be written over

    def compose(self) -> ComposeResult:
        suffix = ".md" if self._followed.story.answered else ".jsonl"
        with Vertical(classes="dialog"):
            yield Static("Save this run as")
            yield Input(str(Path.cwd() / f"{self._followed.id}{suffix}"), id="path", compact=True)
            yield Static(_HINT, classes="hint", markup=False)
            yield Static("", classes="problem", markup=False)

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        event.stop()
        path = Path(event.value.strip()).expanduser()
        if path.suffix not in (".md", ".jsonl"):
            self._say("The name must end in .md or .jsonl.")
        elif path.suffix == ".md" and self._followed.story.answered is None:
            self._say("This run has no answer; its events can be saved as .jsonl.")
        elif path != self._sure and (there := [each for each in _files(path) if each.exists()]):
            self._sure = path
            names = " and ".join(each.name for each in there)
            self._say(f"{names} is there already. Enter again writes over it.")
        else:
            self._write(path)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _write(self, path: Path) -> None:
        try:
            save(self._followed, self._desk, path)
        except HintedError as error:
            self.app.call_from_thread(self._say, error.said)
        except OSError as error:
            self.app.call_from_thread(self._say, f"{error.filename or path}: {error.strerror or error}")
        else:
            self.app.call_from_thread(self._done, path)

    def _done(self, path: Path) -> None:
        self.app.notify("\n".join(str(each) for each in _files(path)), title="Saved", markup=False)
        self.dismiss(None)

    def _say(self, problem: str) -> None:
        self.query_one(".problem", Static).update(problem)


def save(followed: Followed, desk: Desk, path: Path) -> None:
    """The answer with its bibliography, or, where the name ends in .jsonl, all that is stored of the run.

    Raises OSError where a file can't be written, HintedError where library or ledger can't be read.
    """
    answered = followed.story.answered
    if path.suffix == ".jsonl" or answered is None:
        record = desk.ledger.run(followed.id)
        write_whole(path, write_run(record, desk.ledger.events(record.id)))
        return
    text, bibliography = _files(path)
    papers = desk.library.papers([reference.id for reference in answered.references])
    write_whole(bibliography, export(papers, "bibtex"))
    write_whole(text, write_answer(answered, bibliography.name))


def _files(path: Path) -> tuple[Path, ...]:
    """What is written under that name."""
    return (path, path.with_suffix(".bib")) if path.suffix == ".md" else (path,)
