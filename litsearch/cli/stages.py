"""Live progress of a run on stderr, a line a stage: rewritten in place on a terminal, else said once."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from litsearch.agent.events import (
    Continued,
    Distilled,
    Drafted,
    Event,
    Failed,
    Grouped,
    Judged,
    Outlined,
    Planned,
    PlannedQuery,
    Searched,
    Sectioned,
    Spent,
    Started,
    Verified,
    Widened,
)
from litsearch.agent.plan_notes import told
from litsearch.cli.render_answer import failure_line, spent_line
from litsearch.cli.screen import console, line, plural, say

if TYPE_CHECKING:
    from rich.table import Table

NOTHING_MORE = "nothing more to search"


class Stages:
    """What each stage of a run has done so far, in the order in which they began."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self._queries = self._found = self._judged = self._relevant = self._read = self._findings = 0
        self._dropped = self._sections = self._sentences = 0
        self._legs: dict[str, None] = {}
        self._question = ""

    def take(self, event: Event) -> str:
        """Folds an event in and returns the stage that it moved, or ''."""
        stage, words = self._told(event)
        if stage:
            self.told[stage] = words
        return stage

    def _planned(self, query: PlannedQuery) -> str:
        """The question itself is not repeated."""
        return line(query.purpose if query.text == self._question else f"{query.text} ({query.purpose})")

    def _begun(self, event: Started | Continued) -> tuple[str, str]:
        match event:
            case Started():
                self._question = event.question
                reader = f"{line(event.model)} reads" if event.model else "no model reads"
                reader += f", {line(event.writer)} writes" if event.writer else ""
                return "start", f"{plural(event.papers, 'paper')}, {reader}; run {event.run}"
            case Continued():
                asked = f"; asked: {line(event.asked)}" if event.asked != self._question else ""
                self._question = event.asked
                return "continue", f"{plural(len(event.findings), 'finding')} of {event.run}{asked}"

    def _told(self, event: Event) -> tuple[str, str]:
        match event:
            case Started() | Continued():
                return self._begun(event)
            case Planned():
                queries = "; ".join(self._planned(query) for query in event.queries)
                notes = line(told(event.notes))
                return f"plan {event.round}", " | ".join(filter(None, (queries, notes))) or NOTHING_MORE
            case Searched():
                self._queries, self._found = self._queries + 1, self._found + event.new
                searched = plural(self._queries, "query", "queries")
                self._legs |= dict.fromkeys(event.legs)
                by = f" ({' + '.join(self._legs)})" if self._legs else ""
                return "search", f"{searched}{by}, {plural(self._found, 'paper')} found"
            case Judged():
                self._judged, self._relevant = self._judged + 1, self._relevant + event.is_relevant
                return "judge", f"{plural(self._judged, 'paper')}, {self._relevant:,} relevant"
            case Distilled():
                self._read, self._findings = self._read + 1, self._findings + len(event.findings)
                self._dropped += len(event.dropped)
                dropped = f", {self._dropped:,} dropped by a check" if self._dropped else ""
                return (
                    "distill",
                    f"{plural(self._read, 'paper')}, {plural(self._findings, 'finding')}{dropped}",
                )
            case Grouped():
                contested = sum(claim.contested for claim in event.claims)
                against = f", {contested:,} contested" if contested else ""
                return "group", plural(len(event.claims), "claim") + against
            case _:
                return self._written(event)

    def _written(self, event: Event) -> tuple[str, str]:
        match event:
            case Widened():
                asked = plural(len(event.checks), "question")
                return "widen", f"{asked} on the draft, {plural(len(event.added), 'paper')} added"
            case Outlined():
                return "outline", plural(len(event.sections), "section")
            case Sectioned():
                self._sections += 1
                self._sentences += len(event.section.sentences)
                return "write", f"{plural(self._sections, 'section')}, {plural(self._sentences, 'sentence')}"
            case Drafted():
                return "compose", plural(len(event.sentences), "sentence")
            case Verified():
                dropped = f", {len(event.dropped):,} dropped" if event.dropped else ""
                return "verify", plural(len(event.sentences), "sentence") + dropped
            case Spent():
                return ("spent", spent_line(event)) if event.calls or event.cached else ("", "")
            case _:
                return "", ""


@contextmanager
def live_stages() -> Iterator[Callable[[Event], None]]:
    """Takes events and shows where the run is; failures are said at once."""
    with _redrawn() if sys.stderr.isatty() else _said_once() as take:
        yield take


@contextmanager
def _redrawn() -> Iterator[Callable[[Event], None]]:
    from rich.live import Live

    stages = Stages()
    with Live(console=console(stderr=True), transient=True, refresh_per_second=8) as live:

        def take(event: Event) -> None:
            if isinstance(event, Failed):
                live.console.print(failure_line(event), style="red")
            elif stages.take(event):
                live.update(_table(stages.told))

        yield take


def _table(told: dict[str, str]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(no_wrap=True, style="cyan")
    grid.add_column(no_wrap=True, overflow="ellipsis", ratio=1)  # what is said is cut, never the stage
    for stage, words in told.items():
        grid.add_row(stage, Text(words))
    return grid


@contextmanager
def _said_once() -> Iterator[Callable[[Event], None]]:
    """A stage is said when the next one begins, for only then its counts are whole."""
    stages = Stages()
    current = ""

    def tell() -> None:
        if current and current != "spent":
            say(f"{current}: {stages.told[current]}")

    def take(event: Event) -> None:
        nonlocal current
        if isinstance(event, Failed):
            say(failure_line(event))
        stage = stages.take(event)
        if stage and stage not in (current, "spent"):
            tell()
            current = stage

    yield take
    tell()
