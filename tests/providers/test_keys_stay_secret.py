"""A key is encrypted where it is stored, and shown nowhere: not on pages, not in answers, logs or the database."""

import io
import json
import string
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as some

import openai_client as oc
from conversations import records
from providers.models import StoredProvider
from providers.shown import key_json
from tests.providers.conftest import ENVIRONMENT_KEY, OTHER_KEY
from tests.providers.entering import asked_of, asked_with, enter, page, post_form
from tests.site import Person, Site
from tests.upstream import Upstream, done, json_answer, stream_answer, text_chunk

KEY = "sk-proj-Zx81-never-to-be-seen-again-44"
HEADER = "tenant-secret-7711-never-shown"
REPEATED, TENANT = "sk-repeated-by-a-server-9944", "tenant-repeated-by-a-server"
PROXY = "http://user:proxy-secret-5522@127.0.0.1:9"


def stored(site: Site) -> str:
    """Everything that is in the database, as it lies on the disk or as the server would dump it."""
    if not site.database_url:
        files = [path for path in site.data_dir.rglob("*") if path.is_file()]
        return "\n".join(path.read_bytes().decode("latin-1") for path in files)
    tables = site.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    return "\n".join(str(site.query(f'SELECT * FROM "{name}"')) for (name,) in tables)


async def test_no_secret_is_found_in_the_database_the_log_the_pages_or_the_answers(
    owner: Person, owned: Site, relay: Upstream
) -> None:
    alice = owner
    fields = {"headers": f"X-Tenant: {HEADER}", "proxy": PROXY, "proxy_on": False, "base_url": relay.url}
    made = await enter(alice, key=KEY, **fields)
    assert (await asked_with(alice, made["id"]))["status"] == "completed"
    assert asked_of(relay).headers["authorization"] == f"Bearer {KEY}"
    assert asked_of(relay).headers["x-tenant"] == HEADER

    leak = {"error": {"message": f"Incorrect API key provided: {KEY}.", "code": "invalid_api_key"}}
    relay.script(json_answer(leak, 401), "/chat/completions")
    failed = await asked_with(alice, made["id"])
    wrong = await post_form(alice, f"/settings/providers/{made['id']}/", key=KEY, base_url="nonsense ://", name="x")
    assert wrong.status_code == 400
    tested = await alice.post(f"/settings/providers/{made['id']}/test/")
    pages = [await page(alice, path) for path in ("/settings/", "/settings/providers/", "/models/", "/")]
    pages += [await page(alice, f"/settings/providers/{made['id']}/"), wrong.text, tested.text, str(failed), str(made)]
    pages.append((await alice.get(f"/settings/providers/{made['id']}/")).text)
    dumped = owned.manage("dumpdata")

    for secret in (KEY, HEADER, "proxy-secret-5522"):
        assert secret not in stored(owned)
        assert secret not in "".join(owned.log)
        assert secret not in dumped
        assert all(secret not in shown for shown in pages)
    assert ENVIRONMENT_KEY not in "".join(pages) + stored(owned) + "".join(owned.log)
    assert "key ends in n-44" in " ".join(pages[1].split())
    assert "OPENAI_API_KEY" in pages[1]


async def test_an_answer_that_repeats_secrets_leaves_none_in_the_record_of_what_happened(
    owner: Person, owned: Site, relay: Upstream
) -> None:
    made = await enter(owner, key=REPEATED, headers=f"X-Tenant: {TENANT}", base_url=relay.url)
    told = {
        "system_fingerprint": f"fp {REPEATED}",
        "echo": {TENANT: [REPEATED]},
        "usage": {"total_tokens": 3, "by": REPEATED},
    }
    events = text_chunk("Hi", **told), text_chunk(finish="stop", note=f"for {TENANT}"), done()
    relay.script(stream_answer(*events, x_request_id=f"req-{TENANT}", server=REPEATED, x_ratelimit_note=REPEATED))
    params = {"temperature": 0.5, "tenant": TENANT, "metadata": {"key": REPEATED}}
    answer = await asked_with(owner, made["id"], params=params)
    assert answer["status"] == "completed"
    assert asked_of(relay).json["tenant"] == TENANT, "what a person writes into a setting is sent as it is"
    path = f"/messages/{answer['id']}/request/"
    shown = [(await owner.get(path)).text, await page(owner, path), str(answer)]
    kept = [records.unpack(row) for (row,) in owned.query("SELECT record FROM conversations_run") if row]
    assert any("echo" in str(record) for record in kept)
    for secret in (REPEATED, TENANT):
        assert all(secret not in text for text in (*shown, str(kept)))
    [run] = (await owner.get(path)).json()["runs"]
    assert (run["sent"]["exact"], run["sent"]["body"]["tenant"]) == (False, "****")
    assert run["sent"]["headers"]["X-Tenant"] == "****"


@given(
    some.recursive(some.text(), lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner)), some.data()
)
def test_wherever_a_secret_stands_in_what_came_it_is_masked(value: object, data: some.DataObject) -> None:
    secret = data.draw(some.text(alphabet=string.ascii_letters + string.digits + "-_", min_size=8, max_size=40))
    around = data.draw(some.sampled_from(["{}", "Bearer {}", "x{}y", "{0} {0}"])).format(secret)
    client = oc.Client("http://127.0.0.1:9/v1", secret, headers={"X-One": "other-secret-1"})
    kept = client.stream_chat({}).masked({"a": [value, {around: around}], "b": "other-secret-1"})
    assert secret not in json.dumps(kept, ensure_ascii=False).replace("****", "")
    assert "other-secret-1" not in str(kept)


async def test_a_key_that_is_not_typed_again_stays_and_can_be_removed(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, key=KEY, headers="X-One: a")
    path = f"/settings/providers/{made['id']}/"
    await owner.post(path, name="Renamed")
    await asked_with(owner, made["id"])
    assert asked_of(relay).headers["authorization"] == f"Bearer {KEY}"
    changed = (await owner.post(path, key_removed=True, headers_removed=True)).json()["provider"]
    assert (changed["key"]["set"], changed["headers"], changed["name"]) == (False, [], "Renamed")
    await asked_with(owner, made["id"])
    assert "authorization" not in asked_of(relay).headers


async def test_what_was_entered_for_one_host_is_not_sent_to_another(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url="https://relay.example.org", key=KEY, headers="X-One: a")
    path = f"/settings/providers/{made['id']}/"
    moved = {"base_url": relay.url, "first_byte_seconds": 5}
    for refused in (
        await owner.post(path, **moved),
        await owner.post("/settings/providers/try/", id=made["id"], **moved),
    ):
        assert (refused.status_code, list(refused.json()["error"]["data"]["fields"])) == (400, ["key", "headers"])
    assert relay.requests == []
    assert (await owner.post(path, base_url="https://relay.example.org/v2")).status_code == 200
    assert (await owner.post(path, **moved, key="sk-another-0123456789", headers_removed=True)).status_code == 200


async def test_short_keys_show_not_even_their_end(owner: Person) -> None:
    made = await enter(owner, base_url="https://relay.example.org", key="short-key")
    assert made["key"] == {"set": True, "ends_in": "", "variable": "", "readable": True}


async def test_a_variable_can_be_named_in_place_of_a_key(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, **{"for": "site"}, base_url=relay.url, key_variable="RELAY_API_KEY")
    assert made["key"] == {"set": True, "ends_in": "", "variable": "RELAY_API_KEY", "readable": True}
    await asked_with(owner, made["id"])
    assert asked_of(relay).headers["authorization"] == f"Bearer {OTHER_KEY}"


@pytest.mark.parametrize(
    "name", ["NOT_A_SECRET", "DATABASE_URL", "SECRET_KEY", "PATH", "relay_api_key", "X_API_KEY;ls"]
)
async def test_no_other_variable_can_be_read(owner: Person, name: str) -> None:
    fields = {"for": "site", "name": "x", "base_url": "https://relay.example.org", "key_variable": name}
    refused = await owner.post("/settings/providers/", **fields)
    assert list(refused.json()["error"]["data"]["fields"]) == ["key_variable"]


async def test_only_the_owner_names_variables(owner: Person, bob: Person, relay: Upstream) -> None:
    await owner.post("/settings/providers/rules/", own_providers=True, private_addresses=True)
    made = await enter(bob, base_url=relay.url, key_variable="RELAY_API_KEY")
    assert made["key"]["variable"] == ""
    await asked_with(bob, made["id"])
    assert "authorization" not in asked_of(relay).headers


@pytest.mark.django_db
def test_a_new_key_for_the_fields_takes_over_and_the_old_one_can_go(settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    row = StoredProvider.objects.create(name="x", base_url="https://relay.example.org/v1", key=oc.Secret(KEY))
    settings.FIELD_KEYS = [new, old]
    said = io.StringIO()
    call_command("reencrypt_keys", stdout=said)
    assert "1 secrets are under the newest key." in said.getvalue()
    settings.FIELD_KEYS = [new]
    row = StoredProvider.objects.get(pk=row.pk)
    assert row.key.reveal() == KEY

    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="must be entered again"):
        call_command("reencrypt_keys")
    shown = key_json(StoredProvider.objects.get(pk=row.pk))
    assert shown == {"set": False, "ends_in": "", "variable": "", "readable": False}
    assert "cannot be read any more" in render_to_string("providers/_key.html", {"key": shown})
