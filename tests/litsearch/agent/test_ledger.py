import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from litsearch.agent import ledger_migrations
from litsearch.agent.budget import Usage
from litsearch.agent.events import Event, Failed, Planned, PlannedQuery
from litsearch.agent.ledger import VERSION, Call, Ledger, Reply
from litsearch.errors import RunError

PLANNED = Planned(1, (PlannedQuery("sparse retrieval", "the question's own terms"),), "model")
FAILED = Failed("judge", "no reply", "try again")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def call(key: str, run: str) -> Call:
    return Call(key, run, "judge", "openai/local", "judge 1", "{}")


def test_a_run_with_its_events_is_read_back_by_another_process(ledger: Ledger, tmp_path: Path) -> None:
    run = ledger.start("Does query expansion help?", settings='{"seed": 0}', model="openai/local")
    assert [ledger.append(run, PLANNED), ledger.append(run, FAILED)] == [1, 2]
    ledger.finish(run, "complete")

    again = Ledger(tmp_path)
    assert again.events(run) == [PLANNED, FAILED]
    [record] = again.runs()
    assert (record.id, record.question, record.settings) == (run, "Does query expansion help?", '{"seed": 0}')
    assert (record.model, record.status) == ("openai/local", "complete")
    assert record.started_at <= (record.finished_at or "")


def test_an_id_is_made_of_words_of_the_question(ledger: Ledger) -> None:
    assert ledger.start("What does query expansion do for recall, then?")[:-5] == "query-expansion-recall"
    assert ledger.start("什么是稀疏检索?").startswith("run-")
    assert len({ledger.start("the same question") for _ in range(50)}) == 50


def test_an_event_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from litsearch.agent.events import Failed
from litsearch.agent.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
run = ledger.start("killed at once")
ledger.append(run, Failed("judge", "no reply", "try again"))
print(run, flush=True)
os.kill(os.getpid(), 9)
"""
    killed = subprocess.run([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True)
    assert Ledger(tmp_path).events(killed.stdout.strip()) == [FAILED]


def test_reading_makes_no_file(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.runs() == []
    assert ledger.cached("key", run="") is None
    with pytest.raises(RunError, match="no run"):
        ledger.events("anything")
    assert list(tmp_path.iterdir()) == []


def test_reading_an_existing_ledger_needs_no_sqlite_utils(ledger: Ledger, tmp_path: Path) -> None:
    ledger.start("a question")
    program = """
import sys
from pathlib import Path
from litsearch.agent.ledger import Ledger
assert len(Ledger(Path(sys.argv[1])).runs()) == 1
assert "sqlite_utils" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True)


def test_a_run_is_found_by_the_start_of_its_id(ledger: Ledger) -> None:
    first, second = ledger.start("sparse retrieval"), ledger.start("sparse encoders")
    assert ledger.run(first[:10]).id == first
    with pytest.raises(RunError) as ambiguous:
        ledger.run("sparse")
    assert first in ambiguous.value.hint
    assert second in ambiguous.value.hint


def test_an_unknown_run_is_answered_with_near_ones(ledger: Ledger) -> None:
    run, _ = ledger.start("sparse retrieval"), ledger.start("glacier melting")
    with pytest.raises(RunError) as unknown:
        ledger.run("sparce-retrieval")
    assert run in unknown.value.hint
    assert "glacier" not in unknown.value.hint


def test_the_newest_run_comes_first(ledger: Ledger) -> None:
    ids = [ledger.start(question) for question in ("zebra", "apple", "mango")]
    assert [run.id for run in ledger.runs()] == ids[::-1]


def test_resuming_returns_what_was_said_and_begins_again(ledger: Ledger) -> None:
    run = ledger.start("a question")
    ledger.append(run, PLANNED)
    ledger.finish(run, "failed")
    assert ledger.resume(run[:-1]) == [PLANNED]
    assert ledger.events(run) == []
    ledger.append(run, FAILED)
    assert ledger.events(run) == [FAILED]
    ledger.finish(run, "stopped")
    assert ledger.resume(run) == [PLANNED, FAILED]
    assert ledger.run(run).status == "running"


def test_a_run_that_a_process_carries_is_not_resumed_by_another(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger(tmp_path)
    run = ledger.start("a question")
    with pytest.raises(RunError, match="at work"):
        other.resume(run)
    with pytest.raises(RunError, match="at work"):
        ledger.resume(run)
    ledger.finish(run, "stopped")
    assert other.resume(run) == []
    with pytest.raises(RunError, match="at work"):
        ledger.resume(run)
    assert ledger.run(run).status == "running"


def test_a_run_whose_process_died_is_killed_and_not_running(ledger: Ledger, tmp_path: Path) -> None:
    run = ledger.start("a question")
    assert Ledger(tmp_path).run(run).status == "running"
    ledger.close()  # the system frees what a process held
    assert Ledger(tmp_path).run(run).status == "killed"
    assert Ledger(tmp_path).resume(run) == []


def test_a_run_that_ended_leaves_no_lock(ledger: Ledger, tmp_path: Path) -> None:
    ledger.finish(ledger.start("a question"), "complete")
    assert list((tmp_path / "running").iterdir()) == []


def test_a_complete_run_is_not_resumed(ledger: Ledger) -> None:
    run = ledger.start("a question")
    ledger.finish(run, "complete")
    with pytest.raises(RunError, match="complete"):
        ledger.resume(run)


def test_a_reply_is_kept_and_found_again(ledger: Ledger, tmp_path: Path) -> None:
    reply = Reply("{}", "stop", Usage(12, 3, 0.004, estimated=True))
    ledger.keep(call("key", "one"), reply)
    assert Ledger(tmp_path).cached("key", run="another") == reply
    assert ledger.cached("other", run="one") is None


@pytest.mark.parametrize(
    "spoilt", [Reply("", "stop", Usage(1, 0, None)), Reply("{", "length", Usage(1, 9, None))]
)
def test_a_spoilt_reply_serves_only_the_run_that_paid_for_it(ledger: Ledger, spoilt: Reply) -> None:
    ledger.keep(call("key", "one"), spoilt)
    assert ledger.cached("key", run="one") == spoilt
    assert ledger.cached("key", run="two") is None
    mended = Reply("{}", "stop", Usage(1, 1, None))
    ledger.keep(call("key", "two"), mended)
    assert ledger.cached("key", run="one") == mended


def test_threads_may_share_a_ledger(ledger: Ledger) -> None:
    run = ledger.start("a question")
    threads = [
        threading.Thread(target=lambda: [ledger.append(run, FAILED) for _ in range(20)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.events(run)) == 80


def test_processes_may_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from litsearch.agent.ledger import Ledger
Ledger(Path(sys.argv[1])).start("a question")
"""
    running = [subprocess.Popen([sys.executable, "-c", program, tmp_path]) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    assert len(Ledger(tmp_path).runs()) == 4


def test_a_file_that_is_no_ledger_is_an_error_that_names_it(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "runs.db").write_text("not a database " * 100)
    with pytest.raises(RunError, match=r"runs\.db"):
        ledger.runs()


def test_a_newer_ledger_is_left_alone(ledger: Ledger, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "runs.db") as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(RunError, match="newer"):
        ledger.start("a question")


def test_the_version_counts_the_migrations(ledger: Ledger, tmp_path: Path) -> None:
    ledger.start("a question")
    assert len(ledger_migrations.STEPS) == VERSION
    recorded = sqlite3.connect(tmp_path / "runs.db").execute("SELECT name FROM _sqlite_migrations").fetchall()
    assert [name for (name,) in recorded] == [step.__name__ for step in ledger_migrations.STEPS]


def test_an_event_that_cannot_be_read_is_an_error(ledger: Ledger, tmp_path: Path) -> None:
    run = ledger.start("a question")
    ledger.append(run, FAILED)
    with sqlite3.connect(tmp_path / "runs.db") as connection:
        connection.execute('UPDATE events SET body = \'{"type": "Sung"}\'')
    with pytest.raises(RunError, match="Sung"):
        ledger.events(run)


def test_a_text_of_any_kind_is_kept(ledger: Ledger) -> None:
    run = ledger.start("a question")
    event: Event = Failed("judge", "日本 \x1b[31m \u202e \ud800", "")
    ledger.append(run, event)
    assert ledger.events(run) == [event]
