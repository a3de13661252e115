from pathlib import Path

import pytest
import tantivy

from indexes.analysis import register
from indexes.lexical import LexicalLeg
from indexes.lexical_schema import filler
from indexes.segments import missing, sizes
from indexes.types import Change, Document, Query


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([], 0),
        ([1] * 4, 0),
        ([1] * 5, 3),
        ([1, 300, 9_000, 10_000, 12_000], 3),
        ([80_000, *[10_000] * 6], 2),
        ([20_000] * 7, 0),
        ([20_000, *[15_000] * 6], 0),  # alike to the large one, so not to tiny ones
        ([1] * 8, 0),
    ],
)
def test_as_many_are_missing_as_make_eight_small_ones(segments: list[int], expected: int) -> None:
    assert missing(segments) == expected


def paper(number: int) -> Document:
    return Document(number, f"k{number}", f"Sparse retrieval {number}", "An abstract of words.")


def test_papers_added_one_by_one_leave_few_segments(tmp_path: Path) -> None:
    for number in range(1, 8):
        leg = LexicalLeg(tmp_path)
        leg.apply([Change(number, number, paper(number))], number)
        leg.close()
    assert len(sizes(tmp_path)) < 5
    leg = LexicalLeg(tmp_path)
    assert leg.coverage().documents == 7
    assert {each for each, _ in leg.search(Query("sparse"), 20)} == set(range(1, 8))


def test_fillers_that_a_kill_left_are_not_counted_and_go_with_the_next_batch(tmp_path: Path) -> None:
    leg = LexicalLeg(tmp_path)
    leg.apply([Change(1, 1, paper(1))], 1)
    leg.close()
    index = tantivy.Index.open(str(tmp_path))
    register(index)
    writer = index.writer()
    for _ in range(3):
        writer.add_document(filler(index.schema))
        writer.commit()
    writer.wait_merging_threads()
    assert leg.coverage().documents == 1
    leg.apply([Change(2, 2, paper(2))], 2)
    assert leg.coverage().documents == 2
    index.reload()
    assert index.searcher().num_docs == 3  # the sentinel is left
