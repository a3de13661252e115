"""Folding and terms: what must count as the same word, and what must not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes import analysis

TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("aZé\u0301\u3099かガ深度学각\u1100\u1161\u11a8กุ้ßﬁ \u00ad\u200dΣςйअ्"),
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("naïve", "naive"),
        ("nai\u0308ve", "NAÏVE"),
        ("Straße", "STRASSE"),
        ("Gödel", "godel"),
        ("Łukasiewicz", "lukasiewicz"),
        ("Øre", "ore"),
        ("ﬁnding", "finding"),
        ("Σίσυφος", "σισυφοσ"),
        ("Ёлка", "елка"),
        ("مُحَمَّد", "محمد"),
        ("H₂O", "h2o"),
        ("ｆｕｌｌ", "full"),
        ("co\u00adoperate", "cooperate"),
        ("한국어", unicodedata.normalize("NFD", "한국어")),
        ("が", "か\u3099"),
        ("İstanbul", "istanbul"),
    ],
)
def test_the_same_word_however_it_is_written(one: str, other: str) -> None:
    assert analysis.words(one) == analysis.words(other) != []


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("각", "가"), ("bat", "cat")])
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert analysis.words(one) != analysis.words(other)


def test_stems_leave_out_stop_words_and_questions_more_of_them() -> None:
    assert analysis.stems("How are the networks trained") == ["how", "network", "train"]
    assert analysis.question_stems("How are the networks trained?") == ["network", "train"]
    assert analysis.is_stop_word("What is the")
    assert not analysis.is_stop_word("What is attention")


def test_an_unspaced_run_can_be_found_by_any_part_of_it() -> None:
    terms = analysis.words("用深度学习 works")
    for part in ("深度", "度学习", "用深度学习"):
        assert set(analysis.words(part, query=True)) <= set(terms)
    assert any(term.startswith("习") for term in terms)
    assert analysis.phrase_words("深度学习") == ["深度", "度学", "学习"]


def test_name_terms_pair_the_words_of_one_name_only() -> None:
    terms = analysis.name_terms(("Jane Smith", "John Doe"))
    assert set(analysis.name_terms(("smith, JANE",), query=True)) <= set(terms)
    assert not set(analysis.name_terms(("Jane Doe",), query=True)) <= set(terms)


@given(TEXTS)
def test_folding_again_changes_nothing_and_normal_form_does_not_matter(text: str) -> None:
    assert analysis.words(text) == analysis.words(unicodedata.normalize("NFC", text))
    assert analysis.words(text) == analysis.words(unicodedata.normalize("NFD", text))


@given(TEXTS)
def test_paired_agrees_with_searchable_and_points_into_the_folded_text(text: str) -> None:
    folded = analysis.fold_case_kept(text)
    paired, origin = analysis.paired(folded)
    assert paired == analysis.searchable(text)
    assert len(origin) == len(paired)
    assert all(0 <= at < len(folded) for at in origin)
