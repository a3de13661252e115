"""A judged set in BEIR layout: ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``, plain or .xz."""

import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from indexes.corpus import Corpus
from indexes.types import Document
from litsearch.errors import EvaluationError

HEADER = ["query-id", "corpus-id", "score"]


@dataclass(frozen=True, slots=True)
class Judgements:
    """Judged queries by id, and for each the grades of documents by their ids in the corpus.

    ``relevance`` may judge a query whose text is not known: it can't be answered and counts as zero.
    """

    queries: Mapping[str, str]
    relevance: Mapping[str, Mapping[str, int]]


def read_judgements(folder: Path) -> Judgements:
    """The queries and judgements of a folder; EvaluationError naming file and line of what is wrong."""
    relevance = read_qrels(set_file(folder, "qrels.tsv"))
    texts: dict[str, str] = {}
    path = set_file(folder, "queries.jsonl")
    for where, record in _records(path):
        query, text = _text(record, "_id", where), _text(record, "text", where)
        if query in texts:
            raise EvaluationError(f"{where}: the query “{query}” is there twice.")
        texts[query] = text
    judged = {query: texts[query] for query in relevance if query in texts}
    if not judged:
        raise EvaluationError(f"No query of {path} is judged in qrels.tsv.", "Both must use the same ids.")
    return Judgements(judged, relevance)


def read_corpus(path: Path) -> Corpus:
    """A ``corpus.jsonl`` in memory; a document's key is its ``_id``."""
    if not path.is_file():
        raise EvaluationError(f"There is no corpus {path}.", "Name the file with --corpus.")
    corpus = Corpus(_documents(path))
    if not corpus.count():
        raise EvaluationError(f"{path} has no documents.")
    return corpus


def set_file(folder: Path, name: str) -> Path:
    """The file of a judged set, plain or compressed."""
    for path in (folder / name, folder / f"{name}.xz"):
        if path.is_file():
            return path
    hint = "A judged set has corpus.jsonl, queries.jsonl and qrels.tsv, each plain or .xz."
    if name.startswith("corpus"):
        hint += " Where the corpus lies elsewhere, name it with --corpus FILE."
    raise EvaluationError(f"There is no {name} in {folder}.", hint)


def _documents(path: Path) -> Iterator[Document]:
    seen: set[str] = set()
    for number, (where, record) in enumerate(_records(path), 1):
        key = _text(record, "_id", where)
        if key in seen:
            raise EvaluationError(f"{where}: the document “{key}” is there twice.")
        seen.add(key)
        title, abstract = record.get("title") or "", record.get("text") or ""
        yield Document(number, key, str(title), str(abstract))


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """For each judged query the grades of documents by their ids; EvaluationError naming file and line."""
    relevance: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(path), 1):
        where = f"{path}, line {number}"
        parts = line.rstrip("\r\n").split("\t")
        if number == 1:
            if parts != HEADER:
                raise EvaluationError(f"{where}: expected the header {', '.join(HEADER)}, tab-separated.")
            continue
        if not line.strip():
            continue
        if len(parts) != len(HEADER):
            raise EvaluationError(f"{where}: {len(parts)} columns where 3 are expected, tab-separated.")
        query, document, grade = (part.strip() for part in parts)
        try:
            value = int(grade)
        except ValueError:
            raise EvaluationError(f"{where}: the score “{grade}” is not a whole number.") from None
        if relevance.setdefault(query, {}).setdefault(document, value) != value:
            raise EvaluationError(f"{where}: “{document}” is judged twice for “{query}”, and differently.")
    if not relevance:
        raise EvaluationError(f"{path} has no judgements.")
    return relevance


def _records(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Each JSON object of a file with its place."""
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"{where}: not JSON ({error}).") from None
        if not isinstance(record, dict):
            raise EvaluationError(f"{where}: expected a JSON object.")
        yield where, record


def _text(record: Mapping[str, object], field: str, where: str) -> str:
    value = record.get(field)
    if not isinstance(value, str) or not value:
        raise EvaluationError(f"{where}: the field “{field}” is missing or no text.")
    return value


def _lines(path: Path) -> Iterator[str]:
    try:
        with _open(path) as file:
            yield from file
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} can't be read: {error}.") from error


def _open(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")
