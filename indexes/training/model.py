"""The encoder that learns: the upper layers, a dense vector from their mean, and a sparse head.

The impact of dimension v for document d is log(1 + relu(expansion + own)), as in SPLADE (Formal et al. 2021):

- expansion is the maximum over windows of the text of z · E_v + b_v, where z is a transformed mean of the
  window's content words. A window of 16 pieces instead of each piece makes the product with 38,000 dimensions
  a sixteenth of the work.
- own, where v stands in d, is c0 + c1 log(1 + count), plus for a word piece what its contextual state says of
  its weight here, as in DeepImpact (Mallia et al. 2021). It starts at about the level of BM25.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from indexes.training.backbone import mean_unit, run_layers

WINDOW = 16  # word pieces
FIRST_BIAS = -4.0  # of every dimension, so that few are there at first; words of the text have 5 more
NOWHERE = -1e4


@dataclass(frozen=True, slots=True)
class Texts:
    """Some texts for a training step: states (texts, length, width), which tokens are there (texts, length),
    which of these are content words, and for each token its column among the step's dimensions, or -1."""

    states: torch.Tensor
    mask: torch.Tensor
    content: torch.Tensor
    columns: torch.Tensor


class Encoder(torch.nn.Module):  # type: ignore[misc]  # torch is not there to be checked
    def __init__(self, layers: Any, dimensions: torch.Tensor) -> None:
        """``dimensions`` are the first rows E, shape (dimensions, width)."""
        super().__init__()
        size, width = dimensions.shape
        self.layers = layers
        self.transform = torch.nn.Linear(width, width)
        torch.nn.init.eye_(self.transform.weight)
        torch.nn.init.zeros_(self.transform.bias)
        self.norm = torch.nn.LayerNorm(width)
        self.terms = torch.nn.Embedding(size, width, sparse=True)
        self.terms.weight.data.copy_(functional.normalize(dimensions, dim=1))
        self.bias = torch.nn.Embedding(size, 1, sparse=True)
        self.bias.weight.data.fill_(FIRST_BIAS)
        self.own = torch.nn.Sequential(
            torch.nn.Linear(width, width // 4), torch.nn.GELU(), torch.nn.Linear(width // 4, 1)
        )
        torch.nn.init.zeros_(self.own[2].weight)
        torch.nn.init.zeros_(self.own[2].bias)
        self.lexical = torch.nn.Parameter(torch.tensor([5.0, 1.0, 5.0]))  # a piece's c0, c1; a concept's c0

    def upper(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return run_layers(self.layers, states, mask)

    def windows(self, states: torch.Tensor, content: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Transformed means of the content words of each window, and of the whole text as one window more:
        shape (texts, windows, width), and which windows have any: (texts, windows). The length is a multiple
        of 16."""
        texts, length, width = states.shape
        weights = content.to(states.dtype)[:, :, None]
        parts = (states * weights).reshape(texts, length // WINDOW, WINDOW, width).sum(2)
        counts = weights.reshape(texts, length // WINDOW, WINDOW, 1).sum(2)
        parts = torch.cat([parts, parts.sum(1, keepdim=True)], 1)
        counts = torch.cat([counts, counts.sum(1, keepdim=True)], 1)
        z = self.norm(functional.gelu(self.transform(parts / counts.clamp(min=1.0))))
        return z, counts[:, :, 0] > 0

    def expansion(
        self, states: torch.Tensor, content: torch.Tensor, dimensions: torch.Tensor
    ) -> torch.Tensor:
        """Logits of some dimensions, shape (texts, dimensions)."""
        z, there = self.windows(states, content)
        logits = (z @ self.terms(dimensions).T).masked_fill(~there[:, :, None], NOWHERE)
        return logits.amax(1) + self.bias(dimensions)[:, 0]

    def weights(self, states: torch.Tensor) -> torch.Tensor:
        """What each token's state says of its weight, shape (texts, length)."""
        return self.own(states)[:, :, 0]

    def impacts(
        self, texts: Texts, states: torch.Tensor, dimensions: torch.Tensor, counts: torch.Tensor, pieces: int
    ) -> torch.Tensor:
        """Shape (texts, dimensions). ``counts`` is how often each dimension stands in each text; dimensions
        from id ``pieces`` on are concepts."""
        logits = self.expansion(states, texts.content, dimensions)
        c0, c1, concept = self.lexical
        base = torch.where(dimensions >= pieces, concept, c0)
        own = base + c1 * torch.log1p(counts)
        place = texts.columns.clamp(min=0)
        found = torch.where(
            texts.columns >= 0, self.weights(states), torch.full_like(states[:, :, 0], NOWHERE)
        )
        heaviest = torch.full_like(logits, NOWHERE).scatter_reduce(1, place, found, "amax", include_self=True)
        own = own + torch.where(heaviest > NOWHERE / 2, heaviest, torch.zeros_like(heaviest))
        return torch.log1p(torch.relu(logits + (counts > 0) * own))

    def dense(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return mean_unit(states, mask)
