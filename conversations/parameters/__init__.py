"""Parameters of a request: the closed table, what values they take, how they are shown, merged and sent. Pure."""

from conversations.parameters.checks import Values, Wrong, check, of_layer, of_request
from conversations.parameters.layers import (
    EXAMPLES,
    PERSONAL,
    Layers,
    changed,
    contradictions,
    refused,
    settled,
    warnings,
)
from conversations.parameters.table import BY_NAME, BY_WIRE, CEILINGS, FIXED, MOST_ANSWERS, OURS, TABLE, Parameter
from conversations.parameters.texts import Given, from_form, read, shown
from conversations.parameters.wire import addressed, fields, user_id

__all__ = [
    "BY_NAME",
    "BY_WIRE",
    "CEILINGS",
    "EXAMPLES",
    "FIXED",
    "MOST_ANSWERS",
    "OURS",
    "PERSONAL",
    "TABLE",
    "Given",
    "Layers",
    "Parameter",
    "Values",
    "Wrong",
    "addressed",
    "changed",
    "check",
    "contradictions",
    "fields",
    "from_form",
    "of_layer",
    "of_request",
    "read",
    "refused",
    "settled",
    "shown",
    "user_id",
    "warnings",
]
