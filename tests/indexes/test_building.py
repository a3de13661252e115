"""Catching up: in batches, side by side, killed, interrupted, beside another writer and open readers."""

import os
import random
import signal
import subprocess
import sys
import threading

import pytest

from indexes import upkeep
from indexes.corpus import Corpus
from indexes.encoders import PLAIN
from indexes.errors import IndexBusyError
from indexes.hybrid import HybridIndex
from indexes.lock import writing
from indexes.types import Document, Query

WORDS = ["retrieval", "fusion", "feedback", "impact", "vector", "query", "passage", "review", "evidence"]


@pytest.fixture(autouse=True)
def without_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """New indexes begin with the legs that need none: what keeps them is the same, and takes no time."""
    monkeypatch.setattr(upkeep, "DEFAULT_ENCODERS", {"bm25": "", "sparse": PLAIN})


def paper(number: int) -> Document:
    pick = random.Random(number)
    return Document(number, f"p{number}", f"Paper {number}", " ".join(pick.choices(WORDS, k=30)))


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(upkeep, "QUICK_BATCH", 20)


class Failing(Corpus):
    """A corpus that stops answering after some batches."""

    answers = 3

    def changes(self, after, limit):
        if limit > 1:
            self.answers -= 1
        if self.answers < 0:
            raise KeyboardInterrupt
        return super().changes(after, limit)


def test_progress_is_told_for_each_leg_up_to_the_end(tmp_path, small_batches):
    told = []
    index = HybridIndex.open(tmp_path, Corpus(map(paper, range(1, 51))))
    index.update(on_progress=told.append)
    for leg in ("bm25", "sparse"):
        steps = [(step.done, step.total) for step in told if step.stage == f"indexing {leg}"]
        assert steps == [(20, 50), (40, 50), (50, 50)]


def test_an_interrupted_update_keeps_whole_batches_and_goes_on_later(tmp_path, small_batches):
    failing = Failing(map(paper, range(1, 101)))
    with pytest.raises(KeyboardInterrupt):
        HybridIndex.open(tmp_path, failing).update()
    corpus = Corpus(map(paper, range(1, 101)))
    index = HybridIndex.open(tmp_path, corpus)
    reached = {coverage.documents for coverage in index.status() if coverage.present}
    assert all(count % 20 == 0 and 0 < count < 100 for count in reached)
    assert index.search(Query("fusion")).hits
    index.update()
    assert {coverage.documents for coverage in index.status() if coverage.present} == {100}
    assert index.verify() == []


def test_legs_in_different_places_catch_up_to_the_same(tmp_path, small_batches):
    corpus = Corpus(map(paper, range(1, 51)))
    index = HybridIndex.open(tmp_path, corpus)
    index.update(legs=["sparse"])
    corpus.remove([3, 4])
    corpus.put(map(paper, range(51, 71)))
    index.update()
    other = HybridIndex.open(tmp_path / "afresh", corpus)
    other.update()
    for leg in ("bm25", "sparse"):
        (one,), (two,) = (
            each.search(Query("vector review"), legs=[leg], k=1).hits for each in (index, other)
        )
        assert (one.id, one.score) == (two.id, two.score)
    assert index.verify() == other.verify() == []


def test_a_second_writer_waits_and_then_fails_while_searching_goes_on(tmp_path):
    corpus = Corpus([paper(1)])
    index = HybridIndex.open(tmp_path, corpus)
    index.update()
    corpus.put([paper(2)])
    told = []
    with writing(tmp_path):
        with pytest.raises(IndexBusyError):
            index.update(wait=0.1, on_wait=lambda: told.append("waiting"))
        assert index.search(Query("paper")).hits
    assert told == ["waiting"]
    index.update()
    assert index.verify() == []


def test_an_index_that_is_up_to_date_takes_no_lock(tmp_path):
    index = HybridIndex.open(tmp_path, Corpus([paper(1)]))
    index.update()
    with writing(tmp_path):
        index.update(wait=0.0)


def test_two_writers_at_once_end_with_a_sound_index(tmp_path, small_batches):
    corpus = Corpus(map(paper, range(1, 201)))
    writers = [HybridIndex.open(tmp_path, corpus) for _ in range(2)]
    threads = [threading.Thread(target=writer.update, kwargs={"wait": 60.0}) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert writers[0].verify() == []
    assert {coverage.documents for coverage in writers[1].status() if coverage.present} == {200}


def test_a_reader_never_sees_half_a_batch(tmp_path, small_batches):
    corpus = Corpus(map(paper, range(1, 201)))
    seen: list[tuple[int, int]] = []
    writer = HybridIndex.open(tmp_path, corpus)
    thread = threading.Thread(target=writer.update)
    reader = HybridIndex.open(tmp_path, corpus)
    thread.start()
    while thread.is_alive():
        ranking = reader.search(Query("paper"), k=200)
        seen += [(each.revision, each.documents) for each in ranking.coverage if each.present]
    thread.join()
    assert seen
    assert all(revision == documents and documents % 20 == 0 for revision, documents in seen)


KILLED = """
import sys
from pathlib import Path
from indexes import upkeep
from indexes.corpus import Corpus
from indexes.hybrid import HybridIndex
from test_building import paper
upkeep.QUICK_BATCH = 20
index = HybridIndex.open(Path(sys.argv[1]), Corpus(map(paper, range(1, 401))))
index.update(on_progress=lambda progress: print(progress.done, flush=True))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("lines", [0, 1, 4, 9])
def test_killed_at_any_moment_the_index_is_sound_and_goes_on(tmp_path, lines):
    here = os.path.dirname(__file__)  # noqa: PTH120
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([here, *sys.path])},
    )
    assert process.stdout is not None
    for _ in range(lines):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    corpus = Corpus(map(paper, range(1, 401)))
    index = HybridIndex.open(tmp_path, corpus)
    assert index.verify() == []
    told = []
    index.update(on_progress=told.append)
    assert index.verify() == []
    assert {coverage.documents for coverage in index.status() if coverage.present} == {400}
