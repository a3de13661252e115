from pathlib import Path

import pytest
from command import BIBTEX, Cli


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command with an empty library."""
    cli = Cli(tmp_path, capsys, monkeypatch)
    monkeypatch.setenv("LITSEARCH_LIBRARY", str(cli.library))
    monkeypatch.setenv("COLUMNS", "80")
    return cli


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """The command with three papers in its library."""
    done = cli("add", cli.file("refs.bib", BIBTEX))
    assert done.status == 0, done.err
    return cli
