import json
from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.events import Event, Found, Searched, Spent
from litsearch.agent.events_json import from_json, to_json
from litsearch.errors import RunError

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
events: st.SearchStrategy[Event] = st.one_of(*(st.from_type(kind) for kind in get_args(Event)))


@given(events)
def test_an_event_survives_json(event: Event) -> None:
    again = from_json(json.loads(json.dumps(to_json(event))))
    assert again == event
    assert type(again) is type(event)


def test_an_event_is_flat_under_its_name() -> None:
    event = Searched(1, "q", (Found(7, "key", "A title", None, 1, 0.5),), 10, 1, ("bm25",))
    assert to_json(event) == {
        "type": "Searched",
        "round": 1,
        "query": "q",
        "found": [
            {"id": 7, "key": "key", "title": "A title", "year": None, "rank": 1, "score": 0.5, "legs": []}
        ],
        "total": 10,
        "new": 1,
        "legs": ["bm25"],
        "purpose": "",
    }


def test_no_event_has_a_field_that_hides_its_type() -> None:
    assert all(field.name != "type" for kind in get_args(Event) for field in fields(kind))


def test_an_event_from_before_a_field_was_added_is_read() -> None:
    body = to_json(Spent(1, 0, 10, 2, 0.5))
    del body["estimated"]
    assert from_json(body) == Spent(1, 0, 10, 2, 0.5)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "Sung"},
        {"type": None},
        {"type": "Spent", "calls": 1},
        {"type": "Failed", "step": "judge", "message": "m", "hint": "h", "fatal": "yes"},
        {"type": "Failed", "step": "judge", "message": "m", "hint": "h", "mood": "bad"},
        {"type": "Drafted", "sentences": "none"},
        {"type": "Drafted", "sentences": [{"text": "t", "findings": [1], "status": "proven"}]},
        {"type": "Drafted", "sentences": [["t"]]},
    ],
)
def test_what_is_no_event_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(RunError):
        from_json(body)
