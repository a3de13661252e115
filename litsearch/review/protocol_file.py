"""Reads a protocol: TOML, checked against :class:`litsearch.review.protocol.Protocol`."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from indexes import querylang
from indexes.errors import QuerySyntaxError
from litsearch.errors import ConfigError
from litsearch.review import toml_lines
from litsearch.review.protocol import ID_PATTERN, Protocol, Question, Scope
from litsearch.review.protocol_words import Problem, explained, named
from litsearch.review.questions_file import rows

T = TypeVar("T")
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|(end of document))\)$")


class ProtocolError(ConfigError):
    """A protocol that can't be used; ``problems`` are all that were found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)), "litsearch review new shows what a protocol may say")
        self.problems = tuple(problems)


def read(path: Path) -> Protocol:
    """The protocol of a file, every question with an id, those of its file of questions included.

    Raises:
        ProtocolError: the file can't be read, or something in it makes no sense; says all of it at once.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ProtocolError([Problem(str(path), None, f"can't be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ProtocolError([Problem(str(path), line, "is not UTF-8", "Save it as UTF-8")]) from error
    return parse(text, path)


def parse(text: str, path: Path) -> Protocol:
    """As :func:`read`, of a text; ``path`` is for what is said, and for what lies beside it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError([_syntax(str(path), text, str(error))]) from error
    except RecursionError as error:
        raise ProtocolError([Problem(str(path), None, "is nested too deeply")]) from error
    where = _Where(str(path), toml_lines.lines(text))
    protocol, problems = _validated(table, Protocol)
    if protocol is None:
        raise ProtocolError(_in_order(where.problem(loc, *words) for loc, *words in problems))
    questions, wrong = _from_file(protocol, path, where)
    own = len(protocol.questions)
    numbered = _with_ids((*protocol.questions, *questions))
    wrong += [where.problem(loc, *words) for loc, *words in _senseless(protocol)]
    wrong += _repeated(numbered, own, where, path.parent / protocol.questions_file)
    if wrong:
        raise ProtocolError(_in_order(wrong))
    return replace(protocol, questions=numbered)


Found = tuple[toml_lines.Path, str, str]
"""Something wrong: where, what, and what to do."""


class _Where:
    """Places in the file by their paths."""

    def __init__(self, file: str, lines: Mapping[toml_lines.Path, int]) -> None:
        self._file = file
        self._lines = lines

    def problem(self, loc: toml_lines.Path, message: str, hint: str = "") -> Problem:
        """At the value, or, where it is not there, at the table that should have it."""
        while loc and loc not in self._lines:
            loc = loc[:-1]
        return Problem(self._file, self._lines.get(loc, 1), message, hint)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line or 0))


def _syntax(file: str, text: str, said: str) -> Problem:
    found = _AT_LINE.search(said)
    line = None
    if found:
        line = int(found[1]) if found[1] else text.rstrip().count("\n") + 1
    words = _AT_LINE.sub("", said)
    return Problem(file, line, f"not valid TOML: {words[:1].lower()}{words[1:]}", "See https://toml.io")


def _validated(table: dict[str, Any], kind: type[T]) -> tuple[T | None, list[Found]]:
    """The value, or what is wrong. Through JSON, where strict reading takes a list for a tuple."""
    try:
        return TypeAdapter(kind).validate_json(json.dumps(table, default=str)), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, [(each["loc"], *explained(each, kind)) for each in found]


def _from_file(protocol: Protocol, path: Path, where: _Where) -> tuple[list[Question], list[Problem]]:
    """The questions of the file that the protocol names, each with its own line where it is wrong."""
    if not protocol.questions_file:
        return [], []
    file = path.parent / protocol.questions_file
    questions: list[Question] = []
    wrong: list[Problem] = []
    try:
        for line, row in rows(file):
            question, problems = _validated(row, Question)
            if question is not None:
                questions.append(question)
                problems = list(_years(("filters",), question.filters))
            wrong += [Problem(str(file), line, *words) for _, *words in problems]
    except ConfigError as error:
        wrong.append(where.problem(("questions_file",), error.message, error.hint))
    except ValueError as error:
        number, _, said = str(error).partition(": ")
        wrong.append(Problem(str(file), int(number), said))
    if not questions and not wrong:
        wrong.append(Problem(str(file), None, "there is no question in it"))
    return questions, wrong


def _with_ids(questions: Sequence[Question]) -> tuple[Question, ...]:
    return tuple(
        question if question.id else replace(question, id=f"q{number}")
        for number, question in enumerate(questions, 1)
    )


def _repeated(questions: Sequence[Question], own: int, where: _Where, file: Path) -> Iterator[Problem]:
    """Ids that can't be used, or are there twice; the first ``own`` questions are the protocol's."""
    seen: dict[str, int] = {}
    for at, question in enumerate(questions):
        said, hint = "", ""
        if not re.fullmatch(ID_PATTERN, question.id):
            said = f"the id {question.id!r} can't be used"
            hint = "An id has up to 40 letters, digits, hyphens and underscores, a letter or digit first"
        elif question.id.lower() in seen:
            said = f"the id {question.id!r} is there twice"
            hint = f"Question {seen[question.id.lower()] + 1} has it too"
        seen.setdefault(question.id.lower(), at)
        if said and at < own:
            yield where.problem(("questions", at, "id"), said, hint)
        elif said:
            yield Problem(str(file), None, said, hint)


def _senseless(protocol: Protocol) -> Iterator[Found]:
    """What is well-formed and makes no sense."""
    screening, search = protocol.screening, protocol.search
    asked = protocol.questions or protocol.questions_file
    yield from _unreadable(search.queries if search else ())
    yield from _years(("filters",), protocol.filters)
    for at, question in enumerate(protocol.questions):
        yield from _years(("questions", at, "filters"), question.filters)
    if not (asked or search or screening):
        yield (), "there is nothing to do: it has no questions", "Add [[questions]] or questions_file"
    if search and search.everything and search.queries:
        yield ("search", "everything"), "everything = true leaves nothing for the queries to do", "Drop one"
    if search and not (search.queries or search.everything or asked):
        yield ("search",), "there is nothing to search for", "Add queries, or everything = true"
    if screening and not (search or asked) and (screening.by == "model" or not screening.name):
        yield ("screening",), "there is nothing to screen", "Add [search] with queries, or everything = true"
    if screening and screening.by == "model" and not (protocol.include or protocol.exclude):
        yield ("screening",), "a model can't screen without criteria", "Add include and exclude"
    if screening and screening.by == "user" and not screening.name:
        yield ("screening",), "name is missing", "Name the screening of the app whose decisions count"
    if screening and screening.by == "feedback" and not (screening.name or protocol.seeds):
        yield ("screening",), "there is nothing to learn from", "Add the name of a screening, or seeds"
    yield from _columns(protocol)


def _unreadable(queries: Sequence[str]) -> Iterator[Found]:
    for at, query in enumerate(queries):
        try:
            querylang.parse(query)
        except QuerySyntaxError as error:
            yield ("search", "queries", at), f"{error.message}, at character {error.position + 1}", error.hint


def _columns(protocol: Protocol) -> Iterator[Found]:
    seen: set[str] = set()
    for at, field in enumerate(protocol.extract):
        loc = ("extract", at)
        if field.name.casefold() in seen:
            yield (*loc, "name"), f"the field {field.name!r} is there twice", ""
        seen.add(field.name.casefold())
        if field.type == "choice" and len(field.choices) < 2:
            yield loc, f"the choice {field.name!r} needs two choices or more", 'As choices = ["yes", "no"]'
        if field.type != "choice" and field.choices:
            yield (*loc, "choices"), f"choices make no sense for the type {field.type}", 'type = "choice"'


def _years(loc: toml_lines.Path, scope: Scope) -> Iterator[Found]:
    first, last = scope.year_from, scope.year_to
    if first is not None and last is not None and first > last:
        yield (*loc, "year_to"), f"{named(loc)}: the years end ({last}) before they begin ({first})", ""
