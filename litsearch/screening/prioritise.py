"""Which papers to decide next: learned from the decisions so far, and from the question while there are few.

Relevance feedback as in technology-assisted review (Cormack and Grossman, Evaluation of Machine-Learning
Protocols for Technology-Assisted Review, 2014): the papers most likely to be relevant come first, and every
decision teaches. The features are those of the index, so nothing has to be encoded.

A linear support vector machine over words, titles and vectors side by side. What was tried instead on eleven
reviews and gave no more: logistic regression, naive Bayes, centroids, a learner for words and one for
vectors with their ranks joined, and vectors that count for less the more relevant papers are known.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from indexes.types import Filters, Query, Source
from litsearch.evaluate import plain
from litsearch.screening.decisions import Verdict

if TYPE_CHECKING:
    from indexes.hybrid import HybridIndex
    from litsearch.screening.matrix import Matrix


@dataclass(frozen=True, slots=True)
class Parameters:
    """All that can be tuned."""

    words: float = 1.0  # share of a paper's row that its words make up, and so on
    titles: float = 0.3
    impacts: float = 0.0  # nothing gained beside vectors nor in their place
    vectors: float = 0.35
    cost: float = 0.1  # of an error, against the simplicity of what is learned (C of scikit-learn)
    ratio: float = 30.0  # what all the relevant examples weigh, against all the others
    maybe: float = 0.5  # of an include, as an example of what is relevant
    question: float = 1.0  # of an include likewise
    like: int = 10  # included papers that drive the search while nothing was excluded
    depth: int = 5000  # papers that a search ranks; those after it stand in an order drawn by the seed


class Prioritiser:
    """Orders the candidates of a screening. The same decisions give the same order."""

    def __init__(
        self,
        library: Source,
        index: "HybridIndex",
        candidates: Sequence[int],
        question: str,
        seed: int = 0,
        parameters: Parameters = Parameters(),
    ) -> None:
        """``question`` may be empty; then the order is drawn by the seed until decisions can teach."""
        self._library = library
        self._index = index
        self._candidates = list(dict.fromkeys(candidates))
        self._question = plain(question)
        self._parameters = parameters
        self._drawn = list(self._candidates)
        random.Random(seed).shuffle(self._drawn)
        self._seed = seed

    def order(self, decisions: Mapping[int, Verdict]) -> list[int]:
        """The candidates that are not decided, the most promising first.

        Raises IndexMismatchError or IndexDamagedError where the index can't serve.
        """
        verdicts = {paper: verdict for paper, verdict in decisions.items() if paper in self._rows}
        if len({verdict == "exclude" for verdict in verdicts.values()}) < 2:
            ranking = self._searched([p for p, verdict in verdicts.items() if verdict == "include"])
        else:
            ranking = self._learned(verdicts)
        return [paper for paper in ranking if paper not in decisions]

    def _searched(self, included: Sequence[int]) -> list[int]:
        like = tuple(included[-self._parameters.like :])
        if not self._question and not like:
            return self._drawn
        query = Query(self._question, Filters(ids=frozenset(self._candidates)), like=like)
        depth = min(len(self._candidates), self._parameters.depth)
        found = [hit.id for hit in self._index.search(query, k=depth).hits] if depth else []
        return _then(found, self._drawn)

    def _learned(self, verdicts: Mapping[int, Verdict]) -> list[int]:
        import numpy
        from sklearn.svm import LinearSVC

        matrix, decided = self._matrix, sorted(verdicts)
        rows = [self._rows[paper] for paper in decided]
        labels = [verdicts[paper] != "exclude" for paper in decided]
        weights = [self._parameters.maybe if verdicts[paper] == "maybe" else 1.0 for paper in decided]
        if self._question:
            rows.append(len(self._candidates))
            labels.append(True)
            weights.append(self._parameters.question)
        learner = LinearSVC(C=self._parameters.cost, random_state=self._seed)
        learner.fit(matrix[rows], labels, sample_weight=self._balanced(labels, weights))
        scores = learner.decision_function(matrix)[: len(self._candidates)].round(6)
        return [self._candidates[row] for row in numpy.argsort(-scores, kind="stable")]

    def _balanced(self, labels: Sequence[bool], weights: Sequence[float]) -> list[float]:
        """Relevant examples weigh ``ratio`` times as much as the others, however many there are of either:
        most candidates are irrelevant, and for reasons that say little of what is relevant."""
        relevant = sum(weight for weight, label in zip(weights, labels, strict=True) if label)
        others = sum(weight for weight, label in zip(weights, labels, strict=True) if not label)
        other = relevant / (self._parameters.ratio * others)
        scale = len(labels) / (relevant + relevant / self._parameters.ratio)
        return [
            scale * weight * (1.0 if label else other) for weight, label in zip(weights, labels, strict=True)
        ]

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {paper: row for row, paper in enumerate(self._candidates)}

    @cached_property
    def _matrix(self) -> "Matrix":
        from litsearch.screening.matrix import Weights, rows

        tuned = self._parameters
        share = Weights(tuned.words, tuned.titles, tuned.impacts, tuned.vectors)
        extra = [self._question] if self._question else []
        return rows(self._library, self._index, self._candidates, extra, share)


def _then(first: Sequence[int], rest: Collection[int]) -> list[int]:
    found = set(first)
    return [*first, *(paper for paper in rest if paper not in found)]
