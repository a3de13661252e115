"""Reviews that are killed at any moment; ``bench/kills.py`` does it as often as one likes."""

import os
import sys
from pathlib import Path

import pytest
from batch import script
from killing import after_requests, kill
from model_server import ModelServer


def test_a_killed_review_comes_to_the_same_and_repeats_no_finished_call(
    tmp_path: Path, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_server.script = script
    # What processes begin with is loaded once, in a process that knows the path by this alone.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    killed = kill(tmp_path, model_server, 4, after_requests(14))
    assert killed.kills == 4
    assert killed.repeated == 0
    assert killed.unequal == 0
