from indexes.types import Progress
from litsearch.cli.progress import told


def test_rate_and_remaining_time_once_there_is_something_to_go_by() -> None:
    assert told(Progress("indexing", 10, 100), None, 0.1) == "indexing 10 of 100"
    assert told(Progress("indexing", 2500, 10_000), None, 5) == "indexing 2,500 of 10,000, 500/s, 15 s left"


def test_the_part_of_a_file_says_what_counts_can_not() -> None:
    assert told(Progress("a.bib: papers", 100), 0.01, 60) == "a.bib: papers 100, 1.7/s, 1 h 39 min left"
    assert told(Progress("a.bib: papers", 100), 1.0, 10) == "a.bib: papers 100, 10/s"
