import json
from pathlib import Path

import pytest
import toy_joint

from indexes.errors import EncoderError, HintedError
from indexes.joint import JointModel
from indexes.joint_manifest import TRAINING_FILE, Manifest
from indexes.training.adapt import adapt
from indexes.training.papers import TrainingPaper, training_paper
from indexes.types import Progress


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the graph predicts at random weighs more than the words of a text."""
    folder = tmp_path_factory.mktemp("base")
    return toy_joint.joint(folder, max_length=256, lexical=(0.0, 0.0, 0.0), concept_weight=0.0)


@pytest.fixture(scope="module")
def papers() -> list[TrainingPaper]:
    found = (training_paper(each, each["id"]) for each in toy_joint.records(260))
    return [each for each in found if each is not None]


def test_what_finds_papers_better_is_kept(base: Path, papers: list[TrainingPaper], tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = adapt(papers, base, out, tmp_path / "work")
    assert result.kept
    assert result.after > result.before
    assert result.p < 0.05
    assert result.queries == 130
    before, after = Manifest.read(base), Manifest.read(out)
    assert after.name == "toy-adapted"
    assert after.hash != before.hash
    assert after.lexical > before.lexical
    assert 0 < after.ceiling < 10
    model = JointModel.load(out)
    assert len(model.concepts.names) == 3 + result.concepts
    encoded = model.encode([papers[0].abstract])
    assert (encoded.vectors == JointModel.load(base).encode([papers[0].abstract]).vectors).all()
    assert encoded.impacts != JointModel.load(base).encode([papers[0].abstract]).impacts
    told = json.loads((out / TRAINING_FILE).read_text("utf-8"))["adapted"]
    assert (told["before"], told["after"]) == (result.before, result.after)
    assert "Adapted to a library" in (out / "CARD.md").read_text("utf-8")
    assert not (tmp_path / "work").exists()


def test_terms_of_the_library_become_concepts(papers: list[TrainingPaper], tmp_path: Path) -> None:
    """Words as they are in the base hardly count, so that terms are all that tells papers apart."""
    base = toy_joint.joint(tmp_path / "base", max_length=256, lexical=(-9.0, 0.0, 6.0), concept_weight=1.0)
    result = adapt(papers, base, tmp_path / "out", tmp_path / "work")
    assert result.kept
    assert result.concepts > 0
    new = JointModel.load(tmp_path / "out").concepts.names[3:]
    assert len(new) == result.concepts
    title = next(each.title for each in papers if any(name in each.title.lower() for name in new))
    counts = JointModel.load(tmp_path / "out").query_counts(title)
    assert max(counts) > JointModel.load(base).concepts.find("neural network").most_common(1)[0][0]


def test_nothing_is_kept_where_nothing_wins(tmp_path: Path) -> None:
    """Every title stands in its abstract alone, so there is nothing to win."""
    base = toy_joint.joint(tmp_path / "base", max_length=256, lexical=(9.0, 0.5, 9.0))
    words = [toy_joint.made_up(topic, number) for topic in range(12) for number in range(20)]
    pairs = [f"{words[n]} {words[(n + 1) % len(words)]}" for n in range(len(words))]
    papers = [TrainingPaper(str(n), pair, f"{pair} " * 9, "", ()) for n, pair in enumerate(pairs)]
    result = adapt(papers, base, tmp_path / "out", tmp_path / "work")
    assert not result.kept
    assert result.before > 0.99
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "work").exists()


def test_a_run_cut_short_is_gone_on_with(base: Path, papers: list[TrainingPaper], tmp_path: Path) -> None:
    undisturbed = adapt(papers, base, tmp_path / "whole", tmp_path / "work")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "notes.txt").write_text("the user's own", "utf-8")

    def stop(progress: Progress) -> None:
        if progress.stage == "reading abstracts" and progress.done == 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        adapt(papers, base, tmp_path / "out", tmp_path / "work", on_progress=stop)
    assert not (tmp_path / "out").exists()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "work").rglob("*.npz")}
    assert len(before) == 2
    seen: list[bool] = []

    def look(progress: Progress) -> None:
        if progress.stage == "trying weights" and not seen:
            seen.append(all(path.stat().st_mtime_ns == time for path, time in before.items()))

    resumed = adapt(papers, base, tmp_path / "out", tmp_path / "work", on_progress=look)
    assert resumed == undisturbed
    assert seen == [True]
    assert Manifest.read(tmp_path / "out") == Manifest.read(tmp_path / "whole")
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["notes.txt"]


def test_too_few_papers_and_other_folders_are_refused(
    base: Path, papers: list[TrainingPaper], tmp_path: Path
) -> None:
    with pytest.raises(HintedError, match="Only 20 papers"):
        adapt(papers[:20], base, tmp_path / "out", tmp_path / "work")
    with pytest.raises(EncoderError, match="no encoder"):
        adapt(papers, tmp_path, tmp_path / "out", tmp_path / "work")
