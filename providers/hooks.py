"""What this app has the living process do: keep the model lists fresh."""

from live import sweeps
from providers import catalogue

sweeps.sweep_on_loop(every=catalogue.FRESH_SECONDS)(catalogue.refresh_shared)
