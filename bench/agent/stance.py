"""Supports, contradicts or neither: a judge's verdicts beside people's, as a confusion matrix.

python -m bench.agent.stance DATA --entailment st:NAME-OR-PATH [--set scifact|healthver] [--count 300]
python -m bench.agent.stance DATA --model SPEC [--count 20]

A classifier reads the marked evidence and the claim; a model reads the whole abstract as a run does (prompt
``distill``), and its first finding counts. With a scripted model only the mechanics are tried.
"""

import argparse
import asyncio
import csv
import io
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.agent.corpus import scifact
from bench.corpora import lines
from bench.tables import table
from indexes.errors import HintedError
from litsearch.agent.budget import Budget
from litsearch.agent.distill import distill
from litsearch.agent.entailment import Classifier, load_entailment
from litsearch.agent.inquiry import Reader
from litsearch.agent.ledger import Ledger
from litsearch.config import Settings
from litsearch.llm import Model
from litsearch.papers import Paper, StoredPaper
from prompts import NAMES, load

LABELS = ("supports", "contradicts", "neither")
_SCIFACT = {"SUPPORT": "supports", "CONTRADICT": "contradicts"}
_HEALTHVER = {"Supports": "supports", "Refutes": "contradicts", "Neutral": "neither"}


@dataclass(frozen=True, slots=True)
class Case:
    claim: str
    paper: Paper  # its abstract is the text that a model reads
    evidence: str
    label: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--entailment", default="")
    parser.add_argument("--model", default="")
    parser.add_argument("--set", dest="name", choices=("scifact", "healthver"), default="scifact")
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    cases = (scifact_cases if options.name == "scifact" else healthver_cases)(options.data)
    cases = random.Random(0).sample(cases, min(options.count, len(cases)))
    classifier = load_entailment(options.entailment)
    if classifier is not None:
        said = [by_classifier(classifier, case) for case in cases]
    elif options.model:
        said = asyncio.run(by_model(options.model, cases))
    else:
        parser.error("name a judge: --entailment or --model")
    print(f"{options.name}, {len(cases)} pairs, judged by {options.entailment or options.model}")
    print(matrix([case.label for case in cases], said))


def matrix(labels: list[str], said: list[str]) -> str:
    """Rows are people's labels, columns the judge's."""
    counts = Counter(zip(labels, said, strict=True))
    rows = [[label, *(str(counts[label, other]) for other in LABELS)] for label in LABELS]
    right = sum(counts[label, label] for label in LABELS)
    return table(["label", *LABELS], rows) + f"\nAccuracy {right / max(1, len(labels)):.3f}\n"


def by_classifier(classifier: Classifier, case: Case) -> str:
    verdict = classifier.judge(case.evidence, case.claim)
    return "supports" if verdict.entailed else "contradicts" if verdict.contradicted else "neither"


async def by_model(spec: str, cases: list[Case]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder))
        settings = Settings(library=Path(folder), model=spec, call_timeout=600.0, concurrency=1)
        budget = Budget(max_calls=10 * len(cases))
        model = Model(settings, ledger, budget)
        reader = Reader(model, budget, b"benchmark", {name: load(name) for name in NAMES})
        said = []
        for number, case in enumerate(cases, 1):
            try:
                read = await distill(reader, case.claim, StoredPaper(number, f"p{number}", case.paper))
            except HintedError as error:
                print(f"  {error.message}")
                said.append("neither")
                continue
            stance = read.findings[0].stance if read.findings else "background"
            said.append(stance if stance in LABELS else "neither")
        await model.close()
        ledger.close()
        return said


def scifact_cases(data: Path) -> list[Case]:
    """Claims with their abstracts and all marked sentences; neither, where an abstract has none."""
    papers, sentences = scifact(data)
    by_key = {paper.key: paper for paper in papers}
    marked: dict[tuple[str, str], tuple[str, set[int]]] = {}
    for line in (data / "dev" / "scifact_train" / "evidence.jsonl").read_text().splitlines():
        record = json.loads(line)
        _, numbers = marked.setdefault((record["claim"], record["doc_id"]), (record["label"], set()))
        numbers.update(record["sentences"])
    return [
        Case(claim, by_key[key], " ".join(sentences[key][n] for n in sorted(numbers)), _SCIFACT[label])
        for (claim, key), (label, numbers) in marked.items()
    ]


def healthver_cases(data: Path) -> list[Case]:
    text = "".join(lines(data / "dev" / "healthver_dev" / "healthver_dev.csv"))
    return [
        Case(row["claim"], Paper(row["question"], row["evidence"]), row["evidence"], _HEALTHVER[row["label"]])
        for row in csv.DictReader(io.StringIO(text))
    ]


if __name__ == "__main__":
    main()
