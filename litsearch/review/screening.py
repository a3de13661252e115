"""The stage screen: who says of each candidate whether it is included, and why."""

import asyncio
from collections.abc import Mapping, Sequence

from litsearch.agent.inquiry import Reader
from litsearch.agent.wording import only_denies
from litsearch.errors import BudgetError, ModelError
from litsearch.papers import StoredPaper
from litsearch.review.events import Screened
from litsearch.review.protocol import Protocol, Screening
from litsearch.review.replies import ScreenReply
from litsearch.review.result import NOT_MET, ScreenedPaper
from litsearch.review.searching import seed_ids
from litsearch.review.state import State
from litsearch.review.work import Work
from litsearch.screening.decisions import USER, Decision, Decisions, Verdict
from litsearch.screening.prioritise import Prioritiser

BATCH = 40  # papers that a model screens before what is most promising is told anew
FEEDBACK = "feedback"
SEED = "seed"
LEARNT = 50  # papers that feedback includes where the protocol does not say how many
NO_MODEL = "no model is named, so the papers were not screened by the criteria"
DENIED = "it only denies the criterion, so it was not excluded"
UNDECIDED = "none of the papers was decided in the screening {}"


def plan(protocol: Protocol) -> Screening | None:
    """How the protocol has papers screened: criteria alone are for a model to go by."""
    if protocol.screening is None and (protocol.include or protocol.exclude):
        return Screening()
    return protocol.screening


async def screen(work: Work, candidates: Sequence[int]) -> bool:
    """Have the candidates screened as the protocol says. What an earlier attempt decided stands.

    False where it was cut short, so that nothing can be made of it yet. Raises LibraryError where there is no
    screening of that name.
    """
    screening = plan(work.protocol)
    if screening is None:
        return True
    wanted = set(candidates)
    done = sum(paper in wanted for paper in work.state.screened)
    await work.begin("screen", len(candidates), done)
    await _tell(work, await asyncio.to_thread(_decided, work, screening, candidates))
    match screening.by:
        case "feedback":
            await _tell(work, await asyncio.to_thread(_learnt, work, screening, candidates))
        case "user" if candidates and not any(paper in work.state.screened for paper in candidates):
            await work.trouble("screen", UNDECIDED.format(screening.name), "Decide in the app: litsearch tui")
            return False
        case "model" if work.settings.reading:
            return await _by_model(work, screening, candidates)
        case "model":
            await work.trouble("screen", NO_MODEL, "Name one in [model] or with --model")
    return True


def included(protocol: Protocol, state: State, candidates: Sequence[int], model: str) -> list[int]:
    """The candidates that are taken in. What nobody decided is, where no screening was asked for, or no
    model is there to carry it out."""
    screening, screened = plan(protocol), state.screened
    taken: set[Verdict] = {"include", "maybe"} if screening is None or screening.maybe else {"include"}
    unscreened = screening is None or (screening.by == "model" and not model)
    return [
        paper
        for paper in candidates
        if (screened[paper].verdict in taken if paper in screened else unscreened)
    ]


async def _tell(work: Work, papers: Sequence[ScreenedPaper]) -> None:
    if papers:
        await work.emit(Screened(tuple(papers)))


def _decided(work: Work, screening: Screening, candidates: Sequence[int]) -> list[ScreenedPaper]:
    """Seeds, and what the user decided, as far as it is not known yet."""
    papers = _papers(work, candidates)
    decisions: Mapping[int, Decision] = {}
    if screening.name:
        decisions = Decisions(work.library, screening.name).all()
    found = {
        paper: _screened(stored, decisions[paper].verdict, decisions[paper].reason, decisions[paper].by)
        for paper, stored in papers.items()
        if paper in decisions
    }
    for paper in seed_ids(work.library, work.protocol):
        if paper in papers and paper not in found:
            found[paper] = _screened(papers[paper], "include", "named in the protocol as relevant", SEED)
    return [found[paper] for paper in found if work.state.screened.get(paper) != found[paper]]


def _learnt(work: Work, screening: Screening, candidates: Sequence[int]) -> list[ScreenedPaper]:
    """The most promising of the papers that nobody decided, by what was decided."""
    screened = work.state.screened
    known = {paper: each.verdict for paper, each in screened.items() if each.by != FEEDBACK}
    order = _prioritiser(work, candidates).order(known)
    most = screening.most or LEARNT
    papers = _papers(work, order[:most])
    found = []
    for rank, paper in enumerate(order[:most], 1):
        reason = f"number {rank} of {len(order):,} by what was decided of {len(known):,}"
        if paper in papers:
            found.append(_screened(papers[paper], "include", reason, FEEDBACK))
    return [each for each in found if screened.get(each.id) != each]


async def _by_model(work: Work, screening: Screening, candidates: Sequence[int]) -> bool:
    """In batches, the most promising first where not all are read; what was decided teaches the order.
    Whether it came to its end."""
    most = min(screening.most or len(candidates), len(candidates))
    own: dict[int, Verdict] = {
        paper: each.verdict
        for paper, each in work.state.screened.items()
        if each.by in (USER, SEED) and paper in set(candidates)
    }
    taught = _prioritiser(work, candidates) if most + len(own) < len(candidates) else None
    read = 0
    try:
        async with work.reader() as reader:
            while read < most and not work.stopping.is_set():
                if taught:
                    order = await asyncio.to_thread(taught.order, own)
                else:
                    order = [paper for paper in candidates if paper not in own]
                batch = order[: min(BATCH, most - read)]
                if not batch:
                    break
                await _batch(work, reader, batch)
                read += len(batch)
                screened = work.state.screened
                # One that failed counts as excluded for the order alone, so that it is not drawn again.
                own |= {p: screened[p].verdict if p in screened else "exclude" for p in batch}
    except (BudgetError, ModelError) as error:
        await work.trouble("screen", error.message, error.hint)
        return False
    return not work.stopping.is_set()


async def _batch(work: Work, reader: Reader, batch: Sequence[int]) -> None:
    """What an earlier attempt decided is not asked again."""
    waiting = [paper for paper in batch if paper not in work.state.screened]
    papers = await asyncio.to_thread(_papers, work, waiting)
    reading = [_read(work, reader, papers[paper]) for paper in waiting if paper in papers]
    await work.each("screen", reading)


async def _read(work: Work, reader: Reader, stored: StoredPaper) -> Screened:
    labels = criteria(work.protocol)
    shown = "\n".join(f"{label}: {text}" for label, text in labels.items())
    reply = await reader.ask(
        "screen",
        ScreenReply,
        step="screen",
        title=work.protocol.title,
        criteria=shown,
        paper=reader.paper(stored),
    )
    verdict, reason = reply.verdict, " ".join(reply.reason.split())
    label = reply.criterion.strip(" .:").upper()
    criterion = labels.get(label, "") if verdict == "exclude" else ""
    if criterion and label.startswith("I"):
        if only_denies(reason, criterion, f"{stored.paper.title} {stored.paper.abstract}"):
            verdict, criterion, reason = "maybe", "", f"{reason} ({DENIED})"
        else:
            criterion = f"{NOT_MET}{criterion}"
    return Screened((_screened(stored, verdict, reason, work.settings.reading, criterion),))


def criteria(protocol: Protocol) -> dict[str, str]:
    """Each criterion by the label that a model names it by: I1, I2 ... and E1, E2 ..."""
    labels = {f"I{n}": text for n, text in enumerate(protocol.include, 1)}
    return labels | {f"E{n}": text for n, text in enumerate(protocol.exclude, 1)}


def _prioritiser(work: Work, candidates: Sequence[int]) -> Prioritiser:
    protocol = work.protocol
    questions = [question.question for question in protocol.questions]
    topic = " ".join((protocol.title, *protocol.include, *questions[:3]))
    return Prioritiser(work.library, work.index, candidates, topic, work.settings.seed)


def _papers(work: Work, ids: Sequence[int]) -> dict[int, StoredPaper]:
    return {stored.id: stored for stored in work.library.papers(ids)}


def _screened(
    stored: StoredPaper, verdict: Verdict, reason: str, by: str, criterion: str = ""
) -> ScreenedPaper:
    paper = stored.paper
    return ScreenedPaper(stored.id, stored.key, paper.title, paper.year, verdict, reason, by, criterion)
