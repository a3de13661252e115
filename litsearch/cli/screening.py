"""``litsearch screen``: deciding paper by paper what belongs into a review, from the shell."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from litsearch.cli.command import command
from litsearch.cli.failures import NOTHING
from litsearch.cli.library import write_to
from litsearch.cli.opening import open_for_reading
from litsearch.cli.options import CountOption, JsonOption, OutputOption
from litsearch.cli.papers import named
from litsearch.cli.screen import line, plural, say, write
from litsearch.config import Settings
from litsearch.errors import LibraryError
from litsearch.screening.decisions import Decisions, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from litsearch.cli.opening import Opened
    from litsearch.exporters.decisions import Decided
    from litsearch.library import Library
    from litsearch.screening.screenings import Screening

app = typer.Typer(
    name="screen", help="Decide paper by paper what belongs into a review.", no_args_is_help=True
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the screening.")]


@dataclass(frozen=True, slots=True)
class CriteriaOptions:
    """What a screening goes by."""

    include: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="A criterion of inclusion; may be repeated.")
    ] = None
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="A reason for exclusion; may be repeated.")
    ] = None
    candidates: Annotated[
        str,
        typer.Option(metavar="QUERY", help="Only papers that match these words; all where it is not given."),
    ] = ""


@command(app)
def new(
    settings: Settings,
    name: NameArgument,
    question: Annotated[
        str, typer.Option(metavar="TEXT", help="What the review asks; it decides which papers come first.")
    ],
    criteria: CriteriaOptions,
) -> None:
    """Make a screening.

    It has a question, criteria, and the papers that are up for a decision.
    """
    from litsearch.screening.screenings import Screening, candidates, create

    made = Screening(
        _one_line(name),
        _one_line(question),
        tuple(filter(None, map(_one_line, criteria.include or ()))),
        tuple(filter(None, map(_one_line, criteria.exclude or ()))),
        _one_line(criteria.candidates),
    )
    with open_for_reading(settings) as opened:
        count = len(candidates(opened.library, opened.index, made))
        if not count:
            raise LibraryError(f"No paper matches {made.candidates}.", "Ask for less with --candidates.")
        create(opened.library, made)
        if opened.starter:
            say("Decisions on its papers stay with the starter library; they do not move to one of your own.")
    write(f"{made.name}: {plural(count, 'candidate')}\n")


@command(app, "list")
def list_screenings(settings: Settings, json: JsonOption = False) -> None:
    """Every screening, the oldest first."""
    from litsearch.cli.render_screening import screening_json, write_json
    from litsearch.screening.screenings import screenings

    with open_for_reading(settings) as opened:
        found = {each: len(Decisions(opened.library, each.name).all()) for each in screenings(opened.library)}
    if not found:
        say("There is no screening yet. Make one with: litsearch screen new NAME --question TEXT")
    for each, decided in found.items():
        if json:
            write_json({**screening_json(each), "decided": decided})
        else:
            write(f"{line(each.name)}  {decided:,} decided  {line(each.question)}\n")


@command(app, "next")
def next_papers(
    settings: Settings, name: NameArgument, count: CountOption = 10, json: JsonOption = False
) -> None:
    """The papers to decide next, most promising first.

    Every decision teaches the order; while there are few, the question makes it.
    """
    from litsearch.cli.render_screening import show_papers, write_json
    from litsearch.screening.prioritise import Prioritiser

    with open_for_reading(settings) as opened:
        screening, papers = _candidates(opened, name)
        decided = Decisions(opened.library, screening.name).all()
        order = Prioritiser(opened.library, opened.index, papers, screening.topic).order(
            {paper: decision.verdict for paper, decision in decided.items()}
        )
        found = opened.library.papers(order[:count])
    if not found:
        say("All candidates are decided." if papers else "There are no candidates.")
        raise typer.Exit(NOTHING)
    if not json:
        show_papers(found)
        return
    for stored in found:
        paper = stored.paper
        shown = {"key": stored.key, "title": paper.title, "year": paper.year, "abstract": paper.abstract}
        write_json(shown)


@command(app)
def decide(
    settings: Settings,
    name: NameArgument,
    verdict: Annotated[Verdict, typer.Argument(metavar="VERDICT", help="include, maybe or exclude.")],
    keys: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY",
            help="Keys or identifiers (doi:..., arxiv:...); - reads them from stdin, one a line.",
        ),
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
) -> None:
    """Decide papers.

    All that are named, or none where one of them is not there.
    """
    with open_for_reading(settings) as opened:
        screening, up = _candidates(opened, name)
        papers = {paper.id: paper for paper in named(opened.library, _keys(keys))}
        decisions = Decisions(opened.library, screening.name)
        decisions.decide_all(dict.fromkeys(papers, (verdict, _one_line(reason))))
    outside = papers.keys() - set(up)
    for number, paper in papers.items():
        write(f"{paper.key}: {verdict}\n")
        if number in outside:
            say(f"note: {paper.key} is no candidate of this screening; the decision is kept, but not counted")


@command(app)
def undo(settings: Settings, name: NameArgument) -> None:
    """Take your last decision back.

    What was decided of the paper before counts again.
    """
    with open_for_reading(settings) as opened:
        decisions = Decisions(opened.library, name)
        taken = decisions.undo()
        if taken is None:
            say("There is no decision of yours to take back.")
            raise typer.Exit(NOTHING)
        stands = decisions.all().get(taken.paper)
        say(f"Took back: {taken.verdict}" + (f" ({line(taken.reason)})" if taken.reason else ""))
        for paper in opened.library.papers([taken.paper]):
            write(f"{paper.key}: {stands.verdict if stands else 'undecided'}\n")


@command(app)
def show(settings: Settings, name: NameArgument, json: JsonOption = False) -> None:
    """What was decided, and what it proves.

    The question, the criteria, the counts, and how much of what is relevant was found.
    """
    from litsearch.cli.render_screening import progress_json, screening_json, show_screening, write_json
    from litsearch.screening.progress import progress

    with open_for_reading(settings) as opened:
        screening, papers = _candidates(opened, name)
        state = progress(papers, Decisions(opened.library, screening.name).all())
    if json:
        write_json({**screening_json(screening), **progress_json(state)})
    else:
        show_screening(screening, state)


@command(app)
def export(
    settings: Settings, name: NameArgument, output: OutputOption = None, json: JsonOption = False
) -> None:
    """Write the decisions as CSV.

    Each that counts, with its reason, who made it and when; --json has one object a line.
    """
    from litsearch.exporters.decisions import csv, jsonl

    with open_for_reading(settings) as opened:
        decided = _decided(opened.library, name)
        write_to(output, jsonl(decided) if json else csv(decided))


def _candidates(opened: "Opened", name: str) -> "tuple[Screening, list[int]]":
    """The screening of that name and the papers up for a decision."""
    from litsearch.screening.screenings import candidates, find

    screening = find(opened.library, name)
    return screening, candidates(opened.library, opened.index, screening)


def _decided(library: "Library", name: str) -> "Iterator[Decided]":
    decisions = Decisions(library, name).all()
    return ((paper, decisions[paper.id]) for paper in library.papers(list(decisions)))


def _keys(words: "Sequence[str]") -> list[str]:
    """The keys named, with those on stdin where one of them is ``-``. Raises BadParameter."""
    keys = [word for word in words if word != "-"]
    if "-" in words:
        text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
        keys += filter(None, map(str.strip, text.splitlines()))
    if not keys:
        raise typer.BadParameter("No key came from stdin.", param_hint="KEY")
    return keys


def _one_line(text: str) -> str:
    return " ".join(text.split())
