"""Whether words and vectors of a query's own best papers help, for each leg, before and after fusion.

python -m bench.feedback DATA --dense SPEC [--sparse SPEC] [--sets scifact_train,cranfield] [--out FOLDER]

A leg that is expanded takes the place of its own first run in the fusion, from the papers that it found
first itself (own) or that all legs did (fused). Differences are a paired bootstrap over queries against
the fusion without feedback. Runs are kept under the folder of outputs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from bench.effectiveness import LARGE, SMALL
from bench.fusion import difference
from bench.runs import METRICS, Answers, Runs, Setup, answer, answers_of, arguments, as_scores, measured, read
from bench.tables import table, write
from indexes.fusion import CONVEX, fuse
from indexes.searching import DEPTH
from indexes.types import LegName, Query, Scored
from litsearch.evaluate import Judged, Scores, plain

PAPERS = (3, 5, 10)  # that feedback is taken from


@dataclass(frozen=True, slots=True)
class Expanded:
    """One leg's second run: by which method, from whose papers, and how many of them."""

    leg: LegName
    method: str  # rm3 (BM25 alone), rocchio or vector
    source: str  # own or fused
    papers: int = 5

    def __str__(self) -> str:
        return f"{self.leg} {self.method}, {self.papers} {self.source}"


METHODS: Mapping[LegName, str] = {"bm25": "rocchio", "sparse": "rocchio", "dense": "vector"}


def variants(legs: Sequence[LegName]) -> list[Expanded]:
    found = [Expanded("bm25", "rm3", source) for source in ("own", "fused")]
    for leg in legs:
        found.append(Expanded(leg, METHODS[leg], "own"))
        papers = PAPERS if leg != "bm25" else (5,)
        found += [Expanded(leg, METHODS[leg], "fused", number) for number in papers]
    return found


def settings(legs: Sequence[LegName]) -> dict[str, list[Expanded]]:
    """Each variant alone, then legs together: before fusion and after it."""
    together = {str(each): [each] for each in variants(legs)}
    for source in ("own", "fused"):
        rm3, others = Expanded("bm25", "rm3", source), [leg for leg in legs if leg != "bm25"]
        rest = [Expanded(leg, METHODS[leg], source) for leg in others]
        together[f"bm25 rm3 and all others, 5 {source}"] = [rm3, *rest]
        together[f"all but bm25, 5 {source}"] = rest
    return together


def expanded(runs: Runs, setup: Setup) -> Mapping[str, Mapping[str, Sequence[Scored]]]:
    """By query id and the name of a variant, what the leg finds then."""

    def make() -> object:
        with setup.judged(runs.name) as judged:
            return {
                query: _again(judged, plain(text), runs.found[query])
                for query, text in judged.judgements.queries.items()
            }

    return answers_of(setup.kept("feedback", runs.name, make))


def _again(judged: Judged, text: str, first: Answers) -> dict[str, list[Scored]]:
    best = {"own": first, "fused": dict.fromkeys(first, fuse(first, CONVEX, depth=DEPTH))}
    found = {}
    for each in variants(list(first)):
        if each.method == "rm3":
            legs = (each.leg,) if each.source == "own" else None
            query = Query(
                text, expansion=judged.index.search(Query(text), legs=legs, feedback="rm3").expansion
            )
        else:
            papers = best[each.source][each.leg][: each.papers]
            query = Query(text, like=tuple(document for document, _ in papers))
        found[str(each)] = answer(judged, each.leg, query)
    return found


def scores(
    runs: Runs, again: Mapping[str, Mapping[str, Sequence[Scored]]], legs: Sequence[Expanded]
) -> Scores:
    """Of the fusion with those legs expanded."""
    values = []
    for query, grades in runs.grades.items():
        second = {each.leg: again[query][str(each)] for each in legs} if query in again else {}
        fused = fuse({**runs.found.get(query, {}), **second}, CONVEX, depth=DEPTH)
        ids = numpy.array([document for document, _ in fused], dtype=numpy.int64)
        values.append(measured(grades, ids, numpy.array([[score] for _, score in fused])))
    return as_scores(list(runs.grades), numpy.concatenate(values, axis=1))


def rows(runs: Runs, again: Mapping[str, Mapping[str, Sequence[Scored]]]) -> list[list[str]]:
    plain_scores = scores(runs, again, [])
    found = [[runs.name, "no feedback", *(f"{plain_scores.means[metric]:.3f}" for metric in METRICS), "", ""]]
    for name, legs in settings(runs.legs).items():
        these = scores(runs, again, legs)
        figures = [f"{these.means[metric]:.3f}" for metric in METRICS]
        against = [difference(plain_scores, these, metric) for metric in (runs.metric, "R@100")]
        found.append([runs.name, name, *figures, *against])
    return found


def main() -> None:
    options = arguments(__doc__, (*SMALL, *LARGE), "feedback.md").parse_args()
    setup = Setup(options.data, options.out, options.sparse, options.dense)
    header = ["set", "feedback", *METRICS, "main metric", "R@100"]
    found = []
    for name in options.sets.split(","):
        runs = read(name, setup)
        found.append((name, table(header, rows(runs, expanded(runs, setup)))))
    write(options.results, "Feedback", found)
    print(options.results.read_text())


if __name__ == "__main__":
    main()
