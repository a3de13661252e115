"""What a command loads before it does anything, and from where: in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import BIBTEX

ROOT = Path(__file__).parents[1]
QUESTION = "Does query expansion improve sparse retrieval?"
HEAVY = ("textual", "litellm", "torch", "sentence_transformers", "transformers")
NOT_TO_SEARCH = (*HEAVY, "numpy", "sqlite_utils", "pydantic", "asyncio", "onnxruntime", "rich")


def python(program: str, folder: Path, *words: object) -> str:
    """What a program prints that runs in a folder, with the project's own code on its path."""
    program = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{program}"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *map(str, words)],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LITSEARCH_LIBRARY": str(folder / "library"), "PYTHONPATH": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


COMMAND = """
from litsearch.cli.main import run
try:
    run()
except SystemExit as end:
    assert end.code == 0, end.code
"""
LOADED = "print(*(name for name in {names!r} if name in sys.modules))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library."""
    folder = tmp_path_factory.mktemp("startup")
    (folder / "refs.bib").write_text(BIBTEX, "utf-8")
    python(COMMAND, folder, "add", "refs.bib")
    return folder


@pytest.mark.parametrize(
    "module", ["indexes.hybrid", "litsearch.agent.loop", "litsearch.api", "litsearch.cli.main"]
)
def test_what_is_heavy_is_not_loaded_before_it_is_needed(module: str, tmp_path: Path) -> None:
    assert python(f"import {module}\n" + LOADED.format(names=HEAVY), tmp_path).split() == []


def test_the_package_alone_loads_nothing(tmp_path: Path) -> None:
    names = (*NOT_TO_SEARCH, "tantivy", "sqlite3", "litsearch.api")
    assert python("import litsearch\n" + LOADED.format(names=names), tmp_path).split() == []
    assert python("import litsearch; print(litsearch.Library.__module__)", tmp_path).split() == [
        "litsearch.api"
    ]


@pytest.mark.parametrize("words", [["--help"], ["search", "--help"], ["ask", "--help"]])
def test_help_loads_next_to_nothing(words: list[str], tmp_path: Path) -> None:
    names = (*NOT_TO_SEARCH, "tantivy", "sqlite3")
    assert python(COMMAND + LOADED.format(names=names), tmp_path, *words).splitlines()[-1] == ""


@pytest.mark.parametrize(
    "options", [["--json"], [], ["--year", "2015-", "--has-abstract"], ["--format", "bibtex"]]
)
def test_a_search_without_the_dense_leg_stays_light(options: list[str], folder: Path) -> None:
    program = COMMAND + LOADED.format(names=NOT_TO_SEARCH)
    assert (
        python(program, folder, "search", "sparse retrieval", "--legs", "bm25,sparse", *options).splitlines()[
            -1
        ]
        == ""
    )


def test_the_command_minds_nothing_of_the_folder_it_runs_in(folder: Path) -> None:
    hostile = folder / "hostile"
    hostile.mkdir()
    for package in ("prompts", "tui", "indexes", "litsearch", "rich", "typer"):
        (hostile / package).mkdir()
        (hostile / package / "__init__.py").write_text("raise SystemExit('hostile code was run')\n", "utf-8")
    for name in ("config.toml", "litsearch.toml", ".env"):
        (hostile / name).write_text("LITSEARCH_MODEL = 'hostile/model'\nmodel = 'hostile/model'\n", "utf-8")
    named = ("--library", folder / "library")
    assert "Query expansion" in python(COMMAND, hostile, "search", "expansion", *named)
    assert "hostile" not in python(COMMAND, hostile, "ask", QUESTION, *named)
