"""The outermost boundary: help, version, errors, streams and exit status."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import Cli

from litsearch.cli import search

COMMAND = (sys.executable, "-c", "from litsearch.cli.main import run; run()")


def test_help_lists_the_commands_and_the_exit_statuses(cli: Cli) -> None:
    done = cli("--help")
    assert done.status == 0
    for word in ("add", "search", "ask", "library", "index", "runs", "eval", "Exit status", "130"):
        assert word in done.out
    assert cli().status in (0, 2)


def test_version(cli: Cli) -> None:
    assert cli("--version").out.startswith("litsearch ")


@pytest.mark.parametrize("words", [["serach"], ["search", "--jsno", "x"], ["search"]])
def test_usage_errors_are_plain_and_exit_2(cli: Cli, words: list[str]) -> None:
    done = cli(*words)
    assert (done.status, done.out) == (2, "")
    assert "Error: " in done.err


def test_the_library_can_be_named_before_and_after_the_command(filled: Cli, tmp_path: Path) -> None:
    other = tmp_path / "other"
    filled("--library", other, "add", filled.folder / "refs.bib")
    assert (other / "library.db").exists()
    for words in (
        ["--library", other, "library"],
        ["library", "--library", other],
        ["library", "--library", other, "imports"],
    ):
        done = filled(*words)
        assert done.status == 0
        assert "refs.bib" in done.out


def test_no_library_is_an_error_with_a_hint(cli: Cli) -> None:
    done = cli("library")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert "\nhint: Add papers with" in done.err
    assert not cli.library.exists()


def test_a_wrong_setting_is_explained_by_every_command(cli: Cli) -> None:
    done = cli("search", "x", "--config", cli.file("c.toml", "modle = 'x'"))
    assert done.status == 2
    assert "Did you mean model?" in done.err


def test_a_fault_of_ours_shows_no_traceback_but_with_v(filled: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("boom \x1b[2J")

    monkeypatch.setattr(search, "open_for_reading", fail)
    done = filled("search", "x")
    assert done.status == 3
    assert "RuntimeError: boom" in done.err
    assert "-v" in done.err
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err
    assert "Traceback" in filled("search", "x", "-v").err


def test_a_reader_that_leaves_early_is_no_error(filled: Cli) -> None:
    environment = {**os.environ, "LITSEARCH_LIBRARY": str(filled.library)}
    records = "".join(f"@misc{{k{n}, title = {{Owls {n} {'x' * 200}}}}}\n" for n in range(600))
    filled("add", filled.file("many.bib", records), "--no-index")
    export = subprocess.Popen(
        [*COMMAND, "library", "export"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert export.stdout is not None
    assert export.stderr is not None
    export.stdout.readline()
    export.stdout.close()
    assert export.wait(30) == 0
    assert export.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
def test_ctrl_c_keeps_what_was_added_and_says_so(cli: Cli) -> None:
    environment = {**os.environ, "LITSEARCH_LIBRARY": str(cli.library)}
    file = cli.folder / "many.bib"
    records = "".join(f"@misc{{k{n}, title = {{Owls in the night number {n}}}}}\n" for n in range(60_000))
    file.write_text(records, "utf-8")
    adding = subprocess.Popen(
        [*COMMAND, "add", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    wal = cli.library / "library.db-wal"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (wal.exists() and wal.stat().st_size > 1_000_000):
        time.sleep(0.05)
    adding.send_signal(signal.SIGINT)
    out, err = adding.communicate(timeout=60)
    assert adding.returncode == 130, err
    assert "Interrupted." in err
    assert "Traceback" not in err
    count = int(out.split("records = ")[1].split(" added")[0].replace(",", ""))
    assert f"The library has {count:,} papers." in out
    assert 0 < count < 60_000


def test_a_terminal_that_knows_no_utf8_gets_an_answer_too(filled: Cli) -> None:
    environment = {**os.environ, "LITSEARCH_LIBRARY": str(filled.library), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*COMMAND, "search", "songs müon"], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert "Songs of m?on colliders" in done.stdout
