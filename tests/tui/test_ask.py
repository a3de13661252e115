"""Asking in the app: a run as it unfolds, the answer with the text behind it, and what is done with it."""

import json
from pathlib import Path
from typing import Any

from asking import GAIN, Reader, answered, ask, offered, open_stored, text_of
from model_server import ModelServer
from shelf import QUESTION, Shelf
from stored_runs import keep_cut_short, keep_read
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, Static, TabbedContent
from waiting import until

from litsearch.agent.events import Continued
from tui.app import LitsearchApp
from tui.screens.paper import PaperScreen
from tui.screens.save_answer import SaveAnswer
from tui.widgets.at_work import AtWork


async def test_without_a_model_quotes_are_picked_and_it_says_so(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        assert text_of(pilot, "#asked-by").startswith("No model: the program picks quotes")
        await answered(pilot)
        assert pilot.app.screen.query_one(TabbedContent).active == "answer"
        assert "No model read anything" in text_of(pilot, "#answer-entries")
        assert "12 papers" in text_of(pilot, "#answer-entries")  # how much was looked at
        assert "not compared" in text_of(pilot, "#claim-entries")
        assert "complete" in text_of(pilot, "RunLine")


async def test_a_question_of_several_lines_is_pasted_whole(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        box = pilot.app.screen.query_one("#question", Input)
        box.post_message(Paste("Does query expansion\nimprove sparse retrieval?"))
        await until(pilot, lambda: bool(box.value))
        assert box.value == "Does query expansion improve sparse retrieval?"


async def test_a_sentence_leads_to_its_quotes_and_from_there_to_the_paper(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    run = keep_read(shelf.ledger)
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run)
        await until(pilot, lambda: "Query expansion for sparse retrieval" in text_of(pilot, "#source-text"))
        assert "1 of 2 quotes" in text_of(pilot, "#source-text")
        await pilot.press("right")
        await until(pilot, lambda: "2 of 2 quotes" in text_of(pilot, "#source-text"))
        shown = pilot.app.screen.query_one("#source-text", Static).content
        marks = [shown.plain[span.start : span.end] for span in shown.spans if "reverse" in str(span.style)]
        assert marks == [
            "It makes sparse retrieval systems find more relevant papers at a small cost in speed"
        ]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PaperScreen))
        await pilot.press("escape", "down")
        await until(pilot, lambda: "When expansion hurts" in text_of(pilot, "#source-text"))


async def test_claims_show_who_is_for_and_who_against(own_app: LitsearchApp, shelf: Shelf) -> None:
    run = keep_read(shelf.ledger)
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run)
        await pilot.press("2")
        said = text_of(pilot, "#claim-entries")
        assert "1 supports, 1 contradicts, 1 mixed" in said
        assert "Query expansion improves sparse retrieval.  contested" in said
        assert said.index("supports  [1] Amsel 2019") < said.index("contradicts  [3] Birke, Amsel 2021")


async def test_a_failed_step_is_shown_where_it_failed_with_what_to_do(
    own_app: LitsearchApp, shelf: Shelf
) -> None:
    run = keep_read(shelf.ledger)
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run)
        hint = "A larger model keeps to the form more often"
        assert hint in text_of(pilot, "#searching")  # papers are judged there
        assert hint not in text_of(pilot, "#reading")
        assert hint in text_of(pilot, "#answer-entries")
        assert "1 of its steps failed" in text_of(pilot, "RunLine")
        assert "It always helps" in text_of(pilot, "#answer-entries"), "what was left out, and why"


async def test_a_run_unfolds_and_goes_on_while_one_looks_elsewhere(
    own_app: LitsearchApp, reader: Reader
) -> None:
    reader.held = "distill"
    async with own_app.run_test(size=(140, 40)) as pilot:
        await pilot.press("f3")
        followed = await ask(pilot)
        await until(pilot, lambda: "by its title" in text_of(pilot, "#searching"))
        assert " new of " in text_of(pilot, "#searching")
        assert "of 200 calls" in text_of(pilot, "RunLine")
        assert "no answer yet" in text_of(pilot, "#answer-entries")
        await pilot.press("f2")
        await until(pilot, lambda: pilot.app.screen.query_one(AtWork).display)
        assert QUESTION in text_of(pilot, "AtWork")
        reader.go_on.set()
        await until(pilot, lambda: followed.state == "ended")
        await until(pilot, lambda: not pilot.app.screen.query_one(AtWork).display)
        await pilot.press("f3")
        await until(pilot, lambda: "It improved retrieval by 12.5%. [1]" in text_of(pilot, "#answer-entries"))
        assert "supports" in text_of(pilot, "#reading")


async def test_a_stopped_run_says_so_and_is_carried_on_without_paying_twice(
    own_app: LitsearchApp, reader: Reader, model_server: ModelServer
) -> None:
    reader.held = "distill"
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        followed = await ask(pilot)
        await until(pilot, lambda: "distill" in model_server.steps())
        await pilot.press("x")
        await until(pilot, lambda: followed.state == "ended")
        assert "ended early: stopped by the user" in text_of(pilot, "RunLine")
        paid = model_server.steps().count("judge")
        reader.go_on.set()
        await pilot.press("r")
        again = own_app.live.runs[-1]
        await until(pilot, lambda: again.state == "ended")
        assert again.id == followed.id
        assert again.complete
        assert "It improved retrieval" in text_of(pilot, "#answer-entries")
        assert model_server.steps().count("judge") == paid


async def test_a_second_question_waits_for_the_first(own_app: LitsearchApp, reader: Reader) -> None:
    reader.held = "distill"
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        first = await ask(pilot)
        second = await ask(pilot, "Does feedback improve sparse retrieval?")
        assert second.state == "waiting"
        assert "waits" in text_of(pilot, "RunLine")
        reader.go_on.set()
        await until(pilot, lambda: second.state == "ended")
        assert first.story.failures == []
        assert first.complete
        assert second.complete
        assert "Does feedback" in text_of(pilot, "RunLine")


async def test_a_question_can_follow_on_an_answer(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        first = await answered(pilot)
        await pilot.press("f")
        second = await answered(pilot, "What does feedback cost in speed?")
        [kept] = [event for event in second.events if isinstance(event, Continued)]
        assert kept.run == first.id
        assert first.story.answered
        assert kept.findings == first.story.answered.findings
        assert f"follows on “{QUESTION}”" in text_of(pilot, "#searching")


async def test_what_cannot_be_asked_is_said_in_place(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        await answered(pilot, "???")
        assert "Ask in plain words" in text_of(pilot, "RunLine")
        assert (await answered(pilot)).complete, "the next question is not harmed"


async def test_what_cannot_be_carried_on_is_said_in_place(own_app: LitsearchApp, shelf: Shelf) -> None:
    run = keep_cut_short(shelf.ledger)  # kept without settings, as another version may
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run)
        assert "cut short" in text_of(pilot, "RunLine")
        await pilot.press("r")
        await until(pilot, lambda: own_app.live.runs[-1].state == "ended")
        assert "kept by another version" in text_of(pilot, "RunLine")


async def test_a_run_that_is_not_there_is_said_in_place(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await open_stored(pilot, "no-such-run")
        assert "There is no run 'no-such-run'" in text_of(pilot, "RunLine")


async def test_a_paper_that_is_gone_is_still_quoted(own_app: LitsearchApp, shelf: Shelf) -> None:
    run = keep_read(shelf.ledger)
    shelf.library.remove(["amsel2019"])
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run)
        await until(pilot, lambda: "no longer in the library" in text_of(pilot, "#source-text"))
        assert GAIN in text_of(pilot, "#source-text")


async def test_leaving_in_the_middle_loses_nothing(
    own_app: LitsearchApp, reader: Reader, shelf: Shelf, model_server: ModelServer
) -> None:
    reader.held = "distill"
    async with own_app.run_test() as pilot:
        await pilot.press("f3")
        followed = await ask(pilot)
        await until(pilot, lambda: "distill" in model_server.steps())
    reader.go_on.set()
    assert shelf.ledger.run(followed.id).status == "stopped"
    kept = shelf.ledger.events(followed.id)
    assert kept[: len(followed.events)] == followed.events


async def test_an_answer_is_saved_with_its_bibliography_and_as_events(
    own_app: LitsearchApp, shelf: Shelf, tmp_path: Path
) -> None:
    run = keep_read(shelf.ledger)
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run)
        await save(pilot, tmp_path / "answer.md")
        assert "[@amsel2019" in (tmp_path / "answer.md").read_text("utf-8")
        assert "amsel2019" in (tmp_path / "answer.bib").read_text("utf-8")
        await save(pilot, tmp_path / "answer.jsonl")
        lines = [json.loads(line) for line in (tmp_path / "answer.jsonl").read_text("utf-8").splitlines()]
        assert lines[0]["id"] == run
        assert [line["type"] for line in lines[1:]] == [
            type(event).__name__ for event in shelf.ledger.events(run)
        ]


async def test_saving_asks_before_it_writes_over_a_file_and_says_what_went_wrong(
    own_app: LitsearchApp, shelf: Shelf, tmp_path: Path
) -> None:
    run = keep_read(shelf.ledger)
    (tmp_path / "answer.md").write_text("mine", "utf-8")
    async with own_app.run_test() as pilot:
        await open_stored(pilot, run)
        await pilot.press("s")
        box = pilot.app.screen.query_one("#path", Input)
        for name, problem in {"answer.txt": "must end in", "no/answer.md": "No such file"}.items():
            box.value = str(tmp_path / name)
            await pilot.press("enter")
            await until(pilot, lambda problem=problem: problem in text_of(pilot, ".problem"))
        box.value = str(tmp_path / "answer.md")
        await pilot.press("enter")
        assert "answer.md is there already" in text_of(pilot, ".problem")
        assert (tmp_path / "answer.md").read_text("utf-8") == "mine"
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SaveAnswer))
        assert "[@amsel2019" in (tmp_path / "answer.md").read_text("utf-8")


async def save(pilot: Pilot[Any], path: Path) -> None:
    await pilot.press("s")
    pilot.app.screen.query_one("#path", Input).value = str(path)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, SaveAnswer))


async def test_the_settings_of_the_next_question_can_be_changed(own_app: LitsearchApp) -> None:
    async with own_app.run_test() as pilot:
        await pilot.press("f3", "escape")
        own_app.screen.set_focus(None)
        await pilot.press("e")
        form = pilot.app.screen
        form.query_one("#model", Input).value = "ollama/qwen3"
        form.query_one("#max_cost", Input).value = "a lot"
        form.query_one("#max_papers", Input).value = "5"
        await pilot.press("enter")
        assert "Cost at most" in text_of(pilot, "#problem")
        form.query_one("#max_cost", Input).value = "0.5"
        await pilot.press("enter")
        await pilot.pause()
        assert text_of(pilot, "#asked-by") == "ollama/qwen3 reads up to 5 papers, 200 calls at most, $0.5"
        assert own_app.live.settings.max_cost == 0.5
        assert own_app.settings.model == "", "only the questions of this session"


async def test_only_what_can_be_done_is_offered(own_app: LitsearchApp, shelf: Shelf) -> None:
    read, cut = keep_read(shelf.ledger), shelf.ledger.start("Something else", name="elsewhere")
    async with own_app.run_test() as pilot:
        await open_stored(pilot, read)
        assert offered(pilot) >= {"follow_up", "save"}
        assert not offered(pilot) & {"stop", "resume"}
        own_app.open_run(cut)
        await until(pilot, lambda: "another process" in text_of(pilot, "RunLine"))
        assert not offered(pilot) & {"stop", "resume", "follow_up"}
