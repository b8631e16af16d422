"""Pictures: drawn from the prompt and labelled, sizes, links, streams, edits within the mask, variations (I)."""

import base64
import json
import pathlib
from typing import Any

import pytest

import sandbox
from tests.sandbox import drawing
from tests.sandbox.calling import Answer, Door
from tests.sandbox.conftest import DOCUMENTS

NEW, OLD = "sandbox-image", "sandbox-image-classic"
WHITE, CLEAR = b"\xff\xff\xff\xff", b"\x00\x00\x00\x00"
BLANK = drawing.png(256, [WHITE * 256] * 256)


async def draw(door: Door, prompt: str = "a red boat", **fields: Any) -> Answer:
    """Ask for a picture."""
    return await door.post("/v1/images/generations", {"model": NEW, "prompt": prompt, **fields})


def file_of(answer: Answer, place: int = 0) -> bytes:
    """Return a picture that the answer carries."""
    return base64.b64decode(answer.json["data"][place]["b64_json"])


def size_of(answer: Answer, place: int = 0) -> tuple[int, int]:
    """Return its width and height."""
    return drawing.opened(file_of(answer, place)).size


def rows_of(answer: Answer, place: int = 0) -> list[bytes]:
    """Return its rows of RGBA bytes."""
    return drawing.rows(file_of(answer, place))


async def test_a_picture_has_its_size_and_says_sandbox(door: Door) -> None:
    answer = await draw(door, size="512x256")
    assert size_of(answer) == (512, 256)
    assert answer.json["size"] == "512x256"
    data = base64.b64decode(answer.json["data"][0]["b64_json"])
    assert b"Software\x00\x00\x00\x00\x00sandbox" in data
    assert b"a red boat" in data
    usage = answer.json["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


async def test_the_label_holds_the_word_sandbox_in_dots(door: Door) -> None:
    """The label's first line is SANDBOX PICTURE: its dots are found again in the picture."""
    drawn = rows_of(await draw(door, size="256x256"))
    rows = ["".join("#" if row[4 * x] < 100 else "." for x in range(256)) for row in drawn]
    s_glyph = [".####", "#....", "#....", ".###.", "....#", "....#", "####."]
    found = [y for y in range(250) if all(rows[y + place][4:9] == line for place, line in enumerate(s_glyph))]
    assert len(found) == 1


async def test_one_prompt_gives_one_picture_and_each_number_its_own(door: Door) -> None:
    first, again = await draw(door, n=2), await draw(door, n=2)
    assert first.json["data"] == again.json["data"]
    assert rows_of(first) != rows_of(first, 1)
    assert rows_of(first) != rows_of(await draw(door, "a blue boat"))


@pytest.mark.parametrize(
    "prompt",
    [
        "a red house by the sea with a boat, sunset",
        "a black cat, a fish, a bird and a yellow flower under the moon, starry night",
        "mountains, trees, a white car on a road, clouds",
        "heart circle square triangle",
        "a beach in the sun",
        "nothing in particular",
        "一只白猫在山上",
        "x" * 3000,
        "\ud800 odd",
    ],
    ids=lambda prompt: ascii(prompt)[:30],
)
async def test_any_prompt_gives_a_picture(door: Door, prompt: str) -> None:
    answer = await draw(door, prompt, size="256x256")
    assert len(set(rows_of(answer))) > 5


@pytest.mark.parametrize("size", ["1024x1024", "1536x1024", "3840x1280", "48x16", "auto"])
async def test_todays_sizes_are_drawn(door: Door, size: str) -> None:
    answer = await draw(door, size=size)
    width, height = size_of(answer)
    assert f"{width}x{height}" == answer.json["size"]
    assert size in (answer.json["size"], "auto")


async def test_a_transparent_background_is_transparent(door: Door) -> None:
    clear = await draw(door, size="256x256", background="transparent")
    assert rows_of(clear)[0][:4] == CLEAR
    assert rows_of(await draw(door, size="256x256"))[0][3] == 255


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("jpeg", b"\xff\xd8\xff"), ("webp", b"RIFF")])
async def test_a_picture_has_the_form_that_was_asked_for(door: Door, form: str, start: bytes) -> None:
    answer = await draw(door, size="256x256", output_format=form, output_compression=50)
    assert file_of(answer).startswith(start)
    assert b"sandbox" in file_of(answer)
    assert (size_of(answer), answer.json["output_format"]) == ((256, 256), form)


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"n": 11}, "n", "integer_above_max_value"),
        ({"n": 0}, "n", "integer_below_min_value"),
        ({"size": "1000x1000"}, "size", "invalid_value"),
        ({"size": "4096x256"}, "size", "invalid_value"),
        ({"size": "1600x400"}, "size", "invalid_value"),
        ({"size": "3840x2176"}, "size", "invalid_value"),
        ({"size": "big"}, "size", "invalid_value"),
        ({"quality": "hd"}, "quality", "invalid_value"),
        ({"response_format": "url"}, "response_format", "unknown_parameter"),
        ({"style": "vivid"}, "style", "unknown_parameter"),
        ({"background": "green"}, "background", "invalid_value"),
        ({"output_format": "gif"}, "output_format", "invalid_value"),
        ({"output_format": "jpeg", "background": "transparent"}, "background", None),
        ({"output_compression": 101}, "output_compression", "integer_above_max_value"),
        ({"partial_images": 4, "stream": True}, "partial_images", "integer_above_max_value"),
        ({"partial_images": 1}, "partial_images", None),
        ({"moderation": "none"}, "moderation", "invalid_value"),
        ({"prompt": ""}, "prompt", "missing_required_parameter"),
        ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length"),
        ({"prompt": "content policy"}, "prompt", "content_policy_violation"),
        ({"input_fidelity": "high"}, "input_fidelity", "unknown_parameter"),
        ({"model": OLD, "size": "1536x1024"}, "size", "invalid_value"),
        ({"model": OLD, "quality": "high"}, "quality", "invalid_value"),
        ({"model": OLD, "stream": True}, "stream", "unknown_parameter"),
        ({"model": OLD, "prompt": "x" * 4001}, "prompt", "string_above_max_length"),
        ({"model": OLD, "response_format": "png"}, "response_format", "invalid_value"),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_what_a_model_does_not_take_is_refused(
    door: Door, fields: dict[str, Any], param: str, code: str | None
) -> None:
    answer = await draw(door, **fields)
    assert (answer.status, answer.error["param"], answer.error["code"]) == (400, param, code)


async def test_a_model_of_another_kind_is_not_found(door: Door) -> None:
    assert (await draw(door, model="sandbox-guide")).status == 404
    assert (await draw(door, model="dall-e-3")).error["code"] == "model_not_found"


async def test_the_classic_model_links_to_its_pictures_for_an_hour(tmp_path: pathlib.Path) -> None:
    now = [1_000_000.0]
    options: dict[str, Any] = {"data_dir": tmp_path, "documents": lambda: DOCUMENTS, "pace": 0, "key": "sk-x"}
    door = Door(sandbox.create_app(clock=lambda: now[0], **options))
    body = {"model": OLD, "prompt": "a tree", "size": "256x256", "n": 2, "style": "natural", "quality": "hd"}
    keyed = {"authorization": "Bearer sk-x", "content-type": "application/json"}
    answer = await door.post("/sandbox/v1/images/generations", body, headers=keyed, root_path="/sandbox")
    first, second = (one["url"] for one in answer.json["data"])
    assert first.startswith("http://sandbox.test/sandbox/v1/pictures/")
    assert answer.json["data"][0]["revised_prompt"].startswith("Sandbox")
    path = first.removeprefix("http://sandbox.test/sandbox")
    another_process = Door(sandbox.create_app(clock=lambda: now[0], **options))
    shown = await another_process.get(path, headers={})
    assert (shown.status, shown.headers["content-type"]) == (200, "image/png")
    assert drawing.opened(shown.body).width == 256
    assert first != second
    now[0] += 3600
    assert (await door.get(path, headers={})).status == 404
    await door.post("/v1/images/generations", body | {"n": 1}, headers=keyed)
    assert len(list((tmp_path / "pictures").iterdir())) == 1


@pytest.mark.parametrize("name", ["none.png", "..%2F..%2Fetc", "a" * 28 + ".png", "../files/x.json"])
async def test_only_pictures_are_shown(door: Door, name: str) -> None:
    assert (await door.get(f"/v1/pictures/{name}")).status == 404


async def test_the_classic_model_carries_pictures_when_asked_to(door: Door) -> None:
    answer = await draw(door, model=OLD, response_format="b64_json", size="256x256")
    assert size_of(answer) == (256, 256)
    assert "usage" not in answer.json


async def test_a_stream_shows_the_picture_growing(door: Door) -> None:
    answer = await draw(door, stream=True, partial_images=2, size="256x256")
    blocks = [block.split("\n") for block in answer.body.decode().removesuffix("\n\n").split("\n\n")]
    events = [json.loads(data.removeprefix("data: ")) for _, data in blocks]
    assert [name.removeprefix("event: ") for name, _ in blocks] == [event["type"] for event in events]
    assert [event["type"] for event in events] == [
        "image_generation.partial_image",
        "image_generation.partial_image",
        "image_generation.completed",
    ]
    assert [event.get("partial_image_index") for event in events] == [0, 1, None]
    shown = [drawing.rows(base64.b64decode(event["b64_json"])) for event in events]
    equal = [sum(a == b for a, b in zip(one, shown[-1], strict=True)) for one in shown]
    assert equal[0] < equal[1] < equal[2] == 256
    assert events[-1]["usage"]["output_tokens"] == 64


def hole(width: int, height: int, box: tuple[int, int, int, int]) -> bytes:
    """Return a mask with a transparent box."""
    left, top, right, bottom = box
    line = WHITE * left + CLEAR * (right - left) + WHITE * (width - right)
    return drawing.png(width, [line if top <= y < bottom else WHITE * width for y in range(height)])


async def test_an_edit_changes_what_the_mask_shows_and_nothing_else(door: Door) -> None:
    box = (64, 100, 200, 240)
    files = {"image": ("a.png", BLANK), "mask": ("m.png", hole(256, 256, box))}
    pixels = rows_of(await door.form("/v1/images/edits", {"prompt": "a red boat", "model": NEW}, files))
    changed = 0
    for y, row in enumerate(pixels):
        for x in range(256):
            inside = box[0] <= x < box[2] and box[1] <= y < box[3]
            same = row[4 * x : 4 * x + 4] == WHITE
            assert inside or same
            changed += not same
    assert changed > 0.5 * (box[2] - box[0]) * (box[3] - box[1])


async def test_without_a_mask_the_pictures_own_holes_are_filled(door: Door) -> None:
    files = {"image": ("a.png", hole(256, 256, (0, 0, 256, 128)))}
    pixels = rows_of(await door.form("/v1/images/edits", {"prompt": "a cat"}, files))
    assert pixels[0][3] == 255
    assert pixels[200] == WHITE * 256


async def test_without_any_hole_the_thing_is_put_onto_the_picture(door: Door) -> None:
    pixels = rows_of(await door.form("/v1/images/edits", {"prompt": "a black cat"}, {"image": ("a.png", BLANK)}))
    assert pixels[0] == WHITE * 256
    assert any(row != WHITE * 256 for row in pixels[60:200])


async def test_an_edit_takes_several_pictures_another_size_and_json(door: Door) -> None:
    url = "data:image/png;base64," + base64.b64encode(BLANK).decode()
    kept = (await door.form("/v1/files", {"purpose": "vision"}, {"file": ("a.png", BLANK)})).json
    body = {"model": NEW, "prompt": "a sun", "images": [{"image_url": url}, {"file_id": kept["id"]}], "size": "512x256"}
    pixels = await door.post("/v1/images/edits", body)
    assert size_of(pixels) == (512, 256)
    masked = body | {"mask": {"image_url": url}, "size": "auto"}
    assert rows_of(await door.post("/v1/images/edits", masked)) == [WHITE * 256] * 256


async def test_an_edit_can_be_streamed(door: Door) -> None:
    fields = {"prompt": "a sun", "stream": "true", "partial_images": "1"}
    answer = await door.form("/v1/images/edits", fields, {"image": ("a.png", BLANK)})
    assert answer.body.count(b"event: image_edit.partial_image\n") == 1
    assert answer.body.count(b"event: image_edit.completed\n") == 1


@pytest.mark.parametrize(
    ("fields", "files", "param"),
    [
        ({}, {"image": BLANK}, "prompt"),
        ({"prompt": "x"}, {}, "image"),
        ({"prompt": "x"}, {"image": b"\xff\xd8\xff jpeg"}, "image"),
        ({"prompt": "x"}, {"image": BLANK[:200]}, "image"),
        ({"prompt": "x"}, {"image": BLANK, "mask": hole(128, 128, (0, 0, 9, 9))}, "mask"),
        ({"prompt": "x"}, {"image": BLANK, "mask": bytes(4 * 1024 * 1024)}, "mask"),
        ({"prompt": "x", "model": OLD}, {"image": drawing.png(2, [WHITE * 2])}, "image"),
        ({"prompt": "x", "model": OLD}, {"image": bytes(4 * 1024 * 1024)}, "image"),
        ({"prompt": "x", "n": "eleven"}, {"image": BLANK}, "n"),
        ({"prompt": "x", "n": "11"}, {"image": BLANK}, "n"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_an_edit_that_cannot_be_made_is_refused(
    door: Door, fields: dict[str, str], files: dict[str, bytes], param: str
) -> None:
    answer = await door.form("/v1/images/edits", fields, {name: (name, data) for name, data in files.items()})
    assert (answer.status, answer.error["param"]) == (400, param)


async def test_variations_differ_from_each_other_and_keep_the_size(door: Door) -> None:
    fields = {"n": "3", "response_format": "b64_json", "size": "256x256"}
    source = base64.b64decode((await draw(door, size="256x256")).json["data"][0]["b64_json"])
    answer = await door.form("/v1/images/variations", fields, {"image": ("a.png", source)})
    assert len({rows_of(answer, place)[20] for place in range(3)}) == 3
    assert {size_of(answer, place) for place in range(3)} == {(256, 256)}
    retired = await door.form("/v1/images/variations", {"model": NEW}, {"image": ("a.png", source)})
    assert "retired" in retired.error["message"]


async def test_two_sandboxes_that_share_a_folder_do_not_disturb_each_other(tmp_path: pathlib.Path) -> None:
    doors = [Door(sandbox.create_app(data_dir=tmp_path, documents=dict, pace=0)) for _ in range(2)]
    for door in doors:
        assert (await draw(door, model=OLD, size="256x256")).status == 200
    assert len(list((tmp_path / "pictures").iterdir())) == 2
