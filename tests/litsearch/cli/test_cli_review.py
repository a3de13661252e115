"""``litsearch review`` from the command line."""

import json

from command import Cli

PROTOCOL = """title = "Birds"
[[questions]]
id = "gain"
question = "Does query expansion improve sparse retrieval?"
"""


def test_a_new_protocol_passes_the_check(filled: Cli) -> None:
    path = filled.folder / "new.toml"
    assert filled("review", "new", path).status == 0
    checked = filled("review", "check", path)
    assert checked.status == 0
    assert "2 questions" in checked.out
    assert filled("review", "new", path).status == 2, "nothing is overwritten"


def test_the_check_names_lines(filled: Cli) -> None:
    path = filled.file("bad.toml", PROTOCOL + "yeer = 3\n")
    checked = filled("review", "check", path)
    assert checked.status == 1
    assert checked.out.startswith(f"{path}:5: there is no setting 'yeer'")


def test_the_check_looks_into_the_library(filled: Cli) -> None:
    checked = filled("review", "check", filled.file("p.toml", 'seeds = ["no"]\n' + PROTOCOL))
    assert checked.status == 1
    assert "not in the library: no" in checked.out


def test_a_review_is_run_shown_listed_and_updated(filled: Cli) -> None:
    path, folder = filled.file("p.toml", PROTOCOL), filled.folder / "out"
    done = filled("review", "run", path, "-o", folder)
    assert done.status == 0
    name = done.lines[0].split(":")[0]
    assert done.lines[0] == f"{name}: complete"
    assert (folder / "report.md").exists()
    assert filled("review", "show", name).lines == done.lines
    again = filled("review", "update", name, "-o", filled.folder / "second")
    assert again.status == 0
    assert "nothing new bears on it" in again.out
    listed = filled("review", "list").lines
    assert len(listed) == 2
    assert listed[0].endswith(f"(updates {name})")
    refused = filled("review", "resume", name)
    assert refused.status == 2
    assert "is complete" in refused.err


def test_a_partial_review_says_so_by_its_status(filled: Cli) -> None:
    path = filled.file("p.toml", PROTOCOL + '[[extract]]\nname = "effect"\n')
    assert filled("review", "run", path, "-o", filled.folder / "out").status == 1


def test_events_are_lines_of_json(filled: Cli) -> None:
    path = filled.file("p.toml", PROTOCOL)
    done = filled("review", "run", path, "--json", "-o", filled.folder / "out")
    kinds = [json.loads(each)["type"] for each in done.lines]
    assert kinds[0] == "Begun"
    assert kinds[-1] == "Ended"
    assert "QuestionEnded" in kinds


def test_a_dry_run_makes_nothing(filled: Cli) -> None:
    path = filled.file("p.toml", PROTOCOL)
    done = filled("review", "run", path, "--dry-run", "--model", "openai/gpt-4o-mini")
    assert done.status == 0
    assert done.lines[-1].startswith("all ")
    assert "$" in done.lines[-1]
    assert filled("review", "list").out == ""
