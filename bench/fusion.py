"""Which fusion wins on judged sets that it was not tuned on.

python -m bench.fusion DATA --dense SPEC [--sparse SPEC] [--sets scifact_train,cranfield] [--out FOLDER]

Every normalisation of scores, with equal weights and with weights learned on the other sets (leave one
collection out), beside reciprocal rank fusion; differences are a paired bootstrap over queries. Runs of
the legs are kept under the folder of outputs: another table costs seconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy
from numpy import float64
from numpy.typing import NDArray

from bench.effectiveness import LARGE, SMALL
from bench.runs import METRICS, Run, Runs, Setup, arguments, as_scores, main_metric, measured, read
from bench.tables import table, write
from indexes.fusion import DIGITS
from indexes.searching import DEPTH
from indexes.types import LegName
from litsearch.evaluate import Scores, paired_bootstrap

STEP = 0.1  # between two weights of the grid
K = 60
WAYS = ("equal", "one weight", "free")

Vector = NDArray[float64]
Share = Callable[[Vector, float], tuple[float, float]]  # what is taken off a score, and the divisor


def min_max(scores: Vector, least: float) -> tuple[float, float]:
    """Least that was found, or could have been, to best found."""
    return least, float(scores.max()) - least


def of_the_best(scores: Vector, _: float) -> tuple[float, float]:
    """Zero to best found."""
    return 0.0, float(scores.max())


def standard(scores: Vector, _: float) -> tuple[float, float]:
    """Mean and deviation of what was found."""
    return float(scores.mean()), float(scores.std())


NORMS: Mapping[str, Share] = {
    "min-max": min_max,
    "of the best": of_the_best,
    "z-score": standard,
}


@dataclass(frozen=True, slots=True)
class Family:
    """A way to fuse, up to the weights. ``missing`` is what a paper gets that a leg has not found: the
    ``last`` share that the leg gave, or its ``exact`` one, by the ``dense`` leg or by every leg."""

    norm: str  # of NORMS, or rrf
    missing: str = "last"

    def __str__(self) -> str:
        return self.norm if self.missing == "last" else f"{self.norm}, {self.missing}"


RRF = Family("rrf")
OURS = Family("min-max", "dense")  # what `indexes.fusion.CONVEX` is
CLOSER = (RRF, OURS)
FAMILIES = (RRF, OURS, *(Family(norm, missing) for norm, missing in product(NORMS, ("last", "exact"))))


def shares(family: Family, runs: Runs, query: str) -> tuple[NDArray[numpy.int64], Vector]:
    """The papers that any leg found, and what each leg gives them: shape (papers, legs)."""
    found = runs.found[query]
    ids = sorted({each for run in found.values() for each, _ in run})
    columns = [
        _column(family, ids, found.get(leg, ()), runs.exact[query].get(leg, ()), leg) for leg in runs.legs
    ]
    return numpy.array(ids, dtype=numpy.int64), numpy.array(columns).reshape(len(runs.legs), len(ids)).T


def _column(family: Family, ids: Sequence[int], run: Run, exact: Run, leg: LegName) -> list[float]:
    if not run:
        return [0.0] * len(ids)
    if family.norm == "rrf":
        ranks = {each: 1 / (K + rank) for rank, (each, _) in enumerate(run, 1)}
        return [ranks.get(each, 0.0) for each in ids]
    # A run that is not full has everything that matches: the rest scores nothing.
    least = run[-1][1] if len(run) == DEPTH or leg == "dense" else 0.0
    low, width = NORMS[family.norm](numpy.array([score for _, score in run]), least)
    exactly = family.missing == "exact" or family.missing == leg
    known = dict(exact if exactly else run)
    rest = 0.0 if exactly else least
    return [(known.get(each, rest) - low) / width if width > 0 else float(each in known) for each in ids]


def grid(legs: int) -> Vector:
    """Weights that sum to one: all equal, then all but the last, then any; shape (legs, settings)."""
    steps = round(1 / STEP)
    tied = [[(1 - last / steps) / (legs - 1)] * (legs - 1) + [last / steps] for last in range(steps + 1)]
    free = [
        [each / steps for each in some]
        for some in product(range(steps + 1), repeat=legs)
        if sum(some) == steps
    ]
    return numpy.array([[1 / legs] * legs, *tied, *free]).T


TIED = 2 + round(1 / STEP)  # settings of a grid with one parameter at most


def values(family: Family, runs: Runs, weights: Vector) -> Vector:
    """Shape (metrics, queries, settings)."""
    each = []
    for query, grades in runs.grades.items():
        if runs.found.get(query):
            ids, given = shares(family, runs, query)
            each.append(measured(grades, ids, given @ weights))
        else:
            each.append(numpy.zeros((len(METRICS), weights.shape[1])))
    return numpy.stack(each, axis=1)


@dataclass(frozen=True, slots=True)
class Measured:
    """One family on all sets: by set, values for equal weights first and then the grid."""

    family: Family
    weights: Vector
    by_set: Mapping[str, Vector]

    def mean(self, name: str) -> Vector:
        """The main metric of a set for every setting."""
        values = self.by_set[name][METRICS.index(main_metric(name))].mean(axis=0)
        return numpy.asarray(values)

    def learned(self, how: str, without: str = "") -> int:
        """The setting that is best on average over the collections but one."""
        settings = {"equal": 1, "one weight": TIED, "free": None}[how]
        others = [self.mean(name)[:settings] for name in self.by_set if collection(name) != without]
        return int(numpy.mean(others, axis=0).round(DIGITS).argmax()) if others else 0


def collection(name: str) -> str:
    return LARGE.get(name, name)


def measure(family: Family, sets: Sequence[Runs]) -> Measured:
    weights = grid(len(sets[0].legs))
    return Measured(family, weights, {runs.name: values(family, runs, weights) for runs in sets})


def scores(runs: Runs, found: Measured, setting: int) -> Scores:
    return as_scores(list(runs.grades), found.by_set[runs.name][:, :, setting])


def best_leg(runs: Runs) -> tuple[LegName, Scores]:
    alone = {
        leg: as_scores(list(runs.grades), values(RRF, runs, weights[:, None])[:, :, 0])
        for leg, weights in zip(runs.legs, numpy.eye(len(runs.legs)), strict=True)
    }
    leg = max(alone, key=lambda leg: alone[leg].means[runs.metric])
    return leg, alone[leg]


def difference(a: Scores, b: Scores, metric: str) -> str:
    found = paired_bootstrap(a, b, metric=metric, samples=2_000)
    return f"{found.difference:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"


def as_weights(weights: Vector) -> str:
    return " ".join(f"{weight:.2f}".removeprefix("0") for weight in weights)


def overview(sets: Sequence[Runs], found: Sequence[Measured]) -> str:
    """A row for each family and way of weighting: the main metric of every set, none of them tuned on."""
    rows = []
    for each, how in product(found, WAYS):
        figures = [each.mean(runs.name)[each.learned(how, collection(runs.name))] for runs in sets]
        weights = as_weights(each.weights[:, each.learned(how)])
        means = [f"{value:.3f}" for value in figures]
        rows.append([str(each.family), how, weights, *means, f"{numpy.mean(figures):.4f}"])
    header = ["scores", "weights", "learned on all", *(f"{runs.name} {runs.metric}" for runs in sets), "mean"]
    return table(header, rows)


def details(sets: Sequence[Runs], found: Sequence[Measured]) -> str:
    """Each set's held-out figures against untuned rank fusion and against its best leg."""
    untuned = next(each for each in found if each.family == RRF)
    rows = []
    for runs in sets:
        leg, alone = best_leg(runs)
        base = scores(runs, untuned, 0)
        rows.append([runs.name, f"{leg} alone", "", *_figures(alone), "", ""])
        for each in found:
            for setting in dict.fromkeys(each.learned(how, collection(runs.name)) for how in WAYS):
                these = scores(runs, each, setting)
                weights = as_weights(each.weights[:, setting])
                against = [difference(other, these, runs.metric) for other in (base, alone)]
                rows.append([runs.name, str(each.family), weights, *_figures(these), *against])
    return table(["set", "scores", "weights", *METRICS, "against RRF", "against the best leg"], rows)


def _figures(scores: Scores) -> list[str]:
    return [f"{scores.means[metric]:.3f}" for metric in METRICS]


def main() -> None:
    options = arguments(__doc__, SMALL, "fusion.md").parse_args()
    setup = Setup(options.data, options.out, options.sparse, options.dense)
    sets = [read(name, setup) for name in options.sets.split(",")]
    found = [measure(family, sets) for family in FAMILIES]
    legs = f"Weights are those of {', '.join(sets[0].legs)}. "
    closer = [each for each in found if each.family in CLOSER]
    sections = [
        ("Every way to fuse", f"{legs}Learned on the other collections.\n\n{overview(sets, found)}"),
        ("Against untuned rank fusion and the best leg", details(sets, closer)),
    ]
    write(options.results, "Fusion", sections)
    print(options.results.read_text())


if __name__ == "__main__":
    main()
