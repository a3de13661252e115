"""Reviews that are killed over and over, and what holds of them afterwards."""

import multiprocessing
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from batch import Batch, call_key, child, essence
from model_server import ModelServer

from litsearch.review.outcome import load
from litsearch.review.outputs.ledger import jsonl
from litsearch.review.record import Record, entries
from litsearch.review.result import ReviewResult

Process = multiprocessing.process.BaseProcess
Moment = Callable[[ModelServer, Process, random.Random], None]
"""Waits until the process is to be killed, or has ended."""


@dataclass(frozen=True, slots=True)
class Killed:
    """``repeated`` are calls that were made again though their replies were kept, ``unequal`` reviews that
    came to something else than the undisturbed one."""

    kills: int
    reviews: int
    repeated: int
    unequal: int


def kill(
    folder: Path, server: ModelServer, kills: int, moment: Moment, *, seed: int = 0, at_most: int = 8
) -> Killed:
    """Carry out reviews in libraries of their own, each killed up to ``at_most`` times and then let be."""
    stored = folder / "stored"
    batch = Batch(stored)
    batch.add()
    batch.close()
    batch = Batch(Path(shutil.copytree(stored, folder / "undisturbed")))
    expected = _came_to(batch, batch.carry_out())
    batch.close()
    draw = random.Random(seed)
    starts = multiprocessing.get_context("forkserver")
    starts.set_forkserver_preload(["litellm", "batch"])
    done = reviews = repeated = unequal = 0
    while done < kills:
        reviews += 1
        own = Path(shutil.copytree(stored, folder / f"killed{reviews}"))
        for _ in range(min(at_most, kills - done)):
            batch = Batch(own)
            asked, kept = len(server.requests), batch.call_keys()
            found = entries(batch.ledger)
            batch.close()
            if found and found[0].status == "complete":
                break
            process = starts.Process(target=child, args=(str(own), found[0].id if found else ""))
            process.start()
            moment(server, process, draw)
            done += process.is_alive()
            process.kill()
            process.join()
            repeated += len(kept & {call_key(request) for request in server.requests[asked:]})
        batch = Batch(own)
        asked, kept = len(server.requests), batch.call_keys()
        unequal += _came_to(batch, _ended(batch)) != expected
        repeated += len(kept & {call_key(request) for request in server.requests[asked:]})
        batch.close()
        shutil.rmtree(own)
    return Killed(done, reviews, repeated, unequal)


def _came_to(batch: Batch, result: ReviewResult) -> tuple[object, list[str]]:
    """The result, and the lines of the file that tells how it came about."""
    stages = Record.named(batch.ledger, result.manifest.review).events()
    return essence(result), list(jsonl(result, stages, batch.ledger.events))


def _ended(batch: Batch) -> ReviewResult:
    found = entries(batch.ledger)
    if not found:
        return batch.carry_out()
    if found[0].status == "complete":
        return load(batch.ledger, batch.library, found[0].id)
    return batch.carry_out(resume=found[0].id)


def after_requests(most: int) -> Moment:
    """After so many requests at most, drawn anew each time."""

    def moment(server: ModelServer, process: Process, draw: random.Random) -> None:
        until = len(server.requests) + draw.randrange(1, most)
        while len(server.requests) < until and process.is_alive():
            time.sleep(0.002)

    return moment


def after_seconds(most: float) -> Moment:
    """After so many seconds at most, counted from when the process is seen in the server or the ledger."""

    def moment(server: ModelServer, process: Process, draw: random.Random) -> None:
        process.join(draw.uniform(0.0, most))

    return moment
