"""What this app has the living process do."""

from images import transcript
from live.consumers import section

section("jobs")(transcript.section)
