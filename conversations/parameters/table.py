"""The closed table of parameters: what each is called, may be, and is good for. Pure."""

import dataclasses
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Kind = Literal["text", "number", "whole", "switch", "choice", "stops", "biases", "name", "json"]
INT64 = 2**63
MOST_ANSWERS = 8  # of one request; each is a column on the page
SYSTEM_LENGTH = 100_000  # characters


@dataclasses.dataclass(frozen=True)
class Parameter:
    """One of them. `name`: in presets, requests and forms; `wire`: what servers call it, if it is sent as a field.

    `least` and `most`: of numbers, both included; `most` of texts in characters, of lists in entries. `default`: what
    holds when it is not sent; None: that is the model's business. `choices`: value -> label.
    """

    name: str
    label: Any
    kind: Kind
    advice: Any
    least: float | None = None
    most: float | None = None
    step: float | None = None
    default: Any = None
    choices: tuple[tuple[str, Any], ...] = ()
    wire: tuple[str, ...] = ()
    example: str = ""

    @property
    def names_on_the_wire(self) -> str:
        """For a hint: people who come from a server's documentation know it by this name."""
        return self.wire[0] if self.wire else ""


_EFFORTS = (
    ("none", pgettext_lazy("reasoning effort", "None")),
    ("minimal", pgettext_lazy("reasoning effort", "Minimal")),
    ("low", pgettext_lazy("reasoning effort", "Low")),
    ("medium", pgettext_lazy("reasoning effort", "Medium")),
    ("high", pgettext_lazy("reasoning effort", "High")),
    ("xhigh", pgettext_lazy("reasoning effort", "Very high")),
    ("max", pgettext_lazy("reasoning effort", "Highest")),
)
_VERBOSITIES = (
    ("low", pgettext_lazy("verbosity", "Terse")),
    ("medium", pgettext_lazy("verbosity", "Medium")),
    ("high", pgettext_lazy("verbosity", "Wordy")),
)
TABLE: tuple[Parameter, ...] = (
    Parameter(
        "system", _("System prompt"), "text", _("What the model is told before everything else."), most=SYSTEM_LENGTH
    ),
    Parameter(
        "temperature", _("Temperature"), "number", _("Lower is steadier, higher is freer; 0.7 to 1 is usual."),
        least=0, most=2, step=0.1, default=1, wire=("temperature",),
    ),
    Parameter(
        "top_p", _("Top p"), "number", _("Only the likeliest words, up to this share. Change this or the temperature."),
        least=0, most=1, step=0.05, default=1, wire=("top_p",),
    ),
    Parameter(
        "max_tokens", _("Longest answer"), "whole", _("In tokens, the reasoning included."),
        least=1, most=10_000_000, wire=("max_tokens", "max_completion_tokens", "max_output_tokens"), example="2048",
    ),
    Parameter(
        "reasoning_effort", _("Reasoning effort"), "choice", _("How long it thinks. Not every model knows every step."),
        default="medium", choices=_EFFORTS, wire=("reasoning_effort",),
    ),
    Parameter(
        "verbosity", _("Verbosity"), "choice", _("How many words it makes. Few models know it."),
        default="medium", choices=_VERBOSITIES, wire=("verbosity",),
    ),
    Parameter(
        "stop", _("Stop at"), "stops",
        _("Up to four texts; the answer ends before any of them. \\n, \\t and \\\\ are understood."),
        most=4, wire=("stop",), example="\\n\\n",
    ),
    Parameter(
        "presence_penalty", _("Presence penalty"), "number", _("Above 0: rather new subjects."),
        least=-2, most=2, step=0.1, default=0, wire=("presence_penalty",),
    ),
    Parameter(
        "frequency_penalty", _("Frequency penalty"), "number", _("Above 0: fewer repetitions."),
        least=-2, most=2, step=0.1, default=0, wire=("frequency_penalty",),
    ),
    Parameter(
        "seed", _("Seed"), "whole", _("The same seed tends to give the same answer."),
        least=-INT64, most=INT64 - 1, wire=("seed",), example="42",
    ),
    Parameter(
        "n", _("Answers at once"), "whole", _("To choose from. Each of them is paid for."),
        least=1, most=MOST_ANSWERS, default=1, wire=("n",), example="1",
    ),
    Parameter(
        "logit_bias", _("Token bias"), "biases",
        _("In each row a token id and −100 to 100: ±1 nudges, ±100 forbids or forces. JSON can be pasted."),
        most=1_024, wire=("logit_bias",), example="50256 -100",
    ),
    Parameter(
        "logprobs", _("Log probabilities"), "switch", _("How likely each token was."), default=False,
        wire=("logprobs",),
    ),
    Parameter(
        "top_logprobs", _("Alternatives"), "whole", _("Other tokens that were likely; needs log probabilities."),
        least=0, most=20, default=0, wire=("top_logprobs",), example="5",
    ),
    Parameter(
        "stream", _("Write as it comes"), "switch", _("Off: the answer comes whole, once it is done."), default=True
    ),
    Parameter(
        "timeout", _("Time limit"), "number",
        _("Seconds until the request is given up, retries included. What has come by then is kept."),
        least=1, most=3_600, example="600",
    ),
    Parameter(
        "name", _("Your name"), "name", _("Stands at your messages. Letters a to z, digits, _ and -."),
        most=64, example="ada",
    ),
    Parameter(
        "user_id", _("User id"), "switch",
        _("An id that is always the same for you and tells nobody who you are: providers trace abuse by it."),
        default=False, wire=("user", "safety_identifier"),
    ),
    Parameter(
        "extra", _("Further fields"), "json", _("A JSON object; its fields are sent as they are."),
        most=65_536, example='{"top_k": 40}',
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in TABLE}
BY_WIRE = {wire: one for one in TABLE for wire in one.wire}
CEILINGS = BY_NAME["max_tokens"].wire
# The request carries these itself; nothing that a person sets can replace them.
FIXED = frozenset({"model", "messages", "stream_options"})
# These shape the request, and are no fields of it.
OURS = frozenset({"system", "stream", "timeout", "name", "user_id", "extra"})
