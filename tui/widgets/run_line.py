"""The question that is shown, what its run is doing, and what it has spent of its budget."""

from textual.content import Content
from textual.widgets import Static

from litsearch.agent.events import Spent
from litsearch.cli.render_answer import failure_line, spent_line
from litsearch.cli.screen import line
from litsearch.config import Settings
from tui.entries import MUTED
from tui.live import Followed


class RunLine(Static):
    """Two lines, or more where a failure needs them."""

    def show(self, followed: Followed) -> None:
        cost = _cost(followed)
        state = state_content(followed) + Content.styled(f"  {cost}" if cost else "", MUTED)
        self.update(Content.styled(f"{line(followed.question)}\n", "bold") + state)


def state_content(followed: Followed) -> Content:
    """What a run is doing, or how it ended."""
    fatal = next((failure for failure in followed.story.failures if failure.fatal), None)
    answered = followed.story.answered
    match followed.state:
        case "waiting":
            return Content.styled("○ waits until the run before it has ended", MUTED)
        case "at work":
            return Content.assemble(("● ", "$text-success"), at_work_line(followed))
        case "stopping":
            return Content.styled(
                "● ends with what there is; stopping again ends it at once", "$text-warning"
            )
        case "elsewhere":
            return Content.styled("● at work in another process, here as far as it had come", "$text-warning")
    if fatal is not None:
        return Content.styled(f"✗ {failure_line(fatal)}", "$text-error")
    if answered is None:
        return Content.styled("✗ it was cut short and has no answer", "$text-warning")
    if not answered.complete:
        return Content.styled(f"◐ ended early: {line(answered.ending) or 'it was stopped'}", "$text-warning")
    failures = len(followed.story.failures)
    failed = Content.styled(f", though {failures:,} of its steps failed", "$text-warning")
    return Content.styled("✓ complete", "$text-success") + (failed if failures else Content(""))


def at_work_line(followed: Followed) -> str:
    """The stage that moved last: ``judge: 23 papers, 9 relevant``."""
    if not followed.latest:
        return "begins"
    return f"{followed.latest}: {line(followed.stages.told[followed.latest])}"


def _cost(followed: Followed) -> str:
    spent = followed.story.spent
    if spent is None or not (spent.calls or spent.cached):
        return ""
    return budget_line(spent, followed.settings) if followed.at_work else spent_line(spent)


def budget_line(spent: Spent, settings: Settings) -> str:
    """What is spent of what may be: ``12 of 200 calls, $0.0123 of $1``; no cost where it is not known."""
    calls = f"{spent.calls:,} of {settings.max_calls:,} calls"
    if spent.cost is None:
        return calls
    limit = f" of ${settings.max_cost:g}" if settings.max_cost is not None else ""
    return f"{calls}, ${spent.cost:.4f}{limit}"
