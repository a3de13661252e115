"""The command ``litsearch``: its groups, and the outermost boundary of the program."""

import logging
import sys
from typing import Annotated

import typer

from litsearch.cli import (
    add,
    ask,
    evaluation,
    failures,
    index,
    library,
    models,
    papers,
    review,
    review_diff,
    runs,
    screening,
    search,
    training,
    tui,
)
from litsearch.cli.command import Common, ConfigOption, LibraryOption, VerboseOption, keep
from litsearch.cli.screen import hang_up, on_terminal

app = typer.Typer(
    name="litsearch",
    rich_markup_mode=None,  # rich's help costs 60 ms more and reads markup
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=failures.EXIT_STATUS,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"litsearch {version('litsearch-agent')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    library: LibraryOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
    version: Annotated[  # noqa: ARG001 (its callback does the work)
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Search your own library of papers, and ask it questions: every answer is cited, every quote checked.

    Without a command, on a terminal, it opens the app.
    """
    common = keep(context, Common(library, config, verbose))
    if context.invoked_subcommand is not None:
        return
    if not (on_terminal() and sys.stdin.isatty()):
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(failures.ERROR)
    tui.open_app(common.settings())


for _module in (add, search, ask, papers, tui):
    _module.register(app)
for _group in (library, screening, review, runs, index, models):
    app.add_typer(_group.app)
evaluation.register(app)
review_diff.register(review.app)
training.register(models.app)


def run() -> None:
    """The console entry: runs the command of ``sys.argv`` and exits, never with a traceback."""
    logging.getLogger().addHandler(logging.NullHandler())  # silent but for -v
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that knows no UTF-8
    try:
        status = _status()
        sys.stdout.flush()
    except BrokenPipeError:
        hang_up()
        status = failures.DONE
    sys.exit(status)


def _status() -> int:
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else failures.DONE
    except KeyboardInterrupt:
        return failures.INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the outermost boundary: no traceback reaches a user)
        return failures.report(error)
    return failures.DONE
