"""Kills reviews that a scripted model reads, at random moments, and says whether they came to the same.

python -m bench.kills --kills 200
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seconds", type=float, default=3.0, help="the latest moment of a kill")
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    sys.path.insert(0, str(TESTS))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    from batch import script
    from killing import after_seconds, kill
    from model_server import ModelServer

    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="litsearch-kills-") as folder, ModelServer(script) as server:
        os.environ["OPENAI_API_BASE"], os.environ["OPENAI_API_KEY"] = server.url, "none"
        done = kill(Path(folder), server, given.kills, after_seconds(given.seconds), seed=given.seed)
        calls = len(server.requests)
    seconds = time.monotonic() - begun
    print(f"{done.kills} kills of {done.reviews} reviews in {seconds:.0f} s, {calls} calls of the model")
    print(f"finished calls that were repeated: {done.repeated}")
    print(f"results that differ from the undisturbed one: {done.unequal}")
    return int(bool(done.repeated or done.unequal))


if __name__ == "__main__":
    sys.exit(main())
