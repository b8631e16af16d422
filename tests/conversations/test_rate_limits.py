"""Rate limits that an upstream tells with its answers are kept beside the usage, and shown on the page."""

from tests.site import Person
from tests.upstream import Upstream, done, stream_answer, text_chunk

USAGE = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}
HEADERS = {"x_ratelimit_limit_requests": "60", "x_ratelimit_remaining_requests": "59"}
LIMITS = {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59"}


async def test_they_come_with_the_usage_of_an_answer(alice: Person, upstream: Upstream) -> None:
    upstream.script(stream_answer(text_chunk("Hi"), text_chunk(finish="stop", usage=USAGE), done(), **HEADERS))
    made = await alice.begin("Hello")
    answer = await alice.answer(made["id"])
    assert answer["usage"]["total_tokens"] == 4
    assert answer["usage"]["rate_limits"] == LIMITS
    page = await alice.get(made["url"], Accept="text/html")
    assert (
        "<span data-limit-lines>x-ratelimit-limit-requests: 60\nx-ratelimit-remaining-requests: 59</span>" in page.text
    )


async def test_an_upstream_that_tells_none_leaves_them_out(alice: Person) -> None:
    made = await alice.begin("Hello")
    assert "rate_limits" not in ((await alice.answer(made["id"]))["usage"] or {})
