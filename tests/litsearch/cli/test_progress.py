import pytest

from indexes.types import Progress
from litsearch.cli.progress import Clock, Pace, told


def test_rate_and_remaining_time_once_there_is_something_to_go_by() -> None:
    assert told(Progress("indexing", 10, 100), None, Pace(0.1, 10, 0.1)) == "indexing 10 of 100"
    assert told(Progress("indexing", 10, 100), None, Pace(5, 0, 0)) == "indexing 10 of 100"
    half = Progress("indexing", 5000, 10_000)
    assert told(half, None, Pace(5, 2500, 0.25)) == "indexing 5,000 of 10,000, 500/s, 10 s left"
    slow = told(Progress("screen", 3, 5), None, Pace(120, 2, 0.4))
    assert slow == "screen 3 of 5, 1.0 a minute, 2 min 0 s left"


def test_the_part_of_a_file_says_what_counts_can_not() -> None:
    added = Progress("a.bib: papers", 100)
    assert told(added, 0.01, Pace(60, 100, 0.01)) == "a.bib: papers 100, 1.7/s, 1 h 39 min left"
    assert told(added, 1.0, Pace(10, 100, 1.0)) == "a.bib: papers 100, 10/s"


def test_the_clock_of_a_stage_starts_with_its_first_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("litsearch.cli.progress.time.monotonic", lambda: now)
    clock = Clock()
    said = []
    for at, done in (0.0, 40), (30.0, 41), (35.0, 51):
        now = at
        said.append(clock.pace(Progress("screen", done, 141), None))
    assert said[0] == said[1] == Pace(0.0, 0, 0.0)
    assert told(Progress("screen", 51, 141), None, said[2]) == "screen 51 of 141, 2.0/s, 45 s left"
