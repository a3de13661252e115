"""Papers to learn from: of each a document and the queries that it should answer.

The queries are what a paper's authors wrote about it: its title, its concluding sentence, and its
keyphrases. The document is the abstract without that sentence, so that no query can be found by copying.
"""

import json
import lzma
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexes.errors import HintedError
from indexes.types import OnProgress, Progress

SHORTEST_TITLE, SHORTEST_ABSTRACT, LONGEST_ABSTRACT = 15, 300, 2500  # characters
SENTENCES = 4  # an abstract of fewer keeps its last one
CONCLUSION = (50, 350)  # characters of a concluding sentence that may be a query
KEYPHRASES = 3  # at least, to be a query; as many are drawn

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class TrainingPaper:
    """What is learned from one paper. Where there is no conclusion or keyphrase, it is empty."""

    key: str
    title: str
    document: str
    conclusion: str
    keyphrases: tuple[str, ...]

    @property
    def abstract(self) -> str:
        """The document with its conclusion."""
        return f"{self.document} {self.conclusion}".rstrip()

    @property
    def queries(self) -> tuple[str, ...]:
        """The title, the conclusion, and some keyphrases, as far as there are any."""
        drawn = random.Random(self.key).sample(self.keyphrases, min(KEYPHRASES, len(self.keyphrases)))
        keywords = " ".join(drawn) if len(drawn) == KEYPHRASES else ""
        return tuple(text for text in (self.title, self.conclusion, keywords) if text)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Papers to learn from, and of the same files those that were not drawn; both in an order by the seed."""

    papers: list[TrainingPaper]
    rest: list[TrainingPaper]
    counts: tuple[int, ...]  # papers in each file


def draw_papers(
    files: Sequence[Path], count: int, seed: int = 0, on_progress: OnProgress = lambda _: None
) -> Drawn:
    """At most ``count`` papers, of each file about as many.

    Raises HintedError naming file and line of what is no paper.
    """
    drawn: list[list[TrainingPaper]] = []
    for file in files:
        found: list[TrainingPaper] = []
        for paper in _papers(file):
            found.append(paper)
            if len(found) % 1000 == 0:
                on_progress(Progress(f"reading {file.name}, papers", len(found)))
        drawn.append(_draw(found, seed))
    share = count
    taken = [min(len(papers), share) for papers in drawn]
    while sum(taken) > count:  # the smaller files give all they have, the larger ones share the rest
        share = (share * 99) // 100
        taken = [min(len(papers), share) for papers in drawn]
    mixed = [paper for papers, share in zip(drawn, taken, strict=True) for paper in papers[:share]]
    rest = [paper for papers, share in zip(drawn, taken, strict=True) for paper in papers[share:]]
    return Drawn(_draw(mixed, seed), _draw(rest, seed), tuple(map(len, drawn)))


def write_papers(papers: Sequence[TrainingPaper], file: Path) -> None:
    """Keep what was drawn, so that training that is taken up again learns from the same papers."""
    lines = (json.dumps(asdict(paper), ensure_ascii=False) + "\n" for paper in papers)
    scratch = file.with_suffix(".part")
    scratch.write_text("".join(lines), encoding="utf-8")
    scratch.replace(file)


def kept_papers(file: Path) -> list[TrainingPaper]:
    """What :func:`write_papers` kept."""
    records = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [TrainingPaper(**{**each, "keyphrases": tuple(each["keyphrases"])}) for each in records]


def _draw(papers: list[TrainingPaper], seed: int) -> list[TrainingPaper]:
    random.Random(seed).shuffle(papers)
    return papers


def _papers(file: Path) -> Iterator[TrainingPaper]:
    for number, line in enumerate(_lines(file), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise TypeError("it is no JSON object")
            paper = training_paper(record, f"{file.name}:{number}")
        except (ValueError, AttributeError, TypeError) as error:
            raise HintedError(
                f"{file}:{number} is no paper: {error}.",
                "Each line must be a JSON object with “title” and “abstract” (or “text”).",
            ) from error
        if paper is not None:
            yield paper


def _lines(file: Path) -> Iterator[str]:
    try:
        if file.suffix == ".xz":
            with lzma.open(file, "rt", encoding="utf-8") as packed:
                yield from packed
        else:
            with file.open(encoding="utf-8") as plain:
                yield from plain
    except (OSError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise HintedError(
            f"{file} can't be read: {error}.", "Name a JSON Lines file, plain or .xz."
        ) from error


def training_paper(record: Mapping[str, Any], default_key: str) -> TrainingPaper | None:
    """From a record with ``title``, ``abstract`` or ``text``, and ``keywords`` or ``mesh``, if any; None for
    one that has too little to learn from."""
    title = str(record.get("title") or "").strip()
    abstract = str(record.get("abstract") or record.get("text") or "").strip()[:LONGEST_ABSTRACT]
    if len(title) < SHORTEST_TITLE or len(abstract) < SHORTEST_ABSTRACT:
        return None
    described = {**(record.get("metadata") or {}), **record}
    keywords = described.get("keywords") or described.get("mesh") or ()
    phrases = (keywords.split(";") if isinstance(keywords, str) else map(str, keywords)) if keywords else ()
    key = str(record.get("_id") or record.get("id") or default_key)
    document, conclusion = _without_conclusion(abstract)
    return TrainingPaper(key, title, document, conclusion, tuple(p.strip() for p in phrases if p.strip()))


def _without_conclusion(abstract: str) -> tuple[str, str]:
    sentences = _SENTENCE.split(abstract)
    if len(sentences) < SENTENCES or not CONCLUSION[0] <= len(sentences[-1]) <= CONCLUSION[1]:
        return abstract, ""
    return abstract[: len(abstract) - len(sentences[-1])].rstrip(), sentences[-1]
