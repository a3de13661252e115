"""A box to tick whose tick is seen without colours too."""

from textual.widgets import Checkbox


class Tick(Checkbox):
    """Empty while it is not ticked."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        self.BUTTON_INNER = "✓" if self.value else " "
        super().watch_value()
