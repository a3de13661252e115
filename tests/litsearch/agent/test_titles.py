from collections import Counter

import pytest

from litsearch.agent.titles import beginning, shared

QUESTION = "Does query expansion improve retrieval?"


def idf(stems: set[str]) -> dict[str, float]:
    """All words are as rare as each other."""
    return dict.fromkeys(stems, 1.0)


def test_a_phrase_that_most_texts_have() -> None:
    texts = [
        "Pseudo-relevance feedback improved recall.",
        "We already proposed a system with Relevance Feedback.",
        "Already, a proposed system was slow.",
        "No relevance feedback was given.",
    ]
    theme = shared(texts, QUESTION, idf)
    assert theme is not None
    assert theme.phrase == "Relevance feedback"
    assert theme.texts == (0, 1, 3)


@pytest.mark.parametrize(
    "texts",
    [
        ["Query expansion helps.", "With query expansion it is slow."],  # no more than the question
        ["The system, proposed already.", "Proposed, the system already."],  # no words side by side
        ["We show effective results.", "They show effective results."],  # words of any paper
        ["查询扩展可以提高效果。", "查询扩展可以提高效果。"],
        ["Feedback drifts."],
        [],
    ],
)
def test_what_makes_no_title(texts: list[str]) -> None:
    assert shared(texts, QUESTION, idf) is None


def test_the_rarest_of_the_commonest() -> None:
    counts = Counter({"larg": 1.0, "batch": 1.0, "nois": 3.0, "train": 3.0, "noisi": 3.0})
    texts = ["Noisy training with large batches.", "Large batches and noisy training."]
    theme = shared(texts, QUESTION, lambda stems: {stem: counts[stem] for stem in stems})
    assert theme is not None
    assert theme.phrase == "Noisy training"


def test_a_text_is_cut_between_words() -> None:
    assert beginning("A short claim.") == "A short claim"
    long = "Dense retrievers miss rare entities and salient phrases, which BM25 finds without any training."
    assert beginning(long) == "Dense retrievers miss rare entities and salient phrases…"
    assert len(beginning("x" * 200)) <= 61
