"""What can be done with the papers selected on a screen: tag, collect, copy, export."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from litsearch.cli.screen import plural
from litsearch.errors import LibraryError
from tui import acting
from tui.desk import Desk
from tui.place import Place
from tui.screens.prompt import Prompt

Act = Callable[[Desk, Sequence[int], str], str]


class Selection(Place):
    """A screen on which papers are selected."""

    ACTIONS: ClassVar[list[BindingType]] = [
        Binding("t", "tag", "Tag"),
        Binding("c", "collect", "Collect"),
        Binding("b", "copy_bibtex", "Copy BibTeX", show=False),
        Binding("e", "export", "Export", show=False),
    ]

    def selected(self) -> list[int]:
        """Ids of the papers that an action is for."""
        raise NotImplementedError

    def acted(self) -> None:
        """Called when the library says something else of the papers than before."""
        raise NotImplementedError

    def action_tag(self) -> None:
        self._propose("Tag", self.desk.library.tags, acting.tag)

    def action_collect(self) -> None:
        self._propose("Collection", self.desk.library.collections, acting.collect)

    @work(thread=True, exclusive=True, group="names", exit_on_error=False)
    def _propose(self, kind: str, known: Callable[[], dict[str, int]], act: Act) -> None:
        ids = self.selected()
        names = list(known())
        if ids:
            self.app.call_from_thread(self._ask_name, kind, names, ids, act)

    def _ask_name(self, kind: str, names: Sequence[str], ids: Sequence[int], act: Act) -> None:
        there = f"There is: {', '.join(names[:8])}. " if names else ""
        self.app.push_screen(
            Prompt(
                f"{kind} for {plural(len(ids), 'paper')}",
                f"{there}A minus before the name takes it away.",
                suggestions=names,
            ),
            partial(self._answered, ids, act),
        )

    def action_export(self) -> None:
        if ids := self.selected():
            self.app.push_screen(
                Prompt(
                    f"Write {plural(len(ids), 'paper')} to",
                    f"The format is that of the name: {', '.join(acting.FORMATS)}",
                    value="papers.bib",
                ),
                partial(self._answered, ids, acting.save),
            )

    def action_copy_bibtex(self) -> None:
        if ids := self.selected():
            self._copy_bibtex(ids)

    def _answered(self, ids: Sequence[int], act: Act, answer: str | None) -> None:
        if answer is not None:
            self._act(ids, act, answer)

    @work(thread=True, group="act", exit_on_error=False)
    def _act(self, ids: Sequence[int], act: Act, answer: str) -> None:
        try:
            said = act(self.desk, ids, answer)
        except (LibraryError, OSError) as error:
            self.app.call_from_thread(self.tell_error, error)
            return
        self.app.call_from_thread(self.tell, said)
        self.app.call_from_thread(self.acted)

    @work(thread=True, group="act", exit_on_error=False)
    def _copy_bibtex(self, ids: Sequence[int]) -> None:
        text, count = acting.as_bibtex(self.desk, ids)
        self.app.call_from_thread(self.copy, text, f"Copied {plural(count, 'paper')} as BibTeX.")

    def copy(self, text: str, said: str) -> None:
        """To the clipboard of the terminal."""
        self.app.copy_to_clipboard(text)
        self.tell(said)
