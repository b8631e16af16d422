"""Pictures kept for an hour, so that an answer can link to them instead of carrying them (wire.md section 4, I5)."""

import asyncio
import contextlib
import os
import pathlib
import re

from sandbox import asgi, errors, files, house

LIFE = 3600  # seconds that a link works
MOST = 500  # pictures; beyond it the oldest go early, a sandbox must not fill the disk
NAME = re.compile(r"[0-9a-f]{28}\.png")


def _folder(here: house.House) -> pathlib.Path:
    return here.data_dir / "pictures"


def keep(here: house.House, picture: bytes) -> str:
    """Store a picture, remove those whose time is over, and return its name, which nobody can guess."""
    folder = _folder(here)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{asgi.new_id('')}.png"
    draft = folder / f"{name}.draft"
    draft.write_bytes(picture)
    os.utime(draft, (here.clock(), here.clock()))
    os.replace(draft, folder / name)  # noqa: PTH105 - atomic on every system
    _clear(here)
    return name


def _clear(here: house.House) -> None:
    aged = []
    for path in _folder(here).glob("*.png"):
        with contextlib.suppress(FileNotFoundError):  # another process may be faster
            aged.append((path.stat().st_mtime, path))
    aged.sort(reverse=True)
    for place, (made, path) in enumerate(aged):
        if place >= MOST or made + LIFE <= here.clock():
            path.unlink(missing_ok=True)


def find(here: house.House, name: str) -> pathlib.Path:
    """Return where a picture lies; ApiError 404 for one that is not there or older than an hour."""
    path = _folder(here) / name
    if NAME.fullmatch(name):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime + LIFE > here.clock():
                return path
    raise errors.ApiError(404, "This picture does not exist, or its hour is over.")


async def show(here: house.House, request: asgi.Request, name: str) -> asgi.Reply:
    """GET /v1/pictures/{name}: no key needed, as with the signed links of others."""
    path = await asyncio.to_thread(find, here, name)
    return asgi.Reply(content_type="image/png", pieces=files.pieces(path))
