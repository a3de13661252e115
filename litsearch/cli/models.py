"""``litsearch models``: which encoders and re-rankers there are, what they cost, and how to switch."""

import json as jsonlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from indexes.types import LegName
from litsearch.cli.command import command
from litsearch.cli.index import open_index, say_waiting, size, working
from litsearch.cli.opening import open_for_reading, open_library
from litsearch.cli.options import JsonOption
from litsearch.cli.progress import metered
from litsearch.cli.screen import console, line, on_terminal, plural, say, write
from litsearch.config import Settings

if TYPE_CHECKING:
    from indexes.hub import Kind
    from litsearch.model_bench import Row
    from litsearch.models import Model

app = typer.Typer(
    name="models",
    help="The encoders of the index and the re-rankers: which there are, what they cost, how to switch.",
    no_args_is_help=True,
)

SpecArgument = Annotated[
    str, typer.Argument(metavar="SPEC", help="A model: st:NAME-OR-PATH, onnx:FOLDER, or one that list shows.")
]


@command(app, "list")
def list_models(settings: Settings, json: JsonOption = False) -> None:
    """The models in use, those on this machine, and some that may be named."""
    from litsearch.models import catalogue

    used = _used(settings)
    models = catalogue(used)
    if json:
        for model in models:
            write(jsonlib.dumps({**_as_json(model), "used_by": used.get(model.spec, [])}) + "\n")
        return
    write(_line("gives", "size", "licence", "state", "model"))
    for model in models:
        state = "+".join(used.get(model.spec, ())) or ("here" if model.here else "to download")
        weight = size(model.bytes) if model.bytes is not None else ""
        write(_line("+".join(model.gives), weight, model.licence, state, model.spec))


@command(app)
def show(settings: Settings, spec: SpecArgument, json: JsonOption = False) -> None:
    """All that is known of a model: its dimensions, licence, training and card."""
    from litsearch.models import card, describe, facts

    model = describe(_absolute(spec))
    used = _used(settings).get(model.spec, [])
    known = {name: value for name, value in facts(model).items() if value not in (None, "")}
    text = card(model)
    if json:
        write(jsonlib.dumps({**_as_json(model), "used_by": used, **known, "card": text}) + "\n")
        return
    told = {
        "model": model.spec,
        "gives": ", ".join(model.gives) or "not known before it is downloaded",
        "used by": ", ".join(used),
        "size": size(model.bytes) if model.bytes is not None else "",
        "licence": model.licence,
        "folder": str(model.folder or ("" if model.here else "not on this machine")),
        **{name: str(value) for name, value in known.items()},
    }
    _show_facts({name: value for name, value in told.items() if value}, text)


@command(app)
def use(
    settings: Settings,
    spec: Annotated[
        str, typer.Argument(metavar="SPEC", help="The encoder: st:NAME-OR-PATH, onnx:FOLDER, or none.")
    ],
    leg: Annotated[
        Literal["sparse", "dense"] | None,
        typer.Option(help="The leg to switch, where the model does not tell."),
    ] = None,
) -> None:
    """Switch legs to another encoder; what served before serves until the new one is complete.

    Can be stopped and gone on with. A model that is not on this machine is downloaded, as you name it.
    """
    from litsearch.models import describe

    spec = _absolute(spec)
    if spec == "none":
        legs: tuple[LegName, ...] = (leg,) if leg else ()
    else:
        _legs(describe(spec), leg)  # what is known already need not be downloaded to be refused
        legs = _legs(fetched(spec, leg), leg)
    if not legs:
        raise typer.BadParameter("Which leg? Name it with --leg sparse or --leg dense.", param_hint="SPEC")
    with open_library(settings) as library, working() as on_progress:
        open_index(library).rebuild(legs, encoder=spec, on_progress=on_progress, on_wait=say_waiting)
    names = " and ".join(legs)
    say(f"The {names} leg is dropped." if spec == "none" else f"In use for {names}: {spec}")
    if spec.startswith("st:") and legs == ("dense",):
        say("Each search loads it by torch, which takes seconds; an exported model starts at once:")
        say(f"  litsearch index export {spec.removeprefix('st:')} FOLDER && litsearch models use onnx:FOLDER")


@command(app)
def bench(
    settings: Settings,
    specs: Annotated[
        list[str] | None,
        typer.Argument(metavar="SPEC", help="Models; without any those that the library uses."),
    ] = None,
    on: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Measure on this judged set, in BEIR layout.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Measure what models cost on this machine, and what they give.

    Without a judged set titles of papers of the library search for their abstracts among a sample.
    """
    from litsearch.model_bench import Bench, cores, judged_set, known_items

    models = [fetched(_absolute(spec)) for spec in specs or _encoders(settings)]
    for model in models:
        _check_known(model)
    if on is not None:
        corpus, judgements = judged_set(on)
        what = f"{on.name}: {plural(len(judgements.relevance), 'query', 'queries')}"
    else:
        with open_for_reading(settings) as opened:
            corpus, judgements = known_items(opened.library)
        what = f"{plural(len(judgements.queries), 'title')} searching for their abstracts, which is easy"
    with metered() as meter, Bench.open(corpus, judgements, lambda each: meter(each, None)) as measured:
        rows = [measured.bm25(), *(row for model in models for row in measured.measure(model))]
    say(f"nDCG@10 among {plural(corpus.count(), 'paper')}, {what}; {plural(cores(), 'core')}.")
    if json:
        for row in rows:
            write(jsonlib.dumps(asdict(row)) + "\n")
    else:
        _show_rows(rows)


def fetched(spec: str, kind: "Kind | None" = None) -> "Model":
    """The model, downloaded first where only its name is known; the user is told. Raises EncoderError."""
    from litsearch.models import describe

    model = describe(spec)
    if model.here:
        return model
    from indexes.hub import HOST, download

    weight = f", about {size(model.bytes)}" if model.bytes is not None else ""
    say(f"{spec} is not on this machine: downloading it from {HOST}, as you named it{weight}.")
    download(spec.removeprefix("st:"), kind or next(iter(model.gives), None))
    return describe(spec)


def _used(settings: Settings) -> dict[str, list[str]]:
    """Who uses a model, by its spec; nobody where there is no library."""
    used: dict[str, list[str]] = {}
    if (settings.library / "library.db").exists() or settings.library.is_file():
        with open_library(settings) as library:
            for each in open_index(library).status():
                if each.encoder:
                    used.setdefault(each.encoder, []).append(each.leg)
    if settings.rerank not in ("", "none"):
        used.setdefault(settings.rerank, []).append("rerank")
    return used


def _encoders(settings: Settings) -> list[str]:
    """Those in use, or else the shipped one."""
    from indexes.encoders import SHIPPED

    return list(_used(settings)) or [SHIPPED]


def _legs(model: "Model", leg: LegName | None) -> tuple[LegName, ...]:
    """Those that the model is to serve. BadParameter where it can't serve the leg named."""
    if model.gives == ("cross-encoder",):
        raise typer.BadParameter(
            f"{model.spec} is a cross-encoder: it has no leg. Search with --rerank {model.spec}, or "
            f'set rerank = "{model.spec}" in the settings file.',
            param_hint="SPEC",
        )
    gives: tuple[LegName, ...] = tuple(each for each in ("sparse", "dense") if each in model.gives)
    if leg is None:
        return gives
    if gives and leg not in gives:
        raise typer.BadParameter(
            f"{model.spec} gives {' and '.join(gives)} vectors, not {leg} ones.", param_hint="--leg"
        )
    return (leg,)


def _check_known(model: "Model") -> None:
    if not model.gives:
        raise typer.BadParameter(
            f"{model.spec} does not say what it gives: it is no model of sentence-transformers.",
            param_hint="SPEC",
        )


def _absolute(spec: str) -> str:
    """A folder by its whole path, so that the spec holds wherever a command runs."""
    kind, _, name = spec.partition(":")
    folder = Path(name).expanduser()
    if kind in ("st", "onnx") and name and (kind == "onnx" or folder.exists()):
        return f"{kind}:{folder.absolute()}"
    return spec


def _as_json(model: "Model") -> dict[str, object]:
    return {**asdict(model), "folder": str(model.folder) if model.folder else None}


def _line(gives: str, weight: str, licence: str, state: str, spec: str) -> str:
    """Widths that leave room for a name in 80 columns; the name is last, since it may be long."""
    return f"{gives:<13} {weight:>6}  {line(licence):<15} {state:<12} {line(spec)}\n"


def _show_facts(told: dict[str, str], card: str) -> None:
    """A line each; on a terminal a value that is too long goes on under itself."""
    if on_terminal():
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, style="dim")
        table.add_column(overflow="fold")
        for name, value in told.items():
            table.add_row(Text(line(name)), Text(line(value)))
        console().print(table)
    else:
        width = max(map(len, told)) + 2
        write("".join(f"{line(name):<{width}}{line(value)}\n" for name, value in told.items()))
    if card:
        write(f"\n{card}\n")


def _show_rows(rows: Sequence["Row"]) -> None:
    write(f"{'':<7}{'load':>8}{'docs/s':>8}{'ms/query':>9}{'B/paper':>9}{'alone':>7}{'+BM25':>7}  model\n")
    for row in rows:
        write("".join(_cells(row)) + f"  {line(row.spec)}".rstrip() + "\n")


def _cells(row: "Row") -> Iterator[str]:
    yield f"{row.part:<7}"
    yield f"{row.load:>6.2f} s" if row.load is not None else " " * 8
    yield f"{row.rate:>8,.0f}" if row.rate is not None else " " * 8
    yield f"{row.query:>9,.1f}" if row.query is not None else " " * 9
    yield f"{row.bytes:>9,.0f}" if row.bytes is not None else " " * 9
    yield f"{row.alone:>7.3f}" if row.alone is not None else " " * 7
    yield f"{row.fused:>7.3f}" if row.fused is not None else " " * 7
