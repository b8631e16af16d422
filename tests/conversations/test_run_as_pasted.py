"""What is copied from behind an answer runs: in a shell and in Python, once the key is set, whatever the texts hold."""

import asyncio
import functools
import os
import shutil
import subprocess
import sys

import pytest

from tests.site import Person, Site

TEXT = "It's a \"test\"\nof $HOME `ls` $(ls) !! \\n \\ 世界 🙂 %s {x} ' '' <<'END_OF_BODY'\nEND_OF_BODY\n# end"
PARAMS = {"temperature": 0.5, "seed": 7, "stop": ["\n\n###", "it's"], "metadata": {"a'b": '$"c"'}}
pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on this machine")
PRINT_KEY = ("shell", "-v", "0", "-c", "from providers.sandbox import http_key; print(http_key())")


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    """The sandbox's, which who runs the site sees in the settings."""
    return site.manage(*PRINT_KEY).strip()


def run(command: list[str], key: str, script: str | None = None) -> str:
    """Run it as somebody who has set nothing but the key; what it printed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**kept, "OPENAI_API_KEY": key, "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8", "no_proxy": "*"}
    done = subprocess.run(command, env=env, input=script, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def pasted(command: list[str], key: str, script: str | None = None) -> str:
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(run, command, key, script))


async def test_the_command_line_and_the_program_get_the_answer_of_the_site(alice: Person, key: str) -> None:
    made = await alice.begin(TEXT, provider="sandbox", model_id="sandbox-echo", params=PARAMS)
    answer = await alice.answer(made["id"])
    text = answer["parts"][-1]["text"]
    assert "$HOME" in text and "世界" in text
    found = (await alice.get(f"/messages/{answer['id']}/request/")).json()
    assert key not in str(found)
    streamed = await pasted(["sh"], key, found["curl"])
    assert "data: [DONE]" in streamed and "sandbox-echo" in streamed
    assert await pasted([sys.executable, "-c", found["python"]], key) == f"{text}\n"


async def test_a_text_that_no_shell_takes_as_an_argument_is_given_another_way(alice: Person, key: str) -> None:
    text = "long, it's " * 12_000
    made = await alice.begin(text, provider="sandbox", model_id="sandbox-echo", params={"max_tokens": 5})
    answer = await alice.answer(made["id"])
    assert answer["error"]["code"] == "context_length_exceeded"
    found = (await alice.get(f"/messages/{answer['id']}/request/")).json()
    assert len(found["curl"]) > 130_000
    assert "context_length_exceeded" in await pasted(["sh"], key, found["curl"]), (
        "the whole of it arrives, and is too much"
    )
