"""What a model is sent by each step, to the letter, in ``golden/NAME.txt``.

Where a prompt was changed on purpose, ``pytest tests/prompts --golden`` writes the files anew.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import cast

import pytest
from pydantic import BaseModel

import prompts
from litsearch.agent import claims, expand, outline, pseudo_answers, widening
from litsearch.agent.budget import Budget
from litsearch.agent.compose import compose
from litsearch.agent.distill import distill
from litsearch.agent.entailment import AskedModel
from litsearch.agent.events import Check, Claim, Finding, PlannedQuery, Quote, Sentence, Strength
from litsearch.agent.follow_up import reworded
from litsearch.agent.inquiry import Reader
from litsearch.agent.judge import judge
from litsearch.agent.replies import ComposeReply
from litsearch.errors import ModelError
from litsearch.llm import Model
from litsearch.papers import Paper, StoredPaper
from litsearch.review.replies import ExtractReply, ScreenReply

GOLDEN = Path(__file__).parent / "golden"
QUESTION = "Does query expansion improve sparse retrieval?"
GAIN = "Query expansion improved sparse retrieval by 12.5 % on five test collections."
LOSS = "Expansion did not help long questions, and it slowed every search down."
STORED = StoredPaper(7, "amsel2019", Paper("Query expansion for sparse retrieval", f"{GAIN} {LOSS}"))
DRAFT = [Sentence("Expansion improved it by 12.5 %.", (1,), "unverified")]


def finding(number: int, text: str, **more: object) -> Finding:
    start = STORED.paper.abstract.index(text)
    quote = Quote(7, "amsel2019", "abstract", start, start + len(text), text, is_summary=False)
    return Finding(number, text, quote, "supports" if number == 1 else "contradicts", "model", **more)  # type: ignore[arg-type]


FINDINGS = [finding(1, GAIN, strength=Strength("review", 5, "5 collections")), finding(2, LOSS)]
CLAIMS = [Claim(1, "Expansion helps.", (1,), (2,)), Claim(2, "It is slow.", (2,))]
TRIED = [PlannedQuery("feedback", "terms")]
CHECK = Check("Is it slow?", "Expansion improved it by 12.5 %.", 2, (2,), (Sentence(LOSS, (2,), "quoted"),))

Step = Callable[[Reader], Awaitable[object]]


def asked(name: prompts.Name, reply: type[BaseModel], **values: str) -> Step:
    """A step that fills its template with no more than texts."""

    def step(reader: Reader) -> Awaitable[object]:
        fenced = {key: reader.fenced(text) if key in ("answers",) else text for key, text in values.items()}
        shown = {"paper": reader.paper(STORED), "findings": reader.findings(FINDINGS)}
        wanted = reader.templates[name].placeholders
        return reader.ask(name, reply, step=name, **fenced, **{k: v for k, v in shown.items() if k in wanted})

    return step


STEPS: Mapping[prompts.Name, Step] = {
    "follow_up": lambda reader: reworded(reader, QUESTION, "And for long ones?"),
    "plan": lambda reader: expand.plan(reader, QUESTION, 6),
    "pseudo_answers": lambda reader: pseudo_answers.pseudo_answers(reader, QUESTION, 2),
    "judge": lambda reader: judge(reader, QUESTION, STORED),
    "distill": lambda reader: distill(reader, QUESTION, STORED),
    "compose": lambda reader: compose(reader, QUESTION, FINDINGS),
    "outline": lambda reader: outline.outline(reader, QUESTION, CLAIMS),
    "section": asked("section", ComposeReply, question=QUESTION, title="Gain and loss"),
    "gaps": lambda reader: expand.plan_gaps(reader, QUESTION, TRIED, FINDINGS, 6),
    "claims": lambda reader: claims.group(reader, QUESTION, FINDINGS),
    "questions": lambda reader: widening.doubts(reader, QUESTION, DRAFT),
    "revise": lambda reader: widening.revise(reader, QUESTION, DRAFT, [CHECK], FINDINGS),
    "verify": lambda reader: AskedModel(reader).verdict([GAIN, LOSS], "Expansion helps, but is slow."),
    "screen": asked("screen", ScreenReply, title="Query expansion", criteria="include: tests retrieval"),
    "extract": asked("extract", ExtractReply, fields="collections (number): how many test collections"),
    "synthesise": asked("synthesise", ComposeReply, title="Query expansion", answers="It helps. (1)"),
}


class Recorder:
    """Stands where the model does, at the one seam to models: keeps what it is asked and never replies."""

    def __init__(self) -> None:
        self.prompts: dict[str, prompts.Prompt] = {}

    async def context(self) -> int | None:
        return None

    async def ask(self, prompt: prompts.Prompt, _reply: type[BaseModel], *, step: str) -> BaseModel:
        self.prompts[prompt.name] = prompt
        raise ModelError(f"{step} is not answered", "")


@pytest.fixture(scope="module")
def sent() -> Mapping[str, prompts.Prompt]:
    """What the steps send."""
    recorder = Recorder()
    templates = {name: prompts.load(name) for name in prompts.NAMES}
    reader = Reader(cast(Model, recorder), Budget(max_calls=1), b"golden", templates)

    async def all_steps() -> None:
        for step in STEPS.values():
            with pytest.raises(ModelError):
                await step(reader)

    asyncio.run(all_steps())
    return recorder.prompts


@pytest.mark.parametrize("name", prompts.NAMES)
def test_a_prompt_is_sent_as_it_was(
    sent: Mapping[str, prompts.Prompt], name: prompts.Name, pytestconfig: pytest.Config
) -> None:
    text = f"# System\n{sent[name].system}\n\n# User\n{sent[name].text}\n"
    path = GOLDEN / f"{name}.txt"
    if pytestconfig.getoption("--golden"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, "if that was meant, run: pytest tests/prompts --golden"


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(prompts.NAMES)
