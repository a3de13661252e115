import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path, indexed_papers: Path) -> Iterator[Shelf]:
    shelf = Shelf(shutil.copytree(indexed_papers, tmp_path, dirs_exist_ok=True))
    yield shelf
    shelf.close()
