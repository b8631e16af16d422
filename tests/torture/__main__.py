"""Plays SEED and ROUNDS of the environment, and prints figures; fails when anything is wrong."""

import asyncio
import os
import secrets
import sys

from tests.torture.run import run


def say(line: str) -> None:
    """At once, so that one sees how far it is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def program() -> int:
    """The exit code."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(1_000_000))
    rounds = int(os.environ.get("ROUNDS") or 20)
    say(f"SEED={seed} ROUNDS={rounds}")
    figures = asyncio.run(run(seed, rounds, say))
    for line in figures.lines():
        say(line)
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(program())
