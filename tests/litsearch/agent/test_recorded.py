from pathlib import Path

import pytest

from indexes.types import Filters
from litsearch.agent.recorded import Kept, from_json, to_json
from litsearch.config import Settings
from litsearch.errors import RunError

BEGUN = Settings(Path("a"), model="openai/x", max_papers=7, rounds=3, seed=5, max_calls=1)
FILTERS = Filters(year_from=1999, authors=("Doe",), ids=frozenset({3, 1}), has_abstract=True)


def test_what_shapes_a_run_is_kept_and_its_limits_are_the_callers() -> None:
    now = Settings(Path("b"), model="openai/y", max_calls=50, timeout=9.0)
    kept = from_json(to_json(Kept(BEGUN, FILTERS, starter=True, continues="earlier-k3vq")), now)
    assert kept.settings == Settings(
        Path("b"), model="openai/x", max_papers=7, rounds=3, seed=5, max_calls=50, timeout=9.0
    )
    assert kept.filters == FILTERS
    assert kept.starter
    assert kept.continues == "earlier-k3vq"


@pytest.mark.parametrize("text", ["", "{}", '{"settings": 1}', "[]"])
def test_what_another_version_kept_is_refused(text: str) -> None:
    with pytest.raises(RunError):
        from_json(text, BEGUN)
