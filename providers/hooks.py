"""What this app has the living process do: keep the model lists fresh, and know what servers were seen to refuse."""

from live import sweeps
from providers import catalogue, learned

sweeps.sweep_on_loop(every=catalogue.FRESH_SECONDS)(catalogue.refresh_shared)
sweeps.sweep_on_loop(every=learned.REFRESH_SECONDS)(learned.refresh)
