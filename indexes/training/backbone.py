"""The BERT that training starts from: frozen lower layers as an ONNX graph, upper ones that learn."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import torch

from indexes.errors import EncoderError

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

MASKED = -1e4  # added to the attention of padding


def load_bert(folder: Path) -> Any:
    """The BERT in a folder with config.json and model.safetensors; nothing is downloaded."""
    from transformers import BertModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    try:
        bert = BertModel.from_pretrained(
            str(folder),
            add_pooling_layer=False,
            local_files_only=True,
            use_safetensors=True,
            attn_implementation="eager",
        )
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"{folder} holds no BERT: {error}", "Name a folder with model.safetensors."
        ) from error
    return bert.eval()


def attention_bias(mask: torch.Tensor) -> torch.Tensor:
    """From a mask of shape (texts, length) what is added to the attention, (texts, 1, 1, length)."""
    return (1.0 - mask.to(torch.float32))[:, None, None, :] * MASKED


def run_layers(layers: Any, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    bias = attention_bias(mask)
    for layer in layers:
        states = layer(states, bias)
    return states


def mean_unit(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean over the tokens, of unit length: shape (texts, width)."""
    weights = mask.to(states.dtype)[:, :, None]
    pooled = (states * weights).sum(1) / weights.sum(1)
    return torch.nn.functional.normalize(pooled, dim=1)


class Frozen(torch.nn.Module):  # type: ignore[misc]  # torch is not there to be checked
    """The states that come out of the lower layers, and the vectors of the whole model as it was."""

    def __init__(self, bert: Any, lower: int) -> None:
        super().__init__()
        self.bert, self.lower = bert, lower

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        layers = self.bert.encoder.layer
        states = run_layers(layers[: self.lower], self.bert.embeddings(ids), mask)
        return states, mean_unit(run_layers(layers[self.lower :], states, mask), mask)


class FrozenGraph:
    """:class:`Frozen` in 8 bits through onnxruntime, twice as fast as torch: what states.keep_states runs."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(
        self, ids: "NDArray[Any]", mask: "NDArray[Any]"
    ) -> "tuple[NDArray[float32], NDArray[float32]]":
        states, vectors = self._session.run(None, {"ids": ids, "mask": mask})
        return numpy.asarray(states), numpy.asarray(vectors)
