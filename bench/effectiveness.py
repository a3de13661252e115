"""nDCG@10 and recall of every leg and of their fusion, beside bm25s, on the judged sets.

python -m bench.effectiveness DATA [--sets scifact_train,cranfield] [--dense SPEC] [--peers FOLDER]

The two large sets (litsearch_dev, acm_cr_dev) search a collection of their own under DATA/papers and are
reported by recall. Intervals are a paired bootstrap over queries against the best single leg.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from bench.corpora import lines
from bench.measure import run
from bench.tables import table, write
from indexes.fusion import Fusion
from indexes.hybrid import Feedback
from litsearch.evaluate import FUSED, Evaluation, Scores, evaluate, paired_bootstrap, score
from litsearch.judgements import read_judgements

SMALL = ("scifact_train", "cranfield", "cisi", "npl_vaswani")
LARGE = {"litsearch_dev": "cs_papers", "acm_cr_dev_sentences": "acm_cr", "acm_cr_dev_paragraphs": "acm_cr"}
PEER = "bm25s"


def peer(python: Path, data: Path, name: str, out: Path) -> Scores:
    """bm25s on the same papers and questions."""
    folder = data / "dev" / name
    corpus, questions, index = out / f"{name}.jsonl", out / f"{name}.queries.jsonl", out / f"bm25s-{name}"
    source = data / "papers" / f"{LARGE[name]}.jsonl" if name in LARGE else folder / "corpus.jsonl"
    out.mkdir(parents=True, exist_ok=True)
    corpus.write_text("".join(lines(source)), encoding="utf-8")
    questions.write_text("".join(lines(folder / "queries.jsonl")), encoding="utf-8")
    script = str(Path(__file__).parent / "peers" / "bm25s_peer.py")
    run([str(python), script, "build", str(corpus), str(index)])
    found = run([str(python), script, "run", str(index), str(questions)]).json()["run"]
    assert isinstance(found, dict)
    judgements = read_judgements(folder)
    ranked = {query: [key for key, _ in hits] for query, hits in found.items() if query in judgements.queries}
    return score(ranked, judgements)


def measure(
    name: str, data: Path, dense: str, fusion: Fusion, cache: Path, feedback: Feedback = "none"
) -> Evaluation:
    corpus = data / "papers" / f"{LARGE[name]}.jsonl.xz" if name in LARGE else None
    return evaluate(
        data / "dev" / name,
        corpus=corpus,
        encoder=dense,
        fusion=fusion,
        feedback=feedback,
        cache=cache / (LARGE.get(name) or name),
    )


def row(name: str, what: str, scores: Scores, against: Scores | None, metric: str) -> list[str]:
    figures = [f"{scores.means[each]:.3f}" for each in ("nDCG@10", "R@5", "R@20", "R@100")]
    if against is None or against is scores:
        return [name, what, *figures, "-"]
    difference = paired_bootstrap(against, scores, metric=metric)
    interval = f"{difference.difference:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"
    return [name, what, *figures, interval]


def rows(name: str, evaluations: Mapping[str, Evaluation], beside: Scores | None) -> list[list[str]]:
    """Every leg, each fusion, and the peer; differences are against the best single leg."""
    metric = "R@20" if name in LARGE else "nDCG@10"
    plain = next(iter(evaluations.values())).rankers
    legs = {leg: scores for leg, scores in plain.items() if leg != FUSED}
    best = max(legs.values(), key=lambda scores: scores.means[metric])
    found = [row(name, leg, scores, best, metric) for leg, scores in legs.items()]
    found += [row(name, how, each.rankers[FUSED], best, metric) for how, each in evaluations.items()]
    if beside:
        found.append(row(name, PEER, beside, best, metric))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default=",".join((*SMALL, *LARGE)))
    parser.add_argument("--dense", default="")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--out", type=Path, default=Path("bench/out"))
    parser.add_argument("--results", type=Path, default=Path("bench/results/effectiveness.md"))
    options = parser.parse_args()
    python = options.peers / PEER / "bin" / "python" if options.peers else None
    results: list[list[str]] = []
    for name in options.sets.split(","):
        kinds = {"fused, RRF": Fusion("rrf"), "fused, convex": Fusion("convex")}
        cache = options.out / "evaluation"
        evaluations = {
            how: measure(name, options.data, options.dense, kind, cache) for how, kind in kinds.items()
        }
        evaluations["fused, RRF, RM3"] = measure(
            name, options.data, options.dense, Fusion("rrf"), cache, "rm3"
        )
        beside = peer(python, options.data, name, options.out) if python and python.exists() else None
        results += rows(name, evaluations, beside)
        print(json.dumps(results[-1]), flush=True)
    header = ["set", "ranker", "nDCG@10", "R@5", "R@20", "R@100", "against the best leg"]
    write(options.results, "Effectiveness", [("Judged sets", table(header, results))])
    print(options.results.read_text())


if __name__ == "__main__":
    main()
