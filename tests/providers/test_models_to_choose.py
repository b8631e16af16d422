"""GET /models/: what a person can choose from, from the lists as they were last seen."""

import pytest

from tests.site import Person, Site


async def test_every_model_of_every_provider_is_offered_with_the_default(alice: Person) -> None:
    found = (await alice.get("/models/")).json()
    offered = {(model["provider"], model["id"]): model for model in found["models"]}
    assert {("environment", "any"), ("environment", "echo"), ("sandbox", "sandbox-guide")} <= offered.keys()
    assert offered["environment", "any"]["hidden"] is False
    assert offered["sandbox", "sandbox-guide"]["provider_name"] == "Sandbox"
    assert found["default"] == {"provider": "environment", "model_id": "any-t20-r0"}


async def test_a_stranger_is_offered_nothing(site: Site) -> None:
    assert (await site.stranger().get("/models/")).status_code == 401


@pytest.mark.parametrize("method", ["post", "delete"])
async def test_it_can_only_be_read(alice: Person, method: str) -> None:
    async with alice.http() as http:
        assert (await getattr(http, method)("/models/")).status_code == 405
