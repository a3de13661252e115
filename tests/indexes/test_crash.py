"""The legs that encode survive SIGKILL at any moment: what was acknowledged is there, the rest follows."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import toy_encoders
from toy_encoders import catch_up, history, open_leg

from indexes.types import Query

LEGS = ("sparse", "dense")


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("name", LEGS)
def test_a_killed_leg_finishes_as_if_nothing_had_happened(name: str, tmp_path: Path) -> None:
    seed = random.Random(name)
    acknowledged = 0
    for _ in range(4):
        child = _child(name, tmp_path / "killed")
        assert child.stdout is not None
        for _ in range(seed.randint(1, 6)):
            line = child.stdout.readline()
            acknowledged = int(line) if line else acknowledged
        try:
            child.wait(seed.random() * 0.02)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        rest, _ = child.communicate()
        acknowledged = max([acknowledged, *map(int, rest.split())])
        assert open_leg(name, tmp_path / "killed").coverage().revision >= acknowledged

    killed, undisturbed = open_leg(name, tmp_path / "killed"), open_leg(name, tmp_path / "undisturbed")
    for leg in (killed, undisturbed):
        catch_up(leg)
        leg.close()
    coverage = killed.coverage()
    assert (coverage.revision, coverage.documents) == (len(history()), 112)
    assert coverage.documents == undisturbed.coverage().documents
    for text in ("sparse retrieval", "query expansion with feedback", "edition 1"):
        assert killed.search(Query(text), 50) == undisturbed.search(Query(text), 50) != []


@pytest.mark.parametrize("name", LEGS)
def test_applying_a_batch_again_changes_nothing(name: str, tmp_path: Path) -> None:
    leg = open_leg(name, tmp_path)
    catch_up(leg)
    before = leg.search(Query("sparse models"), 200)
    leg.apply(history()[-20:], len(history()))
    assert leg.search(Query("sparse models"), 200) == before
    assert leg.coverage().documents == 112
    leg.close()


@pytest.mark.parametrize("name", LEGS)
def test_a_reader_follows_the_writer(name: str, tmp_path: Path) -> None:
    writer, reader = open_leg(name, tmp_path), open_leg(name, tmp_path)
    assert reader.search(Query("edition"), 5) == []
    for count in (1, 2, 3):
        writer.apply(history()[count - 1 : count], count)
        assert len(reader.search(Query("edition"), 5)) == count
        assert reader.coverage().revision == count
        assert reader.covers([1, 2, 3, 4]) == set(range(1, count + 1))
    writer.close()


def _child(name: str, folder: Path) -> "subprocess.Popen[str]":
    program = Path(toy_encoders.__file__)
    environment = {**os.environ, "PYTHONPATH": str(program.parents[1])}
    return subprocess.Popen(
        [sys.executable, str(program), name, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    )
