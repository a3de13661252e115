"""A SentenceTransformer as a folder that onnxruntime reads: no torch on the path of a search.

The folder holds ``model.onnx`` (token ids and mask to token states, weights in 8 bits), ``tokenizer.json``
and ``encoder.json`` (how states become one vector). Needs the extra ``models``.
"""

import json
import logging
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

from indexes.errors import EncoderError
from indexes.onnx import FORMAT, MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, forget_hash
from indexes.sentence_transformer import SentenceModel, load_model

if TYPE_CHECKING:
    import torch

OPSET = 18  # the first with a scatter that takes the maximum
POOLINGS = ("mean", "cls", "max")


def export_onnx(name: str, folder: Path, *, quantise: bool = True) -> None:
    """Write the dense model of that name or path to the folder, which is made; EncoderError when it can't be.

    Only models made of a transformer, one pooling (mean, cls or max) and a normalisation can be exported.
    With ``quantise`` the weights of matrix products become 8-bit integers, one scale a channel.
    """
    model = load_model(name, "dense")
    pooling = _pooling(model, name)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        final = Path(scratch) / MODEL_FILE
        config = model[0].auto_model.config
        outputs = {"states": {0: "batch", 1: "length"}}
        heads, width = config.num_attention_heads, config.hidden_size
        export_module(_states(model), final, outputs, heads=heads, width=width, quantise=quantise)
        tokenizer = model[0].tokenizer.backend_tokenizer
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.save(str(folder / TOKENIZER_FILE))
        manifest = {
            "format": FORMAT,
            "kind": "dense",
            "name": folder.name,
            "pooling": pooling,
            "dimensions": config.hidden_size,
            "max_length": int(model.max_seq_length),
            "document_prefix": model.prompts.get("document", ""),
            "query_prefix": model.prompts.get("query", ""),
        }
        (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        final.replace(folder / MODEL_FILE)
    forget_hash(folder)


@contextmanager
def _quiet() -> Iterator[None]:
    """Torch and onnxruntime warn about each other, and about nothing that a user could change."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(disabled)


def _pooling(model: SentenceModel, name: str) -> str:
    kinds = [type(module).__name__ for module in model]
    pooling = model[1].get_config_dict().get("pooling_mode") if len(kinds) > 1 else None
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        pooling = None
    if pooling not in POOLINGS:
        raise EncoderError(
            f"{name} can't be exported: its modules are {', '.join(kinds)}, its pooling is {pooling}.",
            f"Use it as st:{name}, or take a model with one of the poolings {', '.join(POOLINGS)}.",
        )
    return str(pooling)


def _states(model: SentenceModel) -> "torch.nn.Module":
    """The transformer as a module of (ids, mask)."""
    import torch

    class Backbone(torch.nn.Module):  # type: ignore[misc]  # torch is not there to be checked
        def __init__(self, transformer: "torch.nn.Module") -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, ids: "torch.Tensor", mask: "torch.Tensor") -> "torch.Tensor":
            states = self.transformer(input_ids=ids, attention_mask=mask).last_hidden_state
            return cast("torch.Tensor", states)

    transformer = model[0].auto_model
    transformer.config._attn_implementation = "eager"  # the graph that the fusions know
    return Backbone(transformer)


def export_module(
    module: "torch.nn.Module",
    path: Path,
    outputs: Mapping[str, Mapping[int, str]],
    *,
    heads: int,
    width: int,
    quantise: bool = True,
) -> None:
    """A module of (ids, mask) as an ONNX graph in 8 bits; ``outputs`` names its outputs and what is free in
    their shapes."""
    import torch

    example = torch.ones((2, 32), dtype=torch.int64)
    axes = {0: "batch", 1: "length"}
    with (
        tempfile.TemporaryDirectory(dir=path.parent) as scratch,
        _quiet(),
        redirect_stdout(StringIO()),  # the optimiser prints what it can't infer
        torch.inference_mode(),
    ):
        plain, fused, final = (Path(scratch) / name for name in ("plain.onnx", "fused.onnx", "final.onnx"))
        torch.onnx.export(
            module.eval(),
            (example, example),
            str(plain),
            input_names=["ids", "mask"],
            output_names=list(outputs),
            dynamic_axes={"ids": axes, "mask": axes, **outputs},
            opset_version=OPSET,
            dynamo=False,  # the other exporter's graphs are not fused by the optimiser
        )
        _fuse(plain, fused, heads=heads, width=width)
        if quantise:
            _quantise(fused, final)
        (final if quantise else fused).replace(path)


def _fuse(plain: Path, fused: Path, *, heads: int, width: int) -> None:
    """Attention, layer norms and GELU of a traced BERT as single nodes."""
    from onnxruntime.transformers import optimizer

    optimizer.optimize_model(str(plain), "bert", num_heads=heads, hidden_size=width).save_model_to_file(
        str(fused)
    )


def _quantise(plain: Path, path: Path) -> None:
    """Weights of matrix products and look-ups in 8 bits, activations quantised as they come."""
    from onnxruntime.quantization import quantize_dynamic

    float32 = 1  # the element type the quantiser assumes where shape inference gives none
    quantize_dynamic(str(plain), str(path), per_channel=True, extra_options={"DefaultTensorType": float32})
