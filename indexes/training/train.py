"""Training the encoder: the sparse scores of a batch and the dense ones learn from an ensemble of teachers.

A query is a table look-up, so the ranking loss touches only the dimensions of the batch's queries; a random
sample of the others estimates FLOPS (Paria et al. 2020) and the number of non-zeros without bias. That makes
a head over 38,000 dimensions nearly free, and what a step costs is the upper layers.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import torch
from torch.nn import functional

from indexes.concepts import WORD_PIECES
from indexes.training.examples import Batch, Examples, Row
from indexes.training.model import WINDOW, Encoder, Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHECKPOINT = 100  # steps
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What shapes the training. Weights are of the parts of the loss."""

    steps: int = 540
    batch: int = 128
    sample: int = 1024  # dimensions beside those of the queries
    head_rate: float = 1e-3
    layer_rate: float = 5e-5
    warm_up: int = 50  # steps
    sharpness: float = 16.0  # of the teacher, in logits from its worst to its best score
    lexical_share: float = 0.2  # of BM25 in the sparse scores' teacher, while the layers learn
    concept_weight: float = 0.5  # of a concept in a query, relative to its IDF
    contrast: float = 0.2  # InfoNCE, of both scores
    dense: float = 1.0
    dense_scale: float = 20.0  # logits per unit of cosine
    anchor: float = 0.5  # of the dense vector to that of the model before training
    flops: float = 1e-3
    flops_from: int = 60  # non-zeros; documents with fewer are left alone, as with an l0 threshold
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """How training stands, for whoever watches it."""

    step: int
    steps: int
    sparse: float
    dense: float
    nonzero: float
    seconds: float


class Training:
    """A run that can be cut short after any checkpoint and taken up again."""

    def __init__(self, encoder: Encoder, examples: Examples, recipe: Recipe, folder: Path) -> None:
        self.encoder, self.examples, self.recipe = encoder, examples, recipe
        self.checkpoint = folder / "checkpoint.pt"
        self.step = 0
        self.scales = torch.nn.Parameter(torch.log(torch.tensor([5.0, recipe.dense_scale])))
        head = [
            *encoder.transform.parameters(),
            *encoder.norm.parameters(),
            *encoder.own.parameters(),
            encoder.lexical,
            self.scales,
        ]
        self.optimisers: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.SparseAdam([encoder.terms.weight, encoder.bias.weight], lr=recipe.head_rate),
            torch.optim.AdamW(
                [
                    {"params": head, "lr": recipe.head_rate},
                    {"params": list(encoder.layers.parameters()), "lr": recipe.layer_rate},
                ]
            ),
        )
        self._rates = [[group["lr"] for group in each.param_groups] for each in self.optimisers]

    def run(self, on_step: Callable[[Step], None] = lambda _: None) -> None:
        """Learn from where it stands to the end, with a checkpoint now and then."""
        self.resume()
        began = time.monotonic()
        while self.step < self.recipe.steps:
            random = numpy.random.default_rng([self.recipe.seed, self.step])
            torch.manual_seed(self.recipe.seed + self.step)
            batch = self.examples.batch(
                random, self.recipe.batch, self.recipe.sample, hard=bool(self.step % 2)
            )
            sparse, dense, nonzero = self._learn(batch)
            self.step += 1
            on_step(Step(self.step, self.recipe.steps, sparse, dense, nonzero, time.monotonic() - began))
            if self.step % CHECKPOINT == 0 or self.step == self.recipe.steps:
                self._keep()

    def _learn(self, batch: Batch) -> tuple[float, float, float]:
        recipe = self.recipe
        for optimiser, rates in zip(self.optimisers, self._rates, strict=True):
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * pace(self.step, recipe.steps, recipe.warm_up)
            optimiser.zero_grad()
        documents = texts(batch.documents, batch.dimensions, self.examples.content)
        queries = texts(batch.queries, batch.dimensions, self.examples.content)
        states = self._upper(documents)
        dimensions = torch.from_numpy(batch.dimensions)
        impacts = self.encoder.impacts(
            documents, states, dimensions, torch.from_numpy(batch.counts), WORD_PIECES
        )
        scores = torch.from_numpy(batch.asked) @ impacts[:, : batch.used].T / torch.exp(self.scales[0])
        sparse = ranking(scores, batch.teacher, recipe)
        vectors = self.encoder.dense(states, documents.mask)
        asked = self.encoder.dense(self._upper(queries), queries.mask)
        dense = ranking(asked @ vectors.T * torch.exp(self.scales[1]), batch.dense_teacher, recipe)
        anchor = _apart(vectors, batch.documents) + _apart(asked, batch.queries)
        burden, nonzero = flops(impacts, batch, self.examples, recipe)
        ramp = min(1.0, (self.step + 1) / (0.4 * recipe.steps)) ** 2
        loss = sparse + recipe.dense * dense + recipe.anchor * anchor + recipe.flops * ramp * burden
        loss.backward()
        for optimiser in self.optimisers:
            optimiser.step()
        return float(sparse.detach()), float(dense.detach()), nonzero

    def _upper(self, texts: Texts) -> torch.Tensor:
        """In 16-bit floats, two and a half times as fast where the processor knows them."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.encoder.upper(texts.states, texts.mask).float()

    def _keep(self) -> None:
        state = {
            "recipe": asdict(self.recipe),
            "step": self.step,
            "encoder": self.encoder.state_dict(),
            "scales": self.scales.data,
            "optimisers": [each.state_dict() for each in self.optimisers],
        }
        scratch = self.checkpoint.with_suffix(".part")
        torch.save(state, scratch)
        scratch.replace(self.checkpoint)

    def resume(self) -> None:
        """Take up the last checkpoint, if there is one of the same recipe and nothing was done since."""
        if self.step or not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, weights_only=True)
        if state["recipe"] != asdict(self.recipe):
            logger.info("The checkpoint is of another recipe: training starts anew.")
            return
        self.step = state["step"]
        self.encoder.load_state_dict(state["encoder"])
        self.scales.data = state["scales"]
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)


def ranking(scores: torch.Tensor, teacher: "NDArray[Any]", recipe: Recipe) -> torch.Tensor:
    """Kullback-Leibler divergence from the teacher's ranking of the batch, and InfoNCE beside it."""
    wanted = torch.softmax(torch.from_numpy(teacher) * recipe.sharpness, 1)
    distilled = functional.kl_div(torch.log_softmax(scores, 1), wanted, reduction="batchmean")
    return distilled + recipe.contrast * functional.cross_entropy(scores, torch.arange(len(scores)))


def flops(
    impacts: torch.Tensor, batch: Batch, examples: Examples, recipe: Recipe
) -> tuple[torch.Tensor, float]:
    """FLOPS, dimensions that are common weighing more (IDF-aware: Geng et al. 2024), over the documents that
    have more non-zeros than they may; and the mean number of non-zeros."""
    idf = torch.from_numpy(examples.idf[batch.dimensions])
    weights = float(examples.idf.max()) / idf.clamp(min=1.0) / 2
    used, drawn = impacts[:, : batch.used], impacts[:, batch.used :]
    share = (int(examples.content.sum()) - batch.used) / drawn.shape[1]
    nonzero = (used > 0).sum(1) + (drawn > 0).sum(1) * share
    over = (nonzero > recipe.flops_from).to(impacts.dtype)[:, None]
    means = (impacts * over).mean(0) ** 2 * weights
    return means[: batch.used].sum() + means[batch.used :].sum() * share, float(nonzero.mean())


def pace(step: int, steps: int, warm_up: int) -> float:
    """Of the learning rates: up to one, then down to a tenth."""
    return min(1.0, (step + 1) / warm_up) * (0.1 + 0.9 * (1 - step / steps))


def texts(rows: Sequence[Row], dimensions: "NDArray[Any]", content: "NDArray[Any]") -> Texts:
    """Rows padded to one length, a multiple of the window."""
    length = -(-max(len(row.ids) for row in rows) // WINDOW) * WINDOW
    states = numpy.zeros((len(rows), length, rows[0].states.shape[1]), numpy.float32)
    ids = numpy.zeros((len(rows), length), numpy.int64)
    mask = numpy.zeros((len(rows), length), bool)
    for at, row in enumerate(rows):
        states[at, : len(row.ids)] = row.states
        ids[at, : len(row.ids)] = row.ids
        mask[at, : len(row.ids)] = True
    column = numpy.full(len(content), -1)
    column[dimensions] = numpy.arange(len(dimensions))
    worth = mask & content[ids]
    columns = numpy.where(worth, column[ids], -1)
    return Texts(*(torch.from_numpy(each) for each in (states, mask, worth, columns)))


def _apart(vectors: torch.Tensor, rows: Sequence[Row]) -> torch.Tensor:
    """How far vectors have gone from those of the model before training, which is the first teacher."""
    before = torch.from_numpy(numpy.stack([row.teachers[0] for row in rows]))
    return (1 - (vectors * before).sum(1)).mean()
