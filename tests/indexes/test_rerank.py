from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tiny_models

from indexes import rerank as reranking
from indexes.corpus import Corpus
from indexes.encoders import load_dense, load_sparse
from indexes.errors import EncoderError
from indexes.hybrid import HybridIndex
from indexes.rerank import load_reranker, rerank
from indexes.types import Document, Query


class ByLength:
    """The longest text is the best; says what it was asked."""

    name = "by length"

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def scores(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        self.asked.append((query, len(texts)))
        return [float(len(text)) for text in texts]


@pytest.fixture
def index(tmp_path: Path) -> HybridIndex:
    papers = [Document(n, f"k{n}", f"owls {'night ' * n}".strip()) for n in range(1, 7)]
    index = HybridIndex.open(tmp_path / "index", Corpus(papers))
    index.update(legs=("bm25",))
    return index


def test_the_head_is_ordered_by_the_scores_and_the_rest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reranking, "DEPTH", 3)
    texts = {1: "a", 2: "bbb", 3: "cc", 4: "dddddd"}
    again = rerank([(1, 0.9), (2, 0.8), (3, 0.7), (4, 0.6)], "q", texts, ByLength())
    assert again.ranking == [(2, 0.8), (3, 0.7), (1, 0.9), (4, 0.6)]
    assert again.scores == {1: 1.0, 2: 3.0, 3: 2.0}


def test_ties_and_papers_without_text_stay_in_their_order() -> None:
    again = rerank([(1, 0.9), (2, 0.8), (3, 0.7)], "q", {1: "aa", 3: "bb"}, ByLength())
    assert [document for document, _ in again.ranking] == [1, 3, 2]
    assert rerank([], "q", {}, ByLength()).ranking == []


def test_a_search_tells_where_a_hit_stood_before(index: HybridIndex) -> None:
    before = [hit.id for hit in index.search(Query("owls")).hits]
    reranker = ByLength()
    hits = index.search(Query("+owls night"), reranker=reranker).hits
    assert [hit.id for hit in hits] == [6, 5, 4, 3, 2, 1]
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5, 6]
    assert {hit.reranked.before for hit in hits if hit.reranked} == {1, 2, 3, 4, 5, 6}
    assert reranker.asked == [("owls night", 6)]
    assert before != [hit.id for hit in hits]


def test_pages_of_a_reranked_search_follow_each_other(index: HybridIndex) -> None:
    pages = [index.search(Query("owls"), k=2, offset=at, reranker=ByLength()).hits for at in (0, 2, 4)]
    assert [hit.id for page in pages for hit in page] == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("spec", ["", "none"])
def test_no_reranker_is_named_by_nothing(spec: str) -> None:
    assert load_reranker(spec) is None


@pytest.mark.parametrize("spec", ["st:", "onnx:x", "ms-marco"])
def test_what_is_no_reranker_says_how_one_is_named(spec: str) -> None:
    with pytest.raises(EncoderError) as raised:
        load_reranker(spec)
    assert "st:NAME-OR-PATH" in raised.value.hint


@tiny_models.needs_library
def test_a_cross_encoder_scores_each_text(tmp_path: Path) -> None:
    reranker = load_reranker(tiny_models.cross_encoder(tmp_path))
    assert reranker is not None
    one, other = reranker.scores("sparse retrieval", ["dense owls of the query", "sparse retrieval"])
    assert one != other
    assert reranker.scores("sparse retrieval", ["sparse retrieval"]) == pytest.approx([other], abs=1e-5)


@tiny_models.needs_library
def test_a_reranker_is_loaded_once_for_all_who_ask_at_once(tmp_path: Path) -> None:
    spec = tiny_models.cross_encoder(tmp_path)
    with ThreadPoolExecutor(4) as threads:
        assert len({id(found) for found in threads.map(load_reranker, [spec] * 4)}) == 1


@tiny_models.needs_library
def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    dense = tiny_models.dense(tmp_path / "dense")
    classifier = tiny_models.cross_encoder(tmp_path / "classifier", labels=3)
    with pytest.raises(EncoderError, match="a dense model"):
        load_reranker(dense)
    with pytest.raises(EncoderError, match="a dense model"):
        load_sparse(dense)
    with pytest.raises(EncoderError, match="3 scores"):
        load_reranker(classifier)
    with pytest.raises(EncoderError, match="a cross-encoder model"):
        load_dense(classifier)
