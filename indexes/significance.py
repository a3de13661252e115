"""Whether one setting is better than another: the paired bootstrap over queries (Sakai 2006)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = 10_000
_DRAWS = 2_000_000  # at a time: 16 MB of them


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The mean difference with its 95% interval, and the two-sided p of no difference."""

    difference: float
    low: float
    high: float
    p: float


def bootstrap(differences: "NDArray[Any]", samples: int = SAMPLES, seed: int = 0) -> Bootstrap:
    """Of each query's difference: the interval by percentiles of resampled means, p by how often differences
    drawn around zero are as large as the one seen."""
    random = numpy.random.default_rng(seed)
    count = len(differences)
    block = max(1, _DRAWS // count)
    means = numpy.concatenate(
        [
            differences[random.integers(count, size=(min(block, samples - start), count))].mean(axis=1)
            for start in range(0, samples, block)
        ]
    )
    seen = float(differences.mean())
    low, high = (float(edge) for edge in numpy.percentile(means, (2.5, 97.5)))
    as_large = int((numpy.abs(means - seen) >= abs(seen) - 1e-12).sum())
    return Bootstrap(seen, low, high, (as_large + 1) / (samples + 1))
