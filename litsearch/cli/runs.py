"""``litsearch runs``: the questions asked so far, shown again without a model, and gone on with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litsearch.cli.ask import AnswerOptions, BudgetOptions, finish, open_ledger, present, write_event
from litsearch.cli.command import command
from litsearch.cli.failures import NOTHING
from litsearch.cli.library import write_to
from litsearch.cli.opening import open_for_reading
from litsearch.cli.options import JsonOption, OutputOption
from litsearch.cli.screen import line, say, write
from litsearch.config import Settings

if TYPE_CHECKING:
    from litsearch.agent.events import Event
    from litsearch.agent.ledger import Ledger, RunRecord

app = typer.Typer(name="runs", help="The questions asked so far.", no_args_is_help=True)

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="Id of the run, or its beginning.")]


@command(app, "list")
def list_runs(settings: Settings, json: JsonOption = False) -> None:
    """Every run, the newest first."""
    import json as jsonlib
    from dataclasses import asdict

    from litsearch.agent import recorded

    with open_ledger(settings) as ledger:
        runs = ledger.runs()
    if not runs:
        say("No question was asked yet. Ask one with: litsearch ask QUESTION")
    for run in runs:
        if json:
            write(jsonlib.dumps(asdict(run), ensure_ascii=False) + "\n")
        else:
            before = recorded.continues(run.settings)
            after = f" (continues {before})" if before else ""
            write(f"{run.id}  {run.started_at}  {run.status}  {line(run.question)}{after}\n")


@dataclass(frozen=True, slots=True)
class RetellingOptions:
    """What is told of a run before its end."""

    full: Annotated[
        bool,
        typer.Option("--full", help="Tell all of it: searches, judgements, what was dropped."),
    ] = False
    qrels: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Tell recall by stage too: relevant papers in BEIR's qrels.tsv."),
    ] = None
    query: Annotated[
        str | None, typer.Option(metavar="ID", help="The query of that file, where it has several.")
    ] = None


@command(app)
def show(settings: Settings, run: RunArgument, retelling: RetellingOptions, shown: AnswerOptions) -> None:
    """Show the end of a run again, or all of it.

    From its stored events: nothing is searched and no model is called.
    """
    from litsearch.agent.story import Story

    story = Story()
    with open_ledger(settings) as ledger:
        record = ledger.run(run)
        events = ledger.events(record.id)
        if (retelling.full or retelling.qrels) and not shown.json:
            _retell(ledger, record, events, retelling)
    for event in events:
        story.take(event)
        if shown.json:
            write_event(event)
    if not shown.json:
        from litsearch.cli.render_answer import failure_line

        for failure in story.failures:
            say(failure_line(failure))
        with open_for_reading(settings) as opened:
            present(story, opened.library, shown)
    if story.answered is None or not story.answered.sentences:
        raise typer.Exit(NOTHING)


def _retell(
    ledger: "Ledger", record: "RunRecord", events: "Sequence[Event]", options: RetellingOptions
) -> None:
    """Raises EvaluationError."""
    from litsearch.agent.retelling import recall_by_stage, spending
    from litsearch.cli.render_retelling import show_retelling

    relevant = relevant_papers(options.qrels, options.query) if options.qrels else frozenset()
    recall = recall_by_stage(events, relevant)
    show_retelling(record, events, spending(ledger, record.id), recall, len(relevant))


def relevant_papers(path: Path, query: str | None) -> frozenset[str]:
    """Keys of the papers that a file of judgements holds relevant. Raises EvaluationError."""
    from litsearch.errors import EvaluationError
    from litsearch.judgements import read_qrels

    if not path.is_file():
        raise EvaluationError(f"There is no file {path}.")
    judged = read_qrels(path)
    if query is None and len(judged) > 1:
        raise EvaluationError(f"{path} judges {len(judged):,} queries.", "Name one with --query ID.")
    if query is not None and query not in judged:
        raise EvaluationError(
            f"{path} does not judge a query “{query}”.", f"It has {', '.join([*judged][:5])}"
        )
    grades = judged[query] if query is not None else next(iter(judged.values()))
    return frozenset(key for key, grade in grades.items() if grade > 0)


@command(app)
def export(settings: Settings, run: RunArgument, output: OutputOption = None) -> None:
    """Write all that is stored of a run as JSON Lines.

    First its question and settings, then its events.
    """
    from litsearch.exporters.runs import write_run

    with open_ledger(settings) as ledger:
        record = ledger.run(run)
        events = ledger.events(record.id)
    write_to(output, write_run(record, events))


@command(app)
def resume(settings: Settings, run: RunArgument, budget: BudgetOptions, shown: AnswerOptions) -> None:
    """Go on with a run that was killed or ended early.

    Its model, seed and filters are its own, and what it paid for is not paid again.
    """
    from litsearch.agent import recorded
    from litsearch.agent.loop import Run

    settings = budget.over(settings)
    with open_for_reading(settings) as opened, open_ledger(settings) as ledger:
        record = ledger.run(run)
        recorded.check_library(record, settings, starter=opened.starter)
        resumed = Run(
            record.question,
            settings,
            library=opened.library,
            index=opened.index,
            ledger=ledger,
            resume=record.id,
            starter=opened.starter,
        )
        finish(opened, resumed, shown)
