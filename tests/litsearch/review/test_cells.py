"""What becomes of the cells that a model fills in."""

import pytest

from litsearch.papers import Paper, StoredPaper
from litsearch.review.cells import checked
from litsearch.review.protocol import ExtractedField
from litsearch.review.replies import CellReply

TESTED = "It was tested on Robust04 and GOV2 with 250 topics."
STORED = StoredPaper(
    7, "zheng2020", Paper("BERT for expansion", f"Chunks expand a query. {TESTED} Of topics it says little.")
)
COLLECTION = ExtractedField("collection", "text", "the collection that was searched")


def cell(quote: str, value: str) -> CellReply:
    return CellReply(field="collection", quote=quote, value=value)


def test_a_few_words_are_taken_for_the_sentence_that_has_them() -> None:
    found = checked(COLLECTION, cell("Robust04 and GOV2", "Robust04, GOV2"), STORED)
    assert found.value == "Robust04, GOV2"
    assert found.quote is not None
    assert found.quote.text == TESTED
    assert STORED.paper.abstract[found.quote.start : found.quote.end] == TESTED


@pytest.mark.parametrize(
    "quote",
    [
        "topics",  # in two sentences
        "Robust05",  # in none
        "BERT for expansion",  # in the title alone
        "it was tested on robust04 and gov2 with 250 topics",  # not as it is written
    ],
)
def test_words_that_may_be_others_give_no_cell(quote: str) -> None:
    found = checked(COLLECTION, cell(quote, "Robust04"), STORED)
    assert (found.value, found.quote) == (None, None)
    assert found.note.startswith("dropped: ")


def test_what_a_field_is_gives_no_value() -> None:
    found = checked(COLLECTION, cell(TESTED, "The collection that was searched"), STORED)
    assert found.value is None
    assert "only repeats" in found.note
