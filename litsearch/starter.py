"""The starter library: papers on literature search to try the program on before one's own are added.

The facts about each paper are its own; the text is litsearch's summary, written for this project, and is
marked so that it is never quoted as the paper's. Built on first use beside other data that can be made anew,
with vectors that come with the program (``bench/starter_vectors.py`` makes them).
"""

import hashlib
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from indexes.encoders import SHIPPED, load_dense
from indexes.generations import ENCODINGS
from indexes.hybrid import HybridIndex
from litsearch.importers import open_records
from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.paths import default_cache

SOURCE = "litsearch starter library"
VECTORS = "starter_vectors"  # folder of encodings, by the hash of their encoder


def open_starter() -> tuple[Library, HybridIndex]:
    """The starter library and its index, built when this version's is not there yet."""
    with as_file(files("litsearch") / "starter.jsonl") as papers:
        made_of = papers.read_bytes() + load_dense(SHIPPED).hash.encode()
        version = hashlib.sha256(made_of).hexdigest()[:12]
        folder = default_cache() / f"starter-{version}"
        if not (folder / "library.db").exists():
            _build(papers, folder)
    library = Library.open(folder, create=False)
    return library, HybridIndex.open(library.index_folder, library)


def _build(papers: Path, folder: Path) -> None:
    """Builds aside and moves into place, so that nobody ever opens half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="starter-", dir=folder.parent))
    try:
        with Library.open(draft) as library:
            ingest(library, open_records(papers).records, source=SOURCE)
            with as_file(files("litsearch") / VECTORS) as vectors:
                shutil.copytree(vectors, library.index_folder / ENCODINGS)
            HybridIndex.open(library.index_folder, library).update()
        draft.replace(folder)
    except OSError:
        if not (folder / "library.db").exists():  # another process may have moved its own there first
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
