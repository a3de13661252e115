import asyncio
import json
from pathlib import Path

import pytest
import tiny_models

from indexes.errors import EncoderError
from litsearch.agent.entailment import load_entailment


def labelled(folder: Path, labels: dict[str, str]) -> str:
    """A classifier with random weights; its spec."""
    spec = tiny_models.cross_encoder(folder, labels=len(labels))
    config = Path(spec.removeprefix("st:")) / "config.json"
    values = json.loads(config.read_text())
    values |= {"id2label": labels, "label2id": {label: int(at) for at, label in labels.items()}}
    config.write_text(json.dumps(values))
    return spec


def test_no_spec_is_no_classifier() -> None:
    assert load_entailment("") is None
    assert load_entailment("none") is None


@pytest.mark.parametrize("spec", ["onnx:folder", "st:", "nonsense"])
def test_another_spec_is_refused_with_a_hint(spec: str) -> None:
    with pytest.raises(EncoderError, match="no entailment classifier"):
        load_entailment(spec)


@tiny_models.needs_library
def test_a_classifier_gives_a_verdict_with_its_probability(tmp_path: Path) -> None:
    spec = labelled(tmp_path, {"0": "contradiction", "1": "entailment", "2": "neutral"})
    classifier = load_entailment(spec)
    assert classifier is not None
    assert classifier.labels == (1, 0)
    verdict = asyncio.run(classifier.verdict(["sparse retrieval", "of papers"], "dense retrieval"))
    assert not (verdict.entailed and verdict.contradicted)
    assert "gives entailment 0." in verdict.reason
    assert verdict == classifier.judge("sparse retrieval of papers", "dense retrieval")
    assert load_entailment(spec) is classifier, "it is loaded once"


@tiny_models.needs_library
def test_two_labels_are_enough_and_not_entailment_is_not_entailment(tmp_path: Path) -> None:
    classifier = load_entailment(labelled(tmp_path, {"0": "not_entailment", "1": "entailment"}))
    assert classifier is not None
    assert classifier.labels == (1, None)


@tiny_models.needs_library
def test_a_classifier_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no output for entailment"):
        load_entailment(labelled(tmp_path, {"0": "toxic", "1": "harmless"}))
