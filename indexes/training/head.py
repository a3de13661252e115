"""The sparse head alone, after the layers: their last states are computed once, and a step costs a fifth.

The head has 15 million numbers of its own and is far from done when the layers are.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy
import torch

from indexes.concepts import WORD_PIECES
from indexes.training.examples import Examples
from indexes.training.model import Encoder
from indexes.training.train import Recipe, Step, flops, pace, ranking, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

AT_ONCE = 64  # documents


def last_states(encoder: Encoder, examples: Examples) -> "dict[int, NDArray[Any]]":
    """For each place of a paper the states of its document after the trained layers, in 16-bit floats."""
    found: dict[int, NDArray[Any]] = {}
    places = sorted(range(len(examples)), key=lambda place: len(examples.document(place).ids))
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        rows = [examples.document(place) for place in some]
        padded = texts(rows, numpy.zeros(0, int), examples.content)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            states = encoder.upper(padded.states, padded.mask).float().numpy()
        for place, row, each in zip(some, rows, states, strict=True):
            found[place] = each[: len(row.ids)].astype(numpy.float16)
    return found


def train_head(
    encoder: Encoder,
    examples: Examples,
    recipe: Recipe,
    on_step: Callable[[Step], None] = lambda _: None,
) -> None:
    """``recipe.head_steps`` steps of the sparse loss alone; see :mod:`.train`. The teachers are the dense ones:
    what BM25 knows is in the other leg, and with it among them the two fused gained .01 less."""
    states = last_states(encoder, examples)
    scale = torch.nn.Parameter(torch.log(torch.tensor(5.0)))
    parts = (encoder.transform, encoder.norm, encoder.own)
    dense = [*(p for part in parts for p in part.parameters()), encoder.lexical, scale]
    optimisers = (
        torch.optim.SparseAdam([encoder.terms.weight, encoder.bias.weight], lr=recipe.head_rate),
        torch.optim.AdamW(dense, lr=recipe.head_rate),
    )
    for step in range(recipe.head_steps):
        random = numpy.random.default_rng([recipe.seed, recipe.steps + step])
        batch = examples.batch(random, recipe.batch, recipe.sample, hard=bool(step % 2))
        rate = recipe.head_rate * pace(step, recipe.head_steps, recipe.warm_up)
        for optimiser in optimisers:
            optimiser.param_groups[0]["lr"] = rate
            optimiser.zero_grad()
        rows = [
            replace(row, states=states[place])
            for row, place in zip(batch.documents, batch.places.tolist(), strict=True)
        ]
        documents = texts(rows, batch.dimensions, examples.content)
        impacts = encoder.impacts(
            documents,
            documents.states,
            torch.from_numpy(batch.dimensions),
            torch.from_numpy(batch.counts),
            WORD_PIECES,
        )
        scores = torch.from_numpy(batch.asked) @ impacts[:, : batch.used].T / torch.exp(scale)
        learned = ranking(scores, batch.dense_teacher, recipe)
        burden, nonzero = flops(impacts, batch, examples, recipe)
        (learned + recipe.flops * burden).backward()
        for optimiser in optimisers:
            optimiser.step()
        on_step(Step(step + 1, recipe.head_steps, float(learned.detach()), 0.0, nonzero, 0.0))
