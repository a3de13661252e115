"""What the frozen part of the encoder says about the training texts, computed once and kept on disk.

The lower layers are not trained, so their token states are the input of every training step: they are run
through an 8-bit ONNX graph once, and training costs what the layers above them cost. The same pass gives the
vectors of the model as it was; other teachers add theirs. One shard of papers is one pair of files; what is
there is not made again.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from indexes.encoders import DenseEncoder
from indexes.onnx import batches
from indexes.training.papers import TrainingPaper

if TYPE_CHECKING:
    from numpy import float16, float32
    from numpy.typing import NDArray

SHARD = 1000  # papers in one pair of files
DOCUMENT_LENGTH, QUERY_LENGTH = 128, 48  # word pieces read, [CLS] and [SEP] included
logger = logging.getLogger(__name__)

Run = Callable[["NDArray[Any]", "NDArray[Any]"], "tuple[NDArray[float32], NDArray[float32]]"]


@dataclass(frozen=True, slots=True)
class Shard:
    """States of some papers' texts, one text after the other: each paper's document, then its queries.

    ``ids`` and ``states`` (float16, tokens by width) are of all texts; text i has the tokens from
    ``starts[i]`` to ``starts[i + 1]``; ``owner[i]`` is its paper within the shard, ``asked[i]`` is False for
    a document. ``teachers`` has shape (teachers, texts, dimensions).
    """

    ids: "NDArray[Any]"
    starts: "NDArray[Any]"
    owner: "NDArray[Any]"
    asked: "NDArray[Any]"
    teachers: "NDArray[float16]"
    states: "NDArray[float16]"

    @classmethod
    def load(cls, folder: Path, number: int) -> "Shard":
        arrays = numpy.load(folder / f"{number:05d}.npz")
        states = numpy.load(folder / f"{number:05d}.npy", mmap_mode="r")
        return cls(
            arrays["ids"], arrays["starts"], arrays["owner"], arrays["asked"], arrays["teachers"], states
        )


def shards(folder: Path) -> list[int]:
    """The numbers of the shards that are complete."""
    return sorted(int(path.stem) for path in folder.glob("[0-9]*.npz"))


def keep_states(
    papers: Sequence[TrainingPaper],
    folder: Path,
    tokenizer: Any,
    run: Run,
    teachers: Sequence[DenseEncoder] = (),
    on_shard: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Make the shards that are missing. ``run`` maps ids and mask, both of shape (texts, length), to the
    lower layers' states, (texts, length, width), and the model's own unit vectors, (texts, width)."""
    folder.mkdir(parents=True, exist_ok=True)
    total = -(-len(papers) // SHARD)
    for number in range(total):
        if not (folder / f"{number:05d}.npz").exists():
            some = papers[number * SHARD : (number + 1) * SHARD]
            _write(folder, number, some, tokenizer, run, teachers)
        on_shard(number + 1, total)


def _write(
    folder: Path,
    number: int,
    papers: Sequence[TrainingPaper],
    tokenizer: Any,
    run: Run,
    teachers: Sequence[DenseEncoder],
) -> None:
    texts = [text for paper in papers for text in (paper.document, *paper.queries)]
    owner = [at for at, paper in enumerate(papers) for _ in (paper.document, *paper.queries)]
    asked = [is_query for paper in papers for is_query in (False, *(True for _ in paper.queries))]
    ids = token_ids(tokenizer, texts, asked)
    states, own = _encode(ids, run)
    vectors = [own]
    for teacher in teachers:
        found = numpy.empty((len(texts), teacher.dimensions), numpy.float32)
        found[~numpy.array(asked)] = teacher.documents([paper.document for paper in papers])
        for text, query in enumerate(asked):
            if query:  # one by one, since a teacher may read queries otherwise than documents
                found[text] = teacher.query(texts[text])
        vectors.append(found)
    starts = numpy.concatenate([[0], numpy.cumsum([len(each) for each in ids])])
    scratch = folder / f"{number:05d}.part.npy"
    numpy.save(scratch, numpy.concatenate(states))
    scratch.replace(folder / f"{number:05d}.npy")
    scratch = folder / f"part-{number:05d}.npz"
    numpy.savez(
        scratch,
        ids=numpy.concatenate(ids).astype(numpy.uint16),
        starts=starts,
        owner=numpy.array(owner, numpy.int32),
        asked=numpy.array(asked),
        teachers=numpy.stack(vectors).astype(numpy.float16),
    )
    scratch.replace(folder / f"{number:05d}.npz")  # last: with it the shard counts as complete


def token_ids(tokenizer: Any, texts: Sequence[str], asked: Sequence[bool]) -> list["NDArray[Any]"]:
    """Ids of each text with [CLS] and [SEP], cut to the length of a query or a document."""
    found = []
    for encoding, query in zip(tokenizer.encode_batch(list(texts)), asked, strict=True):
        length = QUERY_LENGTH if query else DOCUMENT_LENGTH
        ids = encoding.ids
        found.append(numpy.array(ids if len(ids) <= length else [*ids[: length - 1], ids[-1]], numpy.int64))
    return found


def _encode(ids: Sequence["NDArray[Any]"], run: Run) -> "tuple[list[NDArray[float16]], NDArray[float32]]":
    states: list[Any] = [None] * len(ids)
    vectors: list[Any] = [None] * len(ids)
    for members, rows, mask in batches(ids):
        some, own = run(rows, mask)
        for place, text in enumerate(members):
            states[text] = some[place, : len(ids[text])].astype(numpy.float16)
            vectors[text] = own[place]
    return states, numpy.stack(vectors)
