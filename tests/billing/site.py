"""The money of a running site, set and seen from outside: prices, rules, grants, and what is left."""

import json
import os
import subprocess
import sys

from tests.site import Site
from tests.site.databases import ROOT

PRICED = "any-t20-r0"  # 20 words; 100 micro-units a prompt token, 500 a completion token

MODELS = (PRICED, f"{PRICED}-l", f"{PRICED}-e401", "any-t200-r40")
_SHELL = """
import json, sys
import django
django.setup()
from django.contrib.auth import get_user_model
from billing import actions
for verb, facts in json.load(sys.stdin):
    if "email" in facts:
        facts["user_id"] = get_user_model().objects.get(email=facts.pop("email")).pk
    getattr(actions, verb)(**facts)
"""


def carry_out(site: Site, *verbs: tuple[str, dict]) -> None:
    """Call these verbs of billing in a process of their own, on the site's data."""
    env = {**site.environment, "DJANGO_SETTINGS_MODULE": "chatsite.settings"}
    done = subprocess.run(
        [sys.executable, "-c", _SHELL], cwd=ROOT, env=env, input=json.dumps(verbs), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr + os.fspath(ROOT)


def prices(site: Site, models: tuple[str, ...] = MODELS, **units: int) -> None:
    """Set prices of the environment's provider: micro-units for a million of each unit."""
    found = units or {"prompt": 100_000_000, "completion": 500_000_000}
    carry_out(
        site,
        *(
            ("set_price", {"provider": "environment", "model_id": model, "unit": unit, "amount": amount})
            for model in models
            for unit, amount in found.items()
        ),
    )


def rule(site: Site, mode: str, unknown_price: str = "allow", ceiling: int = 4_096) -> None:
    """Set the site's rules; by SQL, which is quicker than a process."""
    site.query(
        "INSERT INTO billing_policy (id, mode, unknown_price, ceiling) VALUES (1, ?, ?, ?) ON CONFLICT (id) "
        "DO UPDATE SET mode = excluded.mode, unknown_price = excluded.unknown_price, ceiling = excluded.ceiling "
        "RETURNING id",
        *(mode, unknown_price, ceiling),
    )


def give(site: Site, person: str, dollars: int = 0, *, micro: int = 0) -> None:
    """A grant that does not expire."""
    amount = dollars * 1_000_000 + micro
    carry_out(site, ("grant", {"email": f"{person}1@example.org", "amount": amount}))


def left(site: Site, person: str) -> tuple[int, int]:
    """A person's balance, and what of it is held."""
    found = site.query(
        "SELECT balance, held FROM billing_account JOIN accounts_user ON accounts_user.id = user_id WHERE email = ?",
        f"{person}1@example.org",
    )
    return found[0] if found else (0, 0)
