"""``litsearch review``: batches of questions over a library, by a protocol."""

import json as jsonlib
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litsearch.cli.ask import open_ledger
from litsearch.cli.command import command
from litsearch.cli.failures import DONE, ERROR, INTERRUPTED, NOTHING
from litsearch.cli.opening import Opened, open_for_reading
from litsearch.cli.options import JsonOption
from litsearch.cli.screen import line, plural, say, write
from litsearch.cli.search import fetch_reranker
from litsearch.config import Settings, override
from litsearch.errors import ConfigError

if TYPE_CHECKING:
    from litsearch.agent.ledger import Ledger
    from litsearch.review.conduct import Review
    from litsearch.review.protocol import Protocol
    from litsearch.review.result import ReviewResult

app = typer.Typer(
    name="review",
    help="Answer, screen and extract by a protocol, in one go.",
    no_args_is_help=True,
    epilog="Exit status of run, resume, update and show: 0 complete, 1 partial, 2 failed, 130 interrupted.",
)

STATUS = {"complete": DONE, "partial": NOTHING, "failed": ERROR}

ProtocolArgument = Annotated[Path, typer.Argument(metavar="PROTOCOL", help="The protocol, a TOML file.")]
ReviewArgument = Annotated[str, typer.Argument(metavar="REVIEW", help="Id of the review, or its beginning.")]


@dataclass(frozen=True, slots=True)
class ReviewBudget:
    """What the review may use in all; what is not given is the protocol's."""

    max_cost: Annotated[float | None, typer.Option(metavar="USD", help="Spend no more than this.")] = None
    max_calls: Annotated[int | None, typer.Option(metavar="N", help="Call the model no more than this.")] = (
        None
    )
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="End after this time with what there is.")
    ] = None
    concurrency: Annotated[int | None, typer.Option(metavar="N", help="Model calls at once.")] = None

    def over(self, protocol: "Protocol") -> "Protocol":
        from litsearch.review.beginning import limited

        return limited(protocol, **asdict(self))


@dataclass(frozen=True, slots=True)
class ReviewOutput:
    """Where the result goes, and what is said meanwhile."""

    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Write the result here, not to a folder called as its id.",
        ),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="Every event, one JSON object a line.")] = False


@command(app)
def new(
    settings: Settings,  # noqa: ARG001 (every command has them)
    protocol: ProtocolArgument,
) -> None:
    """Write a commented protocol to begin with."""
    from importlib.resources import files

    text = files("litsearch.review").joinpath("template.toml").read_text(encoding="utf-8")
    try:
        with protocol.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigError(f"{protocol} is there already", "Choose another name") from error
    say(f"Written to {protocol}. Fill it in, then: litsearch review check {protocol}")


@command(app)
def check(settings: Settings, protocol: ProtocolArgument) -> None:
    """Say what a protocol sets out to do, or what is wrong with it.

    Every problem has the line where it stands.
    """
    from litsearch.cli.render_review import summary
    from litsearch.review.beginning import shaped
    from litsearch.review.missing import missing
    from litsearch.review.protocol_file import ProtocolError, read

    try:
        value = read(protocol)
    except ProtocolError as error:
        for problem in error.problems:
            write(f"{problem}\n")
        raise typer.Exit(NOTHING) from error
    write("".join(f"{each}\n" for each in summary(value, shaped(value, settings))))
    with open_for_reading(settings) as opened:
        problems = missing(value, opened.library)
    for words in problems:
        write(f"{protocol}: {words}\n")
    if problems:
        raise typer.Exit(NOTHING)


@command(app)
def run(
    settings: Settings,
    protocol: ProtocolArgument,
    budget: ReviewBudget,
    out: ReviewOutput,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="The model that reads, in place of the protocol's.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only reckon the calls, tokens and cost that it takes.")
    ] = False,
) -> None:
    """Carry out a review.

    It can be interrupted at any time, and resumed: nothing that was finished is done or paid for again.
    """
    from litsearch.review.beginning import shaped
    from litsearch.review.conduct import Review
    from litsearch.review.protocol_file import read

    value = budget.over(read(protocol))
    chosen = shaped(value, settings)
    if model is not None:
        chosen = override(chosen, model=model, model_read="", model_write="")
    fetch_reranker(chosen.rerank)
    with open_for_reading(chosen) as opened, open_ledger(chosen) as ledger:
        chosen.library.mkdir(parents=True, exist_ok=True)  # for the ledger, while there is no library yet
        if dry_run:
            _estimate(value, chosen, opened, ledger, json=out.json)
            return
        review = Review(
            value,
            chosen,
            library=opened.library,
            index=opened.index,
            ledger=ledger,
            starter=opened.starter,
            output=out.output,
        )
        _finish(review, ledger, out)


@command(app)
def resume(settings: Settings, review: ReviewArgument, budget: ReviewBudget, out: ReviewOutput) -> None:
    """Carry on a review that was killed, interrupted, or ended partial.

    Its protocol, models and seed are its own; limits that are given here take the place of its own.
    """
    _again(settings, budget, out, resume=review)


@command(app)
def update(settings: Settings, review: ReviewArgument, budget: ReviewBudget, out: ReviewOutput) -> None:
    """Do a review again for what is new in the library since then.

    What nothing new bears on is taken over; the rest is done anew, and each answer says what changed.
    """
    _again(settings, budget, out, update=review)


@command(app, "list")
def list_reviews(settings: Settings, json: JsonOption = False) -> None:
    """Every review, the newest first."""
    from litsearch.agent.running import Running
    from litsearch.review.record import BEGUN, entries

    running = Running(settings.library)
    with open_ledger(settings) as ledger:
        found = [
            replace(each, status="running" if each.id in running else "killed")
            if each.status == BEGUN
            else each
            for each in entries(ledger)
        ]
    if not found:
        say("There is no review yet. Begin with: litsearch review new PROTOCOL.toml")
    for each in found:
        if json:
            write(jsonlib.dumps(asdict(each), ensure_ascii=False) + "\n")
        else:
            after = f" (updates {each.parent})" if each.parent else ""
            write(f"{each.id}  {each.started_at}  {each.status}  {line(each.title)}{after}\n")


@command(app)
def show(settings: Settings, review: ReviewArgument, out: ReviewOutput) -> None:
    """Show what a review came to, and write its folder again where one is named.

    From its record: nothing is searched and no model is called.
    """
    from litsearch.review.events_json import to_json
    from litsearch.review.outcome import load
    from litsearch.review.record import Record

    with open_for_reading(settings) as opened, open_ledger(settings) as ledger:
        if out.json:
            for event in Record.named(ledger, review).events():
                write(jsonlib.dumps(to_json(event), ensure_ascii=False) + "\n")
        result = load(ledger, opened.library, review)
        if not out.json:
            _tell(result)
        if out.output is not None:
            _write(result, ledger, out.output)
    raise typer.Exit(STATUS[result.status])


def _again(
    settings: Settings, budget: ReviewBudget, out: ReviewOutput, *, resume: str = "", update: str = ""
) -> None:
    from litsearch.review.conduct import Review
    from litsearch.review.record import Record

    with open_for_reading(settings) as opened, open_ledger(settings) as ledger:
        kept = Record.named(ledger, resume or update).kept()
        protocol = budget.over(kept.protocol)
        if protocol.budget.concurrency:
            settings = override(settings, concurrency=protocol.budget.concurrency)
        review = Review(
            protocol,
            settings,
            library=opened.library,
            index=opened.index,
            ledger=ledger,
            starter=opened.starter,
            resume=resume,
            update=update,
            output=out.output,
        )
        _finish(review, ledger, out)


def _finish(review: "Review", ledger: "Ledger", out: ReviewOutput) -> None:
    """Follow a review to its end, write its folder, and exit with the status that it deserves."""
    import asyncio
    import signal

    from litsearch.cli.following import follow
    from litsearch.cli.review_progress import live, write_event

    with nullcontext(write_event) if out.json else live() as tell:
        interrupted = asyncio.run(follow(review, tell, (signal.SIGINT, signal.SIGTERM)))
    result = review.result()
    _write(result, ledger, review.output or Path(review.id))
    if not out.json:
        _tell(result)
    if interrupted:
        say(f"Go on with: litsearch review resume {review.id}")
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(STATUS[result.status])


def _write(result: "ReviewResult", ledger: "Ledger", folder: Path) -> None:
    from litsearch.review.outputs import write as write_outputs
    from litsearch.review.record import Record

    write_outputs(result, folder, ledger.events, Record.named(ledger, result.manifest.review).events())
    say(f"Written to {folder}")


def _tell(result: "ReviewResult") -> None:
    from litsearch.cli.render_review import told

    for each in told(result):
        write(each + "\n")


def _estimate(
    protocol: "Protocol", settings: Settings, opened: Opened, ledger: "Ledger", *, json: bool
) -> None:
    from litsearch.review.estimate import estimate, lines

    steps = estimate(protocol, settings, opened.library, opened.index, ledger)
    if json:
        for step in steps:
            write(jsonlib.dumps(asdict(step)) + "\n")
        return
    say(f"{plural(len(protocol.questions), 'question')}, {settings.reading or 'no model'}")
    write("".join(f"{each}\n" for each in lines(steps)))
