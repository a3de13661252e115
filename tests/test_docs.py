"""docs/commands.md names every command, option and setting that there is."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main

from litsearch.cli.main import app
from litsearch.config import PREFIX, Settings

TEXT = (Path(__file__).parents[1] / "docs" / "commands.md").read_text("utf-8")
COMMON = {"--library", "--config", "--verbose", "-v", "--help", "-h"}


def commands() -> Iterator[tuple[str, set[str]]]:
    """Each command by its full name, with its options but for those that every command has."""
    pending = [("litsearch", typer.main.get_command(app))]
    while pending:
        name, command = pending.pop()
        options = {
            option
            for parameter in command.params
            if parameter.param_type_name == "option"
            for option in (*parameter.opts, *parameter.secondary_opts)
        }
        yield name, options - COMMON
        for child, each in getattr(command, "commands", {}).items():
            pending.append((f"{name} {child}", each))


def section(command: str) -> str:
    """What the document says under the heading of a command, or of its group."""
    group = " ".join(command.split()[:2])
    headings = (group, "litsearch show") if group != "litsearch" else ("Options of every command",)
    for heading in headings:
        for part in re.split(r"^## ", TEXT, flags=re.MULTILINE):
            if part.startswith(f"{heading}\n") and command in part:
                return part
    raise AssertionError(f"{command} is not in docs/commands.md")


def missing(options: set[str], text: str) -> list[str]:
    return [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", text)]


@pytest.mark.parametrize(("command", "options"), sorted(commands()))
def test_every_command_and_option_is_documented(command: str, options: set[str]) -> None:
    text = section(command)
    assert not missing(options, text)


def test_every_common_option_is_documented() -> None:
    assert not missing(COMMON, section("litsearch"))


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` | `{PREFIX}{name.upper()}` |" in TEXT


def test_no_option_is_documented_that_is_not_there() -> None:
    known = {option for _, options in commands() for option in options} | COMMON
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", TEXT)) <= known
