"""Encoders without a model, a corpus, and a program that applies it to a leg until it is killed.

python tests/toy_encoders.py LEG FOLDER
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy
from numpy.typing import NDArray

from indexes.dense import DenseLeg
from indexes.impact import ImpactLeg
from indexes.types import Change, Document, Leg

BATCH = 7


class ToySparse:
    """Words are tokens by length and first letter; the impact is how often they occur."""

    name = "toy"
    hash = "toy-sparse-1"
    cheap = False
    idf_weighted = False
    ceiling = 4.0

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def documents(self, texts: Sequence[str]) -> Sequence[Mapping[int, float]]:
        self.encoded += texts
        return [self.query(text) for text in texts]

    def query(self, text: str) -> Mapping[int, float]:
        return {token: float(count) for token, count in Counter(map(_token, text.lower().split())).items()}

    def token(self, id: int) -> str:  # noqa: A002
        return f"{chr(id % 256)}{id // 256}"

    def spell(self, text: str) -> Mapping[int, str]:
        return {_token(word): word for word in text.lower().split()}


class ToyDense:
    """The sum of a fixed random direction for each word."""

    name = "toy"
    hash = "toy-dense-1"
    dimensions = 96

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def documents(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        self.encoded += texts
        return numpy.stack([self.query(text) for text in texts]) if texts else numpy.zeros((0, 96), "f4")

    def query(self, text: str) -> NDArray[numpy.float32]:
        vector = numpy.sum([_direction(word) for word in text.lower().split()] or [_direction("")], axis=0)
        return (vector / numpy.linalg.norm(vector)).astype(numpy.float32)


def _token(word: str) -> int:
    return min(ord(word[0]), 255) + 256 * len(word)


def _direction(word: str) -> NDArray[numpy.float64]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
    return numpy.random.default_rng(seed).standard_normal(96)


WORDS = (
    "sparse",
    "dense",
    "retrieval",
    "papers",
    "impact",
    "vector",
    "feedback",
    "query",
    "expansion",
    "models",
)


def document(number: int, edition: int = 0) -> Document:
    words = [WORDS[(number * step + edition) % len(WORDS)] for step in range(1, 2 + number % 9)]
    return Document(
        number, f"k{number}", " ".join(words), f"edition {edition}", ("Ada Amsel",), 1990 + number % 30
    )


def history() -> list[Change]:
    """140 papers added, then every third changed and every fifth removed."""
    changes = [Change(number, number, document(number)) for number in range(1, 141)]
    for number in range(1, 141):
        if number % 5 == 0:
            changes.append(Change(len(changes) + 1, number, None))
        elif number % 3 == 0:
            changes.append(Change(len(changes) + 1, number, document(number, 1)))
    return changes


def open_leg(name: str, folder: Path) -> ImpactLeg | DenseLeg:
    return ImpactLeg(folder, ToySparse()) if name == "sparse" else DenseLeg(folder, ToyDense())


def catch_up(leg: Leg) -> None:
    """Apply what the leg has not seen, saying each revision that was acknowledged."""
    waiting = (change for change in history() if change.revision > leg.coverage().revision)
    todo = list(waiting)
    batches = iter(todo)
    while batch := list(islice(batches, BATCH)):
        leg.apply(batch, batch[-1].revision)
        sys.stdout.write(f"{batch[-1].revision}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    catch_up(open_leg(sys.argv[1], Path(sys.argv[2])))
