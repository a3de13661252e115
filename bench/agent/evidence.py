"""Which sentences the program picks as evidence, given the right abstract, beside those that people marked.

python -m bench.agent.evidence DATA [--out FOLDER] [--dense SPEC] [--set scifact|covidqa]

SciFact marks one or more rationales in an abstract for a claim: a sentence picked counts where any rationale
has it (F1 over all sentences of all abstracts). CovidQA marks the words that answer a question in an article:
the block of twelve sentences with the answer is what is read, and the sentence with it counts.
"""

import argparse
import asyncio
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.agent.corpus import Bench, bench, places, scifact
from indexes.types import Span
from litsearch.agent import extract
from litsearch.agent.sentences import split
from litsearch.papers import Paper, StoredPaper

BLOCK = 12  # sentences of an article that are read at once


@dataclass(frozen=True, slots=True)
class Case:
    question: str
    paper: StoredPaper
    sentences: Sequence[Span]
    marked: frozenset[int]


@dataclass(frozen=True, slots=True)
class Selection:
    """Over all cases: what was picked, what was marked, and the share of cases where anything was picked."""

    cases: int
    precision: float
    recall: float
    answered: float
    first: float  # of the first sentences picked, the share that is marked

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("bench/out/agent"))
    parser.add_argument("--dense", default="")
    parser.add_argument("--set", dest="name", choices=("scifact", "covidqa"), default="scifact")
    options = parser.parse_args()
    prepared = (_scifact if options.name == "scifact" else _covidqa)(options.data, options.out, options.dense)
    for library, cases in prepared:
        found = select(library, cases)
        print(
            f"{options.name}: {found.cases} cases, F1 {found.f1:.3f} (precision {found.precision:.3f}, "
            f"recall {found.recall:.3f}), first {found.first:.3f}, anything picked {found.answered:.3f}"
        )


def select(library: Bench, cases: Sequence[Case]) -> Selection:
    """What :mod:`litsearch.agent.extract` picks of each case's one abstract."""
    picked = hits = marked = answered = first = 0
    for case in cases:
        chosen = asyncio.run(_pick(library, case))
        picked += len(chosen)
        hits += len(case.marked.intersection(chosen))
        marked += len(case.marked)
        answered += bool(chosen)
        first += bool(chosen) and chosen[0] in case.marked
    return Selection(
        len(cases), hits / max(1, picked), hits / marked, answered / len(cases), first / max(1, answered)
    )


async def _pick(library: Bench, case: Case) -> list[int]:
    """Positions of the sentences that are quoted, in the order of the findings."""
    chosen: list[int] = []
    for distilled in await extract.distill_all(library.inquiry(case.question), [case.paper], 1):
        for finding in distilled.findings:
            quoted = Span(finding.quote.start, finding.quote.end)
            chosen += [n for n, sentence in enumerate(case.sentences) if _has(quoted, sentence)]
    return list(dict.fromkeys(chosen))


def _has(quoted: Span, sentence: Span) -> bool:
    """Whether a quote has half of a sentence or more."""
    shared = min(quoted.end, sentence.end) - max(quoted.start, sentence.start)
    return shared > 0 and 2 * shared >= sentence.end - sentence.start


def _scifact(data: Path, out: Path, dense: str) -> Iterator[tuple[Bench, list[Case]]]:
    papers, sentences = scifact(data)
    marked: dict[tuple[str, str], set[int]] = {}
    for line in (data / "dev" / "scifact_train" / "evidence.jsonl").read_text().splitlines():
        record = json.loads(line)
        marked.setdefault((record["claim"], record["doc_id"]), set()).update(record["sentences"])
    with bench(out / f"scifact{'-dense' if dense else ''}", iter(papers), dense) as library:
        cases = []
        for (claim, document), numbers in marked.items():
            paper = library.stored.get(document)
            if paper is not None:  # else it was merged with another record of the same paper
                spans = places(paper.paper.abstract, sentences[document])
                cases.append(Case(claim, paper, spans, frozenset(numbers)))
        yield library, cases


def _covidqa(data: Path, out: Path, dense: str) -> Iterator[tuple[Bench, list[Case]]]:
    packed = next((data / "dev" / "covidqa").glob("*.json.xz"))
    articles = json.loads(lzma.decompress(packed.read_bytes()))["data"]
    papers: list[Paper] = []
    asked: list[tuple[str, str, str, int]] = []
    for number, article in enumerate(articles):
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            spans = split(text)
            blocks = [spans[at : at + BLOCK] for at in range(0, len(spans), BLOCK)]
            for at, block in enumerate(blocks):
                key = f"a{number}b{at}"
                body = " ".join(" ".join(text[s.start : s.end].split()) for s in block)
                papers.append(Paper(f"{text.splitlines()[0]} ({number}.{at})", body, key=key))
                for qa in paragraph["qas"]:
                    start = qa["answers"][0]["answer_start"]
                    if block[0].start <= start < block[-1].end:
                        sentence = max(n for n, s in enumerate(block) if s.start <= start)
                        asked.append((" ".join(qa["question"].split()), key, body, sentence))
    with bench(out / f"covidqa{'-dense' if dense else ''}", iter(papers), dense) as library:
        cases = []
        for question, key, _, sentence in asked:
            paper = library.stored.get(key)
            if paper is not None and len(spans := split(paper.paper.abstract)) > sentence:
                cases.append(Case(question, paper, spans, frozenset((sentence,))))
        yield library, cases


if __name__ == "__main__":
    main()
