import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch import Batch, script
from model_server import ModelServer


@pytest.fixture
def batch(tmp_path: Path, indexed_papers: Path, model_server: ModelServer) -> Iterator[Batch]:
    """A small library in which reviews are carried out, with a scripted model that does its work well."""
    model_server.script = script
    batch = Batch(shutil.copytree(indexed_papers, tmp_path / "library"))
    yield batch
    batch.close()
