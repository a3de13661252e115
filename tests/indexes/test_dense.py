import json
import os
import shutil
import signal
from collections.abc import Callable, Collection
from pathlib import Path

import numpy
import pytest
from toy_encoders import ToyDense, document

from indexes.dense import CANDIDATES, DenseLeg
from indexes.errors import EncoderError, IndexDamagedError, IndexMismatchError
from indexes.types import Change, Document, Filters, Query
from indexes.vectors import Manifest, Vectors, append, pack, unpack


def applied(leg: DenseLeg, papers: Collection[Document]) -> DenseLeg:
    leg.apply([Change(number, paper.id, paper) for number, paper in enumerate(papers, 1)], len(papers))
    return leg


@pytest.fixture
def leg(tmp_path: Path) -> DenseLeg:
    return applied(DenseLeg(tmp_path / "dense", ToyDense()), [document(number) for number in range(1, 41)])


def found(leg: DenseLeg, query: Query, k: int = 10) -> list[int]:
    return [each for each, _ in leg.search(query, k)]


def test_scores_are_cosines_best_first_ties_by_id(leg: DenseLeg) -> None:
    encoder = ToyDense()
    hits = leg.search(Query("sparse retrieval"), 40)
    exact = {
        number: float(encoder.query(document(number).text) @ encoder.query("sparse retrieval"))
        for number in range(1, 41)
    }
    assert {each for each, _ in hits} == set(exact)
    assert all(score == pytest.approx(exact[each], abs=0.01) for each, score in hits)
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    assert leg.search(Query("sparse retrieval"), 3) == hits[:3]
    assert leg.search(Query("  "), 3) == []


def test_filters_are_resolved_by_the_caller(leg: DenseLeg) -> None:
    asked: list[Filters] = []

    def resolve(filters: Filters) -> Collection[int]:
        asked.append(filters)
        return {3, 5, 900}

    filtered = DenseLeg(leg.folder, ToyDense(), resolve=resolve)
    free = dict(leg.search(Query("sparse"), 40))
    hits = filtered.search(Query("sparse", Filters(year_from=2000)), 10)
    assert {each for each, _ in hits} == {3, 5}
    assert all(free[each] == score for each, score in hits)
    assert asked == [Filters(year_from=2000)]
    assert len(found(filtered, Query("sparse"), 40)) == 40
    assert len(asked) == 1
    assert found(leg, Query("sparse", Filters(ids=frozenset({7})))) == [7]


def test_changed_and_removed_papers(leg: DenseLeg) -> None:
    leg.apply([Change(41, 3, Document(3, "k3", "entirely new words")), Change(42, 4, None)], 42)
    assert found(leg, Query("entirely new words"), 1) == [3]
    assert leg.covers([3, 4, 5, 99]) == {3, 5}
    assert leg.coverage().documents == 39
    assert leg.coverage().revision == 42
    assert set(leg.vectors([3, 4])) == {3}


def test_files_with_a_third_of_dead_rows_are_written_anew(leg: DenseLeg) -> None:
    before = leg.search(Query("sparse feedback"), 40)
    for edition in range(1, 4):
        leg.apply(
            [Change(40 + edition, number, document(number, edition)) for number in range(1, 9)], 40 + edition
        )
    leg.apply([Change(50, number, document(number)) for number in range(1, 9)], 50)
    manifest = Manifest.read(leg.folder)
    assert manifest is not None
    assert manifest.generation > 0
    assert manifest.dead <= manifest.rows / 3
    assert len(list(leg.folder.glob("rows-*.bin"))) == 1
    assert leg.search(Query("sparse feedback"), 40) == before


def test_rows_past_the_manifest_are_void(leg: DenseLeg) -> None:
    before = leg.search(Query("sparse"), 40)
    for path in leg.folder.glob("*.bin"):
        with path.open("ab") as file:
            file.write(b"torn write of a killed process" * 7)
    again = DenseLeg(leg.folder, ToyDense())
    assert again.search(Query("sparse"), 40) == before
    applied(again, [document(41)])
    assert again.coverage().documents == 41
    assert [hit for hit in again.search(Query("sparse"), 41) if hit[0] != 41] == before


def killed_at(step: int, work: Callable[[], None]) -> bool:
    """Whether the work, in a child process, was killed right before its n-th step that reaches the disk."""
    child = os.fork()
    if not child:
        left = step

        def counted(name: str) -> None:
            original = getattr(os, name)

            def counting(*arguments: object) -> object:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return original(*arguments)

            setattr(os, name, counting)

        for name in ("fsync", "replace", "rename", "unlink"):
            counted(name)
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")
@pytest.mark.parametrize("compacting", [False, True])
def test_a_kill_before_any_step_leaves_the_old_state_or_the_new(leg: DenseLeg, compacting: bool) -> None:
    changed = range(1, 31 if compacting else 5)
    batch = [Change(41, number, document(number, 1)) for number in changed] + [Change(42, 40, None)]
    query = Query("edition sparse feedback")
    original = leg.folder
    leg.close()
    done = original.with_name("done")
    shutil.copytree(original, done)
    DenseLeg(done, ToyDense()).apply(batch, 42)
    states = {
        revision: DenseLeg(folder, ToyDense()).search(query, 50)
        for revision, folder in ((40, original), (42, done))
    }
    assert states[40] != states[42]
    reached = set()
    step = 0
    killed = True
    while killed:
        step += 1
        folder = original.with_name(f"killed-{step}")
        shutil.copytree(original, folder)
        killed = killed_at(step, lambda folder=folder: DenseLeg(folder, ToyDense()).apply(batch, 42))  # type: ignore[misc]
        left = DenseLeg(folder, ToyDense())
        reached.add(left.coverage().revision)
        assert left.search(query, 50) == states[left.coverage().revision]
        left.apply(batch, 42)
        assert left.search(query, 50) == states[42]
        left.apply([Change(43, 50, document(50))], 43)
        assert len(list(folder.glob("rows-*.bin"))) == 1  # nothing of another generation is left behind
    assert reached == {40, 42}
    assert step > (10 if compacting else 5)
    manifest = Manifest.read(done)
    assert manifest is not None
    assert (manifest.generation > 0) == compacting


def test_more_like_papers_that_are_known_to_be_relevant(leg: DenseLeg) -> None:
    silent = DenseLeg(leg.folder, None)
    assert found(silent, Query("", like=(9,)), 1) == [9]
    pulled = dict(leg.search(Query("models", like=(9,)), 40))
    free = dict(leg.search(Query("models"), 40))
    assert pulled[9] > free[9]
    assert found(leg, Query("", like=(99,))) == []
    with pytest.raises(EncoderError):
        silent.search(Query("words"), 1)


def test_vectors_are_of_unit_length(leg: DenseLeg) -> None:
    vectors = leg.vectors([1, 2])
    assert numpy.linalg.norm(vectors[1]) == pytest.approx(1, abs=0.01)
    assert vectors[1] @ ToyDense().query(document(1).text) == pytest.approx(1, abs=0.01)


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    leg = DenseLeg(tmp_path / "none", ToyDense())
    assert not leg.coverage().present
    assert leg.search(Query("sparse"), 5) == []
    assert leg.covers([1]) == set()
    assert leg.vectors([1]) == {}
    assert not (tmp_path / "none").exists()
    assert "no encoder" in DenseLeg(tmp_path / "none", None).coverage().note


def test_another_encoder_is_an_error_with_the_command_that_mends_it(leg: DenseLeg) -> None:
    other = ToyDense()
    other.hash = "another"
    with pytest.raises(IndexMismatchError) as raised:
        DenseLeg(leg.folder, other).search(Query("sparse"), 5)
    assert "index rebuild --leg dense" in raised.value.hint


@pytest.mark.parametrize("damage", ["short", "gone", "manifest"])
def test_damaged_files_say_so(leg: DenseLeg, damage: str) -> None:
    leg.close()
    if damage == "short":
        (leg.folder / "rows-0.bin").write_bytes(b"1")
    elif damage == "gone":
        (leg.folder / "ids-0.bin").unlink()
    else:
        (leg.folder / "manifest.json").write_text(json.dumps({"schema": 1}))
    with pytest.raises(IndexDamagedError):
        leg.search(Query("sparse"), 5)
    assert not leg.coverage().present


def test_the_coarse_pass_finds_nearly_all_of_the_exact_best(tmp_path: Path) -> None:
    random = numpy.random.default_rng(7)
    centres = random.standard_normal((300, 96))
    papers = centres[random.integers(0, 300, 30_000)] + random.standard_normal((30_000, 96))
    papers = (papers / numpy.linalg.norm(papers, axis=1, keepdims=True)).astype(numpy.float32)
    encoder = ToyDense()
    append(tmp_path, Manifest("toy", encoder.hash, 96), pack(papers), range(1, 30_001), (), 1)
    leg = DenseLeg(tmp_path, encoder)
    for number in range(10):
        hits = found(leg, Query("", like=(1 + number,)), 100)
        exact = numpy.argsort(-(papers @ papers[number]), kind="stable")[:100] + 1
        assert len(set(hits) & set(exact.tolist())) >= 97
    assert CANDIDATES < 30_000


def test_packing_keeps_seven_bits(tmp_path: Path) -> None:
    vectors = numpy.random.default_rng(1).standard_normal((20, 96)).astype(numpy.float32)
    vectors[3] = 0
    error = numpy.abs(unpack(pack(vectors)) - vectors).max(axis=1)
    assert (error <= numpy.abs(vectors).max(axis=1) / 250).all()
    assert Vectors.open(tmp_path) is None
