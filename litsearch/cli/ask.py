"""``litsearch ask``: a question in, a cited answer out."""

import json as jsonlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from litsearch.cli.command import command
from litsearch.cli.failures import ERROR, INTERRUPTED, NOTHING
from litsearch.cli.opening import Opened, open_for_reading
from litsearch.cli.options import FilterOptions, RerankOption
from litsearch.cli.screen import write
from litsearch.cli.search import fetch_reranker
from litsearch.config import Settings, override

if TYPE_CHECKING:
    from litsearch.agent.events import Event
    from litsearch.agent.ledger import Ledger
    from litsearch.agent.loop import Run
    from litsearch.agent.story import Story
    from litsearch.library import Library


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """Who reads, and how much; what is not given comes from the settings."""

    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The model that reads, such as ollama/qwen3 [LITSEARCH_MODEL]."),
    ] = None
    model_read: Annotated[
        str | None, typer.Option(metavar="NAME", help="Another one for the steps that read.")
    ] = None
    model_write: Annotated[
        str | None, typer.Option(metavar="NAME", help="Another one for the steps that write.")
    ] = None
    max_papers: Annotated[int | None, typer.Option(metavar="N", help="Judge no more papers than this.")] = (
        None
    )
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of what is drawn at random.")] = None
    rerank: RerankOption = None

    def over(self, settings: Settings) -> Settings:
        """A model that is named here alone serves all steps, whatever the settings say of one of them."""
        unnamed = None if self.model is None else ""
        return override(
            settings,
            model=self.model,
            model_read=unnamed if self.model_read is None else self.model_read,
            model_write=unnamed if self.model_write is None else self.model_write,
            max_papers=self.max_papers,
            seed=self.seed,
            rerank=self.rerank,
        )


@dataclass(frozen=True, slots=True)
class BudgetOptions:
    """What a run may use; what is not given comes from the settings."""

    max_cost: Annotated[float | None, typer.Option(metavar="USD", help="Spend no more than this.")] = None
    max_calls: Annotated[int | None, typer.Option(metavar="N", help="Call the model no more than this.")] = (
        None
    )
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="End after this time with what there is.")
    ] = None
    call_timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Wait no longer than this for one reply.")
    ] = None
    concurrency: Annotated[int | None, typer.Option(metavar="N", help="Model calls at once.")] = None

    def over(self, settings: Settings) -> Settings:
        return override(
            settings,
            max_cost=self.max_cost,
            max_calls=self.max_calls,
            timeout=self.timeout,
            call_timeout=self.call_timeout,
            concurrency=self.concurrency,
        )


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How an answer is shown."""

    json: Annotated[bool, typer.Option("--json", help="Every event of the run, one JSON object a line.")] = (
        False
    )
    format: Annotated[
        Literal["markdown"] | None, typer.Option(help="Write the answer as Pandoc Markdown.")
    ] = None
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write Markdown to FILE, with a .bib beside it."),
    ] = None


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    command(app)(ask)


def ask(
    settings: Settings,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in plain words.")],
    reading: ReadingOptions,
    budget: BudgetOptions,
    filters: FilterOptions,
    shown: AnswerOptions,
    continues: Annotated[
        str | None,
        typer.Option("--continue", metavar="RUN", help="Begin with the evidence of an earlier run."),
    ] = None,
    query: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="Search for this, not for planned queries; may be repeated."),
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Write a review: sections, a table of the papers, limits.")
    ] = False,
) -> None:
    """Ask a question; the answer cites papers and checked quotes.

    Without a model the answer is made of quotes alone. Ctrl-C ends with what there is.
    """
    from litsearch.agent.loop import Run

    settings = budget.over(reading.over(settings))
    fetch_reranker(settings.rerank)
    with open_for_reading(settings) as opened, open_ledger(settings) as ledger:
        settings.library.mkdir(parents=True, exist_ok=True)  # for the ledger, while there is no library yet
        run = Run(
            question,
            settings,
            library=opened.library,
            index=opened.index,
            ledger=ledger,
            filters=filters.filters(opened.library),
            starter=opened.starter,
            continues=continues,
            review=review,
            queries=query or (),
        )
        finish(opened, run, shown)


@contextmanager
def open_ledger(settings: Settings) -> Iterator["Ledger"]:
    """The ledger of runs in the library's folder, which need not be there."""
    from litsearch.agent.ledger import Ledger

    ledger = Ledger(settings.library)
    try:
        yield ledger
    finally:
        ledger.close()


def finish(opened: Opened, run: "Run", shown: AnswerOptions) -> None:
    """Follows a run to its end, shows it, and exits with the status that it deserves."""
    import asyncio

    from litsearch.agent.story import Story
    from litsearch.cli.following import follow
    from litsearch.cli.stages import live_stages

    story = Story()
    with nullcontext(write_event) if shown.json else live_stages() as tell:

        def take(event: "Event") -> None:
            story.take(event)
            tell(event)

        interrupted = asyncio.run(follow(run, take))
    if not shown.json:
        present(story, opened.library, shown)
    if interrupted:
        raise typer.Exit(INTERRUPTED)
    if story.answered is None:
        raise typer.Exit(ERROR)
    if not story.answered.sentences:
        raise typer.Exit(NOTHING)


def present(story: "Story", library: "Library", shown: AnswerOptions) -> None:
    """The end of a run as it was asked for."""
    if story.answered is None or (shown.format is None and shown.output is None):
        from litsearch.cli.render_answer import show_story

        show_story(story)
        return
    from litsearch.cli.library import write_to
    from litsearch.exporters import export
    from litsearch.exporters.answers import write_answer

    if shown.output is None:
        write_to(None, write_answer(story.answered))
        return
    bibliography = shown.output.with_suffix(".bib")
    papers = library.papers([reference.id for reference in story.answered.references])
    write_to(bibliography, export(papers, "bibtex"))
    write_to(shown.output, write_answer(story.answered, bibliography.name))


def write_event(event: "Event") -> None:
    """An event as a line of JSON on stdout, at once."""
    from litsearch.agent.events_json import to_json

    write(jsonlib.dumps(to_json(event), ensure_ascii=False) + "\n", flush=True)
