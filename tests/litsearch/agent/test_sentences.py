import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.sentences import split


@pytest.mark.parametrize(
    "sentences",
    [
        ["We test it.", "It works!", "Does it scale?", "Yes."],
        ["Smith et al. (2019) show a gain.", "We do not."],
        ["We follow Smith et al.", "The gain is small."],
        ["It rose, i.e. by 3.5 points, e.g. on TREC.", "Then p < .05 held."],
        ["See Fig. 3 and Eq. 4 for more.", "Results vs. BM25 are in Table 2."],
        ["J. K. Rowling et al. wrote it in the U.S. Senate.", "We read it."],
        ["We study plan B.", "The plan fails."],
        ["It said “no.”", "“Yes” was next."],
        ["(It works.)", "We think."],
        ["They use datasets, models, etc.", "We do not."],
        ["Is it a question of size?", "(No.)", "3 systems agree."],
        ["The answer is no.", "We stop at no. 5."],
        ["It waits...", "Then it goes."],
        ["BACKGROUND", "Aspirin may help.", "MATERIALS AND METHODS:", "We ask.", "RESULTS", "It does."],
        ["RESULTS are given.", "BERT Large is a model."],
    ],
)
def test_sentences_are_told_from_abbreviations(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[span.start : span.end] for span in split(text)] == sentences


def test_scripts_without_spaces_are_split() -> None:
    text = "我们提出了新方法。结果很好！"
    assert [text[span.start : span.end] for span in split(text)] == ["我们提出了新方法。", "结果很好！"]


def test_a_missing_space_ends_a_sentence_all_the_same() -> None:
    text = "It has two settings.To address them we ask.We use e.g.The one of them."
    assert [text[span.start : span.end] for span in split(text)] == [
        "It has two settings.",
        "To address them we ask.",
        "We use e.g.The one of them.",
    ]


def test_a_blank_line_ends_a_sentence() -> None:
    text = "Background\n\nWe test  it.\nIt works."
    assert [text[span.start : span.end] for span in split(text)] == [
        "Background",
        "We test  it.",
        "It works.",
    ]


@given(st.text(max_size=300))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    spans = split(text)
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in spans)
