"""How a function becomes a command: every command has --library, --config and -v, and gets ``Settings``."""

import inspect
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from litsearch.cli.screen import hang_up
from litsearch.config import Settings, load, override

Function = TypeVar("Function", bound=Callable[..., None])

LibraryOption = Annotated[
    Path | None, typer.Option("--library", metavar="PATH", help="Folder of the library [LITSEARCH_LIBRARY].")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings file [LITSEARCH_CONFIG].")
]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Log to stderr.")]


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every command has; a group hands those it was given on to its commands."""

    library: LibraryOption = None
    config: ConfigOption = None
    verbose: VerboseOption = False

    def settings(self) -> Settings:
        """Raises ConfigError."""
        return override(load(self.config), library=self.library)


def keep(context: typer.Context, given: Common) -> Common:
    """What was given to this command, or, where it was not, to the group before it."""
    before = context.obj if isinstance(context.obj, Common) else Common()
    common = Common(
        given.library or before.library, given.config or before.config, given.verbose or before.verbose
    )
    context.obj = common
    if common.verbose:
        _log_to_stderr()
    return common


def command(app: typer.Typer, name: str | None = None) -> Callable[[Function], Function]:
    """Registers a function whose first parameter is ``Settings`` as a command of the app.

    A parameter that is a dataclass of options stands for those options: that is how commands share them.
    """

    def register(function: Function) -> Function:
        run = _adapted(function)
        app.command(name)(run)
        return function

    return register


def callback(app: typer.Typer) -> Callable[[Function], Function]:
    """Registers what a group does when it is named alone, as :func:`command` does for a command."""

    def register(function: Function) -> Function:
        app.callback(invoke_without_command=True)(_adapted(function))
        return function

    return register


def _adapted(function: Callable[..., None]) -> Callable[..., None]:
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    groups = {each.name: each.annotation for each in own if is_dataclass(each.annotation)}

    def run(context: typer.Context, **values: Any) -> None:
        settings = keep(context, _gathered(Common, values)).settings()
        if context.invoked_subcommand is None:
            gathered = {name: _gathered(kind, values) for name, kind in groups.items()}
            try:
                function(settings, **gathered, **values)
            except BrokenPipeError:  # typer would exit with 1, which here means that nothing was found
                hang_up()

    parameters = [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    for each in own:
        if each.name in groups:
            parameters += _parameters(each.annotation)
        else:
            parameters.append(each.replace(kind=inspect.Parameter.KEYWORD_ONLY))
    parameters += _parameters(Common)
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__name__, run.__doc__ = function.__name__, function.__doc__
    return run


def _parameters(options: Any) -> Iterator[inspect.Parameter]:
    for each in fields(options):
        yield inspect.Parameter(
            each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=each.type
        )


def _gathered(options: Any, values: dict[str, Any]) -> Any:
    return options(**{each.name: values.pop(each.name) for each in fields(options)})


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    for package in ("litsearch", "indexes", "prompts"):
        logging.getLogger(package).setLevel(logging.DEBUG)
