"""Which paper each record of a batch belongs to: one it is known from, one it matches, or a new one."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from litsearch.matching import Arrival, conflict, same_record, same_work, years_agree
from litsearch.merging import overlay
from litsearch.papers import STRONG_SCHEMES
from litsearch.records import Group, Record, load_groups
from litsearch.writing import next_id

Outcome = Literal["added", "updated", "unchanged", "merged"]
_SAME_TITLE = "title, first author and year"


@dataclass(frozen=True, slots=True)
class Merge:
    """A record that joined a paper, or that showed ``absorbed`` to be the same paper."""

    paper: int
    record: int
    absorbed: int | None
    why: str


class Batch:
    """Decides on the records one after the other, each against the library and the batch so far.

    Everything the library knows that could matter is asked once for the whole batch. Nothing is written;
    the results are ``new`` (papers of one record), ``touched`` (papers to fold again), ``absorbed``,
    ``merges``, ``restored``, ``seen`` (the paper of each record, in order) and ``outcomes``. New records have
    ids from ``first_record`` on.
    """

    def __init__(
        self, connection: sqlite3.Connection, arrivals: Sequence[Arrival], source: int, import_id: int
    ) -> None:
        self.new: dict[int, Record] = {}
        self.touched: dict[int, Group] = {}
        self.absorbed: dict[int, int] = {}
        self.merges: list[Merge] = []
        self.restored: set[int] = set()
        self.seen: list[int] = []
        self.outcomes: Counter[Outcome] = Counter()
        self._connection = connection
        self._source = source
        self._import = import_id
        self._groups: dict[int, Group] = {}
        self._next_paper = next_id(connection, "papers")
        self.first_record = self._next_record = next_id(connection, "records")
        self._look_up(arrivals)
        for arrival in arrivals:
            paper, outcome = self._decide(arrival)
            self.seen.append(paper)
            self.outcomes[outcome] += 1

    # What the library knows

    def _look_up(self, arrivals: Sequence[Arrival]) -> None:
        self._known: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
        """Latest records of this source by origin: digest, paper, import."""
        self._elsewhere: dict[int, tuple[int, int]] = {}
        """Paper and home of the latest records of other sources by digest: those that say the same."""
        rows = self._connection.execute(
            "SELECT source, origin, digest, paper, import, home FROM records WHERE superseded_by IS NULL"
            " AND origin IN (SELECT value FROM json_each(?)) ORDER BY id",
            (_json({arrival.origin for arrival in arrivals}),),
        )
        digests = {arrival.digest for arrival in arrivals}
        for source, origin, digest, paper, import_id, home in rows:
            if source == self._source:
                self._known[origin].append((digest, paper, import_id))
            elif digest in digests:
                self._elsewhere.setdefault(digest, (paper, home))
        known = self._known
        times = Counter(arrival.origin for arrival in arrivals)
        unknown = [  # and those that another one before them may make unknown
            a
            for a in arrivals
            if a.origin not in known or times[a.origin] > 1 or all(a.digest != k[0] for k in known[a.origin])
        ]
        self._by_id: dict[tuple[str, str], list[int]] = {}
        for scheme in STRONG_SCHEMES:
            values = {value for arrival in unknown for own, value in arrival.ids if own == scheme}
            rows = self._connection.execute(
                "SELECT value, paper FROM identifiers WHERE scheme = ?"
                " AND value IN (SELECT value FROM json_each(?)) ORDER BY paper",
                (scheme, _json(values)),
            )
            for value, paper in rows:
                self._by_id.setdefault((scheme, value), []).append(paper)
        self._by_title: dict[int, list[tuple[int | None, int]]] = {}
        rows = self._connection.execute(
            "SELECT title_key, year, paper FROM records WHERE title_key IN (SELECT value FROM json_each(?))",
            (_json({arrival.title_key for arrival in unknown} - {None}),),
        )
        for title_key, year, paper in rows:
            self._by_title.setdefault(title_key, []).append((year, paper))
        candidates = {paper for papers in self._by_id.values() for paper in papers}
        candidates.update(paper for papers in self._by_title.values() for _, paper in papers)
        candidates.update(known[1] for a in unknown for known in self._known.get(a.origin, ()))
        self._groups = load_groups(self._connection, candidates) if candidates else {}
        self._trash = self._in_trash()

    def _in_trash(self) -> set[int]:
        papers = {known[1] for latest in self._known.values() for known in latest}
        rows = self._connection.execute(
            "SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(?)) AND NOT live",
            (_json(papers),),
        )
        return {paper for (paper,) in rows}

    def survivor(self, paper: int) -> int:
        """The paper itself, or the one that it was merged into."""
        while paper in self.absorbed:
            paper = self.absorbed[paper]
        return paper

    def _group(self, paper: int) -> Group:
        paper = self.survivor(paper)
        group = self._groups.get(paper)
        if group is None:
            if (first := self.new.get(paper)) is not None:
                group = Group(paper, True, [first], set(first.ids))
            else:
                group = load_groups(self._connection, [paper])[paper]
            self._groups[paper] = group
        return group

    # Deciding

    def _decide(self, arrival: Arrival) -> tuple[int, Outcome]:
        known = self._known.get(arrival.origin)
        if known:
            for digest, paper, _ in known:
                if digest == arrival.digest:
                    return self._seen_before(paper)
        candidates = self._candidates(arrival)
        twin = self._elsewhere.get(arrival.digest)
        if not known and not candidates and twin is None:
            return self._add(arrival), "added"
        earlier = self._earlier_state(arrival) if known else None
        if earlier is not None:
            group = self._group(earlier.paper)
            before = overlay([record.value for record in group.chain(earlier)])
            if overlay([before, arrival.paper]) == before:
                return self._seen_before(group.id)
            record = self._join(arrival, group)
            record.home = earlier.home
            earlier.superseded_by = record.id
            self._known[arrival.origin] = [k for k in self._known[arrival.origin] if k[0] != earlier.digest]
            group.renew_ids()
            self._absorb_all(candidates, record)
            return self._bring_back(record.paper, "updated")
        if twin is not None:
            # Kept as this source's word too, but nothing was merged: it is what the library knows already.
            record = self._join(arrival, self._group(twin[0]))
            record.home = twin[1]
            return self._bring_back(record.paper, "unchanged")
        match = self._match(arrival, candidates)
        if match is None:
            return self._add(arrival), "added"
        record = self._join(arrival, group := self._group(match))
        group.ids.update(arrival.ids)
        self.merges.append(Merge(group.id, record.id, None, candidates[match]))
        self._absorb_all(candidates, record)
        return self._bring_back(record.paper, "merged")

    def _match(self, arrival: Arrival, candidates: Iterable[int]) -> int | None:
        """The first candidate that title or author speak for, else the first that nothing speaks against."""
        possible: list[int] = []
        for paper in candidates:
            same = self._group(paper).same_paper(arrival.ids, [arrival.paper])
            if same:
                return paper
            if same is None:
                possible.append(paper)
        return possible[0] if possible else None

    def _candidates(self, arrival: Arrival) -> dict[int, str]:
        """Papers that the record matches, best first, and why."""
        found: dict[int, str] = {}
        for name in arrival.ids:
            for paper in sorted(self._by_id.get(name, ())):  # oldest first, in whichever batch it came
                found.setdefault(paper, ":".join(name))
        if arrival.title_key is not None and (titles := self._by_title.get(arrival.title_key)):
            year = arrival.paper.year or 0
            dated = [(y, p) for y, p in titles if y is not None]
            for _, paper in sorted((abs(year - y), p) for y, p in dated if years_agree(year, y)):
                found.setdefault(paper, _SAME_TITLE)
        return found

    def _earlier_state(self, arrival: Arrival) -> Record | None:
        """The record of an earlier import that this is a new state of.

        Two records with one key in one import are two records; so are those that have nothing but the
        key in common, or whose paper has it on another source's word that this is another work.
        """
        possible: Record | None = None
        ours = (self._source, arrival.origin)
        for _, paper, import_id in sorted(self._known[arrival.origin], reverse=True, key=lambda k: k[2]):
            if import_id == self._import:
                continue
            group = self._group(paper)
            for chain in group.chains():
                last = chain[-1]
                if (last.source, last.origin) != ours or last.import_id == self._import:
                    continue
                others = {
                    name for other in group.chains() if other[-1] is not last for r in other for name in r.ids
                }
                if same_record(arrival.paper, last.value) and not conflict(arrival.ids, others):
                    if same_work(arrival.paper, last.value):
                        return last
                    possible = possible or last
        return possible

    # Results

    def _add(self, arrival: Arrival) -> int:
        paper = self._next_paper
        self._next_paper += 1
        self.new[paper] = self._record(arrival, paper)
        return paper

    def _join(self, arrival: Arrival, group: Group) -> Record:
        record = self._record(arrival, group.id)
        group.records.append(record)
        self._touch(group)
        return record

    def _record(self, arrival: Arrival, paper: int) -> Record:
        record = Record(
            self._next_record,
            paper,
            paper,
            self._import,
            self._source,
            arrival.origin,
            arrival.digest,
            arrival.title_key,
            arrival.paper.year,
            None,
            arrival.paper,
        )
        self._next_record += 1
        self._known[arrival.origin].append((arrival.digest, paper, self._import))
        for name in arrival.ids:
            self._by_id.setdefault(name, []).append(paper)
        if arrival.title_key is not None:
            self._by_title.setdefault(arrival.title_key, []).append((arrival.paper.year, paper))
        return record

    def _absorb_all(self, candidates: dict[int, str], record: Record) -> None:
        """Merge the other papers that the record matches too, where nothing speaks against it."""
        for paper, why in candidates.items():
            group, other = self._group(record.paper), self._group(paper)
            if other.id == group.id or other.id in group.apart:
                continue
            if group.same_paper(other.ids, other.values()) is False:
                continue
            # The one in the library survives the one in the trash, then the older one.
            stays, goes = sorted((group, other), key=lambda g: (not g.live, g.id))
            stays.records = sorted(stays.records + goes.records, key=lambda r: r.id)
            for moved in goes.records:
                moved.paper = stays.id
            stays.ids |= goes.ids
            stays.apart |= goes.apart
            self.absorbed[goes.id] = stays.id
            self.touched.pop(goes.id, None)
            self._touch(stays)
            self.merges.append(Merge(stays.id, record.id, goes.id, why))

    def _touch(self, group: Group) -> None:
        self.touched[group.id] = group

    def _seen_before(self, paper: int) -> tuple[int, Outcome]:
        paper = self.survivor(paper)
        if paper in self._trash and paper not in self.restored:
            return self._bring_back(paper, "unchanged")
        return paper, "unchanged"

    def _bring_back(self, paper: int, outcome: Outcome) -> tuple[int, Outcome]:
        """A paper in the trash that is added again is added, whatever else the record is."""
        group = self._group(paper)
        if group.live:
            return paper, outcome
        group.live = True
        self.restored.add(paper)
        self._touch(group)
        return paper, "added"


def _json(values: Iterable[object]) -> str:
    return orjson.dumps(list(values)).decode()
