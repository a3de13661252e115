import pytest

from litsearch.agent.mentions import unfounded_mentions
from litsearch.papers import Author, Paper

PAPER = Paper("Sparse retrieval", authors=(Author("Šimić", "Ana"), Author("O'Neil", "Bo")))
QUOTE = "we follow Jones and find that sparse retrieval is strong"


@pytest.mark.parametrize(
    "sentence",
    [
        "Sparse retrieval is strong.",
        "Šimić et al. find that it is strong.",
        "O'Neil (2020) finds it strong.",
        "It is strong (Šimić and O'Neil, 2020).",
        "It follows Jones (2019).",
        "They say that “sparse retrieval is strong”.",
        "So-called 'learned' or \"sparse\" retrieval is strong.",
        "At TREC 2019 it was strong.",
        "Its nDCG@10 is high.",
        "It is strong in 2019, and weak in 2020.",
    ],
)
def test_what_the_cited_papers_carry_may_be_named(sentence: str) -> None:
    assert unfounded_mentions(sentence, [QUOTE], [PAPER]) == ()


@pytest.mark.parametrize(
    ("sentence", "mention"),
    [
        ("Smith et al. find that it is strong.", "Smith et al"),
        ("Smith (2020) finds it strong.", "Smith (2020)"),
        ("It is strong (Smith and Doe, 2020).", "Smith and Doe, 2020)"),
        ("It is strong [@smith2020].", "[@smith2020]"),
        ("It is strong (doi 10.1234/fake.5).", "10.1234/fake.5)."),
        ("It is strong, see https://example.org/x for more.", "https://example.org/x"),
        ("It is strong, see arXiv:2101.00001.", "arXiv:2101.00001"),
        ("They say that “dense retrieval is strong”.", "“dense retrieval is strong”"),
    ],
)
def test_what_they_do_not_is_found(sentence: str, mention: str) -> None:
    assert unfounded_mentions(sentence, [QUOTE], [PAPER]) == (mention,)
