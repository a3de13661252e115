"""``litsearch review`` from the command line."""

import csv
import json

import pytest
from command import Cli
from model_server import Answer, ModelServer, Request

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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.csv", "id,question,year_to\nold,Which retrieval is it?,2020\n"),
        ("q.jsonl", '{"id": "old", "question": "Which retrieval is it?", "filters": {"year_to": 2020}}\n'),
    ],
)
def test_questions_of_a_file_are_answered_within_their_own_filters(filled: Cli, name: str, text: str) -> None:
    filled.file(name, text)
    more = '[[questions]]\nid = "all"\nquestion = "Which retrieval is it?"\n'
    path = filled.file("p.toml", f'title = "Birds"\nquestions_file = "{name}"\n{more}')
    assert filled("review", "run", path, "-o", filled.folder / "out").status == 0
    with (filled.folder / "out" / "evidence.csv").open(encoding="utf-8", newline="") as file:
        found = {(row["question"], row["key"]) for row in csv.DictReader(file)}
    assert {key for id_, key in found if id_ == "old"} == {"amsel2019"}
    assert {key for id_, key in found if id_ == "all"} == {"amsel2019", "drossel2021"}
    assert "Narrowed to year to: 2020." in (filled.folder / "out" / "report.md").read_text("utf-8")


def test_a_spent_budget_leaves_a_folder_and_is_carried_on(filled: Cli, model_server: ModelServer) -> None:
    def script(request: Request) -> Answer:
        match request.step:
            case "screen":
                return {"reason": "fits", "criterion": "", "verdict": "include"}
            case "judge":
                return {"relevance": 0, "reason": "no"}
            case "plan" | "gaps":
                return {"queries": []}
            case _:
                return {}

    model_server.script = script
    screened = '[search]\neverything = true\n[model]\nname = "openai/scripted"\n'
    path = filled.file("p.toml", f'include = ["birds"]\n{PROTOCOL}{screened}')
    folder = filled.folder / "out"
    cut = filled("review", "run", path, "-o", folder, "--max-calls", "2")
    assert cut.status == 1
    assert "problem: screen: " in cut.out
    assert "limit" in cut.out
    assert "it was not asked" in (folder / "report.md").read_text("utf-8")
    assert len(model_server.requests) == 2
    name = cut.lines[0].split(":")[0]
    done = filled("review", "resume", name, "--max-calls", "100")
    assert done.status == 0, done.out
    assert model_server.steps().count("screen") == 3
    assert "not asked" not in (folder / "report.md").read_text("utf-8")


def test_an_update_asks_again_what_a_new_paper_bears_on(filled: Cli) -> None:
    path = filled.file("p.toml", PROTOCOL)
    name = filled("review", "run", path, "-o", filled.folder / "one").lines[0].split(":")[0]
    new = (
        "@article{neu2024, title = {Query expansion again}, year = {2024}, abstract = {Query expansion"
        " improved sparse retrieval by a fifth in our new study.}}"
    )
    assert filled("add", filled.file("new.bib", new)).status == 0
    done = filled("review", "update", name, "-o", filled.folder / "two")
    assert done.status == 0
    assert "quoted anew: neu2024" in done.out
    assert "What changed" in (filled.folder / "two" / "report.md").read_text("utf-8")
    changed = filled("review", "diff", filled.folder / "one", filled.folder / "two").out
    assert "+ neu2024" in changed
