"""One frozen ``Settings``: a TOML file, then the environment, then flags.

Nothing is read from the working directory unless it was named.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from litsearch.errors import ConfigError
from litsearch.paths import default_config, default_library

PREFIX = "LITSEARCH_"
CONFIG_VARIABLE = "LITSEARCH_CONFIG"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that shapes a command. Models are what litellm takes; where none is named, none reads."""

    library: Path
    model: str = ""
    model_read: str = ""  # plans, judges, distills, doubts and verifies in place of ``model``
    model_write: str = ""  # groups, composes and revises in place of ``model``
    max_cost: float | None = None  # US dollars
    max_calls: int = 200
    max_papers: int = 40  # judged in one run
    timeout: float | None = None  # seconds for a whole run
    call_timeout: float = 300.0  # seconds for one model call: a small model on a laptop takes minutes
    concurrency: int = 4  # model calls at once
    rounds: int = 2
    queries: int = 6  # of a model, in one round
    pseudo_answers: int = 2  # supposed answers that a model writes, to search for what is like them
    seed: int = 0
    entailment: str = ""  # the spec of a classifier that judges sentences; empty: the model does
    rerank: str = ""  # the spec of a cross-encoder; empty or none: rankings are as they are fused

    @property
    def reading(self) -> str:
        """The model of the reading steps, empty where none is named at all."""
        return self.model_read or self.model or self.model_write

    @property
    def writing(self) -> str:
        """The model of the writing steps, empty where none is named at all."""
        return self.model_write or self.model or self.model_read


_LEAST: Mapping[str, float] = {
    "max_cost": 0,
    "max_calls": 0,
    "max_papers": 1,
    "timeout": 0,
    "call_timeout": 0.1,
    "concurrency": 1,
    "rounds": 1,
    "queries": 1,
    "pseudo_answers": 0,
}
_KINDS: Mapping[str, Any] = {field.name: field.type for field in fields(Settings)}


def load(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the file (named here, by LITSEARCH_CONFIG, or the default one where it exists) and
    the environment.

    Raises ConfigError for a file that was named and can't be read, and for an unknown or senseless setting.
    """
    if file is None and environ.get(CONFIG_VARIABLE):
        file = Path(environ[CONFIG_VARIABLE]).expanduser()
    values = {**_from_file(file), **_from_environment(environ)}
    library = values.pop("library", None)
    return Settings(library=library or default_library(), **values)


def override(settings: Settings, **flags: object) -> Settings:
    """The settings with the flags that were given; a flag that is None was not.

    Raises ConfigError for a value that makes no sense.
    """
    given: dict[str, Any] = {
        name: _checked(name, value, f"--{name.replace('_', '-')}")
        for name, value in flags.items()
        if value is not None
    }
    return replace(settings, **given)


def _from_file(file: Path | None) -> dict[str, Any]:
    named = file is not None
    path = file or default_config()
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        if named:
            raise ConfigError(
                f"There is no settings file {path}", "Check --config and LITSEARCH_CONFIG"
            ) from error
        return {}
    except OSError as error:
        raise ConfigError(
            f"The settings file {path} can't be read: {error.strerror}", "Check its permissions"
        ) from error
    import tomllib

    try:
        table = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise ConfigError(
            f"{path} is not valid TOML: {error}", "See https://toml.io for its grammar"
        ) from error
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in _KINDS:
            near = _near(name)
            hint = f"Did you mean {near}?" if near else f"The settings are {', '.join(_KINDS)}"
            raise ConfigError(f"{path}: there is no setting {name!r}", hint)
        values[name] = _checked(name, value, f"{path}: {name}")
    if "library" in values:
        values["library"] = path.parent / values["library"]
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for variable, text in environ.items():
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE or not text:
            continue
        if name in _KINDS:
            values[name] = _checked(name, _number(name, text), variable)
        elif near := _near(name):
            # Only a slip of a real name is an error: other programs may have variables with our prefix.
            raise ConfigError(
                f"There is no setting for the environment variable {variable}",
                f"Did you mean {PREFIX}{near.upper()}?",
            )
    return values


def _number(name: str, text: str) -> object:
    """The number that a variable's text stands for, or the text where it is none."""
    if _KINDS[name] in (str, Path):
        return text
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _checked(name: str, value: object, where: str) -> object:
    kind = _KINDS[name]
    if kind is Path and isinstance(value, str | Path) and str(value):
        return Path(value).expanduser()
    if kind is str and isinstance(value, str):
        return value
    if kind is int and type(value) is int:
        return _in_range(name, value, where)
    if kind in (float, float | None) and type(value) in (int, float):
        return _in_range(name, float(str(value)), where)
    wanted = {str: "a text", Path: "the path of a folder", int: "a whole number"}.get(kind, "a number")
    raise ConfigError(f"{where} must be {wanted}, and is {value!r}")


def _in_range(name: str, value: float, where: str) -> float:
    least = _LEAST.get(name)
    if value != value or (least is not None and value < least):
        raise ConfigError(f"{where} must be at least {least}, and is {value}")
    return value


def _near(name: str) -> str | None:
    import difflib

    return next(iter(difflib.get_close_matches(name, _KINDS, n=1, cutoff=0.7)), None)
