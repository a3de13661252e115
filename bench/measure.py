"""Whole processes from outside: wall time, processor time and peak memory, as the system counts them."""

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One finished run. Seconds, and MB of peak resident memory."""

    wall: float
    cpu: float
    peak_mb: float
    stdout: str

    def json(self) -> dict[str, object]:
        """The object on the last line of its output."""
        values = json.loads(self.stdout.strip().splitlines()[-1])
        assert isinstance(values, dict)
        return values


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Process:
    """Runs a command to its end. RuntimeError with its last words when it fails."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}:\n{err.read()[-2000:]}")
        return Process(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read())


def in_turn(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, list[Process]]:
    """Each command once to warm up, then all of them in turn, so that a noisy minute hits them alike."""
    for command in commands.values():
        run(command)
    results: dict[str, list[Process]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            results[name].append(run(command))
    return results


def median(processes: Sequence[Process]) -> float:
    """The median wall time."""
    return statistics.median(process.wall for process in processes)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
