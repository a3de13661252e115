"""A review of made-up papers that a scripted model reads, and what it is carried out in."""

import asyncio
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from model_server import Answer, Request
from shelf import PAPERS

from indexes.hybrid import HybridIndex
from litsearch.agent.ledger import Ledger
from litsearch.config import Settings
from litsearch.ingest import ingest
from litsearch.library import Library
from litsearch.review.beginning import shaped
from litsearch.review.conduct import Review
from litsearch.review.events import ReviewEvent
from litsearch.review.protocol import Protocol
from litsearch.review.protocol_file import parse
from litsearch.review.result import ReviewResult

MODEL = "openai/scripted"
TEXT = """
title = "Expansion of queries"
include = ["about retrieval"]
exclude = ["about cities"]

[[questions]]
id = "gain"
question = "Does query expansion improve sparse retrieval?"

[[questions]]
id = "cost"
question = "Is the cost of feedback in retrieval small?"

[[questions]]
id = "dense"
question = "Do dense encoders need training data?"

[search]
everything = true

[[extract]]
name = "gain"
type = "float"
description = "improvement in percent"

[[extract]]
name = "kind"
type = "choice"
choices = ["results", "theory"]
"""
GAIN = "Query expansion with feedback terms improved sparse retrieval by 12.5 % on five test collections"
LOSS = "query expansion did not improve sparse retrieval for long questions"
SPEED = "It makes sparse retrieval systems find more relevant papers at a small cost in speed"
DENSE = "They need training data and a graphics card to be of use"
READS = {
    "Query expansion for sparse retrieval": (GAIN, "supports"),
    "When expansion hurts": (LOSS, "contradicts"),
    "Feedback in sparse retrieval systems": (SPEED, "supports"),
    "Dense encoders for passages": (DENSE, "supports"),
}


def script(request: Request) -> Answer:
    """A model that does its work well, and the same for the same request."""
    title = next((title for title in READS if f"\n{title}\n" in request.text), "")
    match request.step:
        case "plan":
            return {"queries": [{"text": "retrieval", "purpose": "terms"}]}
        case "pseudo_answers":
            return {"answers": ["We found that expansion of queries made sparse search find more papers."]}
        case "judge":
            return {"relevance": 3 if title else 0, "reason": "by its title"}
        case "distill":
            quote, stance = READS[title]
            return {"findings": [{"claim": quote, "quote": quote, "stance": stance}]}
        case "gaps":
            return {"queries": []}
        case "compose" | "revise" | "synthesise":
            return {"sentences": [{"text": "Expansion may help sparse retrieval.", "findings": [1]}]}
        case "claims":
            return {"claims": [{"claim": "It helps.", "supports": [1]}]}
        case "questions":
            return {"questions": []}
        case "screen" if title:
            return {"reason": "about retrieval", "criterion": "", "verdict": "include"}
        case "screen":
            return {"reason": "not about retrieval", "criterion": "I1", "verdict": "exclude"}
        case "extract":
            return {
                "cells": [{"field": "gain", "quote": GAIN, "value": "12.5"}] if GAIN in request.text else []
            }
        case _:
            return {"reason": "they say so", "verdict": "supported"}


def protocol(text: str = TEXT) -> Protocol:
    return parse(text, Path("protocol.toml"))


class Batch:
    """A folder with a library, in which reviews are carried out."""

    def __init__(self, folder: Path) -> None:
        self.library = Library.open(folder)
        self.index = HybridIndex.open(self.library.index_folder, self.library)
        self.ledger = Ledger(folder)
        self.settings = Settings(library=folder, model=MODEL, call_timeout=20)

    def add(self, *papers: Any) -> None:
        ingest(self.library, papers or PAPERS, source="made up")
        self.index.update()

    def review(
        self, text: str = TEXT, *, resume: str = "", update: str = "", starter: bool = False, **settings: Any
    ) -> Review:
        value = None if resume or update else protocol(text)
        chosen = replace(self.settings, **settings)
        return Review(
            value,
            shaped(value, chosen) if value else chosen,
            library=self.library,
            index=self.index,
            ledger=self.ledger,
            starter=starter,
            resume=resume,
            update=update,
        )

    def carry_out(
        self,
        text: str = TEXT,
        *,
        watch: Callable[[Review, ReviewEvent], None] = lambda review, event: None,
        **options: Any,
    ) -> ReviewResult:
        """To its end; ``watch`` sees each event as it comes."""
        review = self.review(text, **options)

        async def listen() -> None:
            async for event in review.events():
                watch(review, event)

        asyncio.run(listen())
        return review.result()

    def call_keys(self) -> set[str]:
        """The calls whose replies are kept."""
        return {key for (key,) in self.ledger.rows("SELECT key FROM calls")}

    def close(self) -> None:
        self.ledger.close()
        self.library.close()


def call_key(request: Request) -> str:
    """The key by which the ledger keeps a call that the server was asked."""
    body = {"model": MODEL, "seed": 0, "messages": request.messages}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def essence(result: ReviewResult) -> object:
    """What must be equal in two reviews of one protocol: all but times, ids and spending."""
    manifest = replace(result.manifest, review="", parent="", started_at="", finished_at="")
    questions = tuple(replace(each, run="") for each in result.questions)
    return replace(result, manifest=manifest, questions=questions, spent=None)  # type: ignore[arg-type]


def child(folder: str, resume: str) -> None:
    """Carries out a review in a process of its own, or carries one on."""
    from litsearch.llm import _litellm

    _litellm()  # where it is not loaded yet
    batch = Batch(Path(folder))
    batch.carry_out(resume=resume)
    os._exit(0)
