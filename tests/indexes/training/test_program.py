import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import toy_joint

from indexes.errors import EncoderError, HintedError
from indexes.joint import JointModel
from indexes.joint_manifest import CONCEPTS_FILE, TRAINING_FILE
from indexes.onnx import MODEL_FILE
from indexes.pieces import is_content
from indexes.types import Progress

if importlib.util.find_spec("torch") is None or importlib.util.find_spec("sentence_transformers") is None:
    pytest.skip("training needs the extra models", allow_module_level=True)

import torch

from indexes.training import train as training
from indexes.training.backbone import load_bert
from indexes.training.program import Plan, dimensions, first_rows, train
from indexes.training.train import Recipe
from indexes.training.write import Whole

pytestmark = pytest.mark.timeout(600)  # importing torch takes long on a busy machine
RECIPE = Recipe(steps=6, batch=32, sample=64, warm_up=2, layer_rate=1e-3)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("plan")
    torch.set_num_threads(1)
    papers = toy_joint.write_records(folder / "papers.jsonl", 220)
    base = toy_joint.base(folder / "base")
    return Plan([papers], base, folder / "work", "tiny", "tiny-bert", "MIT", max_length=64, recipe=RECIPE)


@pytest.fixture(scope="module")
def trained(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two steps are between two checkpoints, here and in what is compared with it."""
    out = tmp_path_factory.mktemp("out") / "encoder"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "CHECKPOINT", 2)
        train(plan, out)
    return out


def test_an_encoder_comes_of_papers(trained: Path) -> None:
    model = JointModel.load(trained)
    encoded = model.encode(["Bakobax bamibax. Badubax!", ""])
    assert numpy.allclose(numpy.linalg.norm(encoded.vectors, axis=1), 1, atol=1e-3)
    assert {model.token(each) for each in encoded.impacts[0]} >= {"bakobax", "bamibax", "badubax"}
    assert encoded.impacts[1] == {}
    assert len(model.concepts.names) > 10
    for impacts in model.encode([each["abstract"] for each in toy_joint.records(20)]).impacts:
        words = [model.token(each) for each in impacts if each < toy_joint.WORD_PIECES]
        assert all(map(is_content, words))
        assert max(impacts.values()) < 1.5 * model.manifest.ceiling


def test_the_card_tells_data_recipe_and_what_was_measured(trained: Path, plan: Plan) -> None:
    told = json.loads((trained / TRAINING_FILE).read_text("utf-8"))
    assert told["papers"] == 198
    assert told["data"][0]["papers"] == 220
    assert told["recipe"]["steps"] == 6
    assert told["measured"]["held-out papers"] == 22
    assert 0 < told["measured"]["sparse"]["ndcg"] <= 1
    card = (trained / "CARD.md").read_text("utf-8")
    assert card.startswith("---\nlicense: mit\n")
    for each in ("tiny-bert", "papers.jsonl", "| warm up | 2 |", "| dense |", told["data"][0]["sha256"]):
        assert each in card
    assert told["sha256"][MODEL_FILE] in card
    learned = (plan.work / "papers.jsonl").read_text("utf-8")
    for each in map(json.loads, (plan.work / "held-out.jsonl").read_text("utf-8").splitlines()):
        assert each["title"] not in learned


def test_cut_short_and_taken_up_learns_the_same(
    plan: Plan, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "CHECKPOINT", 2)
    again = replace(plan, work=tmp_path / "work")

    def stop_at(step: int) -> None:
        def stop(progress: Progress) -> None:
            if progress.stage.startswith("training") and progress.done == step:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            train(again, tmp_path / "out", stop, told.append)

    told: list[str] = []
    stop_at(1)
    assert told == []
    stop_at(5)
    assert told == ["198 of 198 papers have been read."]
    told.clear()
    train(again, tmp_path / "out", on_taken_up=told.append)
    assert told[1] == "4 of 6 steps of training have been done."
    one, other = (
        torch.load(work / "checkpoint.pt", weights_only=True)["encoder"] for work in (plan.work, again.work)
    )
    assert all(torch.equal(one[name], other[name]) for name in one)
    text = ["Bakobax bamibax"]
    assert (
        JointModel.load(trained).encode(text).impacts
        == JointModel.load(tmp_path / "out").encode(text).impacts
    )


def test_the_export_gives_what_torch_gives(plan: Plan, trained: Path) -> None:
    model = JointModel.load(trained)
    bert = load_bert(plan.base)
    from indexes.training.model import Encoder

    encoder = Encoder(bert.encoder.layer[1:], first_rows(bert, model.tokenizer, model.concepts))
    encoder.load_state_dict(torch.load(plan.work / "checkpoint.pt", weights_only=True)["encoder"])
    content = torch.from_numpy(dimensions(model.tokenizer, model.concepts)[: toy_joint.WORD_PIECES])
    whole = Whole(bert, 1, encoder, content).eval()
    texts = [each["abstract"][:200] for each in toy_joint.records(12, seed=5)]
    readings = sorted(model.read(texts), key=lambda each: each.text)
    for text, reading in zip(texts, readings, strict=True):
        ids = model.tokenizer.encode(text).ids
        ids = [*ids[:63], ids[-1]] if len(ids) > 64 else ids
        row = torch.zeros((1, -(-len(ids) // 16) * 16), dtype=torch.int64)
        row[0, : len(ids)] = torch.tensor(ids)
        mask = (torch.arange(row.shape[1]) < len(ids)).to(torch.int64)[None]
        with torch.inference_mode():
            logits, _, vectors = whole(row, mask)
        assert float(vectors[0].numpy() @ reading.vector) > 0.99
        there = logits[0].numpy() > -100
        assert numpy.abs(logits[0].numpy() - reading.logits)[there].mean() < 0.2


def test_the_work_of_another_plan_is_not_taken_up(plan: Plan, trained: Path, tmp_path: Path) -> None:
    with pytest.raises(HintedError, match="of other papers and seed"):
        train(replace(plan, papers=100, recipe=replace(RECIPE, seed=1)), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_papers_that_are_too_few_are_refused(plan: Plan, tmp_path: Path) -> None:
    few = toy_joint.write_records(tmp_path / "few.jsonl", 10)
    with pytest.raises(HintedError, match="Only 9 papers"):
        train(replace(plan, files=[few], work=tmp_path / "work"), tmp_path / "out")


def test_a_base_that_is_none_is_named(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(EncoderError, match="holds no BERT"):
        train(replace(plan, base=tmp_path, work=tmp_path / "work"), tmp_path / "out")


def test_concepts_begin_as_the_mean_of_their_pieces(plan: Plan, trained: Path) -> None:
    bert = load_bert(plan.base)
    model = JointModel.load(trained)
    rows = first_rows(bert, model.tokenizer, model.concepts)
    name = (trained / CONCEPTS_FILE).read_text("utf-8").splitlines()[0]
    ids = model.tokenizer.encode(name, add_special_tokens=False).ids
    assert torch.allclose(rows[toy_joint.WORD_PIECES], rows[ids].mean(0), atol=1e-6)
