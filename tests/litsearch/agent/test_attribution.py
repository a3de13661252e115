import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from litsearch.agent.attribution import Compared, attribution, compare
from litsearch.agent.entailment import Verdict
from litsearch.agent.events import Dropped, Sentence

QUOTES = {1: "a b", 2: "c", 3: "a", 4: "z"}


@dataclass
class Letters:
    """Quotes entail a sentence whose letters they have among them."""

    name: str = "letters"

    async def verdict(self, quotes: Sequence[str], sentence: str) -> Verdict:
        return Verdict(set(sentence.split()) <= set(" ".join(quotes).split()), "by letters")


def compared(text: str, *findings: int) -> Compared:
    return asyncio.run(compare(Letters(), Sentence(text, findings, "quoted"), QUOTES))


@pytest.mark.parametrize(
    ("text", "cited", "kept", "precise"),
    [
        ("a b", (1,), (1,), 1),
        ("a b c", (1, 2), (1, 2), 2),  # neither alone, and neither can go
        ("a b", (1, 4), (1,), 1),  # the second carries nothing
        ("a", (1, 3), (1, 3), 2),  # each alone is enough: both are precise, as ALCE has it
        ("a b c", (1, 2, 4), (1, 2), 2),
    ],
)
def test_citations_are_precise_where_they_are_needed_or_enough(
    text: str, cited: tuple[int, ...], kept: tuple[int, ...], precise: int
) -> None:
    found = compared(text, *cited)
    assert isinstance(found.kept, Sentence)
    assert (found.kept.findings, found.kept.status, found.precise) == (kept, "supported", precise)


def test_what_the_quotes_do_not_say_is_dropped_and_all_its_citations_count_as_wrong() -> None:
    found = compared("a q", 1, 2)
    assert isinstance(found.kept, Dropped)
    assert (found.entailed, found.precise, found.citations) == (False, 0, 2)


def test_recall_counts_sentences_and_precision_citations() -> None:
    found = attribution([compared("a b", 1), compared("a q", 1, 2), compared("a b", 1, 4)], "letters")
    assert found is not None
    assert (found.sentences, found.citations) == (3, 5)
    assert (found.recall, found.precision) == (pytest.approx(2 / 3), pytest.approx(2 / 5))
    assert attribution([], "letters") is None
