import pytest

from litsearch.agent.abbreviations import abbreviations, other_names


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We train a recurrent neural network (RNN) on it.", "RNN", "recurrent neural network"),
        ("Heat shock proteins (HSPs) fold others.", "HSPs", "heat shock proteins"),
        ("type 2 diabetes mellitus (T2DM) in adults", "T2DM", "type 2 diabetes mellitus"),
        ("an approach to natural language processing (NLP)", "NLP", "natural language processing"),
    ],
)
def test_what_papers_introduce(text: str, short: str, long: str) -> None:
    assert abbreviations([text, text]) == {short: long}


@pytest.mark.parametrize(
    "text", ["as shown before (Smith)", "in two groups (A)", "the effect was small (NASA)", "(RNN)", ""]
)
def test_what_is_no_abbreviation(text: str) -> None:
    assert abbreviations([text, text]) == {}


def test_one_paper_is_not_believed() -> None:
    assert abbreviations(["a recurrent neural network (RNN)"]) == {}


def test_the_other_name_of_what_is_asked() -> None:
    known = {"RNN": "recurrent neural network", "LM": "language model"}
    assert other_names("Do RNNs help?", known) == [("RNN", "recurrent neural network")]
    assert other_names("Are language models stochastic?", known) == [("language model", "LM")]
    assert other_names("Are almanacs of use?", known) == []
