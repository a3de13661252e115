"""Reviews that are killed at any moment; ``bench/kills.py`` does it as often as one likes."""

from pathlib import Path

from batch import script
from killing import after_requests, kill
from model_server import ModelServer


def test_a_killed_review_comes_to_the_same_and_repeats_no_finished_call(
    tmp_path: Path, model_server: ModelServer
) -> None:
    model_server.script = script
    killed = kill(tmp_path, model_server, 4, after_requests(14))
    assert killed.kills == 4
    assert killed.repeated == 0
    assert killed.unequal == 0
