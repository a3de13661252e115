"""The writer's lock: one at a time, and never outliving its process."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from indexes.errors import IndexBusyError
from indexes.lock import writing

HOLD = """
import sys, time
from pathlib import Path
from indexes.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_writer(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", HOLD, tmp_path]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_writer_is_told_and_then_fails_with_a_hint(tmp_path, other_writer):
    told = []
    with pytest.raises(IndexBusyError) as caught, writing(tmp_path, wait=0.2, on_wait=lambda: told.append(1)):
        pass
    assert told == [1]
    assert "litsearch index update" in caught.value.hint


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_lock_of_a_killed_writer_is_free(tmp_path, other_writer):
    other_writer.send_signal(signal.SIGKILL)
    other_writer.wait()
    with writing(tmp_path, wait=0.0, on_wait=lambda: pytest.fail("the lock is still held")):
        pass


def test_a_waiting_writer_gets_its_turn(tmp_path):
    done, waiting = [], threading.Event()

    def second() -> None:
        with writing(tmp_path, wait=30, on_wait=waiting.set):
            done.append("second")

    with writing(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(30)
        done.append("first")
    thread.join()
    assert done == ["first", "second"]


def test_an_error_inside_frees_the_lock(tmp_path):
    with pytest.raises(KeyError), writing(tmp_path):
        raise KeyError
    with writing(tmp_path, wait=0):
        pass
