"""Papers as rows of one sparse matrix: their words, their impacts and their vectors, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

if TYPE_CHECKING:
    from indexes.features import Impacts
    from indexes.hybrid import HybridIndex
    from indexes.types import Source

    Matrix = Any  # scipy.sparse.csr_matrix: (papers, features), rows of unit length

_AT_ONCE = 2000  # papers whose texts are read together


@dataclass(frozen=True, slots=True)
class Weights:
    """How much of a paper's row each kind of feature makes up; 0 leaves one out."""

    words: float  # of title and abstract, and pairs of them
    titles: float  # words of the title alone
    impacts: float
    vectors: float


def rows(
    papers: "Source", index: "HybridIndex", ids: Sequence[int], extra: Sequence[str], weights: Weights
) -> "Matrix":
    """A row for each paper, in order, and after them one for each extra text, which has only words.

    A paper that was never encoded has only words, too; its row is as long as the others.
    """
    row_of = {paper: row for row, paper in enumerate(ids)}
    count = len(ids) + len(extra)
    texts, titles = [*[""] * len(ids), *extra], [*[""] * len(ids), *extra]
    for start in range(0, len(ids), _AT_ONCE):
        for paper, document in papers.documents(ids[start : start + _AT_ONCE]).items():
            texts[row_of[paper]], titles[row_of[paper]] = document.text, document.title
    blocks = [weights.words * _words(texts, pairs=True)]
    if weights.titles:
        blocks.append(weights.titles * _words(titles))
    impacts, vectors = index.features(ids) if weights.impacts or weights.vectors else (None, {})
    if weights.impacts and impacts is not None and len(impacts.tokens):
        blocks.append(weights.impacts * _impacts(impacts, row_of, count))
    if weights.vectors and vectors:
        dense = numpy.zeros((count, len(next(iter(vectors.values())))), dtype=numpy.float32)
        for paper, vector in vectors.items():
            dense[row_of[paper]] = vector
        blocks.append(weights.vectors * sparse.csr_matrix(dense))
    side_by_side = normalize(sparse.hstack(blocks, format="csr", dtype=numpy.float32))
    side_by_side.sort_indices()  # once, or every learning would
    return side_by_side


def _words(texts: Sequence[str], pairs: bool = False) -> "Matrix":
    words = TfidfVectorizer(
        sublinear_tf=True,
        min_df=min(2, len(texts)),
        ngram_range=(1, 2 if pairs else 1),
        dtype=numpy.float32,
    )
    try:
        return words.fit_transform(texts)
    except ValueError:  # no word is there, or none is in two texts
        return sparse.csr_matrix((len(texts), 1), dtype=numpy.float32)


def _impacts(impacts: "Impacts", row_of: dict[int, int], count: int) -> "Matrix":
    """Weighted by how rare a token is among these papers, rows of unit length."""
    own = numpy.array([row_of[paper] for paper in impacts.ids.tolist()])
    per_row = numpy.repeat(own, numpy.diff(impacts.starts))
    _, columns, in_papers = numpy.unique(impacts.tokens, return_inverse=True, return_counts=True)
    idf = numpy.log1p(len(own) / in_papers)
    values = impacts.values * idf[columns]
    return normalize(sparse.csr_matrix((values, (per_row, columns)), shape=(count, len(in_papers))))
