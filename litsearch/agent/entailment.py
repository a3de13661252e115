"""Who says whether quotes entail a sentence: a model that is asked, or a classifier on this machine."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from indexes.errors import EncoderError
from litsearch.agent.inquiry import Reader
from litsearch.agent.replies import VerifyReply

ENTAILED = 0.5  # probability of entailment from which a sentence counts as entailed
NONE = "none"  # the spec of no classifier

_loading = threading.Lock()  # runs that begin together wait for one and the same model


@dataclass(frozen=True, slots=True)
class Verdict:
    entailed: bool
    reason: str
    contradicted: bool = False


class Entailment(Protocol):
    @property
    def name(self) -> str: ...

    async def verdict(self, quotes: Sequence[str], sentence: str) -> Verdict:
        """Whether the quotes together say all that the sentence says. Raises ModelError and BudgetError."""


@dataclass(frozen=True, slots=True)
class AskedModel:
    """The model that reads, asked by the prompt ``verify``."""

    reader: Reader

    @property
    def name(self) -> str:
        return "model"

    async def verdict(self, quotes: Sequence[str], sentence: str) -> Verdict:
        shown = self.reader.fenced("\n".join(f"- {quote}" for quote in quotes))
        reply = await self.reader.ask("verify", VerifyReply, step="verify", sentence=sentence, quotes=shown)
        return Verdict(reply.verdict == "supported", " ".join(reply.reason.split()) or "no reason given")


@dataclass(frozen=True, slots=True)
class Classifier:
    """A cross-encoder trained on natural language inference, through the extra ``models``; ``labels`` says
    which of its outputs means entailment, and which contradiction, if any."""

    name: str
    model: Any
    labels: tuple[int, int | None]
    _lock: threading.Lock = field(default_factory=threading.Lock)  # fast tokenizers serve one thread at once

    @classmethod
    def load(cls, name: str) -> "Classifier":
        from indexes.sentence_transformer import load_model

        model: Any = load_model(name, "cross-encoder")
        named = {str(label).lower(): int(at) for at, label in model.config.id2label.items()}
        entailed = _at(named, "entail", without="not")
        if entailed is None or len(named) < 2:
            raise EncoderError(
                f"The cross-encoder {name} has no output for entailment: {', '.join(sorted(named))}.",
                "Name one trained on natural language inference, as st:cross-encoder/nli-deberta-v3-base.",
            )
        return cls(f"st:{name}", model, (entailed, _at(named, "contradict")))

    async def verdict(self, quotes: Sequence[str], sentence: str) -> Verdict:
        return await asyncio.to_thread(self.judge, " ".join(quotes), sentence)

    def judge(self, premise: str, hypothesis: str) -> Verdict:
        """The same at once, for one text. May be called from several threads."""
        with self._lock:
            [odds] = self.model.predict([(premise, hypothesis)], apply_softmax=True, show_progress_bar=False)
        entails, denies = self.labels
        probability = float(odds[entails])
        contradicted = denies is not None and float(odds[denies]) >= ENTAILED
        return Verdict(
            probability >= ENTAILED, f"{self.name} gives entailment {probability:.2f}", contradicted
        )


def load_entailment(spec: str) -> Classifier | None:
    """The classifier of that spec, None for no spec or ``none``; EncoderError when it can't be loaded.

    The last one stays loaded: who asks for it again gets the same.
    """
    if spec in ("", NONE):
        return None
    kind, _, name = spec.partition(":")
    if kind != "st" or not name:
        raise EncoderError(
            f"There is no entailment classifier “{spec}”.",
            f"Name a cross-encoder as st:NAME-OR-PATH, or {NONE}.",
        )
    with _loading:
        return _loaded(name)


@lru_cache(maxsize=1)
def _loaded(name: str) -> Classifier:
    return Classifier.load(name)


def _at(named: dict[str, int], part: str, *, without: str = "\0") -> int | None:
    found = [at for label, at in named.items() if part in label and without not in label]
    return found[0] if found else None
