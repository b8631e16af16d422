"""A sandbox with two short documents, which answers without waiting."""

import pathlib

import pytest

import sandbox
from tests.sandbox.calling import Door

DOCUMENTS = {
    "README.md": """# Chatsite

A web chat for any OpenAI-compatible API.

## Start

Two commands, nothing else:

```sh
make install
# this is a comment, not a heading
make run
```

Then open the address that it prints.

## Keys

Put your secret key into `OPENAI_API_KEY`, or enter it in the settings page. Keys are encrypted at rest.
""",
    "docs/money.md": """# Money

## Balance

The balance is the sum of all ledger entries. Grants expire, oldest first.

## Prices

| model | price |
| --- | --- |
| sandbox | 0 |

An unknown price is shown as unknown and never silently zero.
""",
}


@pytest.fixture
def door(tmp_path: pathlib.Path) -> Door:
    """A sandbox without a key and without waiting."""
    return Door(sandbox.create_app(data_dir=tmp_path, documents=lambda: DOCUMENTS, pace=0))
