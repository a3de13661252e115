"""What the index knows of papers, as numbers to learn from; only what is kept, nothing is encoded for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
from numpy import float32, int64
from numpy.typing import NDArray

from indexes.dense import DenseLeg
from indexes.encodings import IMPACT_TYPE, Encodings
from indexes.impact import ImpactLeg

if TYPE_CHECKING:
    from indexes.types import Leg, LegName, Source

_AT_ONCE = 2000  # papers whose texts are in memory together


@dataclass(frozen=True, slots=True)
class Impacts:
    """Rows of a sparse matrix: row i is of the paper ``ids[i]``, and has the tokens and impacts from
    ``starts[i]`` up to ``starts[i + 1]``."""

    ids: NDArray[int64]
    starts: NDArray[int64]
    tokens: NDArray[int64]
    values: NDArray[float32]


def impacts(
    legs: "Mapping[LegName, Leg]", folder: Path, source: "Source", ids: Collection[int]
) -> Impacts | None:
    """The impacts of those papers that were encoded with the text they have now; None without a sparse leg.

    Raises EncoderError or IndexMismatchError where its encoder is not there.
    """
    leg = legs.get("sparse")
    if not isinstance(leg, ImpactLeg) or leg.encoder is None:
        return None
    encodings = Encodings(folder)
    wanted = sorted(ids)
    found: list[int] = []
    kept: list[bytes] = []
    for start in range(0, len(wanted), _AT_ONCE):
        papers = source.documents(wanted[start : start + _AT_ONCE])
        values = encodings.kept(leg.encoder, [document.text for document in papers.values()])
        for paper, value in zip(papers, values, strict=True):
            if value is not None:
                found.append(paper)
                kept.append(value)
    entry = numpy.dtype(IMPACT_TYPE)
    lengths = [len(value) // entry.itemsize for value in kept]
    entries: NDArray[Any] = numpy.frombuffer(b"".join(kept), dtype=entry)
    return Impacts(
        numpy.array(found, dtype=numpy.int64),
        numpy.concatenate([[0], numpy.cumsum(lengths, dtype=numpy.int64)]).astype(numpy.int64),
        entries["token"].astype(numpy.int64),
        entries["impact"].astype(numpy.float32),
    )


def vectors(legs: "Mapping[LegName, Leg]", ids: Collection[int]) -> Mapping[int, NDArray[float32]]:
    """The dense vectors of those papers that the dense leg has, of about unit length; none without it."""
    leg = legs.get("dense")
    return leg.vectors(ids) if isinstance(leg, DenseLeg) else {}
