"""Imports that are killed, and two at once: nothing acknowledged is lost, and adding again mends the rest."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.papers import Author, Identifier, Paper, StoredPaper

PAPERS = 3000
CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import litsearch.ingest
from litsearch.library import Library
from test_ingest_killed import records
litsearch.ingest.BATCH = 50
library = Library.open(Path(sys.argv[1]))
print("open", flush=True)
litsearch.ingest.ingest(
    library, records(sys.argv[3]), source=sys.argv[3], on_progress=lambda p: print(p.done, flush=True)
)
print("end", flush=True)
"""


def records(source: str) -> Iterator[Paper]:
    """Papers of which every fifth is a duplicate of an earlier one, some bridging two."""
    for number in range(PAPERS):
        original = number - number % 5 - 3 if number % 5 == 0 and number else number
        identifiers = [Identifier("doi", f"10.1000/{original}")]
        if number % 10 == 0 and number:
            identifiers.append(Identifier("pmid", str(number - 1)))
        elif number % 10 == 9:
            identifiers = [Identifier("pmid", str(number))]
        yield Paper(
            title=f"Number {number} of many generated papers",
            abstract="words " * (number % 40),
            authors=(Author("Author", str(number % 7)),),
            year=2000 + number % 20,
            key=f"{source}{number}",
            identifiers=tuple(identifiers),
        )


def child(folder: Path, source: str = "a") -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", CHILD, str(folder), str(Path(__file__).parent), source]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def state(library: Library) -> list[tuple[object, ...]]:
    def essence(stored: StoredPaper) -> tuple[object, ...]:
        return stored.id, stored.key, stored.paper, stored.sources

    return [essence(stored) for stored in library.all()]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    with Library.open(tmp_path_factory.mktemp("undisturbed")) as library:
        report = ingest(library, records("a"), source="a")
        assert report.merged > PAPERS / 10
        assert any(merge.absorbed for merge in library.merges())
        return state(library)


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_import_keeps_what_it_acknowledged(
    tmp_path: Path, undisturbed: list[tuple[object, ...]], seed: int
) -> None:
    process = child(tmp_path)
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "open":
            break
    time.sleep(random.Random(seed).uniform(0, 0.4) * (seed + 1))
    process.send_signal(signal.SIGKILL)
    acknowledged = [int(line) for line in process.stdout if line.strip().isdigit()]
    process.wait()
    with Library.open(tmp_path) as library:
        assert library.check() == []
        read = sum(done.read for done in library.imports())
        assert read >= max(acknowledged, default=0)
        report = ingest(library, records("a"), source="a")
        assert report.read == PAPERS
        assert report.unchanged >= read
        assert state(library) == undisturbed
        assert library.check() == []


def test_two_processes_import_at_once(tmp_path: Path, undisturbed: list[tuple[object, ...]]) -> None:
    processes = [child(tmp_path, "a"), child(tmp_path, "b")]
    for process in processes:
        output, _ = process.communicate()
        assert output.split()[-1] == "end"
        assert process.returncode == 0
    with Library.open(tmp_path) as library:
        assert library.check() == []
        assert library.count() == len(undisturbed)
        assert all(set(sources) == {"a", "b"} for *_, sources in state(library))
