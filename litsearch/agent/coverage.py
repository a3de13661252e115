"""How much was looked at, in counts and in plain words that claim no more."""

import math

from litsearch.agent import stopping
from litsearch.agent.events import Extent
from litsearch.agent.expand import SUPPOSED
from litsearch.agent.state import State

_NOT_JUDGED = (
    "Neither a model nor a person judged all of these papers, so nothing is claimed of how many relevant "
    "ones were missed."
)
_LEGS = {"bm25": "BM25", "sparse": "sparse", "dense": "dense"}


def extent(state: State) -> Extent:
    """The extent of a run as far as it came."""
    papers = state.started.papers if state.started else 0
    legs = tuple(leg for leg in _LEGS if any(leg in searched.legs for searched in state.searched))
    relevant = sum(judged.is_relevant for judged in state.judged.values())
    recall, unseen = _bounds(state)
    return Extent(
        papers=papers,
        queries=len(state.searched),
        found=len(state.found),
        judged=len(state.judged),
        relevant=relevant,
        findings=len(state.own),
        legs=legs,
        statement=" ".join((*_sentences(state, papers, legs, relevant), *_missed(state, recall, unseen))),
        recall=recall,
        unseen=unseen,
        added=len(state.widened.added) if state.widened else 0,
    )


def _bounds(state: State) -> tuple[float | None, float | None]:
    """Recall within what was found, and relevant papers beyond it; None where no model judged."""
    judged = list(state.judged.values())
    flags = [each.is_relevant for each in judged]
    if not any(flags) or any(each.judge == "program" for each in judged):
        return None, None
    catches = dict.fromkeys((each.id for each in judged if each.is_relevant), 0)
    for searched in state.searched:
        for found in searched.found:
            if found.id in catches:
                catches[found.id] += max(1, len(found.legs))
    return stopping.recall_bound(flags, len(state.found)), stopping.unseen_bound(catches.values())


def _missed(state: State, recall: float | None, unseen: float | None) -> list[str]:
    """What is known of relevant papers that were not read."""
    if not state.judged:
        return []
    if any(judged.judge == "program" for judged in state.judged.values()):
        return [_NOT_JUDGED]
    if recall is None or unseen is None:
        return ["Nothing judged was held relevant, so nothing is claimed of how much was missed."]
    left = len(state.found) - len(state.judged)
    lines = []
    if left > 0:
        lines.append(
            f"Of the relevant papers among those found, at least {math.floor(recall * 100)}% were judged: so "
            "much a hypergeometric test allows at 95% confidence, if papers further down the list are no "
            "likelier to be relevant."
        )
    if unseen >= 1:
        lines.append(
            f"By how little the searches overlap, at least {_count(math.floor(unseen), 'relevant paper')} of "
            "the library probably escaped all of them (Chao's estimate, a lower bound)."
        )
    else:
        lines.append(
            "The searches found mostly the same relevant papers; that is no proof that none escaped them."
        )
    return lines


def _sentences(state: State, papers: int, legs: tuple[str, ...], relevant: int) -> list[str]:
    found, findings = len(state.found), len(state.own)
    by = f" ({' + '.join(_LEGS[leg] for leg in legs)})" if legs else ""
    searched = f"{_count(len(state.searched), 'search', 'searches')}{by} of {_count(papers, 'paper')}"
    lines = [f"{searched} found {_count(found, 'paper')}."]
    conditions = dict.fromkeys(note.text for note in state.notes if note.kind in ("years", "venue"))
    lines += [f"The question asks for {text}." for text in conditions]
    if found:
        lines.append(_judges(state, relevant))
    if findings:
        lines.append(
            f"{_count(findings, 'quote')} {'was' if findings == 1 else 'were'} checked word for word."
        )
    if state.widened:
        asked, added = len(state.widened.checks), len(state.widened.added)
        lines.append(f"{_count(asked, 'question')} put to the draft added {_count(added, 'paper')}.")
    if found > len(state.judged):
        lines.append(f"{_count(found - len(state.judged), 'paper')} that the searches found went unjudged.")
    if state.searched and not findings:
        tried = dict.fromkeys(f"“{each.query}”" for each in state.searched if each.purpose != SUPPOSED)
        lines.append(f"Tried: {'; '.join(tried)}.")
    lines += _continued(state)
    lines.append(_reader(state))
    if state.started and state.started.starter:
        lines.append(
            "These papers are litsearch's starter library: what is quoted is litsearch's own summary of a "
            "paper, not the paper."
        )
    return lines


def _continued(state: State) -> list[str]:
    """What is from an earlier run."""
    before = state.continued
    if before is None:
        return []
    kept = _count(len(before.findings), "quote")
    lines = [f"The run continues {before.run} (“{before.question}”) and keeps {kept} from there."]
    if state.started and before.asked != state.started.question:
        lines.append(f"It was asked: “{state.started.question}”.")
    return lines


def _judges(state: State, relevant: int) -> str:
    model = sum(judged.judge == "model" for judged in state.judged.values())
    program = len(state.judged) - model
    ways = {"by a model, from title and abstract": model, "by program, by the question's words": program}
    used = [way for way, number in ways.items() if number]
    if not used:
        return "None was judged."
    if len(used) > 1:
        used = [f"{ways[way]:,} {way}" for way in used]
    return f"{_count(model + program, 'paper')} judged {' and '.join(used)}; {relevant:,} held relevant."


def _reader(state: State) -> str:
    name = state.started.model if state.started else ""
    judges = [judged.judge for judged in state.judged.values()]
    judges += [finding.judge for finding in state.own]
    if "model" in judges:
        writer = state.started.writer if state.started else ""
        wrote = f" {writer} wrote." if writer else ""
        return f"The model was {name}; it read titles and abstracts, no full text.{wrote}"
    if name and not state.judged:
        return f"There was nothing for the model {name} to read."
    if name:
        return f"The model {name} gave no usable reply, so no model read anything."
    return "No model read anything: passages were picked by program."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
