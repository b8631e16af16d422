"""The real site in a process of its own, and people who use it from outside: with HTTP and websockets alone.

with Site(OPENAI_BASE_URL=upstream.url) as site:
    alice = site.person("alice")
    async with alice.http() as http, alice.watch(f"/ws/c/{id}/") as socket: ...
"""

from tests.site.person import Person, Socket
from tests.site.process import PEOPLE, Site

__all__ = ["PEOPLE", "Person", "Site", "Socket"]
