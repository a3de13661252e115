"""The whole way from files of papers to an encoder in a folder, each stage kept and taken up again."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import torch

from indexes.concepts import WORD_PIECES, Concepts
from indexes.durable import replace as replace_file
from indexes.encoders import load_dense
from indexes.errors import HintedError
from indexes.export import export_module
from indexes.joint import JointModel
from indexes.joint_manifest import TRAINING_FILE, move
from indexes.onnx import MODEL_FILE
from indexes.pieces import is_content
from indexes.training.backbone import Frozen, FrozenGraph, load_bert
from indexes.training.card import write_card
from indexes.training.examples import Examples
from indexes.training.known_items import measure
from indexes.training.mine import mine_concepts
from indexes.training.model import Encoder
from indexes.training.papers import TrainingPaper, draw_papers, kept_papers, write_papers
from indexes.training.states import SHARD, keep_states, shards
from indexes.training.train import Recipe, Training
from indexes.training.write import Trained, write_encoder
from indexes.types import OnProgress, Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

CEILING_SHARE = 0.999  # of all impacts lie below the ceiling of the levels
MEASURED = 500  # papers whose impacts tell the ceiling
HELD_OUT = 1000  # papers that nothing is learned from, to measure by
HELD_OUT_SHARE = 0.1  # of all papers at most, where all would be learned from


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained from what. ``base`` is a folder with a BERT in safetensors and its tokenizer, whose
    ``licence`` is that of what comes of it. ``work`` is where the stages are kept."""

    files: Sequence[Path]
    base: Path
    work: Path
    name: str = "litsearch"
    base_name: str = "all-MiniLM-L6-v2"
    licence: str = "Apache-2.0"
    teachers: Sequence[str] = ()  # specs of dense encoders, beside the base itself
    papers: int = 24_000
    concepts: int = 8192
    upper: int = 2  # layers that learn
    max_length: int = 256
    recipe: Recipe = field(default_factory=Recipe)


def train(
    plan: Plan,
    out: Path,
    on_progress: OnProgress = lambda _: None,
    on_taken_up: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the encoder to ``out``; ``on_taken_up`` is told of each stage that an earlier run has begun.

    Raises HintedError for files that can't be read and for a work folder of another plan, EncoderError for a
    base or a teacher that can't be loaded.
    """
    plan.work.mkdir(parents=True, exist_ok=True)
    _check(plan)
    papers, held_out, data = _papers(plan, on_progress)
    concepts = _concepts(plan, papers)
    bert, tokenizer = load_bert(plan.base), _tokenizer(plan.base)
    lower = len(bert.encoder.layer) - plan.upper
    states = plan.work / "states"
    read, wanted = len(shards(states)), -(-len(papers) // SHARD)
    if read:
        on_taken_up(f"{min(read * SHARD, len(papers)):,} of {len(papers):,} papers have been read.")
    if read < wanted:
        keep_states(
            papers,
            states,
            tokenizer,
            FrozenGraph(_frozen(plan, bert, lower)),
            [load_dense(spec) for spec in plan.teachers],
            lambda done, total: on_progress(Progress("reading thousands of papers", done, total)),
        )
    content = dimensions(tokenizer, concepts)
    examples = Examples(
        papers,
        states,
        shards(states),
        concepts,
        content,
        plan.recipe.lexical_share,
        plan.recipe.concept_weight,
    )
    torch.manual_seed(plan.recipe.seed)
    encoder = Encoder(bert.encoder.layer[lower:], first_rows(bert, tokenizer, concepts))
    bert.config._attn_implementation = "sdpa"  # quicker; the export wants the plain one
    training = Training(encoder, examples, plan.recipe, plan.work)
    training.resume()
    if training.step:
        on_taken_up(f"{training.step:,} of {plan.recipe.steps:,} steps of training have been done.")
    training.run(lambda step: on_progress(Progress("training, steps", step.step, step.steps)))
    bert.config._attn_implementation = "eager"
    trained = Trained(
        bert,
        lower,
        encoder,
        torch.from_numpy(content[:WORD_PIECES]),
        concepts,
        tokenizer,
        plan.name,
        plan.max_length,
        plan.recipe.concept_weight,
        ceiling=1.0,
    )
    folder = plan.work / "encoder"
    write_encoder(trained, folder, told(plan, papers, data))
    set_scales(folder, papers)
    finish(folder, held_out, on_progress)
    move(folder, out)


def finish(folder: Path, held_out: Sequence[TrainingPaper], on_progress: OnProgress = lambda _: None) -> None:
    """Measure a written encoder on papers that it did not learn from, and write its card."""
    measured = measure(JointModel.load(folder), held_out, on_progress)
    file = folder / TRAINING_FILE
    training = json.loads(file.read_text(encoding="utf-8"))
    training["measured"] = {
        "held-out papers": len(held_out),
        **{name: asdict(each) for name, each in measured.items()},
    }
    training["sha256"] = {MODEL_FILE: _sha256(folder / MODEL_FILE)}
    file.write_text(json.dumps(training, indent=2) + "\n", encoding="utf-8")
    write_card(folder)


def dimensions(tokenizer: Any, concepts: Concepts) -> "NDArray[Any]":
    """For each token id, concepts included, whether it is a dimension of the sparse vectors."""
    pieces = [is_content(tokenizer.id_to_token(each)) for each in range(WORD_PIECES)]
    return numpy.array(pieces + [True] * len(concepts.names))


def first_rows(bert: Any, tokenizer: Any, concepts: Concepts) -> torch.Tensor:
    """Where the rows E start: the embeddings of the word pieces, and of a concept the mean of its pieces'."""
    pieces = bert.embeddings.word_embeddings.weight.detach()
    ids = [
        encoding.ids for encoding in tokenizer.encode_batch(list(concepts.names), add_special_tokens=False)
    ]
    return torch.cat([pieces, *(pieces[each].mean(0, keepdim=True) for each in ids)])


def told(
    plan: Plan, papers: Sequence[TrainingPaper], data: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    """What ``training.json`` and the card say of the training."""
    return {
        "licence": plan.licence,
        "base": plan.base_name,
        "teachers": [plan.base_name, *(Path(spec).name for spec in plan.teachers), "BM25"],
        "data": list(data),
        "papers": len(papers),
        "layers_trained": plan.upper,
        "recipe": asdict(plan.recipe),
    }


def _check(plan: Plan) -> None:
    """Refuse what an earlier run kept for another plan. The recipe may change: only the steps start anew."""
    file = plan.work / "plan.json"
    now = {
        "files": [str(each.absolute()) for each in plan.files],
        "base": str(plan.base.absolute()),
        "teachers": list(plan.teachers),
        "papers": plan.papers,
        "concepts": plan.concepts,
        "upper": plan.upper,
        "seed": plan.recipe.seed,
    }
    if not file.exists():
        replace_file(file, json.dumps(now, indent=2).encode())
        return
    before = json.loads(file.read_text(encoding="utf-8"))
    changed = [name for name, value in now.items() if before.get(name) != value]
    if changed:
        raise HintedError(
            f"{plan.work} holds the stages of another training: of other {' and '.join(changed)}.",
            "Name another folder with --work, or delete this one.",
        )


def _papers(
    plan: Plan, on_progress: OnProgress
) -> tuple[list[TrainingPaper], list[TrainingPaper], list[dict[str, object]]]:
    """Papers to learn from, papers held out, and what the card says of the files."""
    file, kept_out, told_file = (plan.work / name for name in ("papers.jsonl", "held-out.jsonl", "data.json"))
    if not told_file.exists():
        drawn = draw_papers(plan.files, plan.papers, plan.recipe.seed, on_progress)
        if not file.exists():
            lacking = max(0, HELD_OUT - len(drawn.rest))
            spared = min(lacking, int(len(drawn.papers) * HELD_OUT_SHARE))
            write_papers(_enough(drawn.papers[: len(drawn.papers) - spared], plan.recipe.batch), file)
        learned = kept_papers(file)
        titles = {paper.title.lower() for paper in learned}  # of two copies in two files both are left out
        others = [paper for paper in (*drawn.rest, *drawn.papers) if paper.title.lower() not in titles]
        write_papers(others[:HELD_OUT], kept_out)
        about = [
            {"file": each.name, "sha256": _sha256(each), "papers": count}
            for each, count in zip(plan.files, drawn.counts, strict=True)
        ]
        replace_file(told_file, json.dumps(about, indent=2).encode())
    return kept_papers(file), kept_papers(kept_out), json.loads(told_file.read_text(encoding="utf-8"))


def _enough(papers: list[TrainingPaper], least: int) -> list[TrainingPaper]:
    if len(papers) < least:
        raise HintedError(
            f"Only {len(papers)} papers have a title and an abstract to learn from.",
            f"Training wants {least} at least, and thousands to be of use.",
        )
    return papers


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _concepts(plan: Plan, papers: Sequence[TrainingPaper]) -> Concepts:
    file = plan.work / "concepts.txt"
    if not file.exists():
        scratch = file.with_suffix(".part")
        mine_concepts(papers, plan.concepts).write(scratch)
        scratch.replace(file)
    return Concepts.read(file)


def _frozen(plan: Plan, bert: Any, lower: int) -> Path:
    file = plan.work / f"frozen-{lower}.onnx"
    if not file.exists():
        outputs = {"states": {0: "batch", 1: "length"}, "vectors": {0: "batch"}}
        config = bert.config
        export_module(
            Frozen(bert, lower),
            file,
            outputs,
            heads=config.num_attention_heads,
            width=config.hidden_size,
        )
    return file


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def set_scales(folder: Path, papers: Sequence[TrainingPaper]) -> None:
    """Write into the manifest the impact that nearly all of some papers' impacts lie below, and the median
    weight of their words."""
    model = JointModel.load(folder)
    some = [f"{paper.title}\n{paper.document}" for paper in papers[:MEASURED]]
    words = [word for each in model.read(some) for word in each.words.items()]
    weights = [weight for dimension, (_, weight) in words if dimension < WORD_PIECES and weight]
    impacts = [impact for each in model.encode(some).impacts for impact in each.values()]
    ceiling = round(float(numpy.quantile(impacts, CEILING_SHARE)), 3)
    unread = round(float(numpy.median(weights)), 3)
    replace(model.manifest, ceiling=ceiling, unread=unread).write(folder)
