"""``ask`` and ``runs`` through a scripted model, and without any."""

import json
import re
from collections.abc import Iterator

import bibtexparser
import pytest
from command import Cli
from model_server import Answer, ModelServer, Request

QUESTION = "Does query expansion improve sparse retrieval?"
GAIN = (
    "Query expansion with feedback terms improved sparse retrieval by 12.5 percent on five test collections."
)
WORDS = "It found more relevant papers than word matching did in our study."
MODEL = ("--model", "openai/scripted")


def script(request: Request) -> Answer:
    first = "Query expansion for sparse retrieval" in request.text
    match request.step:
        case "plan":
            return {"queries": [{"text": "feedback terms", "purpose": "another name"}]}
        case "judge":
            return {"relevance": 3 if "retrieval" in request.text else 0, "reason": "by its title"}
        case "distill":
            claim, quote = (
                ("Expansion gained 12.5 percent.", GAIN) if first else ("Vectors find more.", WORDS)
            )
            stance = "supports" if first else "contradicts"
            return {"findings": [{"claim": claim, "quote": quote, "stance": stance}]}
        case "gaps":
            return {"queries": []}
        case "compose":
            return {"sentences": [{"text": "Expansion improved it by 12.5 percent.", "findings": [1]}]}
        case _:
            return {"reason": "they say so", "verdict": "supported"}


@pytest.fixture
def read(filled: Cli, model_server: ModelServer) -> Iterator[Cli]:
    """A library of three papers, and a model that reads them."""
    model_server.script = script
    return filled


def run_id(cli: Cli) -> str:
    return str(json.loads(cli("runs", "list", "--json").lines[0])["id"])


def test_the_answer_is_on_stdout_and_the_progress_on_stderr(read: Cli) -> None:
    done = read("ask", QUESTION, *MODEL)
    assert done.status == 0, done.err
    text = " ".join(done.out.split())
    assert re.search(r"Expansion improved it by 12\.5 percent\. \[\d\]", text)
    assert "supported: the quotes are checked" in text
    assert f"“{GAIN}”" in text
    assert re.search(r"What contradicts contradicts: Vectors find more\. \[\d\] Drossel 2021", text)
    assert "(amsel2019)" in text
    assert "3 papers" in text
    assert re.search(r"\d+ model calls, [\d,]+ tokens in, [\d,]+ out, (cost unknown|\$)", text)
    assert "; feedback terms (another name)\n" in done.err
    assert "judge:" not in done.out


def test_json_streams_the_events_one_a_line(read: Cli) -> None:
    done = read("ask", QUESTION, *MODEL, "--json")
    types = [json.loads(line)["type"] for line in done.lines]
    assert types[0].lower() == "started"
    assert types[-1].lower() in ("answered", "spent")
    assert {"planned", "searched", "judged", "distilled", "verified"} <= {each.lower() for each in types}


def test_markdown_has_pandoc_citations_and_a_bib_with_the_same_keys(read: Cli) -> None:
    path = read.folder / "answer.md"
    done = read("ask", QUESTION, *MODEL, "-o", path)
    assert (done.status, done.out) == (0, "")
    text = path.read_text("utf-8")
    assert "Expansion improved it by 12.5 percent [@amsel2019]." in text
    assert 'bibliography: "answer.bib"' in text
    entries = bibtexparser.parse_file(str(path.with_suffix(".bib"))).entries
    assert {entry.key for entry in entries} == set(re.findall(r"\[@(\w+)\]", text))
    assert "[@amsel2019]" in read("runs", "show", run_id(read), "--format", "markdown").out


def test_without_a_model_the_answer_is_made_of_quotes_and_says_so(filled: Cli) -> None:
    done = filled("ask", QUESTION)
    text = " ".join(done.out.split())
    assert done.status == 0, done.out + done.err
    assert "No model read anything" in text
    assert "quoted: the quotes are checked word for word" in text
    assert "model call" not in text


def test_no_evidence_is_no_answer_and_exit_status_1(filled: Cli) -> None:
    done = filled("ask", "Do zebras yodel?", "--author", "nobody at all")
    assert done.status == 1
    assert "No evidence was found, so there is no answer." in done.out


def test_a_model_out_of_reach_is_an_error_and_no_traceback(
    filled: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    done = filled("ask", QUESTION, *MODEL, "--timeout", 20)
    assert done.status in (1, 2)
    assert "failed: " in done.err
    assert "Traceback" not in done.err


def test_budgets_that_make_no_sense_are_refused(filled: Cli) -> None:
    done = filled("ask", QUESTION, "--max-papers", 0)
    assert (done.status, done.out) == (2, "")
    assert "--max-papers must be at least 1" in done.err


def test_a_run_is_shown_again_without_model_or_search(read: Cli, model_server: ModelServer) -> None:
    first = read("ask", QUESTION, *MODEL)
    calls = len(model_server.requests)
    again = read("runs", "show", run_id(read))
    assert again.out == first.out
    assert len(model_server.requests) == calls


def test_an_export_has_the_run_and_all_its_events(read: Cli) -> None:
    streamed = read("ask", QUESTION, *MODEL, "--json").lines
    path = read.folder / "run.jsonl"
    read("runs", "export", run_id(read), "-o", path)
    record, *events = path.read_text("utf-8").splitlines()
    assert json.loads(record)["question"] == QUESTION
    assert events == streamed


def test_an_interrupted_run_shows_what_there_is_and_can_be_resumed(
    read: Cli, monkeypatch: pytest.MonkeyPatch, model_server: ModelServer
) -> None:
    import os
    import signal

    interrupted = False

    def interrupting(request: Request) -> Answer:
        nonlocal interrupted
        if request.step == "distill" and not interrupted:
            interrupted = True
            os.kill(os.getpid(), signal.SIGINT)
        return script(request)

    model_server.script = interrupting
    done = read("ask", QUESTION, *MODEL)
    assert done.status == 130
    assert "This run ended early: stopped by the user." in done.out
    assert "Ctrl-C again" in done.err
    assert read("runs", "list").lines[0].split()[2] == "stopped"
    resumed = read("runs", "resume", run_id(read))
    assert resumed.status == 0, resumed.err
    assert "Expansion improved it by 12.5 percent." in resumed.out
    assert read("runs", "resume", run_id(read)).status == 2


def test_an_unknown_run_is_an_error_with_a_hint(filled: Cli) -> None:
    done = filled("runs", "show", "nope")
    assert done.status == 2
    assert done.err.startswith("error: There is no run 'nope'\nhint: ")
    assert "litsearch ask" in filled("runs", "list").err


def test_the_starter_library_answers_on_a_fresh_machine(cli: Cli) -> None:
    done = cli("ask", QUESTION)
    assert done.status == 0, done.out + done.err
    assert "starter library" in done.err
    assert "litsearch's summary of [" in " ".join(done.out.split())
    assert cli("runs", "show", run_id(cli)).out == done.out


def test_a_run_is_retold(read: Cli) -> None:
    read("ask", QUESTION, *MODEL)
    run = run_id(read)
    end = read("runs", "show", run)
    full = read("runs", "show", run, "--full")
    assert full.out.endswith(end.out)
    text = " ".join(full.out.split())
    assert re.search(r"feedback terms \(another name\)", text)
    assert "Query expansion for sparse retrieval (amsel2019) by its title" in text
    assert "judge (openai/scripted)" in text


def test_recall_by_stage_is_told_where_the_truth_is_known(read: Cli) -> None:
    read("ask", QUESTION, *MODEL)
    qrels = read.file("qrels.tsv", "query-id\tcorpus-id\tscore\nq\tamsel2019\t1\nq\tnowhere\t1\n")
    text = " ".join(read("runs", "show", run_id(read), "--qrels", qrels).out.split())
    assert "of 2 relevant papers" in text
    assert "1 50% first query" in text
    several = read.file("several.tsv", "query-id\tcorpus-id\tscore\nq\tamsel2019\t1\np\tamsel2019\t1\n")
    done = read("runs", "show", run_id(read), "--qrels", several)
    assert done.status == 2
    assert "--query" in done.err
    assert read("runs", "show", run_id(read), "--qrels", several, "--query", "p").status == 0


def test_a_question_is_asked_on_and_listed_so(read: Cli) -> None:
    read("ask", QUESTION, *MODEL)
    first = run_id(read)
    done = read("ask", "--continue", first, "And dense retrieval?")
    assert done.status == 0, done.err
    assert f"of {first}" in done.err
    assert f"(continues {first})" in read("runs", "list").lines[0]


def test_queries_of_ones_own_take_the_place_of_planned_ones(read: Cli) -> None:
    done = read("ask", QUESTION, *MODEL, "--query", "dense vectors", "--query", "+feedback")
    assert done.status == 0, done.err
    assert "plan 1: as asked; dense vectors (the user's own); +feedback (the user's own)" in done.err
    failed = read("ask", QUESTION, "--query", "(dense")
    assert failed.status == 2
    assert "The query “(dense” can't be read" in failed.err


@pytest.mark.parametrize("width", ["80", "140"])
def test_a_review_has_sections_a_table_and_limits(
    read: Cli, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    done = read("ask", "--review", QUESTION)
    assert done.status == 0, done.err
    for part in ("The papers compared", "Limits", "References"):
        assert part in done.lines
    assert f"“{GAIN}”" in " ".join(done.out.split())


def test_a_review_is_written_as_markdown(read: Cli) -> None:
    path = read.folder / "review.md"
    assert read("ask", "--review", QUESTION, *MODEL, "-o", path).status == 0
    text = path.read_text("utf-8")
    assert "# In short\n\nExpansion improved it by 12.5 percent [@amsel2019]." in text
    assert "| [@amsel2019] | supports |" in text
    assert "# Limits\n\nThis review rests on" in text
    assert text.endswith("# References\n\n::: {#refs}\n:::\n")
