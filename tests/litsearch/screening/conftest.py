from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import PAPERS, Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    shelf.add(*PAPERS)
    yield shelf
    shelf.close()
