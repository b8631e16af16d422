"""Numbers that a process sends itself through the layer, and what their absence means."""

LATE = 6  # beats that may be on their way while the loop is busy


class Beats:
    """Counts what was sent and what came back."""

    def __init__(self) -> None:
        self._sent = self._heard = 0
        self._gap = False

    def next(self) -> int:
        """The number to send."""
        self._sent += 1
        return self._sent

    def hear(self, number: int) -> None:
        """One came back; those between it and the last one never will."""
        self._gap = self._gap or number > self._heard + 1
        self._heard = max(self._heard, number)

    def broken(self) -> bool:
        """Whether one was lost since this was last asked, or none has come for long."""
        lost, self._gap = self._gap, False
        return lost or self._sent - self._heard > LATE
