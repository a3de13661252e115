"""Passage scores and MMR: what a reader of extracted answers relies on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.corpus import Corpus
from indexes.hybrid import HybridIndex
from indexes.passages import cosines, mmr, score_passages
from indexes.types import Document

PASSAGES = [
    "Dense retrieval outperformed BM25 on open-domain questions.",
    "We thank the reviewers for their comments.",
    "BM25 was outperformed by dense retrieval on open-domain questions.",
    "Lexical matching generalised better to unseen domains.",
]


@pytest.fixture
def index(tmp_path):
    texts = [*PASSAGES, "Reviewers comment on papers.", "We study domains and comments.", "We thank you."]
    corpus = Corpus(Document(number, f"p{number}", text) for number, text in enumerate(texts, 1))
    index = HybridIndex.open(tmp_path, corpus)
    index.update()
    return index


def test_what_shares_rare_words_with_the_question_is_most_relevant(index):
    scores = score_passages(index, "Does dense retrieval outperform BM25?", PASSAGES)
    assert sorted(range(4), key=lambda at: -scores.relevance[at])[:2] in ([0, 2], [2, 0])
    assert scores.relevance[1] == 0.0
    assert all(0 <= score <= 1 for score in scores.relevance)


def test_passages_that_say_the_same_are_most_similar(index):
    similarity = score_passages(index, "dense retrieval", PASSAGES).similarity
    assert similarity[0][2] > 0.9
    assert similarity[0][1] < 0.2
    assert all(similarity[at][at] == pytest.approx(1.0) for at in range(4))
    assert all(similarity[a][b] == pytest.approx(similarity[b][a]) for a in range(4) for b in range(4))


def test_passages_without_any_index_are_scored_all_the_same(tmp_path):
    scores = score_passages(HybridIndex.open(tmp_path, Corpus()), "dense retrieval", PASSAGES)
    assert len(scores.relevance) == len(scores.similarity) == 4


def test_no_passages_have_no_scores(index):
    assert score_passages(index, "anything", []).relevance == ()


def test_mmr_leaves_out_the_repetition(index):
    scores = score_passages(index, "dense retrieval BM25 unseen domains", PASSAGES)
    chosen = mmr(scores.relevance, scores.similarity, 2, balance=0.5)
    assert 3 in chosen
    assert len({0, 2} & set(chosen)) == 1


tables = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.floats(0, 1), min_size=n, max_size=n),
        st.lists(st.lists(st.floats(0, 1), min_size=n, max_size=n), min_size=n, max_size=n),
    )
)


@given(tables, st.integers(0, 10), st.floats(0, 1))
def test_mmr_chooses_each_once_and_starts_with_the_best(table, k, balance):
    relevance, similarity = table
    chosen = mmr(relevance, similarity, k, balance)
    assert len(chosen) == len(set(chosen)) == min(k, len(relevance))
    if chosen and balance > 0.01:
        assert relevance[chosen[0]] == max(relevance)


@given(tables)
def test_mmr_of_relevance_alone_is_the_order_of_relevance(table):
    relevance, similarity = table
    chosen = mmr(relevance, similarity, len(relevance), balance=1.0)
    assert chosen == sorted(range(len(relevance)), key=lambda at: -relevance[at])


def test_cosines_of_sparse_vectors():
    table = cosines([{"a": 3.0}, {"a": 1.0, "b": 1.0}, {}])
    assert table[0][1] == pytest.approx(0.5**0.5)
    assert table[2] == [0.0, 0.0, 0.0]
