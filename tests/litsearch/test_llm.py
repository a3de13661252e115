"""The model seam, through the real litellm and a real HTTP server."""

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from model_server import Fault, Hang, ModelServer, Request, Reset, Say

import prompts
from litsearch.agent.budget import Budget
from litsearch.agent.ledger import Ledger
from litsearch.agent.replies import JudgeReply
from litsearch.config import Settings
from litsearch.errors import BudgetError, HintedError, ModelError
from litsearch.llm import Model

GOOD = {"relevance": 3, "reason": "it says so"}


def prompt(paper: str = "a paper") -> prompts.Prompt:
    return prompts.load("judge").fill(question="Does it help?", paper=paper)


class Bench:
    """A model at the scripted server, with a ledger of its own."""

    def __init__(self, folder: Path, server: ModelServer) -> None:
        self.server = server
        self.ledger = Ledger(folder)
        self.settings = Settings(library=folder, model="openai/scripted", call_timeout=20, concurrency=4)
        self.budget = Budget(max_calls=100)

    def run(
        self, work: Callable[[Model], Coroutine[Any, Any, Any]], *, run: str = "one", **settings: Any
    ) -> Any:
        """What the coroutine gives, in an event loop of its own; ``budget`` is then that of this run."""
        chosen = replace(self.settings, **settings)
        self.budget = Budget(max_calls=chosen.max_calls, max_cost=chosen.max_cost, timeout=chosen.timeout)

        async def session() -> Any:
            model = Model(chosen, self.ledger, self.budget, run=run)
            try:
                return await work(model)
            finally:
                await model.close()

        return asyncio.run(session())

    def ask(self, paper: str = "a paper", *, run: str = "one", **settings: Any) -> Any:
        return self.run(lambda model: model.ask(prompt(paper), JudgeReply, step="judge"), run=run, **settings)

    def failure(self, paper: str = "a paper", **settings: Any) -> HintedError:
        with pytest.raises((ModelError, BudgetError)) as caught:
            self.ask(paper, **settings)
        return caught.value


@pytest.fixture
def bench(tmp_path: Path, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr("litsearch.llm._FIRST_WAIT", 0.001)
    model_server.script = lambda request: GOOD
    return Bench(tmp_path, model_server)


def test_a_prompt_is_answered_by_a_checked_value(bench: Bench) -> None:
    assert bench.ask("A paper on expansion.") == JudgeReply(relevance=3, reason="it says so")
    [request] = bench.server.requests
    assert request.step == "judge"
    assert "A paper on expansion." in request.text
    assert '{"reason": string, "relevance": 0 | 1 | 2 | 3}' in request.text
    assert (request.body["model"], request.body["temperature"], request.body["seed"]) == ("scripted", 0, 0)


def test_tokens_are_counted(bench: Bench) -> None:
    bench.ask()
    spent = bench.budget.spent()
    assert (spent.calls, spent.cached, spent.prompt_tokens, spent.completion_tokens) == (1, 0, 100, 20)
    assert (spent.cost, spent.estimated) == (None, False)


def test_tokens_that_the_server_does_not_count_are_reckoned_and_said_to_be(bench: Bench) -> None:
    bench.server.script = lambda request: Say('{"relevance": 1}', usage=None)
    bench.ask("word " * 400)
    spent = bench.budget.spent()
    assert spent.estimated
    assert 400 < spent.prompt_tokens < 1500


def test_a_known_model_has_a_price(bench: Bench) -> None:
    bench.server.script = lambda request: Say('{"relevance": 1}', usage=(1_000_000, 0))
    bench.ask(model="openai/gpt-4o-mini")
    assert bench.budget.spent().cost == pytest.approx(0.15)


def test_an_equal_call_is_never_paid_twice(bench: Bench) -> None:
    first = bench.ask()
    assert bench.ask(run="another run", max_calls=0, max_cost=0.0) == first
    assert len(bench.server.requests) == 1
    assert (bench.budget.spent().calls, bench.budget.spent().cached) == (0, 1)


@pytest.mark.parametrize("change", [{"model": "openai/other"}, {"seed": 1}, {"paper": "another paper"}])
def test_a_call_that_differs_is_made(bench: Bench, change: dict[str, Any]) -> None:
    bench.ask()
    bench.ask(**change)
    assert len(bench.server.requests) == 2


def test_equal_calls_at_once_are_made_once(bench: Bench) -> None:
    async def twice(model: Model) -> list[JudgeReply]:
        return await asyncio.gather(*(model.ask(prompt(), JudgeReply, step="judge") for _ in range(5)))

    assert len(bench.run(twice)) == 5
    assert len(bench.server.requests) == 1


def test_models_may_follow_and_overlap_in_one_event_loop(bench: Bench) -> None:
    async def several(first: Model) -> None:
        await first.ask(prompt(), JudgeReply, step="judge")
        second = Model(bench.settings, bench.ledger, bench.budget)
        await first.close()
        await second.ask(prompt("another paper"), JudgeReply, step="judge")
        await second.close()
        third = Model(bench.settings, bench.ledger, bench.budget)
        await third.ask(prompt("a third paper"), JudgeReply, step="judge")
        await third.close()

    bench.run(several)
    assert len(bench.server.requests) == 3


def test_no_more_calls_at_once_than_set(bench: Bench) -> None:
    def slowly(request: Request) -> dict[str, Any]:
        time.sleep(0.05)
        return GOOD

    bench.server.script = slowly

    async def many(model: Model) -> None:
        await asyncio.gather(*(model.ask(prompt(f"paper {n}"), JudgeReply, step="judge") for n in range(9)))

    bench.run(many, concurrency=3)
    assert bench.server.at_once == 3


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"relevance": 2}\n```',
        'Here you are: {"relevance": 2} I hope it helps.',
        '<think>{"relevance": 0}?</think>{"relevance": 2}',
    ],
)
def test_what_surrounds_the_json_does_not_matter(bench: Bench, text: str) -> None:
    bench.server.script = lambda request: text
    assert bench.ask().relevance == 2
    assert len(bench.server.requests) == 1


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Say("I think it is relevant."), "no JSON object"),
        (Say('{"relevance": 7}'), "relevance: Input should be less than or equal to 3"),
        (Say('{"relevance": 3, "reason": "cut o', finish="length", usage=(9, 55)), "cut off after 55 tokens"),
        (Say(""), "empty"),
        (Say(None), "empty"),
    ],
)
def test_a_bad_reply_is_mended_once(bench: Bench, bad: Say, said: str) -> None:
    bench.server.script = lambda request: GOOD if request.is_repair else bad
    assert bench.ask().relevance == 3
    first, repair = bench.server.requests
    assert repair.messages[:2] == first.messages
    assert said in repair.messages[-1]["content"]


@pytest.mark.parametrize("bad", [Say("nonsense"), Say(""), Say('{"relevance"', finish="length")])
def test_a_reply_that_stays_bad_fails_that_call_alone(bench: Bench, bad: Say) -> None:
    bench.server.script = lambda request: bad if "poison" in request.text else GOOD

    async def both(model: Model) -> Any:
        return await asyncio.gather(
            model.ask(prompt("poison"), JudgeReply, step="judge"),
            model.ask(prompt("a paper"), JudgeReply, step="judge"),
            return_exceptions=True,
        )

    failed, fine = bench.run(both)
    assert isinstance(failed, ModelError)
    assert not failed.fatal
    assert fine.relevance == 3
    assert len(bench.server.requests) == 3
    with pytest.raises(ModelError):
        bench.ask("poison")  # the same run again, resumed
    assert len(bench.server.requests) == 3


@pytest.mark.parametrize(
    "refusal", [Say(None, refusal="I can't help with that."), Say("", finish="content_filter")]
)
def test_a_refusal_is_an_error_and_not_repaired(bench: Bench, refusal: Say) -> None:
    bench.server.script = lambda request: refusal
    assert "refused" in bench.failure().message
    assert len(bench.server.requests) == 1


@pytest.mark.parametrize("fault", [Fault(500), Fault(502), Fault(503), Fault(504), Reset(), Fault(429)])
def test_passing_trouble_is_tried_again(bench: Bench, fault: Fault | Reset) -> None:
    bench.server.faults = [fault, fault]
    assert bench.ask().relevance == 3
    assert len(bench.server.requests) == 3
    assert bench.budget.spent().calls == 1


def test_trouble_that_does_not_pass_ends(bench: Bench) -> None:
    bench.server.script = lambda request: Fault(503, message="overloaded")
    failure = bench.failure()
    assert "overloaded" in failure.message
    assert len(bench.server.requests) == 5
    assert bench.budget.spent().calls == 0


def test_a_server_says_how_long_to_wait(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr("litsearch.llm.asyncio.sleep", noted)
    bench.server.faults = [Fault(429, {"Retry-After": "7"}), Fault(503, {"Retry-After": "3.5"})]
    assert bench.ask().relevance == 3
    assert [wait for wait in waits if wait >= 1] == [7, 3.5]


def test_a_wait_that_the_time_limit_does_not_allow_is_not_begun(bench: Bench) -> None:
    bench.server.faults = [Fault(429, {"Retry-After": "50"})]
    assert "too often" in bench.failure(timeout=30).message
    assert len(bench.server.requests) == 1


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (Fault(401, message="Incorrect API key"), "OPENAI_API_KEY"),
        (Fault(403), "right"),
        (Fault(404, message="The model does not exist"), "name"),
        (Fault(429, message="You exceeded your current quota"), "billing"),
    ],
)
def test_lasting_trouble_fails_at_once_and_for_every_call(bench: Bench, fault: Fault, hint: str) -> None:
    bench.server.script = lambda request: fault

    async def in_turn(model: Model) -> list[ModelError]:
        failures = []
        for paper in ("one", "two"):
            with pytest.raises(ModelError) as caught:
                await model.ask(prompt(paper), JudgeReply, step="judge")
            failures.append(caught.value)
        return failures

    for failure in bench.run(in_turn):
        assert failure.fatal
        assert hint in failure.hint
        assert fault.message in failure.message
    assert len(bench.server.requests) == 1


def test_a_request_that_is_not_taken_fails_alone(bench: Bench) -> None:
    bench.server.script = lambda request: Fault(400, message="no tools here")
    failure = bench.failure()
    assert "no tools here" in failure.message
    assert isinstance(failure, ModelError)
    assert not failure.fatal
    assert len(bench.server.requests) == 1


def test_a_prompt_that_is_too_long_is_said_to_be(bench: Bench) -> None:
    bench.server.script = lambda request: Fault(
        400, message="This model's maximum context length is 10 tokens."
    )
    assert "too long" in bench.failure().message


def test_a_parameter_that_the_server_refuses_is_left_out(bench: Bench) -> None:
    def picky(request: Request) -> Any:
        if "response_format" in request.body:
            return Fault(400, message="'response_format.type' must be 'json_schema' or 'text'")
        return GOOD

    bench.server.script = picky

    async def several(model: Model) -> None:
        await asyncio.gather(*(model.ask(prompt(f"{n}"), JudgeReply, step="judge") for n in range(3)))
        await model.ask(prompt("later"), JudgeReply, step="judge")

    bench.run(several)
    assert "response_format" not in bench.server.requests[-1].body
    assert bench.budget.spent().calls == 4


def test_no_server_names_what_to_start(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OLLAMA_API_BASE", "http://127.0.0.1:9")
    assert "No server answers" in bench.failure().message
    assert "ollama serve" in bench.failure(model="ollama/llama3.2").hint


@pytest.mark.parametrize(
    "model", ["openai/gpt-4o", "gpt-4o", "anthropic/claude-3-haiku-20240307", "gemini/x"]
)
def test_a_missing_key_names_its_variable(bench: Bench, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    failure = bench.failure(model=model)
    assert isinstance(failure, ModelError)
    assert failure.fatal
    assert "_API_KEY" in failure.hint


def test_a_model_without_a_provider_is_explained(bench: Bench) -> None:
    assert "openai/nonsense" in bench.failure(model="nonsense").hint


@pytest.mark.parametrize(
    "fault",
    [
        Fault(200, message="<html>It works!</html>", content_type="text/html"),
        Fault(200, message="{}"),
        Fault(200, content_type="text/plain", message='{"choices": []}'),
    ],
)
def test_a_server_that_speaks_another_protocol_is_an_error(bench: Bench, fault: Fault) -> None:
    bench.server.script = lambda request: fault
    assert isinstance(bench.failure(), ModelError)


def test_a_call_that_takes_too_long_is_tried_once_more(bench: Bench) -> None:
    bench.server.faults = [Hang(30)]
    assert bench.ask(call_timeout=1).relevance == 3
    bench.server.faults = [Hang(30), Hang(30)]
    assert "in time" in bench.failure("another paper", call_timeout=1).message


def test_the_time_limit_of_the_run_ends_a_call(bench: Bench) -> None:
    bench.server.faults = [Hang(30)]
    assert isinstance(bench.failure(timeout=1.0), BudgetError)


def test_no_more_calls_than_allowed(bench: Bench) -> None:
    async def many(model: Model) -> list[Any]:
        return await asyncio.gather(
            *(model.ask(prompt(f"paper {n}"), JudgeReply, step="judge") for n in range(9)),
            return_exceptions=True,
        )

    outcomes = bench.run(many, max_calls=4)
    assert sum(isinstance(outcome, JudgeReply) for outcome in outcomes) == 4
    assert sum(isinstance(outcome, BudgetError) for outcome in outcomes) == 5
    assert len(bench.server.requests) == 4


def test_a_cost_limit_is_kept(bench: Bench) -> None:
    bench.server.script = lambda request: Say('{"relevance": 1}', usage=(100_000, 0))  # $0.015 each

    async def in_turn(model: Model) -> None:
        for n in range(9):
            await model.ask(prompt(f"paper {n}"), JudgeReply, step="judge")

    with pytest.raises(BudgetError, match="cost limit"):
        bench.run(in_turn, model="openai/gpt-4o-mini", max_cost=0.04)
    assert len(bench.server.requests) == 3


def test_a_cost_limit_needs_a_price(bench: Bench) -> None:
    assert "--max-calls" in bench.failure(max_cost=1.0).hint
    assert bench.server.requests == []


def test_cancelling_leaves_nothing_behind(bench: Bench) -> None:
    async def cancelled(model: Model) -> None:
        calls = [asyncio.create_task(model.ask(prompt(f"{n}"), JudgeReply, step="judge")) for n in range(8)]
        while not bench.server.requests:
            await asyncio.sleep(0.01)
        for call in calls:
            call.cancel()
        outcomes = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 5)
        assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
        bench.server.faults.clear()
        assert (await model.ask(prompt("afterwards"), JudgeReply, step="judge")).relevance == 3

    bench.server.faults = [Hang(30)] * 8
    bench.run(cancelled)


def test_terminal_escapes_and_broken_unicode_do_not_come_through(bench: Bench) -> None:
    bench.server.script = lambda request: Say(
        '{"relevance": 1, "reason": "\\u001b[31mred\\u202e\\ud800 \\n x"}'
    )
    assert bench.ask().reason == "[31mred \n x"
    assert bench.ask().reason == "[31mred \n x"


def test_nothing_is_printed_and_no_dotenv_is_read(
    tmp_path: Path, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_BASE", "http://127.0.0.1:9")
    (tmp_path / ".env").write_text("OPENAI_API_KEY=stolen\n")
    model_server.script = lambda request: GOOD
    model_server.faults = [Fault(500)]
    program = textwrap.dedent("""
        import asyncio, os, sys
        from pathlib import Path
        import prompts
        from litsearch.agent.budget import Budget
        from litsearch.agent.ledger import Ledger
        from litsearch.agent.replies import JudgeReply
        from litsearch.config import Settings
        from litsearch.errors import ModelError
        from litsearch.llm import Model
        assert "litellm" not in sys.modules

        async def main():
            settings = Settings(library=Path("."), model="openai/scripted")
            model = Model(settings, Ledger(Path(".")), Budget(max_calls=9))
            prompt = prompts.load("judge").fill(question="?", paper="a paper")
            await model.ask(prompt, JudgeReply, step="judge")
            for name in ("groq/no-key", "ollama/no-server"):
                settings = Settings(library=Path("."), model=name)
                failing = Model(settings, Ledger(Path(".")), Budget(max_calls=9))
                try:
                    await failing.ask(prompt, JudgeReply, step="judge")
                except ModelError as error:
                    assert error.fatal
                else:
                    raise AssertionError(name)
                await failing.close()
            await model.close()

        asyncio.run(main())
    """)
    done = subprocess.run(
        [sys.executable, "-W", "default::ResourceWarning", "-c", program],
        env=os.environ | {"PYTHONPATH": str(Path(prompts.__file__).parents[1])},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert model_server.requests[0].headers["Authorization"] == "Bearer none"
