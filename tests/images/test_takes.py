"""What each model takes, by its name, and what that leaves of a form's fields. Pure."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images import costs, forms, takes
from images.costs import Wanted
from images.forms import Command
from live.errors import Invalid


@pytest.mark.parametrize(
    ("model", "kinds", "most", "settings"),
    [
        ("gpt-image-1", ("generate", "edit"), 10, ("quality", "background", "output_format", "moderation")),
        ("openai/gpt-image-2.5", ("generate", "edit"), 10, ("quality", "background", "output_format", "moderation")),
        ("dall-e-3", ("generate",), 1, ("quality", "style", "response_format")),
        ("dall-e-2", ("generate", "edit", "vary"), 10, ("response_format",)),
        ("sandbox-image-classic", ("generate", "edit", "vary"), 10, ("quality", "style", "response_format")),
        ("flux-2-pro", ("generate", "edit", "vary"), 10, ()),
    ],
)
def test_a_model_is_known_by_its_name(model: str, kinds: tuple[str, ...], most: int, settings: tuple[str, ...]) -> None:
    found = takes.by_name(model)
    assert (found.kinds, found.most) == (kinds, most)
    assert [name for name in ("quality", *takes.WORDS[1:]) if name in settings and not found.words(name)] == []
    assert ("style" in settings) == bool(found.style)


def test_free_sizes_have_steps_bounds_and_proportions() -> None:
    found = takes.by_name("gpt-image-2")
    for size in ("auto", "1024x1024", "3840x2160", "2160x3840", "1024x3072", "256x256"):
        assert found.takes_size(size), size
    for size in ("1000x1024", "3856x2160", "512x1552", "3840x3840", "0x16", "16x16", "x", "1024x1024x1", "1e3x16"):
        assert not found.takes_size(size), size
    assert not takes.by_name("gpt-image-1").takes_size("1024x2048")


def test_what_was_refused_is_gone() -> None:
    found = takes.by_name("gpt-image-2").without(frozenset({"quality", "size", "n", "stream", "output_compression"}))
    assert (found.quality, found.sizes, found.free, found.most, found.partial) == ((), (), None, 1, None)
    assert not found.output_compression


def asked(model: str, **wishes: Any) -> tuple[dict[str, Any], list[str]]:
    command = Command(uuid.uuid4(), "generate", "p", "", model, 1, wishes, (), "", False)
    return forms.settled(command, takes.by_name(model), model)


def test_settings_that_a_model_lacks_are_left_out_and_named() -> None:
    assert asked("gpt-image-1", style="vivid", response_format="url") == ({}, ["style", "response_format"])
    assert asked("dall-e-3", quality="hd") == ({"quality": "hd", "response_format": "b64_json"}, [])
    assert asked("flux-2", quality="odd", size="1000x504") == ({"quality": "odd", "size": "1000x504"}, [])


def test_compression_goes_only_with_a_format_that_has_one() -> None:
    assert asked("gpt-image-1", output_compression="80") == ({}, [])
    assert asked("gpt-image-1", output_compression=80, output_format="webp")[0]["output_compression"] == 80


@given(
    st.dictionaries(
        st.sampled_from(forms.SETTINGS[forms.Kind.GENERATE]),
        st.one_of(st.text(max_size=12), st.integers(-5, 5_000), st.booleans(), st.lists(st.integers(), max_size=2)),
    ),
    st.sampled_from(["gpt-image-1", "gpt-image-2", "dall-e-2", "dall-e-3", "flux", "sandbox-image"]),
)
def test_whatever_is_wished_for_is_taken_left_out_or_refused_with_a_sentence(
    wishes: dict[str, Any], model: str
) -> None:
    try:
        found, left_out = asked(model, **wishes)
    except Invalid as refusal:
        assert all(sentence.endswith(".") for sentence in refusal.data["fields"].values())
        assert set(refusal.data["fields"]) <= set(wishes)
        return
    assert set(found) <= {*wishes, "response_format"}
    assert set(left_out) <= set(wishes)


def test_an_estimate_is_by_the_piece_by_tokens_or_unknown() -> None:
    wanted = Wanted("a red house", 4, {"size": "1024x1024", "quality": "high"})
    pieces = {"image": 40_000_000, "image:1024x1024 high": 167_000_000}
    assert costs.estimate(pieces, wanted) == 4 * 167_000
    assert costs.estimate({"image": 40_000_000}, wanted) == 4 * 40_000
    assert costs.estimate({"prompt": 5_000_000, "completion": 40_000_000}, wanted) == 4 * 4_160 * 40 + 15
    assert costs.estimate({}, wanted) is None
    assert costs.estimate({"minute": 5}, wanted) is None
    low = Wanted("p", 1, {"quality": "low", "size": "512x512"})
    assert costs.completion_tokens(low) == 68
