"""The command run in this process, from its arguments to its exit status and both streams."""

import logging
from dataclasses import dataclass
from pathlib import Path

import pytest

from litsearch.cli.main import run

BIBTEX = """
@article{amsel2019,
  title = {Query expansion for sparse retrieval},
  author = {Amsel, Ada and Meise, Moritz},
  year = {2019}, journal = {Journal of Search}, doi = {10.1000/one},
  abstract = {Sparse retrieval matches words. Query expansion with feedback terms improved sparse retrieval by
    12.5 percent on five test collections. We release our code.},
}
@inproceedings{drossel2021,
  title = {Dense retrieval of papers},
  author = {Drossel, Dora},
  year = {2021}, booktitle = {Conference on Birds},
  abstract = {Dense retrieval compares vectors. It found more relevant papers than word matching did
    in our study.},
}
@misc{zeisig2015, title = {Songs of {müon} colliders}, author = {Zeisig, Zoe}, year = {2015}}
"""


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Cli:
    """Runs ``litsearch`` with a library of its own."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.folder = folder
        self.library = folder / "library"
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: object) -> Done:
        self._capsys.readouterr()
        self._monkeypatch.setattr("sys.argv", ["litsearch", *map(str, words)])
        handlers = list(logging.root.handlers)
        with pytest.raises(SystemExit) as end:
            run()
        logging.root.handlers[:] = handlers
        captured = self._capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Done(end.value.code, captured.out, captured.err)

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path
