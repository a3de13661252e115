"""Updates and rebuilds: which generations are to be brought up to the source, and which of them serve."""

import logging
from collections.abc import Collection, Mapping, Sequence

from indexes.building import QUICK_BATCH, SLOW_BATCH, Writer, catch_up
from indexes.damage import reading
from indexes.encoders import NO_ENCODER, SHIPPED
from indexes.errors import EncoderError, HintedError, IndexDamagedError, IndexMismatchError
from indexes.generations import Generations
from indexes.manifest import Generation, Manifest, write_manifest
from indexes.pinned import PinnedSparse, encoder_hash
from indexes.types import LEGS, LegName, Source
from indexes.verifying import problems

DEFAULT_ENCODERS: Mapping[LegName, str] = {"bm25": "", "sparse": SHIPPED, "dense": SHIPPED}
logger = logging.getLogger(__name__)


def update(
    generations: Generations, source: Source, writer: Writer, legs: Collection[LegName] | None
) -> None:
    """Bring the legs up to the source, those being rebuilt too. The first update starts all three, with the
    shipped encoder.

    When a leg fails, the others are finished first.
    """
    if generations.manifest() is None:
        with writer.locked():
            if generations.manifest() is None:  # another process may have been quicker
                first = Manifest()
                for leg, spec in DEFAULT_ENCODERS.items():
                    first = first.start(leg, spec, encoder_hash(leg, spec))
                write_manifest(generations.folder, first)
    manifest = generations.manifest() or Manifest()
    wanted = [leg for leg in LEGS if legs is None or leg in legs]
    replaced = [manifest.serving[leg] for leg in wanted if leg in manifest.building]
    try:
        _bring_up(generations, source, writer, replaced)
    except (EncoderError, IndexDamagedError, IndexMismatchError) as error:
        logger.info("An index that is being replaced stays as it is: %s", error)
    _bring_up(generations, source, writer, _newest(manifest, wanted))


def rebuild(
    generations: Generations, source: Source, writer: Writer, legs: Sequence[LegName], encoder: str | None
) -> None:
    """Build new generations of legs; what served before serves until they are complete.

    A rebuild that was cut short is taken up where it stopped, if it was for the same encoder.
    """
    if encoder is not None and "bm25" in legs:
        raise HintedError("The BM25 leg has no encoder and can't be dropped.", "Name another leg.")
    manifest = _readable(generations, legs)
    specs = {leg: _spec(manifest, leg) if encoder is None else encoder for leg in legs}
    hashes = {leg: encoder_hash(leg, spec) for leg, spec in specs.items() if spec != NO_ENCODER}
    with writer.locked():
        manifest = _readable(generations, legs)
        for leg, spec in specs.items():
            if spec == NO_ENCODER:
                manifest = manifest.drop(leg)
            elif not _resumable(generations, source, manifest, Generation(leg, 0, spec, hashes[leg])):
                manifest = manifest.start(leg, spec, hashes[leg])
        write_manifest(generations.folder, manifest)
        generations.sweep()
    _bring_up(generations, source, writer, _newest(manifest, list(hashes)))


def _newest(manifest: Manifest, legs: Sequence[LegName]) -> list[Generation]:
    """Of each leg what is being built, or else what serves."""
    return [each for leg in legs if (each := manifest.building.get(leg, manifest.serving.get(leg)))]


def _bring_up(generations: Generations, source: Source, writer: Writer, wanted: Sequence[Generation]) -> None:
    """Quick legs side by side first, then those whose encoders take their time, one by one."""
    failures: list[HintedError] = []
    quick: list[Generation] = []
    slow: list[Generation] = []
    for each in wanted:
        try:
            if not _is_done(generations, source, each):
                (quick if _is_quick(each) else slow).append(each)
        except HintedError as error:
            failures.append(error)
    for group in filter(None, (quick, *([each] for each in slow))):
        legs = {each: generations.open(each) for each in group}
        failed = catch_up(writer, source, list(legs.values()), QUICK_BATCH if group is quick else SLOW_BATCH)
        failures += failed.values()
        _complete(generations, writer, [each for each, leg in legs.items() if leg not in failed])
    if failures:
        raise failures[0]


def _is_done(generations: Generations, source: Source, generation: Generation) -> bool:
    with reading(generation.leg):
        reached = generations.open(generation).coverage()
    return generation.complete and reached.present and reached.revision >= source.revision()


def _is_quick(generation: Generation) -> bool:
    if generation.leg == "sparse":
        return PinnedSparse(generation).cheap
    return generation.leg == "bm25"


def _complete(generations: Generations, writer: Writer, finished: Sequence[Generation]) -> None:
    """Let what has caught up for the first time serve, unless another process has changed the plan."""
    if all(each.complete for each in finished):
        return
    with writer.locked():
        manifest = generations.manifest() or Manifest()
        for each in finished:
            if manifest.building.get(each.leg, manifest.serving.get(each.leg)) == each:
                manifest = manifest.complete(each.leg)
        write_manifest(generations.folder, manifest)
        generations.sweep()


def _resumable(generations: Generations, source: Source, manifest: Manifest, wanted: Generation) -> bool:
    """Whether a build for the same encoder was cut short and is sound as far as it came."""
    started = next(iter(_newest(manifest, [wanted.leg])), None)
    if started is None or started.complete:
        return False
    same = (started.encoder, started.hash) == (wanted.encoder, wanted.hash)
    return same and not problems(generations.open(started), started, source, generations.folder)


def _spec(manifest: Manifest, leg: LegName) -> str:
    started = next(iter(_newest(manifest, [leg])), None)
    if started is not None:
        return started.encoder
    return DEFAULT_ENCODERS[leg]


def _readable(generations: Generations, legs: Sequence[LegName]) -> Manifest:
    """The manifest, or an empty one where it can't be read but all that it must name is built anew."""
    try:
        return generations.manifest() or Manifest(started=generations.highest())
    except (IndexDamagedError, IndexMismatchError):
        if not set(DEFAULT_ENCODERS).issubset(legs):
            raise
        return Manifest(started=generations.highest())
