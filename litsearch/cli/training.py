"""``litsearch models train``: an encoder of one's own, from files of papers or adapted to the library."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexes.errors import EncoderError, HintedError
from litsearch.cli.command import command
from litsearch.cli.failures import INTERRUPTED, NOTHING
from litsearch.cli.opening import open_library
from litsearch.cli.progress import metered
from litsearch.cli.screen import line, plural, say, write
from litsearch.config import Settings

if TYPE_CHECKING:
    from indexes.training.adapt import Adapted
    from indexes.training.papers import TrainingPaper
    from indexes.types import OnProgress
    from litsearch.library import Library

BASE = "all-MiniLM-L6-v2"
NEEDED = ("torch", "sentence_transformers", "sklearn", "onnx")


def register(group: typer.Typer) -> None:
    """Adds the command of this module to the group of models."""
    command(group)(train)


def train(
    settings: Settings,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PAPERS.jsonl", help="Papers with title and abstract, one a line, plain or .xz."
        ),
    ] = None,
    from_library: Annotated[
        bool, typer.Option("--from-library", help="Adapt an encoder to the papers of the library.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where to put it; of a library its folder model.")
    ] = None,
    base: Annotated[
        str,
        typer.Option(
            metavar="FOLDER",
            help=f"What to start from: {BASE} by folder, or by name, which permits its download. "
            "With --from-library the folder of a trained encoder; without it the shipped one.",
        ),
    ] = "",
    teacher: Annotated[
        list[str] | None,
        typer.Option(metavar="SPEC", help="A dense encoder to learn from too; may be repeated."),
    ] = None,
    papers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Papers to learn from [24,000; of a library 3,000]."),
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, metavar="N", help="Steps of training.")] = None,
    work: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where stages are kept [beside --out].")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Of all random draws.")] = 0,
) -> None:
    """Train an encoder from files of papers, or adapt one to the library.

    Can be stopped and gone on with by the same command. Training takes hours and the extra models; adapting
    takes minutes, needs no extra, and keeps only what finds papers better.
    """
    if from_library:
        if files or teacher or steps:
            raise typer.BadParameter("it takes no files, --teacher or --steps.", param_hint="--from-library")
        _adapt(settings, out, base, papers, work, seed)
        return
    if not files:
        raise typer.BadParameter("Name files of papers, or give --from-library.", param_hint="PAPERS.jsonl")
    if out is None:
        raise typer.BadParameter("Name the folder to put the encoder in.", param_hint="--out")
    _train(files, out, base, teacher or [], papers, steps, work or _beside(out), seed)


def _train(
    files: Sequence[Path],
    out: Path,
    base: str,
    teachers: Sequence[str],
    papers: int | None,
    steps: int | None,
    work: Path,
    seed: int,
) -> None:
    _check_extra()
    for file in files:
        if not file.is_file():
            raise HintedError(f"There is no file {file}.", "Name JSON Lines files, plain or .xz.")
    folder, name, licence = _base(base)
    specs = [_teacher(spec) for spec in teachers]
    from indexes.training.program import Plan
    from indexes.training.program import train as trained

    plan = Plan(files, folder, work, out.name, base_name=name, licence=licence, teachers=specs)
    plan = replace(plan, papers=papers or plan.papers)
    recipe = replace(plan.recipe, seed=seed, steps=steps or plan.recipe.steps)
    with _resumable(work) as on_progress:
        trained(replace(plan, recipe=recipe), out, on_progress, lambda taken: say(f"Going on: {taken}"))
    _show_measured(out)
    say(f"The encoder is in {out}; its card is {out / 'CARD.md'}. Use it with:")
    say(f"  litsearch models use onnx:{out.absolute()}")
    say(f"The stages in {work} are needed no more.")


def _adapt(
    settings: Settings, out: Path | None, base: str, count: int | None, work: Path | None, seed: int
) -> None:
    from indexes.encoders import shipped_folder
    from indexes.training.adapt import FEWEST, SAMPLED, adapt

    if count is not None and count < FEWEST:
        raise typer.BadParameter(f"{FEWEST} papers of a library are the least.", param_hint="--papers")
    folder = Path(base.removeprefix("onnx:")).expanduser() if base else shipped_folder()
    with open_library(settings) as library:
        out = out or _free(library.folder / "model")
        work = work or _beside(out)
        with _resumable(work) as on_progress:
            papers = _LibraryPapers(library)
            result = adapt(
                papers, folder, out, work, count=count or SAMPLED, seed=seed, on_progress=on_progress
            )
    _show_adapted(result)
    if not result.kept:
        say("Nothing was kept: what was tried does not find the papers of this library surely better.")
        raise typer.Exit(NOTHING)
    say(f"The encoder is in {out}. Switch to it, for all papers anew, with:")
    say(f"  litsearch models use onnx:{out.absolute()}")


class _LibraryPapers:
    """The papers of a library that have enough to learn from, each time anew."""

    def __init__(self, library: "Library") -> None:
        self._library = library

    def __iter__(self) -> "Iterator[TrainingPaper]":
        from indexes.training.papers import training_paper

        for stored in self._library.all():
            paper = stored.paper
            record = {"title": paper.title, "abstract": paper.abstract, "keywords": paper.keywords}
            found = training_paper(record, stored.key)
            if found is not None:
                yield found


def _base(name: str) -> tuple[Path, str, str]:
    """Folder, name and licence of what training starts from; downloaded where it is named and not here."""
    from indexes.hub import located
    from litsearch.cli.models import fetched
    from litsearch.models import card

    if not name and located(BASE, "dense") is None:
        raise EncoderError(
            f"{BASE} is not on this machine, and nothing is downloaded unasked.",
            f"Name its folder with --base FOLDER, or permit its download with --base {BASE}.",
        )
    model = fetched(f"st:{name or BASE}", "dense")
    if model.folder is None:
        raise EncoderError(f"There is no model {name or BASE}.", "Name the folder of a BERT with --base.")
    heading = next((each for each in card(model).splitlines() if each.startswith("# ")), "")
    return model.folder, line(heading.removeprefix("# ")) or model.folder.name, model.licence


def _teacher(spec: str) -> str:
    from litsearch.cli.models import fetched

    if "dense" not in fetched(spec, "dense").gives:
        raise typer.BadParameter(f"{spec} is no dense encoder.", param_hint="--teacher")
    return spec


def _check_extra() -> None:
    from importlib.util import find_spec

    from indexes.sentence_transformer import INSTALL_HINT

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise EncoderError(f"Training needs {' and '.join(missing)}, which are not installed.", INSTALL_HINT)


@contextmanager
def _resumable(work: Path) -> "Iterator[OnProgress]":
    """Progress on stderr; an interruption says how to go on."""
    try:
        with metered() as meter:
            yield lambda progress: meter(progress, None)
    except KeyboardInterrupt:
        say(f"Interrupted. What was done is kept in {work}; go on with the same command.")
        raise typer.Exit(INTERRUPTED) from None


def _beside(out: Path) -> Path:
    return out.with_name(f"{out.name}.work")


def _free(folder: Path) -> Path:
    """The folder, or one numbered: an encoder that a leg may use is not replaced."""
    number = 1
    found = folder
    while found.exists():
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found


def _show_measured(out: Path) -> None:
    measured = json.loads((out / "training.json").read_text(encoding="utf-8"))["measured"]
    held_out = plural(measured.pop("held-out papers"), "held-out paper")
    say(f"Titles of {held_out} searching among their abstracts, which is easy:")
    write(f"{'':<8}{'nDCG@10':>8}{'MRR':>8}\n")
    for name, values in measured.items():
        write(f"{name:<8}{values['ndcg']:>8.3f}{values['mrr']:>8.3f}\n")


def _show_adapted(result: "Adapted") -> None:
    say(f"{plural(result.queries, 'held-out title')} searching for their abstracts, sparse side alone:")
    write(f"nDCG@10 {result.before:.4f} before, {result.after:.4f} after (p {result.p:.4f})\n")
    write(f"new concepts: {result.concepts:,}\n")
    for name, (before, after) in result.weights.items():
        write(f"weight {name}: {before:g} before, {after:g} after\n")
