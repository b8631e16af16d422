"""A real HTTP/1.1 upstream in a thread, for every test suite: it can answer well, pause, break off and lie.

    with Upstream() as upstream:
        upstream.url                    # http://127.0.0.1:PORT/v1
        upstream.requests[0].json       # what was asked
        upstream.requests[0].closed     # threading.Event: the client hung up before the end

The model's name chooses the answer (see plans.py): "any-t200-r50-d100". `upstream.script([...])` replaces one answer by
raw bytes on the wire (see steps.py).
"""

from tests.upstream.records import Recorded
from tests.upstream.server import Upstream
from tests.upstream.steps import (
    Close,
    HalfClose,
    Hang,
    Pause,
    Reset,
    Send,
    Step,
    Trickle,
    WaitFor,
    chunk,
    done,
    head,
    json_answer,
    sse,
    stream_answer,
    text_chunk,
)

__all__ = [
    "Close",
    "HalfClose",
    "Hang",
    "Pause",
    "Recorded",
    "Reset",
    "Send",
    "Step",
    "Trickle",
    "Upstream",
    "WaitFor",
    "chunk",
    "done",
    "head",
    "json_answer",
    "sse",
    "stream_answer",
    "text_chunk",
]
