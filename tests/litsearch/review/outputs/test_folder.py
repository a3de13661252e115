"""The folder as a whole: what is in it, that it is the same again, and that it is never half there."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from made_reviews import later, made

from litsearch.agent.events import Event, Spent, Started
from litsearch.errors import RunError
from litsearch.review import outputs
from litsearch.review.protocol import Protocol, Question
from litsearch.review.result import Flow

NAMES = {
    *("report.md", "report.html", "years.svg", "stances.svg", "prisma.svg", "prisma.mmd", "prisma.json"),
    *("answers.jsonl", "evidence.csv", "evidence.jsonl", "extraction.csv", "screening.csv", "ledger.jsonl"),
    *("references.bib", "references.ris", "references.csl.json", "protocol.toml", "manifest.json"),
}


def events(run: str) -> list[Event]:
    return [Started(run, "Does expansion help?", "scripted", 3, 50, 7, False), Spent(len(run), 0, 1, 1, None)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_everything_is_there_and_the_manifest_has_its_hash(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path / "out", events)
    found = contents(tmp_path / "out")
    assert found.keys() == NAMES
    manifest = json.loads(found.pop("manifest.json"))
    assert manifest["files"] == {name: sha256(content).hexdigest() for name, content in found.items()}
    assert manifest["spent"]["calls"] == 12
    assert manifest["runs"] == {"q1": "run-1", "q2": "run-2"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_same_review_on_another_day_gives_the_same_bytes(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path / "one", events)
    outputs.write(later(made()), tmp_path / "other", events)
    one, other = contents(tmp_path / "one"), contents(tmp_path / "other")
    assert [name for name in NAMES if one[name] != other[name]] == ["manifest.json"]


def test_a_later_review_takes_the_place_of_an_earlier_one_and_spares_the_users_files(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    outputs.write(made("first"), folder)
    (folder / "notes.md").write_text("mine", "utf-8")
    (folder / "more").mkdir()
    (folder / "more" / "a.txt").write_text("mine too", "utf-8")
    nothing = replace(made("second"), questions=(), papers=(), synthesis=())  # it has fewer plots
    outputs.write(nothing, folder)
    assert {path.name for path in folder.iterdir()} == (NAMES - {"years.svg", "stances.svg"}) | {
        "notes.md",
        "more",
    }
    assert "second" in (folder / "report.md").read_text("utf-8")
    assert (folder / "more" / "a.txt").read_text("utf-8") == "mine too"


def test_an_interrupted_exchange_of_folders_is_made_good(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    outputs.write(made(), folder)
    (folder / "notes.md").write_text("mine", "utf-8")
    folder.rename(tmp_path / "out.before")  # as where the process was killed there
    outputs.write(made(), folder)
    assert {path.name for path in folder.iterdir()} == {*NAMES, "notes.md"}
    assert not (tmp_path / "out.before").exists()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_files_of_others_are_never_overwritten(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "thesis"
    kept = place / "chapter.tex" if kind == "folder" else place
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine", "utf-8")
    with pytest.raises(RunError, match="none of a review"):
        outputs.write(made(), place)
    assert kept.read_text("utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(RunError, match="can't be written"):
        outputs.write(made(), tmp_path / "file" / "out")


def test_a_review_of_nothing_can_be_written(tmp_path: Path) -> None:
    result = replace(
        made(),
        protocol=Protocol("Nothing yet", (Question("Why?", "q1"),)),
        flow=Flow(),
        screened=(),
        extracted=(),
        questions=(),
        synthesis=(),
        papers=(),
        problems=(),
        changes=(),
    )
    outputs.write(result, tmp_path / "out")
    assert "Nothing yet" in (tmp_path / "out" / "report.md").read_text("utf-8")


def test_the_ledger_has_every_event_but_what_differs_from_day_to_day(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path / "out", events)
    lines = (tmp_path / "out" / "ledger.jsonl").read_text("utf-8").splitlines()
    assert [(record["question_id"], record["type"]) for record in map(json.loads, lines)] == [
        ("q1", "Started"),
        ("q2", "Started"),
    ]
    assert "run-1" not in "".join(lines)


def test_a_question_whose_run_never_began_has_no_events(tmp_path: Path) -> None:
    def missing(run: str) -> list[Event]:
        if run == "run-2":
            raise RunError("There is no run 'run-2'")
        return events("run-10")  # the only one that begins like run-1

    outputs.write(made(), tmp_path / "out", missing)
    assert (tmp_path / "out" / "ledger.jsonl").read_text("utf-8") == ""


def test_a_disk_that_is_full_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    outputs.write(made("first"), folder)
    before = contents(folder)
    really_write = Path.write_bytes

    def write(path: Path, content: bytes) -> int:
        if path.name == "screening.csv":
            raise OSError(28, "No space left on device", str(path))
        return really_write(path, content)

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(RunError, match="No space left"):
        outputs.write(made("second"), folder)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
