"""Systematic reviews with what their reviewers decided, and what an order of reading would have saved."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from bench.corpora import lines
from indexes.corpus import Corpus
from indexes.types import Document

INCLUDED, PASSED = 2, 1  # by the full text; by the abstract, and left out by the full text
TARGET = 95  # percent of the relevant records
EARLY = 10  # percent of the records
PRIOR_SEEDS = range(10)


@dataclass(frozen=True, slots=True)
class Review:
    """Its topic in a few words, and what became of each record, in an order that tells nothing."""

    name: str
    topic: str
    grades: Mapping[int, int]

    def relevant(self, threshold: int = INCLUDED) -> dict[int, bool]:
        return {record: grade >= threshold for record, grade in self.grades.items()}


@dataclass(frozen=True, slots=True)
class Reading:
    """The labels of the records in the order they were read, as far as it tells what is measured."""

    labels: Sequence[bool]
    records: int  # there were to read
    relevant: int  # of them

    @classmethod
    def of(cls, read: Iterable[int], relevant: Mapping[int, bool], begin: Sequence[int] = ()) -> "Reading":
        """Of records in the order they were read, after some to begin with, which don't count. It is read on
        until 95% of the relevant ones are found and a tenth of all is read."""
        records = len(relevant) - len(begin)
        all_relevant = sum(relevant.values()) - sum(relevant[record] for record in begin)
        labels: list[bool] = []
        found = 0
        for record in read:
            labels.append(relevant[record])
            found += relevant[record]
            if found >= _wanted(all_relevant) and len(labels) >= _tenth(records):
                break
        return cls(labels, records, all_relevant)

    @property
    def needed(self) -> int:
        """Records read until 95% of the relevant ones are found."""
        return list(accumulate(map(int, self.labels))).index(_wanted(self.relevant)) + 1

    @property
    def saved(self) -> float:
        """Work saved over sampling at 95% recall (Cohen et al., Reducing Workload in Systematic Review
        Preparation Using Automated Citation Classification, 2006)."""
        return TARGET / 100 - self.needed / self.records

    @property
    def early(self) -> float:
        """Recall when a tenth of the records is read."""
        return sum(self.labels[: _tenth(self.records)]) / self.relevant


def _wanted(relevant: int) -> int:
    """How many records 95% of the relevant ones are."""
    return -(-relevant * TARGET // 100)


def _tenth(records: int) -> int:
    return records * EARLY // 100


def reviews(data: Path) -> tuple[Corpus, list[Review]]:
    """The records of all reviews, and the reviews of DATA/dev/screening_dev."""
    folder = data / "dev" / "screening_dev"
    topics = {record["_id"]: record["text"] for record in map(json.loads, lines(folder / "queries.jsonl"))}
    grades: dict[str, dict[str, int]] = {name: {} for name in topics}
    for row in list(lines(folder / "qrels.tsv"))[1:]:
        review, key, grade = row.split("\t")
        grades[review][key] = int(grade)
    wanted = {key for own in grades.values() for key in own}
    documents: list[Document] = []
    for line in lines(folder / "corpus.jsonl"):
        record = json.loads(line)
        if record["_id"] in wanted:
            documents.append(Document(len(documents) + 1, record["_id"], record["title"], record["text"]))
    number = {document.key: document.id for document in documents}
    found = []
    for name, topic in topics.items():
        own = [(number[key], grade) for key, grade in grades[name].items()]
        random.Random(name).shuffle(own)  # the files of some reviews list the included records first
        found.append(Review(name, topic, dict(own)))
    return Corpus(documents), found


def priors(relevant: Mapping[int, bool], seed: int) -> tuple[int, int]:
    """One relevant and one irrelevant record to begin with."""
    draw = random.Random(seed)
    return (
        draw.choice([record for record, label in relevant.items() if label]),
        draw.choice([record for record, label in relevant.items() if not label]),
    )
