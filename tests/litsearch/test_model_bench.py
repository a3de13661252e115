from pathlib import Path

import pytest
import tiny_models

from indexes.corpus import Corpus
from indexes.encoders import PLAIN
from indexes.errors import HintedError
from indexes.types import Document, Progress
from litsearch.model_bench import FEWEST, TITLES, Bench, Row, known_items
from litsearch.models import describe

WORDS = ("owls", "kites", "terns", "gulls", "finches")


def papers(count: int, length: int = 60) -> Corpus:
    return Corpus(
        Document(n, f"k{n}", f"bird{n} {WORDS[n % 5]}", f"{WORDS[n % 5]} " * length + f"bird{n} " * 4)
        for n in range(1, count + 1)
    )


def rows(*specs: str) -> list[Row]:
    said: list[Progress] = []
    with Bench.open(*known_items(papers(FEWEST)), said.append) as bench:
        found = [bench.bm25(), *(row for spec in specs for row in bench.measure(describe(spec)))]
    assert said
    return found


def test_titles_are_to_find_their_own_abstracts() -> None:
    corpus, judgements = known_items(papers(400), count=150)
    assert corpus.count() == 150
    assert len(judgements.queries) == len(judgements.relevance) == TITLES
    for query, title in judgements.queries.items():
        (document,) = corpus.documents([int(query)]).values()
        assert judgements.relevance[query] == {document.key: 1}
        assert title.split()[0] in document.text
        assert title not in document.text
    assert known_items(papers(400), count=150)[1] == judgements


def test_too_few_papers_to_measure_by_are_an_error() -> None:
    for source in (papers(FEWEST - 1), papers(2 * FEWEST, length=3)):
        with pytest.raises(HintedError) as raised:
            known_items(source)
        assert "--on DIR" in raised.value.hint


def test_every_leg_of_a_model_has_its_costs_and_its_gain() -> None:
    bm25, sparse = rows(PLAIN)
    assert (bm25.part, bm25.alone, bm25.fused) == ("bm25", 1.0, None)
    assert (sparse.part, sparse.spec) == ("sparse", PLAIN)
    assert sparse.fused == 1.0
    for value in (sparse.load, sparse.rate, sparse.query, sparse.bytes, sparse.alone):
        assert value is not None
        assert value > 0


@pytest.mark.live  # two processes of their own that load torch
@tiny_models.needs_library
def test_models_of_sentence_transformers_are_measured_too(tmp_path: Path) -> None:
    dense = tiny_models.dense(tmp_path / "dense")
    reader = tiny_models.cross_encoder(tmp_path / "reader")
    _, of_dense, of_reader = rows(dense, reader)
    assert (of_dense.part, of_reader.part) == ("dense", "rerank")
    assert of_dense.alone is not None
    assert (of_reader.alone, of_reader.bytes) == (None, None)
    assert of_reader.rate is not None
    assert of_reader.fused is not None
