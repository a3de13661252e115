"""The examples of docs/python.md and docs/shell.md run as they stand, and print what the pages say."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = f"""#!/bin/sh
exec {sys.executable} -P -c 'import sys; sys.path.insert(0, "{ROOT}")
from litsearch.cli.main import run; run()' "$@"
"""


def blocks(page: str, language: str) -> list[str]:
    """The page's blocks of a language; of a block with an expected output, both."""
    return [text for found, text in _BLOCK.findall((PAGES / page).read_text("utf-8")) if found == language]


def scenes() -> list[tuple[str, str | None]]:
    """Each Python example with what it prints, where the page says so."""
    found = _BLOCK.findall((PAGES / "python.md").read_text("utf-8"))
    following = [*found[1:], ("", "")]
    return [
        (text, after if kind == "text" else None)
        for (language, text), (kind, after) in zip(found, following, strict=True)
        if language == "python"
    ]


def test_the_examples_in_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LITSEARCH_LIBRARY", str(tmp_path / "own"))
    names: dict[str, object] = {}
    for code, expected in scenes():
        exec(compile(code, "docs/python.md", "exec"), names)
        printed = capsys.readouterr().out
        assert expected is None or printed == expected, code


@pytest.mark.skipif(not shutil.which("bash") or not shutil.which("jq"), reason="needs bash and jq")
def test_the_examples_in_the_shell(tmp_path: Path) -> None:
    command = tmp_path / "bin" / "litsearch"
    command.parent.mkdir()
    command.write_text(_COMMAND, "utf-8")
    command.chmod(0o755)
    for code in blocks("shell.md", "sh"):
        done = _bash(code, tmp_path)
        assert done.returncode == 0, f"{code}\n{done.stderr}"
        assert done.stdout or ">" in code, code
        assert "error:" not in done.stderr, code


def _bash(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PATH": path, "LITSEARCH_LIBRARY": str(folder / "own")},
        check=False,
    )


def test_a_users_program_is_typed(tmp_path: Path) -> None:
    """The examples, put together, pass mypy --strict: what is public has types."""
    program = tmp_path / "program.py"
    program.write_text("\n".join(code for code, _ in scenes()), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--config-file=",
         f"--cache-dir={tmp_path / 'cache'}", str(program)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
