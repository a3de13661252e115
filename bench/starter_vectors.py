"""Encodes the starter library with the shipped encoder, to be run when either of the two has changed.

python -m bench.starter_vectors
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from indexes.encoders import SHIPPED, load_sparse
from indexes.encodings import Encodings
from indexes.joint import JointSparse
from litsearch.importers import open_records
from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.starter import SOURCE, VECTORS


def main() -> None:
    package = Path(str(files("litsearch")))
    encoder = load_sparse(SHIPPED)
    assert isinstance(encoder, JointSparse)
    with tempfile.TemporaryDirectory() as scratch, Library.open(Path(scratch)) as library:
        ingest(library, open_records(package / "starter.jsonl").records, source=SOURCE)
        documents = [each.document for each in library.changes(0, 1000) if each.document is not None]
        encodings = Encodings(Path(scratch) / VECTORS)
        encodings.sparse(encoder, [document.text for document in documents])
        made = encodings.path(encoder.joint.hash)
        with closing(sqlite3.connect(made)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("VACUUM")
        shutil.rmtree(package / VECTORS, ignore_errors=True)
        (package / VECTORS).mkdir()
        shutil.copy(made, package / VECTORS / made.name)
    print(f"{len(documents)} papers in {package / VECTORS / made.name}")


if __name__ == "__main__":
    main()
