"""What changed from one review to another, by the folders that they left."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from litsearch.review.outputs.reading import Answer, Folder, Said, read

_ALIKE = 0.6  # share of two sentences' words in common from which one is the other, reworded
_OWN = ("review", "parent", "started_at", "finished_at", "runs", "files", "spent", "problems", "title")


@dataclass(frozen=True, slots=True)
class Changed:
    """A value that is another one now; empty where there was none, or is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedSentence:
    """Added where ``before`` is None, gone where ``after`` is. Text, status or papers cited may differ."""

    before: Said | None
    after: Said | None


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    id: str
    question: str
    sentences: tuple[ChangedSentence, ...]
    stances: tuple[Changed, ...]  # of quotes of both, by the key of their paper
    quotes_added: int
    quotes_gone: int
    error_before: str
    error_after: str

    def __bool__(self) -> bool:
        return bool(
            self.sentences
            or self.stances
            or self.quotes_added
            or self.quotes_gone
            or self.error_before != self.error_after
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """``added`` and ``gone`` are keys with titles, ``verdicts`` go by key, ``cells`` by key and field."""

    before: str  # id of the review
    after: str
    made_with: tuple[Changed, ...]  # model, prompts, revision ...
    protocol: tuple[str, ...]  # lines that are gone (-) or new (+)
    papers_added: tuple[tuple[str, str], ...]
    papers_gone: tuple[tuple[str, str], ...]
    verdicts: tuple[Changed, ...]
    answers: tuple[ChangedAnswer, ...]
    cells: tuple[Changed, ...]
    spent: Changed | None

    def __bool__(self) -> bool:
        """Whether anything differs but what both have cost."""
        return any(
            (
                self.made_with,
                self.protocol,
                self.papers_added,
                self.papers_gone,
                self.verdicts,
                self.answers,
                self.cells,
            )
        )


def diff(before: Path, after: Path) -> Difference:
    """Compare two folders. Raises RunError where one is none of a review."""
    one, other = read(before), read(after)
    return Difference(
        before=str(one.manifest.get("review", "")),
        after=str(other.manifest.get("review", "")),
        made_with=tuple(_changed(_made_with(one), _made_with(other))),
        protocol=tuple(_lines(one.protocol, other.protocol)),
        papers_added=_missing(other.papers, one.papers),
        papers_gone=_missing(one.papers, other.papers),
        verdicts=tuple(_changed(_verdicts(one), _verdicts(other))),
        answers=tuple(_answers(one, other)),
        cells=tuple(_changed(_cells(one), _cells(other))),
        spent=next(_changed({"spent": _spent(one)}, {"spent": _spent(other)}), None),
    )


def sentences(before: Sequence[Said], after: Sequence[Said]) -> tuple[ChangedSentence, ...]:
    """What became of each sentence, in the order of the later answer; those that are gone come last."""
    left = [said for said in before if said not in after]
    changes: list[ChangedSentence] = []
    for said in after:
        if said not in before:
            origin = max(left, key=lambda each: _alike(each, said), default=None)
            if origin is not None and _alike(origin, said) < _ALIKE:
                origin = None
            if origin is not None:
                left.remove(origin)
            changes.append(ChangedSentence(origin, said))
    return (*changes, *(ChangedSentence(said, None) for said in left))


def _alike(one: Said, other: Said) -> float:
    return difflib.SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()


def _words(said: Said) -> list[str]:
    return re.findall(r"\w+", said.text.casefold())


def _answers(one: Folder, other: Folder) -> Iterator[ChangedAnswer]:
    for id_ in dict.fromkeys((*other.answers, *one.answers)):
        absent = Answer(id_, "", (), "not asked")
        before, after = one.answers.get(id_, absent), other.answers.get(id_, absent)
        old, new = _stances(one, id_), _stances(other, id_)
        changed = ChangedAnswer(
            id_,
            after.question or before.question,
            sentences(before.sentences, after.sentences),
            tuple(Changed(key[0], old[key], new[key]) for key in new if old.get(key, new[key]) != new[key]),
            quotes_added=len(new.keys() - old.keys()),
            quotes_gone=len(old.keys() - new.keys()),
            error_before=before.error,
            error_after=after.error,
        )
        if changed:
            yield changed


def _stances(folder: Folder, question: str) -> dict[tuple[str, str], str]:
    return {
        (key, quote): stance for (asked, key, quote), stance in folder.stances.items() if asked == question
    }


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Changed]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name, "") != after.get(name, ""):
            yield Changed(name, before.get(name, ""), after.get(name, ""))


def _missing(papers: Mapping[str, str], among: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((key, title) for key, title in papers.items() if key not in among)


def _verdicts(folder: Folder) -> dict[str, str]:
    return {key: decided.verdict for key, decided in folder.decided.items()}


def _cells(folder: Folder) -> dict[str, str]:
    return {f"{key}, {field}": value for (key, field), value in folder.cells.items()}


def _lines(before: str, after: str) -> list[str]:
    found = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))
    return [line for line in found[2:] if not line.startswith("@@")]  # after the head


def _made_with(folder: Folder) -> dict[str, str]:
    """What shapes a result, in words; prompts one by one."""
    values = {name: value for name, value in folder.manifest.items() if name not in _OWN}
    prompts = values.pop("prompts", [])
    words = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in values.items()
    }
    if isinstance(prompts, list):
        for prompt in prompts:
            words[f"prompt {prompt['name']}"] = f"{prompt['version']} ({prompt['hash'][:12]})"
    return words


def _spent(folder: Folder) -> str:
    spent = folder.manifest.get("spent")
    if not isinstance(spent, dict):
        return ""
    cost = "cost unknown" if spent["cost"] is None else f"${spent['cost']:.4f}"
    return f"{spent['calls']:,} calls, {spent['prompt_tokens'] + spent['completion_tokens']:,} tokens, {cost}"
