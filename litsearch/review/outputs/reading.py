"""A review's folder read back, as far as two of them can be compared."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litsearch.errors import RunError
from litsearch.review.outputs import manifest

_EACH = ("key", "title")  # columns of the extraction that are no field


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer, and the keys of the papers that it cites."""

    text: str
    status: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    id: str
    question: str
    sentences: tuple[Said, ...]
    error: str


@dataclass(frozen=True, slots=True)
class Decided:
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Folder:
    manifest: Mapping[str, object]
    protocol: str
    papers: Mapping[str, str]  # titles by key: included, extracted or quoted
    decided: Mapping[str, Decided]  # by key
    cells: Mapping[tuple[str, str], str]  # by key and field
    answers: Mapping[str, Answer]  # by the question's id
    stances: Mapping[tuple[str, str, str], str]  # by the question's id, key and quote


def read(path: Path) -> Folder:
    """Raises RunError where that is no folder of a review, or one whose files can't be read."""
    try:
        with (path / manifest.NAME).open(encoding="utf-8") as file:
            kept = json.load(file)
        return Folder(
            manifest=kept,
            protocol=(path / "protocol.toml").read_text("utf-8"),
            papers=_papers(path),
            decided={
                row["key"]: Decided(row["verdict"], row["reason"]) for row in _rows(path / "screening.csv")
            },
            cells=_cells(path),
            answers={answer.id: answer for answer in map(_answer, _lines(path / "answers.jsonl"))},
            stances={
                (line["question"], line["key"], line["quote"]): line["stance"]
                for line in _lines(path / "evidence.jsonl")
            },
        )
    except FileNotFoundError as error:
        raise RunError(
            f"{path} is no folder of a review: it has no {Path(error.filename).name}",
            "Name one that litsearch review run has written",
        ) from error
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise RunError(
            f"The review in {path} can't be read: {error}", "Write it again: litsearch review show"
        ) from error


def _papers(path: Path) -> dict[str, str]:
    items = json.loads((path / "references.csl.json").read_text("utf-8"))
    return {item["id"]: item.get("title", "") for item in items}


def _cells(path: Path) -> dict[tuple[str, str], str]:
    return {
        (row["key"], name): value
        for row in _rows(path / "extraction.csv")
        for name, value in row.items()
        if name not in _EACH and not name.endswith((": quote", ": note"))
    }


def _answer(line: dict[str, Any]) -> Answer:
    return Answer(
        str(line["id"]),
        str(line["question"]),
        tuple(Said(each["text"], each["status"], tuple(each["keys"])) for each in line["sentences"]),
        str(line.get("error", "")),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        if "key" not in (rows.fieldnames or ()):
            raise ValueError(f"{path.name} has no column key")
        return list(rows)


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
