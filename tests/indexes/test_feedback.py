"""Feedback: weights by hand, and what must hold for any documents."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.feedback import as_expansion, rm3, rocchio, telling
from indexes.types import MatchedTerm

bags = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5), max_size=6)
judged = st.lists(st.tuples(bags, st.floats(0, 10)), max_size=5)


def test_rm3_by_hand():
    # P(w|R): one document half "b", half "c" with 3/4 of the weight, another all "c" with 1/4.
    weights = rm3({"a": 1, "b": 1}, [({"b": 1, "c": 1}, 3.0), ({"c": 4}, 1.0)], original=0.5)
    assert weights == {"c": pytest.approx(2 * (3 / 8 + 1 / 4)), "b": pytest.approx(2 * 3 / 8)}


@given(bags, judged, st.floats(0.1, 0.9))
def test_rm3_keeps_the_share_of_the_query(query, documents, original):
    added = math.fsum(rm3(query, documents, original=original).values())
    length = sum(query.values()) or 1
    assert added == 0 or length / (length + added) == pytest.approx(original)


@given(bags, judged, st.integers(1, 4))
def test_rm3_keeps_the_heaviest_terms(query, documents, terms):
    every = rm3(query, documents, terms=100)
    kept = rm3(query, documents, terms=terms)
    assert len(kept) == min(terms, len(every))
    assert all(every[term] >= max((every[t] for t in every if t not in kept), default=0) for term in kept)


def test_rocchio_is_the_centroid_of_unit_vectors():
    weights = rocchio([{"a": 1, "b": 1}, {"a": 7}], lambda term: {"a": 1.0, "b": 2.0}[term], weight=1.0)
    a, b = 1 / math.sqrt(5) + 1, 2 / math.sqrt(5)
    assert weights == {"a": pytest.approx(1.0), "b": pytest.approx(b / a)}


def test_rocchio_of_nothing_adds_nothing():
    assert rocchio([], lambda _: 1.0) == {}
    assert rocchio([{}], lambda _: 1.0) == {}


def test_only_telling_terms_are_kept():
    frequencies = {"fusion": 40, "the": 900, "2021": 3, "unseen": 0, "x": 2, "rank": 100}
    assert telling(frequencies, frequencies.__getitem__, 1000) == {"fusion", "rank"}


def test_an_expansion_shows_words_and_not_stems():
    expansion = as_expansion({"retriev": 0.5, "rank": 0.9, "none": 0.0}, {"retriev": "retrieval"})
    assert expansion == (MatchedTerm("rank", 0.9), MatchedTerm("retrieval", 0.5))
