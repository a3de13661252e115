"""The deterministic checks together: true citations pass in any dress, corrupted ones do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.events import Dropped, Finding, Sentence
from litsearch.agent.quotes import check_quote
from litsearch.agent.verify import check
from litsearch.papers import Author, Paper, StoredPaper

SAID = (
    "Four cups of coffee a day went with a 12.5% lower risk of type-2 diabetes in 4,031 men (p < 0.05).",
    "The α-blocker reduced pressure by 8 ± 2 mmHg in the well-defined subgroup of elderly patients.",
    "Fine-tuned models gained 3.1 points over the baseline, a significant difference on 7 data sets.",
)
PAPERS = [
    StoredPaper(n, f"k{n}", Paper(f"Title {n}", f"We ask this. {text} More is to come.", (Author("Doe"),)))
    for n, text in enumerate(SAID, 1)
]
DRESSES = (
    lambda text: text.replace(" ", "\n", 2),
    lambda text: text.replace(" ", "\u00a0", 3),
    lambda text: f"“{text}”",
    lambda text: text.replace("-", "–"),
    lambda text: text.replace("fi", "ﬁ"),
    lambda text: text.replace("%", "\\%").replace("α", "$\\alpha$").replace("±", "$\\pm$"),
    lambda text: text.replace("diabetes", "dia-\nbetes").replace("patients", "pa-\ntients"),
    lambda text: text.rstrip("."),
)


def refused(paper: StoredPaper, quote: str, sentence: str, finding: int = 1) -> str:
    found = check_quote(paper, quote)
    if isinstance(found, Dropped):
        return found.reason
    finding_ = Finding(1, found.text, found, "supports", "model")
    kept, dropped = check([Sentence(sentence, (finding,), "unverified")], [finding_], {paper.id: paper}, "")
    return "" if kept else dropped[0].reason


@given(st.sampled_from(PAPERS), st.lists(st.sampled_from(DRESSES), max_size=4, unique=True))
def test_a_true_citation_passes_in_any_dress(paper: StoredPaper, dresses: list) -> None:  # type: ignore[type-arg]
    quote = SAID[paper.id - 1]
    for dress in dresses:
        quote = dress(quote)
    assert refused(paper, quote, SAID[paper.id - 1]) == ""


@given(st.permutations(PAPERS))
def test_the_quote_of_another_paper_does_not(papers: list[StoredPaper]) -> None:
    assert "is not in the text" in refused(papers[0], SAID[papers[1].id - 1], SAID[papers[0].id - 1])


@given(st.sampled_from(PAPERS), st.data())
def test_nor_one_with_a_word_less_more_or_moved(paper: StoredPaper, data: st.DataObject) -> None:
    words = SAID[paper.id - 1].split()
    at = data.draw(st.integers(1, len(words) - 2))
    changed = data.draw(
        st.sampled_from(
            (
                [*words[:at], *words[at + 1 :]],
                [*words[:at], "not", *words[at:]],
                [*words[: at - 1], words[at], words[at - 1], *words[at + 1 :]],
            )
        )
    )
    assert refused(paper, " ".join(changed), SAID[paper.id - 1])


@given(st.integers(0, 10_000))
def test_nor_a_number_that_the_quote_does_not_have(number: int) -> None:
    sentence = f"Coffee lowered the risk of diabetes by {number}% in men."
    assert refused(PAPERS[0], SAID[0], sentence) == f"its quotes do not have {number}%"


@pytest.mark.parametrize(
    "ending",
    [" (doi 10.1234/made.up)", " [@made2020up]", " https://example.org/x", ", as Zzyzx et al. found"],
)
def test_nor_an_identifier_or_author_of_the_writers_own(ending: str) -> None:
    assert refused(PAPERS[2], SAID[2], f"Fine-tuned models gained 3.1 points{ending}")


@given(st.integers().filter(lambda n: n != 1))
def test_nor_a_finding_that_is_not_there(finding: int) -> None:
    assert refused(PAPERS[2], SAID[2], "Fine-tuned models gained 3.1 points.", finding)
