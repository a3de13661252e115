"""A query's syntax tree as Tantivy queries: a restriction that scores nothing, and a bag of words that ranks.

They are kept apart so that the same restriction holds for every leg, and so that a filter or a required
phrase changes no score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import tantivy

from indexes import analysis
from indexes.filtering import (
    ID,
    MUST,
    MUST_NOT,
    SHOULD,
    all_terms,
    any_of,
    author_query,
    exact_term,
    filter_clauses,
    filtered,
    prefix_query,
    source_query,
    venue_query,
    year_query,
)
from indexes.lexical_schema import BODY, EXACT, IDENTIFIER, KEY, KEYWORD, exact_value
from indexes.querylang import is_text, leaves, parse, restriction
from indexes.querytree import And, Free, Leaf, Node, Not, Or, Phrase, Prefix, Required, Word, Years, strict
from indexes.types import Filters, MatchedTerm, Query

_SHORTEST_STEM = 3  # letters shared by word and stem, below which a word stands for itself alone


@dataclass(frozen=True, slots=True)
class Clause:
    """One summand of a score: a word as it was typed, and its share."""

    term: str
    query: tantivy.Query


@dataclass(frozen=True, slots=True)
class Translation:
    """A whole query; ``clauses`` is empty where nothing ranks, so that every match scores the same."""

    query: tantivy.Query
    clauses: tuple[Clause, ...]


class Translator:
    """Needs the searcher to look up which words of the dictionary share a stem or a prefix."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self.schema = schema
        self.searcher = searcher

    def translate(self, query: Query, *, ids_elsewhere: bool = False) -> Translation | None:
        """The query with its filters, or None where it asks for nothing. QuerySyntaxError as `parse`.

        With ``ids_elsewhere`` the filter by ids is left to the caller.
        """
        node = parse(query.text)
        clauses = tuple(self.clauses(node, query.expansion))
        demand = restriction(node)
        constraints = self.filters(query.filters, ids_elsewhere)
        if demand is not None:
            constraints.append(self.strict(demand))
        if clauses:
            ranking = any_of([clause.query for clause in clauses])
            if demand is not None and asks_for_text(demand):  # then the other words are optional
                demanded = [(MUST, tantivy.Query.const_score_query(each, 0.0)) for each in constraints]
                return Translation(tantivy.Query.boolean_query([*demanded, (SHOULD, ranking)]), clauses)
            return Translation(filtered(ranking, constraints), clauses)
        if not constraints:
            return None
        everything = tantivy.Query.const_score_query(self.everything(), 0.0)
        return Translation(filtered(everything, constraints), ())

    def filters(self, filters: Filters, ids_elsewhere: bool = False) -> list[tantivy.Query]:
        return filter_clauses(self.schema, replace(filters, ids=None) if ids_elsewhere else filters)

    def clauses(self, node: Node, expansion: Sequence[MatchedTerm] = ()) -> list[Clause]:
        """What ranks: each stem of the text parts as often as it was asked for, then the expansion."""
        asked = [leaf for leaf in leaves(node) if is_text(leaf)]
        weights: dict[str, float] = {}
        shown: dict[str, str] = {}
        clauses: list[Clause] = []
        for leaf in asked:
            if isinstance(leaf, Years):
                continue
            if isinstance(leaf, Prefix):
                query = tantivy.Query.const_score_query(self.prefix(leaf.text, EXACT), 1.0)
                clauses.append(Clause(f"{leaf.text}*", query))
                continue
            for word in analysis.words(leaf.text, query=True):
                if analysis.is_lone(word):
                    clauses.append(
                        Clause(word, tantivy.Query.const_score_query(self.exact(word, EXACT), 1.0))
                    )
                for stem in analysis.question_stems(word):
                    weights[stem] = weights.get(stem, 0.0) + 1.0
                    shown.setdefault(stem, word)
        if not weights and not clauses:  # "to be or not to be"
            said = [
                word
                for leaf in asked
                if isinstance(leaf, Word | Phrase)
                for word in analysis.words(leaf.text)
            ]
            clauses = [Clause(word, self.exact(word, EXACT)) for word in dict.fromkeys(said)]
        for extra in expansion:
            for stem in analysis.stems(extra.term, query=True):
                weights[stem] = weights.get(stem, 0.0) + extra.weight
                shown.setdefault(stem, extra.term)
        clauses += [Clause(shown[stem], self.stem(stem, weight)) for stem, weight in weights.items()]
        return clauses

    def stem(self, stem: str, weight: float = 1.0) -> tantivy.Query:
        query = tantivy.Query.term_query(self.schema, BODY, stem, index_option="freq")
        return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)

    def everything(self) -> tantivy.Query:
        """All papers, without the sentinel."""
        return tantivy.Query.exists_query(ID)

    def strict(self, node: Node) -> tantivy.Query:
        """Documents that meet a restriction; the scores mean nothing."""
        match node:
            case And(nodes):
                return self.conjunction(nodes)
            case Or(nodes):
                return any_of([self.strict(part) for part in nodes])
            case Not():
                return self.conjunction((node,))
            case Required(part):
                return self.strict(part)
            case Free():
                return self.strict(strict(node))
            case _:
                return self.leaf(node)

    def conjunction(self, nodes: Iterable[Node]) -> tantivy.Query:
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for node in nodes:
            excluded = isinstance(node, Not)
            clauses.append(
                (MUST_NOT if excluded else MUST, self.strict(node.node if isinstance(node, Not) else node))
            )
        if all(occur is MUST_NOT for occur, _ in clauses):
            clauses.append((MUST, self.everything()))
        return tantivy.Query.boolean_query(clauses)

    def leaf(self, leaf: Leaf) -> tantivy.Query:
        match leaf:
            case Years(first, last):
                return year_query(self.schema, first, last)
            case Prefix(text, field):
                return self.prefix(text, (field,) if field else EXACT)
            case Word(text, field) | Phrase(text, _, field):
                if not is_text(leaf):
                    return self.named(text, field)
                fields = (field,) if field else EXACT
                if isinstance(leaf, Phrase):
                    return self.phrase(leaf, fields)
                return self.fielded(text, field) if field else self.word(text)

    def word(self, text: str) -> tantivy.Query:
        """All words of a chunk, by their stems; words that the index leaves out by themselves."""
        queries: list[tantivy.Query] = []
        for word in analysis.words(text, query=True):
            stems = [] if analysis.is_lone(word) else analysis.stems(word, query=True)
            queries.append(self.stem(stems[0]) if stems else self.exact(word, EXACT))
        return all_of(queries)

    def fielded(self, text: str, field: str) -> tantivy.Query:
        """All words of a chunk in title or abstract, in any of their forms: the dictionary's own words
        with the same stem, so that those fields need no stemmed twin."""
        queries: list[tantivy.Query] = []
        for word in analysis.words(text, query=True):
            stems = analysis.stems(word, query=True)
            shared = shared_beginning(word, stems[0]) if stems else ""
            if len(shared) < _SHORTEST_STEM:
                queries.append(self.exact(word, (field,)))
                continue
            listed = self.searcher.terms_with_prefix(field, shared)
            forms = [form for form, _ in listed if analysis.stems(form, query=True) == stems]
            queries.append(tantivy.Query.term_set_query(self.schema, field, forms or [word]))
        return all_of(queries)

    def exact(self, word: str, fields: Sequence[str]) -> tantivy.Query:
        return any_of([exact_term(self.schema, field, word) for field in fields])

    def phrase(self, phrase: Phrase, fields: Sequence[str]) -> tantivy.Query:
        if phrase.text.endswith("*"):
            return self.prefix(phrase.text.rstrip("*"), fields)
        terms = analysis.phrase_words(phrase.text)
        if len(terms) == 1:
            return self.exact(terms[0], fields)
        if analysis.is_lone(terms[-1]):
            return any_of(
                [tantivy.Query.phrase_prefix_query(self.schema, field, list(terms)) for field in fields]
            )
        words: list[str | tuple[int, str]] = list(terms)
        return any_of(
            [tantivy.Query.phrase_query(self.schema, field, words, phrase.slop) for field in fields]
        )

    def prefix(self, text: str, fields: Sequence[str]) -> tantivy.Query:
        """Words that begin so; of several words the last, right behind the others."""
        field = fields[0]
        if field in (KEY, "id", *SCHEMES):
            name, value = exact_field(field, text)
            return prefix_query(self.schema, name, value)
        terms = analysis.phrase_words(text)
        if not terms:
            return tantivy.Query.empty_query()
        if len(terms) == 1:
            return any_of([prefix_query(self.schema, field, terms[0]) for field in fields])
        if field not in EXACT:
            return all_of(
                [all_terms(self.schema, field, terms[:-1]), prefix_query(self.schema, field, terms[-1])]
            )
        words: list[str | tuple[int, str]] = list(terms)
        return any_of([tantivy.Query.phrase_prefix_query(self.schema, field, words) for field in fields])

    def named(self, text: str, field: str) -> tantivy.Query:
        match field:
            case "author":
                return author_query(self.schema, text)
            case "venue":
                return venue_query(self.schema, text)
            case "source":
                return source_query(self.schema, text)
            case "keyword":
                return all_terms(self.schema, KEYWORD, analysis.name_terms((text,), query=True))
            case _:
                name, value = exact_field(field, text)
                return tantivy.Query.term_query(self.schema, name, value, index_option="basic")


SCHEMES = ("doi", "arxiv", "pmid", "pmcid", "acl")


def exact_field(field: str, text: str) -> tuple[str, str]:
    """The index's field and term for key:, id: and the identifier schemes."""
    value = exact_value(text)
    if field == "key":
        return KEY, value
    if field == "id":
        return IDENTIFIER, value if value.partition(":")[0] in SCHEMES else f"={value}"
    return IDENTIFIER, f"{field}:{value}"


def shared_beginning(word: str, stem: str) -> str:
    """What all forms of a word begin with: the stemmer may have written y as i or put an e at the end."""
    stem = stem[:-1] if stem[-1] in "ie" else stem
    length = next(
        (at for at, (one, other) in enumerate(zip(word, stem, strict=False)) if one != other), len(stem)
    )
    return word[:length]


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.empty_query()
    return (
        queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(MUST, query) for query in queries])
    )


def asks_for_text(node: Node) -> bool:
    return any(is_text(leaf) for leaf in leaves(node))
