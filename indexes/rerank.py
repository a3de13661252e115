"""Re-ranking the head of a ranking by a cross-encoder, which reads query and paper together.

After Nogueira and Cho, Passage Re-ranking with BERT, 2019. A model is named as ``st:NAME-OR-PATH`` and loaded
by sentence-transformers, through the extra ``models``.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from indexes.errors import EncoderError
from indexes.types import Scored

DEPTH = 50  # papers read of a ranking
BATCH = 16  # pairs at once
NONE = "none"  # the spec of no re-ranker

_loading = threading.Lock()  # runs that begin together wait for one and the same model


class Reranker(Protocol):
    """Scores how well texts answer a query; only the order of the scores of one query means anything."""

    @property
    def name(self) -> str: ...

    def scores(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        """One for each text, higher is better. May be called from several threads."""


@dataclass(frozen=True, slots=True)
class Reranked:
    """A ranking whose head was read again: for each paper of the head its score."""

    ranking: list[Scored]
    scores: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class CrossEncoderModel:
    """A CrossEncoder with one output; a pair that is too long for it is cut."""

    name: str
    model: Any
    _lock: threading.Lock = field(default_factory=threading.Lock)  # fast tokenizers serve one thread at once

    @classmethod
    def load(cls, name: str) -> "CrossEncoderModel":
        from indexes.sentence_transformer import load_model

        model: Any = load_model(name, "cross-encoder")
        if model.num_labels != 1:
            raise EncoderError(
                f"The cross-encoder {name} gives {model.num_labels} scores a pair where one is needed.",
                "Name one that was trained to rank, such as st:cross-encoder/ms-marco-MiniLM-L6-v2.",
            )
        return cls(f"st:{name}", model)

    def scores(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        pairs = [(query, text) for text in texts]
        with self._lock:
            scores = self.model.predict(pairs, batch_size=BATCH, show_progress_bar=False)
        return [float(score) for score in scores]


def load_reranker(spec: str) -> Reranker | None:
    """The re-ranker of that spec, None for no spec or ``none``; EncoderError when it can't be loaded.

    The last one stays loaded: who asks for it again gets the same.
    """
    if spec in ("", NONE):
        return None
    kind, _, name = spec.partition(":")
    if kind != "st" or not name:
        raise EncoderError(
            f"There is no re-ranker “{spec}”.", f"Name a cross-encoder as st:NAME-OR-PATH, or {NONE}."
        )
    with _loading:
        return _loaded(name)


@lru_cache(maxsize=1)
def _loaded(name: str) -> CrossEncoderModel:
    return CrossEncoderModel.load(name)


def rerank(ranking: Sequence[Scored], query: str, texts: Mapping[int, str], reranker: Reranker) -> Reranked:
    """The first papers by the re-ranker's scores, ties as they were, before the rest as it is."""
    head = [document for document, _ in ranking[:DEPTH] if document in texts]
    if not head:
        return Reranked(list(ranking), {})
    scores = dict(zip(head, reranker.scores(query, [texts[document] for document in head]), strict=True))
    before = dict(ranking)
    best = sorted(head, key=lambda document: -scores[document])
    rest = [hit for hit in ranking if hit[0] not in scores]
    return Reranked([*((document, before[document]) for document in best), *rest], scores)
