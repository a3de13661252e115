"""How much reading the order of a screening saves, beside ASReview's default model.

python -m bench.screening DATA --asreview PROGRAM [--encoder SPEC] [--out FOLDER] [--seeds 10] [--passed]

Eleven systematic reviews are screened again from what their reviewers decided. Both programs begin with the
same relevant and the same irrelevant record, drawn by each of ten seeds, and neither is told the topic.
ASReview learns anew after every record; litsearch after batches that grow to 5% of what was read, which saves
time here and can only cost it. A review is measured with the parameters that are best on the other ten; what
is not in the grid (the weight of titles, the ratio of the classes) was chosen by trials on all of them.
Shipped are the parameters with the best WSS@95 for both meanings of relevant.

Whatever was simulated once is kept in the folder, and so are the encodings of each encoder.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from inspect import getsource
from pathlib import Path

import numpy

from bench import asreview
from bench.reviews import INCLUDED, PASSED, PRIOR_SEEDS, Reading, Review, priors, reviews
from bench.tables import revise, table
from indexes.corpus import Corpus
from indexes.encoders import SHIPPED, load_dense
from indexes.hybrid import HybridIndex
from indexes.significance import bootstrap
from indexes.types import LegName
from litsearch.screening import matrix, prioritise
from litsearch.screening.decisions import Verdict
from litsearch.screening.prioritise import Parameters, Prioritiser

GROWTH = 20  # a batch is one record, and one more for so many that were read
GRID = [
    Parameters(vectors=vectors, impacts=impacts, cost=cost)
    for vectors, impacts in ((0.0, 0.0), (0.25, 0.0), (0.35, 0.0), (0.5, 0.0), (0.3, 0.3))
    for cost in (0.06, 0.1)
]

Order = Callable[[Sequence[int], int], Iterable[int]]  # of records, after those to begin with, by a seed


@dataclass(frozen=True, slots=True)
class Saved:
    """Means over readings: work saved over sampling at 95% recall, and recall after a tenth."""

    work: float
    early: float

    @property
    def both(self) -> float:
        return self.work + self.early


@dataclass(frozen=True, slots=True)
class Simulation:
    """What all simulations share."""

    corpus: Corpus
    index: HybridIndex
    folder: Path
    threshold: int

    def litsearch(
        self,
        review: Review,
        parameters: Parameters,
        seeds: Sequence[int],
        *,
        topic: str = "",
        begin: bool = True,
    ) -> Saved:
        relevant = review.relevant(self.threshold)
        prioritiser = Prioritiser(self.corpus, self.index, list(relevant), topic, parameters=parameters)
        code = [getsource(module) for module in (matrix, prioritise)]
        setting = json.dumps([asdict(parameters), topic, begin, GROWTH, self.index.folder.name, code])
        name = f"litsearch-{sha256(setting.encode()).hexdigest()[:16]}"
        return self._mean(name, review, seeds, lambda first, _: screen(prioritiser, relevant, first), begin)

    def asreview(self, review: Review, program: Path, seeds: Sequence[int]) -> Saved:
        relevant = review.relevant(self.threshold)
        return self._mean(
            "asreview",
            review,
            seeds,
            lambda first, seed: asreview.order(program, self.corpus, relevant, first, seed),
        )

    def _mean(
        self, name: str, review: Review, seeds: Sequence[int], order: Order, begin: bool = True
    ) -> Saved:
        relevant = review.relevant(self.threshold)
        readings = []
        for seed in seeds:
            first = priors(relevant, seed) if begin else ()
            file = self.folder / name / f"{review.name}-{self.threshold}-{seed}.json"
            if not file.exists():
                _keep(file, Reading.of(order(first, seed), relevant, first))
            readings.append(Reading(**json.loads(file.read_text(encoding="utf-8"))))
        return mean([Saved(reading.saved, reading.early) for reading in readings])


def screen(prioritiser: Prioritiser, relevant: Mapping[int, bool], first: Sequence[int]) -> Iterator[int]:
    """The records in the order in which they are read after those to begin with."""

    def decided(records: Sequence[int]) -> dict[int, Verdict]:
        return {record: "include" if relevant[record] else "exclude" for record in records}

    verdicts = decided(first)
    while left := prioritiser.order(verdicts):
        batch = left[: 1 + len(verdicts) // GROWTH]
        verdicts |= decided(batch)
        yield from batch


def mean(each: Sequence[Saved]) -> Saved:
    return Saved(sum(s.work for s in each) / len(each), sum(s.early for s in each) / len(each))


def best(tried: Mapping[Parameters, Mapping[str, Saved]], reviews: Sequence[str]) -> Parameters:
    """The parameters that save most on those reviews, by the sum of both measures."""
    return max(tried, key=lambda each: mean([tried[each][name] for name in reviews]).both)


def _keep(file: Path, reading: Reading) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(asdict(reading)), encoding="utf-8")
    part.replace(file)


def indexed(corpus: Corpus, encoder: str, folder: Path) -> HybridIndex:
    """The corpus with all legs; another encoder, or another version of one, has another folder."""
    index = HybridIndex.open(folder / f"index-{load_dense(encoder).hash[:12]}", corpus)
    index.update(legs=("bm25",))
    legs: tuple[LegName, ...] = ("sparse", "dense")
    missing = [leg for leg in legs if index.encoder(leg) != encoder]
    if missing:
        index.rebuild(missing, encoder=encoder)
    index.update()
    return index


def beside(
    ours: Mapping[str, Saved], theirs: Mapping[str, Saved], found: Sequence[Review], threshold: int
) -> str:
    """The table of all reviews, and under it what a paired comparison says."""
    rows = [
        [
            review.name,
            f"{len(review.grades):,}",
            str(sum(review.relevant(threshold).values())),
            *_pair(ours[review.name].work, theirs[review.name].work),
            *_pair(ours[review.name].early, theirs[review.name].early),
        ]
        for review in found
    ]
    our, their = mean(list(ours.values())), mean(list(theirs.values()))
    rows.append(["mean", "", "", *_pair(our.work, their.work), *_pair(our.early, their.early)])
    header = ["review", "records", "relevant", "WSS@95", "ASReview", "difference"]
    header += ["recall after 10%", "ASReview", "difference"]
    names = list(ours)
    told = [
        _compared("WSS@95", [ours[name].work - theirs[name].work for name in names]),
        _compared("Recall after 10%", [ours[name].early - theirs[name].early for name in names]),
    ]
    return table(header, rows) + "\n" + "\n".join(told)


def _pair(our: float, their: float) -> list[str]:
    return [f"{our:.3f}", f"{their:.3f}", f"{our - their:+.3f}"]


def _compared(measure: str, differences: Sequence[float]) -> str:
    seen = bootstrap(numpy.array(differences))
    better = sum(difference > 0 for difference in differences)
    return (
        f"{measure}: better on {better} of {len(differences)} reviews; "
        f"mean difference {seen.difference:+.3f}, 95% interval {seen.low:+.3f} to {seen.high:+.3f} "
        f"(bootstrap over reviews), p {seen.p:.3f}.\n"
    )


def starts(simulation: Simulation, found: Sequence[Review], seeds: Sequence[int]) -> str:
    """What the words of the topic add, by the shipped parameters."""
    begun = (("priors", False, True), ("topic and priors", True, True), ("topic alone", True, False))
    rows = []
    for name, topic, begin in begun:
        saved = mean(
            [
                simulation.litsearch(
                    review,
                    Parameters(),
                    seeds if begin else seeds[:1],
                    topic=review.topic if topic else "",
                    begin=begin,
                )
                for review in found
            ]
        )
        rows.append([name, f"{saved.work:.3f}", f"{saved.early:.3f}"])
    return table(["begun with", "WSS@95", "recall after 10%"], rows)


def parameters(tried: Mapping[Parameters, Mapping[str, Saved]], chosen: Sequence[Parameters]) -> str:
    """What each setting gives on all reviews, and for how many of them it was chosen on the others."""
    rows = []
    for each, by_review in tried.items():
        saved = mean(list(by_review.values()))
        varied = f"vectors {each.vectors:g}, impacts {each.impacts:g}, cost {each.cost:g}"
        rows.append([varied, f"{saved.work:.3f}", f"{saved.early:.3f}", str(chosen.count(each))])
    return table(["parameters", "WSS@95", "recall after 10%", "chosen for"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--asreview", type=Path, required=True, help="the program in an environment of its own"
    )
    parser.add_argument("--encoder", default=SHIPPED)
    parser.add_argument("--out", type=Path, default=Path("bench/out/screening"))
    parser.add_argument("--seeds", type=int, default=len(PRIOR_SEEDS))
    parser.add_argument("--passed", action="store_true", help="relevant is what passed on its abstract")
    parser.add_argument("--results", type=Path, default=Path("bench/results/screening.md"))
    options = parser.parse_args()
    corpus, found = reviews(options.data)
    threshold, seeds = PASSED if options.passed else INCLUDED, PRIOR_SEEDS[: options.seeds]
    simulation = Simulation(corpus, indexed(corpus, options.encoder, options.out), options.out, threshold)
    names = [review.name for review in found]
    tried = {
        each: {review.name: simulation.litsearch(review, each, seeds) for review in found} for each in GRID
    }
    chosen = {name: best(tried, [other for other in names if other != name]) for name in names}
    ours = {review.name: simulation.litsearch(review, chosen[review.name], seeds) for review in found}
    theirs = {review.name: simulation.asreview(review, options.asreview, seeds) for review in found}
    shipped = {review.name: simulation.litsearch(review, Parameters(), seeds) for review in found}
    label = "passed on the abstract" if options.passed else "included by the full text"
    encoder = simulation.index.folder.name.removeprefix("index-")
    told = f"{asreview.version(options.asreview)}, {len(seeds)} seeds, encoder {encoder}."
    sections = [
        (f"Beside ASReview, relevant: {label}", f"{told}\n\n{beside(ours, theirs, found, threshold)}"),
        (f"The shipped parameters, relevant: {label}", beside(shipped, theirs, found, threshold)),
        (f"Parameters, relevant: {label}", parameters(tried, list(chosen.values()))),
        (f"What the topic adds, relevant: {label}", starts(simulation, found, seeds)),
    ]
    revise(options.results, "Screening", sections)
    print(options.results.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
