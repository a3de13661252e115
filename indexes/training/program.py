"""The whole way from files of papers to an encoder in a folder, each stage kept and taken up where it stopped."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import torch

from indexes.concepts import WORD_PIECES, Concepts
from indexes.encoders import load_dense
from indexes.errors import HintedError
from indexes.joint import JointModel
from indexes.pieces import is_content
from indexes.training.backbone import Frozen, FrozenGraph, export_module, load_bert
from indexes.training.examples import Examples
from indexes.training.mine import mine_concepts
from indexes.training.model import Encoder
from indexes.training.papers import TrainingPaper, kept_papers, read_papers, write_papers
from indexes.training.states import SHARD, keep_states, shards
from indexes.training.train import Recipe, Training
from indexes.training.write import Trained, write_encoder
from indexes.types import OnProgress, Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

CEILING_SHARE = 0.999  # of all impacts lie below the ceiling of the levels
MEASURED = 500  # papers whose impacts tell the ceiling


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained from what. ``base`` is a folder with a BERT in safetensors and its tokenizer."""

    files: Sequence[Path]
    base: Path
    work: Path
    name: str = "litsearch"
    teachers: Sequence[str] = ()  # specs of dense encoders, beside the base itself
    papers: int = 32_000
    concepts: int = 8192
    upper: int = 2  # layers that learn
    max_length: int = 256
    recipe: Recipe = field(default_factory=Recipe)


def train(plan: Plan, out: Path, on_progress: OnProgress = lambda progress: None) -> None:
    """Write the encoder to ``out``. Raises HintedError for files that can't be read, EncoderError for a base or a
    teacher that can't be loaded."""
    plan.work.mkdir(parents=True, exist_ok=True)
    papers = _papers(plan)
    concepts = _concepts(plan, papers)
    bert, tokenizer = load_bert(plan.base), _tokenizer(plan.base)
    lower = len(bert.encoder.layer) - plan.upper
    states = plan.work / "states"
    if len(shards(states)) < -(-len(papers) // SHARD):
        keep_states(
            papers,
            states,
            tokenizer,
            FrozenGraph(_frozen(plan, bert, lower)),
            [load_dense(spec) for spec in plan.teachers],
            lambda done, total: on_progress(Progress("reading papers with the base", done, total)),
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
    encoder = Encoder(bert.encoder.layer[lower:], first_rows(bert, tokenizer, concepts))
    bert.config._attn_implementation = "sdpa"  # quicker; the export wants the plain one
    Training(encoder, examples, plan.recipe, plan.work).run(
        lambda step: on_progress(Progress("training", step.step, step.steps))
    )
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
    write_encoder(trained, out, told(plan, papers))
    _set_ceiling(out, papers)


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


def told(plan: Plan, papers: Sequence[TrainingPaper]) -> dict[str, object]:
    """What the manifest and the card say of the training."""
    return {
        "base": plan.base.name,
        "teachers": [plan.base.name, *plan.teachers, "BM25"],
        "files": [file.name for file in plan.files],
        "papers": len(papers),
        "layers_trained": plan.upper,
        "recipe": asdict(plan.recipe),
    }


def _papers(plan: Plan) -> list[TrainingPaper]:
    file = plan.work / "papers.jsonl"
    if not file.exists():
        drawn = read_papers(plan.files, plan.papers, plan.recipe.seed)
        if len(drawn) < plan.recipe.batch:
            raise HintedError(
                f"Only {len(drawn)} papers have a title and an abstract to learn from.",
                f"Training wants {plan.recipe.batch} at least, and thousands to be of use.",
            )
        write_papers(drawn, file)
    return kept_papers(file)


def _concepts(plan: Plan, papers: Sequence[TrainingPaper]) -> Concepts:
    file = plan.work / "concepts.txt"
    if not file.exists():
        mine_concepts(papers, plan.concepts).write(file)
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


def _set_ceiling(folder: Path, papers: Sequence[TrainingPaper]) -> None:
    """Write into the manifest the impact that nearly all of some papers' impacts lie below."""
    model = JointModel.load(folder)
    some = [f"{paper.title}\n{paper.document}" for paper in papers[:MEASURED]]
    impacts = [impact for each in model.encode(some).impacts for impact in each.values()]
    ceiling = round(float(numpy.quantile(impacts, CEILING_SHARE)), 3)
    replace(model.manifest, ceiling=ceiling).write(folder)
