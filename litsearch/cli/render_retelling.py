"""A run told again on the screen: plan, searches, judgements, what was dropped, doubts, recall, spend."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litsearch.agent.events import Continued, Event, Judged, Planned, Started, Widened
from litsearch.agent.ledger import RunRecord
from litsearch.agent.plan_notes import told
from litsearch.agent.retelling import Reached, StepSpent, dropped, yields
from litsearch.cli.render_answer import heading
from litsearch.cli.render_claims import text
from litsearch.cli.screen import line, page, plural

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def show_retelling(
    record: RunRecord,
    events: Sequence[Event],
    spent: Sequence[StepSpent],
    recall: Sequence[Reached] = (),
    relevant: int = 0,
) -> None:
    """All of it on stdout. ``recall`` is of that many papers that are known to be relevant."""
    with page() as screen:
        _show_beginning(screen, record, events)
        heading(screen, "Searches")
        _show_searches(screen, events)
        heading(screen, "Judgements")
        _show_judgements(screen, [event for event in events if isinstance(event, Judged)])
        heading(screen, "Dropped by a check")
        _show_dropped(screen, events)
        _show_doubts(screen, [event for event in events if isinstance(event, Widened)])
        if relevant:
            heading(screen, f"Recall by stage, of {plural(relevant, 'relevant paper')}")
            _show_recall(screen, recall)
        if spent:
            heading(screen, "Paid for by this run")
            _show_spent(screen, spent)
        screen.print()


def _show_beginning(screen: "Console", record: RunRecord, events: Sequence[Event]) -> None:
    screen.print(text(line(record.question), "bold"))
    ended = f" to {record.finished_at}" if record.finished_at else ""
    screen.print(text(f"{record.id}: {record.status}, {record.started_at}{ended}", "dim"))
    for event in events:
        match event:
            case Started():
                reader = f"{line(event.model)} reads" if event.model else "no model reads"
                writer = f", {line(event.writer)} writes" if event.writer else ""
                library = f"{plural(event.papers, 'paper')}, revision {event.revision}"
                screen.print(text(f"{library}; {reader}{writer}; seed {event.seed}", "dim"))
            case Continued():
                kept = f"{plural(len(event.findings), 'finding')} of {event.run}"
                screen.print(text(f"begins with {kept}; asked: {line(event.asked)}", "dim"))
            case Planned() if event.notes:
                screen.print(text(f"plan: {line(told(event.notes))}"))
            case _:
                pass


def _show_searches(screen: "Console", events: Sequence[Event]) -> None:
    table = _grid("round", "found", "new", "judged", "relevant", "added")
    table.add_column("query", overflow="fold")
    for each in yields(events):
        counts = (each.searched.round, len(each.searched.found), each.searched.new)
        words = text(line(each.searched.query))
        if each.searched.purpose:
            words.append(f" ({line(each.searched.purpose)})", "dim")
        table.add_row(*map(str, (*counts, each.judged, each.relevant, each.added)), words)
    screen.print(table)


def _show_judgements(screen: "Console", judged: Sequence[Judged]) -> None:
    if not judged:
        screen.print(text("Nothing was judged."))
        return
    table = _grid("relevance")
    table.add_column("paper and reason", overflow="fold")
    for each in sorted(judged, key=lambda each: -each.relevance):
        words = text(f"{line(each.title)} ")
        words.append(f"({line(each.key)}) ", "cyan")
        words.append(line(each.reason), "dim")
        table.add_row(str(each.relevance), words)
    screen.print(table)
    by_model = sum(each.judge == "model" for each in judged)
    screen.print(text(f"{by_model:,} by a model, {len(judged) - by_model:,} by program, best first.", "dim"))


def _show_dropped(screen: "Console", events: Sequence[Event]) -> None:
    told_ = dropped(events)
    if not told_:
        screen.print(text("Nothing."))
    for where, each in told_:
        words = text(f"{line(where)}: ", "cyan")
        words.append(line(each.text))
        words.append(f" — {line(each.reason)}", "yellow")
        screen.print(words)


def _show_doubts(screen: "Console", widened: Sequence[Widened]) -> None:
    for event in widened:
        heading(screen, "Questions put to the draft")
        for check in event.checks:
            screen.print(text(line(check.question)))
            found = f"{plural(check.papers, 'paper')} judged, {plural(len(check.findings), 'finding')}"
            answer = " ".join(line(sentence.text) for sentence in check.answer) or "no answer"
            screen.print(text(f"  {found}: {answer}", "dim"))


def _show_recall(screen: "Console", recall: Sequence[Reached]) -> None:
    table = _grid("papers", "recall")
    table.add_column("after")
    for each in recall:
        table.add_row(str(each.papers), f"{each.recall:.0%}", each.stage)
    screen.print(table)


def _show_spent(screen: "Console", spent: Sequence[StepSpent]) -> None:
    table = _grid("calls", "tokens in", "tokens out", "cost")
    table.add_column("step", overflow="fold")
    for each in spent:
        table.add_row(*_counts(each), text(f"{line(each.step)} ({line(each.model)})"))
    screen.print(table)


def _counts(spent: StepSpent) -> Iterator[str]:
    for count in (spent.calls, spent.prompt_tokens, spent.completion_tokens):
        yield f"{count:,}"
    yield "unknown" if spent.cost is None else f"${spent.cost:.4f}"


def _grid(*numbers: str) -> "Table":
    """A table whose first columns are numbers, under these names."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    for name in numbers:
        table.add_column(name, no_wrap=True, justify="right")
    return table
