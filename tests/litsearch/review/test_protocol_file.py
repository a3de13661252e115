"""Protocols as they are read, and what is said of wrong ones."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.review import schema, toml_lines
from litsearch.review.protocol_file import ProtocolError, parse, read
from litsearch.review.protocol_words import Problem

BASE = 'title = "T"\n[[questions]]\nid = "a"\nquestion = "Does it?"\n'
PACKAGE = Path(schema.__file__).parent


def problems(text: str, folder: Path = Path()) -> list[str]:
    with pytest.raises(ProtocolError) as caught:
        parse(text, folder / "p.toml")
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('title = "T\n', 1, "not valid TOML"),
        ('titel = "T"\n' + BASE, 1, "Did you mean title?"),
        (BASE + "yeer = 3\n", 5, "there is no setting 'yeer' in questions[1]"),
        (BASE + '[[questions]]\nid = "A"\nquestion = "b"\n', 6, "there twice"),
        (BASE + '[[questions]]\nid = "a b"\nquestion = "b"\n', 6, "can't be used"),
        (BASE + '[screening]\nby = "models"\n', 6, "Did you mean model?"),
        (BASE + '[screening]\nby = "user"\n', 5, "name is missing"),
        (BASE + '[screening]\nby = "model"\n', 5, "without criteria"),
        (BASE + '[[extract]]\nname = "n"\ntype = "integer"\n', 7, "Did you mean int?"),
        (BASE + '[[extract]]\nname = "n"\ntype = "choice"\n', 5, "two choices or more"),
        (BASE + "[filters]\nyear_from = 2020\nyear_to = 2010\n", 7, "end (2010) before they begin"),
        (BASE + '[search]\nqueries = [\n  "fine",\n  "(a OR",\n]\n', 8, "OR needs something after it"),
        (BASE + "[budget]\nmax_cost = -1\n", 6, "at least 0, and is -1"),
        (BASE + "[budget]\nmax_calls = 1.5\n", 6, "a whole number"),
        ('title = "T"\n[questions]\nq = "x"\n', 2, "Write [[questions]]"),
        ('title = "T"\ninclude = "a"\n' + BASE[12:], 2, "in square brackets"),
        ('questions_file = "nix.csv"\n' + BASE, 1, "can't be read"),
        ('title = "T"\n', 1, "nothing to do"),
        ("", 1, "'title' is missing"),
    ],
)
def test_a_problem_is_named_with_its_line(text: str, line: int, words: str) -> None:
    found = problems(text)
    assert any(each.startswith(f"p.toml:{line}: ") and words in each for each in found), found


def test_all_problems_are_named_at_once() -> None:
    assert len(problems('title = 5\nseed = "x"\n[budget]\nmax_calls = -1\n')) == 3


def test_questions_of_a_file_are_named_with_their_own_line(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text('id,question,year_from\nx,"what\nis it",abc\ny,,2010\nz,ok,2010,7\n')
    found = problems('questions_file = "q.csv"\n' + BASE, tmp_path)
    assert [each.split(": ")[0] for each in found] == ["q.csv:2", "q.csv:4", "q.csv:5"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.csv", "id,question,year_from,tags\nx,What is it?,2010,a; b\n"),
        (
            "q.jsonl",
            '{"id": "x", "question": "What is it?", "filters": {"year_from": 2010, "tags": ["a", "b"]}}\n',
        ),
    ],
)
def test_questions_come_from_a_file_with_their_filters(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "p.toml").write_text(f'title = "T"\nquestions_file = "{name}"\n')
    [question] = read(tmp_path / "p.toml").questions
    assert (question.id, question.question) == ("x", "What is it?")
    assert (question.filters.year_from, question.filters.tags) == (2010, ("a", "b"))


def test_a_text_has_a_question_a_line(tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("Does it?\n\nDoes it not?\n")
    (tmp_path / "p.toml").write_text('title = "T"\nquestions_file = "q.txt"\n')
    assert [question.id for question in read(tmp_path / "p.toml").questions] == ["q1", "q2"]


def test_the_template_is_a_protocol_with_and_without_its_comments() -> None:
    text = (PACKAGE / "template.toml").read_text("utf-8")
    assert len(parse(text, PACKAGE / "template.toml").questions) == 2
    spoken = [
        line.removeprefix("# ") if "=" in line or line.startswith("# [") else line
        for line in text.splitlines()
    ]
    whole = "\n".join(line for line in spoken if not line.startswith(("# ", "questions_file")))
    protocol = parse(whole.replace("everything = false", ""), PACKAGE / "template.toml")
    assert protocol.screening is not None
    assert len(protocol.extract) == 2
    assert protocol.budget.questions == 4


def test_the_schema_that_is_shipped_is_that_of_the_protocol() -> None:
    assert (PACKAGE / schema.FILE).read_text("utf-8") == schema.text()


_keys = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=6)
_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)
_values = st.recursive(
    _texts | st.integers(-(2**60), 2**60) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=8,
)


def _toml(value: object, gap: str) -> str:
    """The value in TOML, with line breaks and comments wherever an array allows them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + "".join(f"{gap}{_toml(each, gap)}," for each in value) + gap + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)} = {_toml(each, ' ')}" for key, each in value.items()) + "}"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _paths(value: object, path: toml_lines.Path = ()) -> set[toml_lines.Path]:
    found = {path} if path else set()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        found |= _paths(each, (*path, key))
    return found


@given(st.dictionaries(_keys, _values, min_size=1, max_size=5), st.sampled_from(["", " ", "\n", " # [x\n  "]))
def test_every_value_of_a_file_has_its_line(table: dict[str, object], gap: str) -> None:
    text = "".join(f"{_quoted(key)} = {_toml(value, gap)} # {{\n" for key, value in table.items())
    assert tomllib.loads(text) == table
    lines = toml_lines.lines(text)
    assert set(lines) == _paths(table)
    for key in table:
        assert text.splitlines()[lines[key,] - 1].startswith(_quoted(key))


@given(st.text(st.sampled_from("title=\"q[]{}#\n .,'1a-_=\\"), max_size=60))
def test_whatever_the_text_it_is_read_or_explained(text: str) -> None:
    found: Sequence[Problem] = ()
    try:
        assert parse(text, Path("p.toml")).title
    except ProtocolError as error:
        found = error.problems
    assert all(problem.message for problem in found)
