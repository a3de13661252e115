"""Highlights: the right characters, in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.highlight import highlight
from indexes.querylang import parse, words

LETTERS = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from("abcNn ïé\u0301\u3099かガ深度学习각\u1100\u1161กุ้ßﬁæ*\u00ad\u200d"),
)


def marked(text: str, *wanted: str) -> list[str]:
    return [text[span.start : span.end] for span in highlight(text, wanted)]


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("Neural networks and a network.", ["networks"], ["networks", "network"]),
        ("A naïve nai\u0308ve NAIVE view", ["naive"], ["naïve", "nai\u0308ve", "NAIVE"]),
        ("Die Straße, STRASSE", ["straße"], ["Straße", "STRASSE"]),
        ("Main ﬁndings: a ﬁnding", ["finding"], ["ﬁndings", "ﬁnding"]),
        ("graph neural network; neural graph", ["graph neural"], ["graph neural"]),
        ("Graph, neural networks", ["graph neural net*"], ["Graph, neural networks"]),
        ("transform transformers trans", ["transf*"], ["transform", "transformers"]),
        ("这是深度学习的研究", ["深度学习"], ["深度学习"]),
        ("这是深度学习的研究", ["习"], ["习"]),
        ("这是深度学习的研究", ["深度", "研究"], ["深度", "研究"]),
        ("ディープラーニングの研究", ["ラーニング"], ["ラーニング"]),
        ("한국어 검색은 검색이다", ["검색"], ["검색", "검색"]),
        ("Σίσυφος και σισυφοσ", ["ΣΊΣΥΦΟΣ"], ["Σίσυφος", "σισυφοσ"]),
        ("Нейронная сеть и сеть", ["сеть"], ["сеть", "сеть"]),
        ("قال مُحَمَّد هنا", ["محمد"], ["مُحَمَّد"]),
        ("😀 deep 😀 learning", ["learning"], ["learning"]),
        ("co\u00adoperate", ["cooperate"], ["co\u00adoperate"]),
        ("the who and the what", ["the who"], ["the who"]),
        ("to be", ["be"], ["be"]),
        ("nothing here", ["absent"], []),
        ("", ["x"], []),
        ("words", ["", "?"], []),
    ],
)
def test_highlights(text: str, wanted: list[str], expected: list[str]) -> None:
    assert marked(text, *wanted) == expected


def test_what_a_query_asks_for_is_marked_and_nothing_else() -> None:
    query = 'How do "graph neural" networks (GNN) transf* -survey author:smith title:molecules year:2015..'
    text = "A survey: graph neural network transfer by Smith, how molecules do it with a GNN in a graph, 2015"
    expected = ["graph neural network transfer", "molecules", "GNN"]
    found = marked(text, *words(parse(query)))
    assert " ".join(found) == " ".join(expected)


@given(st.text(LETTERS, max_size=60), st.lists(st.text(LETTERS, max_size=8), max_size=4))
def test_spans_lie_in_the_text_sorted_and_apart(text: str, wanted: list[str]) -> None:
    spans = highlight(text, wanted)
    bounds = [bound for span in spans for bound in (span.start, span.end)]
    assert bounds == sorted(bounds)
    assert len(set(bounds)) == len(bounds)
    assert not bounds or (bounds[0] >= 0 and bounds[-1] <= len(text))


@given(
    st.text(LETTERS, max_size=30),
    st.sampled_from(["naïve", "深度", "ﬁre", "straße", "각"]),
    st.text(LETTERS, max_size=30),
)
def test_a_word_set_apart_is_always_found(before: str, word: str, after: str) -> None:
    text = f"{before} {word} {after}"
    start = len(before) + 1
    assert any(span.start <= start and span.end >= start + len(word) for span in highlight(text, [word]))
