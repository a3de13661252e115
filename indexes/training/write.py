"""The trained encoder as a folder that :mod:`indexes.joint` reads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from indexes.concepts import Concepts
from indexes.export import export_module
from indexes.joint_manifest import CONCEPTS_FILE, FORMAT, TRAINING_FILE, Manifest
from indexes.onnx import MODEL_FILE, TOKENIZER_FILE
from indexes.training.backbone import run_layers
from indexes.training.model import NOWHERE, Encoder


class Whole(torch.nn.Module):  # type: ignore[misc]  # torch is not there to be checked
    """Ids and mask to the logits of every dimension, the weight of every token, and the dense vector."""

    def __init__(self, bert: Any, lower: int, encoder: Encoder, content: torch.Tensor) -> None:
        super().__init__()
        self.embeddings, self.lower = bert.embeddings, bert.encoder.layer[:lower]
        self.encoder = encoder
        self.register_buffer("content", content.to(torch.float32))
        unwanted = torch.zeros(len(encoder.terms.weight))
        unwanted[: len(content)] = (
            NOWHERE * ~content
        )  # what no query asks for was not trained, and is not there
        self.register_buffer("bias", encoder.bias.weight.detach()[:, 0] + unwanted)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        states = run_layers(self.lower, self.embeddings(ids), mask)
        states = self.encoder.upper(states, mask)
        content = self.content[ids] * mask.to(torch.float32)
        z, there = self.encoder.windows(states, content)
        logits = torch.matmul(z, self.encoder.terms.weight.T)
        logits = (logits + (1.0 - there.to(torch.float32))[:, :, None] * NOWHERE).amax(1)
        return (
            logits + self.bias,
            self.encoder.weights(states),
            self.encoder.dense(states, mask),
        )


@dataclass(frozen=True, slots=True)
class Trained:
    """What is written: the model and all that its manifest says."""

    bert: Any
    lower: int
    encoder: Encoder
    content: torch.Tensor  # for each word piece whether it is a dimension
    concepts: Concepts
    tokenizer: Any
    name: str
    max_length: int
    concept_weight: float
    ceiling: float


def write_encoder(trained: Trained, folder: Path, training: Mapping[str, object]) -> None:
    """Make the folder, or replace what is in it. ``training`` is what the card tells of how it was made."""
    folder.mkdir(parents=True, exist_ok=True)
    config = trained.bert.config
    whole = Whole(trained.bert, trained.lower, trained.encoder, trained.content)
    outputs = {
        "logits": {0: "batch"},
        "weights": {0: "batch", 1: "length"},
        "vectors": {0: "batch"},
    }
    export_module(
        whole,
        folder / MODEL_FILE,
        outputs,
        heads=config.num_attention_heads,
        width=config.hidden_size,
    )
    trained.tokenizer.no_padding()
    trained.tokenizer.no_truncation()
    trained.tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    trained.concepts.write(folder / CONCEPTS_FILE)
    lexical = trained.encoder.lexical.tolist()
    manifest = Manifest(
        format=FORMAT,
        kind="joint",
        name=trained.name,
        dimensions=config.hidden_size,
        max_length=trained.max_length,
        ceiling=trained.ceiling,
        lexical=(lexical[0], lexical[1], lexical[2]),
        concept_weight=trained.concept_weight,
    )
    manifest.write(folder)
    (folder / TRAINING_FILE).write_text(json.dumps(training, indent=2) + "\n", encoding="utf-8")
