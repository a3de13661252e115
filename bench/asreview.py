"""The peer ASReview, by its own command: the order in which its default model would have a review read."""

import csv
import sqlite3
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from indexes.corpus import Corpus


def version(program: Path) -> str:
    with TemporaryDirectory() as folder:
        return _run([str(program.absolute()), "--version"], folder).strip()


def order(
    program: Path, corpus: Corpus, relevant: Mapping[int, bool], priors: Sequence[int], seed: int
) -> list[int]:
    """The records as they would be read after the priors, up to the last relevant one.

    ``asreview simulate`` with nothing set but priors and seed: it learns anew after every record.
    """
    rows = list(relevant)
    documents = corpus.documents(rows)
    with TemporaryDirectory() as folder:
        data, project = Path(folder) / "review.csv", Path(folder) / "review.asreview"
        with data.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["title", "abstract", "included"])
            writer.writerows(
                [documents[row].title, documents[row].abstract, int(relevant[row])] for row in rows
            )
        begin = [str(rows.index(prior)) for prior in priors]
        simulate = [str(program.absolute()), "simulate", str(data), "--prior-idx", *begin]
        _run([*simulate, "--seed", str(seed), "--output", str(project)], folder)
        with zipfile.ZipFile(project) as packed:
            packed.extract("results.db", folder)
        results = sqlite3.connect(Path(folder) / "results.db")
        try:
            read = results.execute("SELECT record_id FROM results ORDER BY rowid").fetchall()
        finally:
            results.close()
    ordered = [rows[row] for (row,) in read]
    assert set(ordered[:2]) == set(priors), "the priors were not those asked for"
    return ordered[2:]


def _run(command: list[str], folder: str) -> str:
    """In a folder of its own, since the program leaves a cache where it runs."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return done.stdout
