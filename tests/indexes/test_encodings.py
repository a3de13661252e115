import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import toy_encoders
from toy_encoders import ToyDense, ToySparse

from indexes.dense import DenseLeg
from indexes.encoders import load_sparse
from indexes.encodings import Encodings
from indexes.impact import ImpactLeg
from indexes.types import Change, Document
from indexes.vectors import unpack

TEXTS = ["sparse retrieval", "dense retrieval", "sparse retrieval", ""]


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    dense, sparse = ToyDense(), ToySparse()
    first = Encodings(tmp_path).dense(dense, TEXTS)
    assert (Encodings(tmp_path).dense(dense, TEXTS[::-1]) == first[::-1]).all()
    assert sorted(dense.encoded) == sorted(set(TEXTS))
    assert (abs(unpack(first) - dense.documents(TEXTS)) < 0.01).all()

    impacts = Encodings(tmp_path).sparse(sparse, TEXTS)
    assert Encodings(tmp_path).sparse(sparse, TEXTS) == impacts == [sparse.query(text) for text in TEXTS]
    assert len(sparse.encoded) == 3


def test_another_encoder_shares_nothing(tmp_path: Path) -> None:
    Encodings(tmp_path).dense(ToyDense(), TEXTS)
    other = ToyDense()
    other.hash = "another"
    Encodings(tmp_path).dense(other, TEXTS)
    assert len(other.encoded) == 3


def test_a_cheap_encoder_leaves_no_file(tmp_path: Path) -> None:
    assert Encodings(tmp_path / "none").sparse(load_sparse("wordpieces"), TEXTS)[0]
    assert not (tmp_path / "none").exists()


def test_a_store_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    encoder = ToyDense()
    (tmp_path / f"{encoder.hash}.db").write_text(
        "this is no database, and is long enough to be seen as none " * 30
    )
    assert len(Encodings(tmp_path).dense(encoder, TEXTS)) == 4
    (tmp_path / "file").write_text("")
    assert len(Encodings(tmp_path / "file" / "below").dense(encoder, TEXTS)) == 4


def test_rebuilding_a_leg_encodes_nothing_again(tmp_path: Path) -> None:
    changes = [Change(number, number, Document(number, "", f"paper {number}")) for number in range(1, 9)]
    dense, sparse = ToyDense(), ToySparse()
    for build in ("old", "new"):
        DenseLeg(tmp_path / f"dense {build}", dense, encodings=Encodings(tmp_path)).apply(changes, 8)
        ImpactLeg(tmp_path / f"sparse {build}", sparse, encodings=Encodings(tmp_path)).apply(changes, 8)
    assert len(dense.encoded) == len(sparse.encoded) == 8


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_encoding_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from toy_encoders import ToyDense;"
        "from indexes.encodings import Encodings\n"
        "class Slow(ToyDense):\n"
        "    def documents(self, texts):\n"
        "        time.sleep(0.05); return super().documents(texts)\n"
        f"Encodings(Path({str(tmp_path)!r})).dense(Slow(), [f'text {{number}}' for number in range(6400)])"
    )
    tests = Path(toy_encoders.__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])}
    child = subprocess.Popen([sys.executable, "-c", program], env=environment)
    store = Encodings(tmp_path).path(ToyDense.hash).with_suffix(".db-wal")
    deadline = time.monotonic() + 60
    while not (store.exists() and store.stat().st_size > 200_000) and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    encoder = ToyDense()
    Encodings(tmp_path).dense(encoder, [f"text {number}" for number in range(6400)])
    assert 0 < len(encoder.encoded) < 6400 - 64
