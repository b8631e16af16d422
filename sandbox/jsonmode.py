"""Answers in JSON: an object with what would have been said, or an instance of the given schema (F3, D10)."""

import json

from sandbox import ask, house, schema


def write(wanted: ask.Ask, text: str, here: house.House) -> str:
    """Return JSON text: with a schema what fits it, else an object with the question and the answer."""
    if wanted.json_mode == "json_schema":
        value = schema.instance(wanted.schema, schema.Hints(wanted.question, text))
    else:
        value = {"sandbox": True, "question": wanted.question, "answer": text}
    return json.dumps(value, ensure_ascii=False, indent=2 if len(text) < 4000 else None)
