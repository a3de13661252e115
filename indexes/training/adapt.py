"""An encoder adapted to a library: research terms of its own, and weights chosen for it.

The graph stays as it is, so this needs no training and takes minutes on a processor. Terms of the library
that are no concepts yet become some, which are matched and not predicted; and the few scalars of the manifest
are moved to where titles find their own abstracts best. What comes of it is kept only where it wins on titles
that nothing was chosen by.
"""

import json
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from indexes.concepts import WORD_PIECES, Concepts, key
from indexes.errors import HintedError
from indexes.joint import JointModel
from indexes.joint_manifest import CONCEPTS_FILE, FILES, TRAINING_FILE, Manifest, move
from indexes.onnx import MANIFEST_FILE
from indexes.training.card import write_card
from indexes.training.known_items import improvement
from indexes.training.mine import mine_concepts
from indexes.training.papers import TrainingPaper
from indexes.training.sample import Sample, Weights
from indexes.types import OnProgress, Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLED = 3_000  # papers: half of their titles choose, the other half judge
FEWEST = 200
MINED = 50_000  # papers whose titles and keywords are mined for terms, which takes 300 MB
CONCEPTS = 4_096  # new ones at most
LEAST = (6, 3)  # titles with a new term, or papers whose authors name it, at least
STEPS = Weights(piece=1.0, more=0.5, concept=1.0, asked=0.25)  # tried first, up and down
HALVINGS = 2  # of the steps
SIGNIFICANT = 0.05
CEILING_SHARE = 0.999  # of all impacts lie below the ceiling of the levels


@dataclass(frozen=True, slots=True)
class Adapted:
    """nDCG@10 of the sparse side on the titles held out, before and after, and p by a paired bootstrap.
    ``kept`` where an encoder was written; ``weights`` are those that were chosen otherwise."""

    kept: bool
    concepts: int
    queries: int
    before: float
    after: float
    p: float
    weights: Mapping[str, tuple[float, float]]


def adapt(
    papers: Iterable[TrainingPaper],
    base: Path,
    out: Path,
    work: Path,
    *,
    count: int = SAMPLED,
    seed: int = 0,
    on_progress: OnProgress = lambda _: None,
) -> Adapted:
    """Adapt the encoder in ``base`` to papers, gone through twice, and write it to ``out`` if it wins.

    What is read is kept in ``work`` until the end, so that a run that is cut short can be gone on with.
    Raises HintedError where the papers are too few, EncoderError where the base is no joint encoder.
    """
    manifest = Manifest.read(base)
    kept = work / "adapting"
    sample, total = _drawn(papers, count, seed, on_progress)
    if len(sample) < FEWEST:
        raise HintedError(
            f"Only {len(sample)} papers have a title and an abstract that say enough; {FEWEST} are needed.",
            "Add papers first. Until then the encoder that litsearch ships serves best.",
        )
    choosing, judging = numpy.arange(0, len(sample), 2), numpy.arange(1, len(sample), 2)
    held_out = {sample[each].key for each in judging}
    learnable = (paper for paper in papers if paper.key not in held_out)
    known = Concepts.read(base / CONCEPTS_FILE)
    mined = _new_concepts(islice(learnable, 0, None, max(1, total // MINED)), known)
    folder = _candidate(base, kept / "encoder", manifest, Concepts([*known.names, *mined]))
    read = Sample.read(JointModel.load(folder), sample, kept, on_progress)
    limits = (WORD_PIECES + len(known.names), WORD_PIECES + len(known.names) + len(mined))
    first = Weights(*manifest.lexical, manifest.concept_weight)
    chosen, limit = _chosen(read, first, limits, choosing, on_progress)
    before, after = (read.gains(*each, judging) for each in ((first, limits[0]), (chosen, limit)))
    gain, p = improvement(before, after, seed)
    changed = {
        each.name: (getattr(first, each.name), getattr(chosen, each.name))
        for each in fields(Weights)
        if getattr(first, each.name) != getattr(chosen, each.name)
    }
    result = Adapted(
        gain > 0 and p < SIGNIFICANT,
        limit - limits[0],
        len(judging),
        float(before.mean()),
        float(after.mean()),
        p,
        changed,
    )
    if result.kept:
        concepts = Concepts([*known.names, *mined[: result.concepts]])
        _write(folder, manifest, concepts, read, chosen, limit, result)
        move(folder, out)
    shutil.rmtree(kept)
    with suppress(OSError):  # the user's own files may be there
        work.rmdir()
    return result


def _drawn(
    papers: Iterable[TrainingPaper], count: int, seed: int, on_progress: OnProgress
) -> tuple[list[TrainingPaper], int]:
    """A random sample, in random order, and how many papers there are."""
    draw = random.Random(seed)
    drawn: list[TrainingPaper] = []
    total = 0
    for paper in papers:
        total += 1
        if len(drawn) < count:
            drawn.append(paper)
        elif (place := draw.randrange(total)) < count:
            drawn[place] = paper
        if total % 1000 == 0:
            on_progress(Progress("reading the library, papers", total))
    draw.shuffle(drawn)
    return drawn, total


def _new_concepts(papers: Iterable[TrainingPaper], known: Concepts) -> list[str]:
    """The library's most frequent terms that are no concepts yet."""
    keys = {key(name) for name in known.names}
    names = mine_concepts(papers, len(keys) + CONCEPTS, least=LEAST).names
    return [name for name in names if key(name) not in keys][:CONCEPTS]


def _candidate(base: Path, folder: Path, manifest: Manifest, concepts: Concepts) -> Path:
    """The base with more concepts, whose queries are plain counts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*FILES, TRAINING_FILE):
        if name != MANIFEST_FILE and (base / name).is_file():
            shutil.copyfile(base / name, folder / name)
    concepts.write(folder / CONCEPTS_FILE)
    replace(manifest, concept_weight=1.0).write(folder)
    return folder


def _chosen(
    sample: Sample,
    first: Weights,
    limits: tuple[int, int],
    queries: "NDArray[Any]",
    on_progress: OnProgress,
) -> tuple[Weights, int]:
    """The best weights that small steps lead to, and whether with the new concepts: up to which dimension."""
    tried = 0

    def gain(weights: Weights, limit: int) -> float:
        nonlocal tried
        tried += 1
        on_progress(Progress("trying weights", tried))
        return float(sample.gains(weights, limit, queries).mean())

    best, limit = gain(first, limits[0]), limits[0]
    if (more := gain(first, limits[1])) > best:
        best, limit = more, limits[1]
    weights = first
    for halving in range(HALVINGS + 1):
        moved = True
        while moved:
            moved = False
            for other in _neighbours(weights, 0.5**halving):
                if (better := gain(other, limit)) > best:
                    best, weights, moved = better, other, True
    return weights, limit


def _neighbours(weights: Weights, scale: float) -> Iterator[Weights]:
    """One weight a step up or down; none below 0 but for what a word has, which may be less than nothing."""
    for field in fields(Weights):
        step = scale * getattr(STEPS, field.name)
        for value in (getattr(weights, field.name) + step, getattr(weights, field.name) - step):
            if value >= 0 or field.name == "piece":
                yield replace(weights, **{field.name: value})


def _write(
    folder: Path,
    manifest: Manifest,
    concepts: Concepts,
    sample: Sample,
    weights: Weights,
    limit: int,
    result: Adapted,
) -> None:
    """The candidate as it is to be kept: its concepts, manifest, and card."""
    impacts = sample.impacts(weights, limit)
    *lexical, asked = astuple(weights)
    concepts.write(folder / CONCEPTS_FILE)
    replace(
        manifest,
        name=f"{manifest.name.removesuffix('-adapted')}-adapted",
        ceiling=round(float(numpy.quantile(impacts[impacts > 0], CEILING_SHARE)), 3),
        lexical=(lexical[0], lexical[1], lexical[2]),
        concept_weight=asked,
    ).write(folder)
    file = folder / TRAINING_FILE
    training = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    training["adapted"] = {
        "concepts": result.concepts,
        "queries": result.queries,
        "before": result.before,
        "after": result.after,
        "p": result.p,
        "weights": result.weights,
    }
    file.write_text(json.dumps(training, indent=2) + "\n", encoding="utf-8")
    write_card(folder)
