"""Asking in the app: a scripted model, a question put to it, and what the lists say."""

import threading
from typing import Any

from model_server import Answer, Request
from shelf import QUESTION
from textual.pilot import Pilot
from textual.widgets import Input, Static
from waiting import until

from tui.app import LitsearchApp
from tui.live import Followed
from tui.screens.ask import AskScreen
from tui.widgets.entry_list import EntryList

GAIN = "Query expansion with feedback terms improved sparse retrieval by 12.5 % on five test collections"


class Reader:
    """A scripted model that can be held at a step until it is let go on."""

    def __init__(self) -> None:
        self.held = ""
        self.go_on = threading.Event()

    def __call__(self, request: Request) -> Answer:
        if request.step == self.held:
            self.go_on.wait(20)
        match request.step:
            case "plan":
                return {"queries": [{"text": "feedback", "purpose": "wider"}]}
            case "pseudo_answers":
                return {"answers": ["Query expansion made sparse retrieval better."]}
            case "judge":
                return {"relevance": 3 if GAIN in request.text else 0, "reason": "by its title"}
            case "distill":
                return {"findings": [{"claim": "It gained.", "quote": GAIN, "stance": "supports"}]}
            case "gaps" | "questions":
                doubt = {"sentence": 1, "question": "How fast are caches of web pages?"}
                return {"queries": [{"text": "cost", "purpose": "the cost"}], "questions": [doubt]}
            case "compose" | "revise" | "section":
                return {"sentences": [{"text": "It improved retrieval by 12.5%.", "findings": [1]}]}
            case "claims":
                return {"claims": [{"claim": "It helps.", "supports": [1], "contradicts": []}]}
            case _:
                return {"reason": "they say so", "verdict": "supported"}


async def ask(pilot: Pilot[Any], question: str = QUESTION) -> Followed:
    """Types a question into the box, asks it, and gives its run."""
    if not isinstance(pilot.app.focused, Input):
        await pilot.press("slash")
    assert isinstance(pilot.app.focused, Input)
    pilot.app.focused.value = question
    await pilot.press("enter")
    live = own(pilot).live
    await until(pilot, lambda: live.shown is not None and live.shown.question == question)
    assert live.shown
    return live.shown


async def answered(pilot: Pilot[Any], question: str = QUESTION) -> Followed:
    followed = await ask(pilot, question)
    await until(pilot, lambda: followed.state == "ended")
    return followed


async def open_stored(pilot: Pilot[Any], run: str) -> None:
    live = own(pilot).live
    own(pilot).open_run(run)
    await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen) and live.shown is not None)
    assert live.shown
    question = live.shown.question
    await until(pilot, lambda: question in text_of(pilot, "RunLine"))


def own(pilot: Pilot[Any]) -> LitsearchApp:
    assert isinstance(pilot.app, LitsearchApp)
    return pilot.app


def text_of(pilot: Pilot[Any], where: str) -> str:
    """What a list or a text says."""
    widget = next(iter(pilot.app.screen.query(where)), None)
    if widget is None:  # the screen that has it is not there yet
        return ""
    if isinstance(widget, EntryList):
        return "\n".join(str(option.prompt) for option in widget.options)
    assert isinstance(widget, Static)
    return str(widget.content)


def offered(pilot: Pilot[Any]) -> set[str]:
    return {active.binding.action for active in pilot.app.screen.active_bindings.values() if active.enabled}
