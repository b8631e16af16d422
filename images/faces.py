"""The form for pictures as a person sees it: what the chosen model has, with what was chosen, and nothing else."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import access as money
from billing import amounts
from files.models import File
from images import labels, offers, takes
from images.actions import money as prices
from images.costs import Wanted
from images.forms import CUSTOM, SETTINGS, unpacked
from images.models import Job, Kind
from images.takes import AUTO, FreeSize, Takes
from providers import registry

Given = Mapping[str, Any]
USUAL = "1024x1024"
MAIN, MORE = ("quality",), ("background", "output_format", "style", "input_fidelity", "moderation")
PARTIAL = 2  # partial pictures, where the model sends any and nobody says otherwise
_SIDE = 22.0  # of a shape's drawing


@dataclasses.dataclass(frozen=True)
class Choice:
    """One value that can be chosen."""

    value: str
    label: str
    chosen: bool = False


@dataclasses.dataclass(frozen=True)
class Shape(Choice):
    """A size, with a rectangle of its proportions: `x`, `y`, `width`, `height` in a box of 32 by 26."""

    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


@dataclasses.dataclass(frozen=True)
class Field:
    """A setting with the words that it may have; `name` is its name on the wire."""

    name: str
    label: str
    choices: list[Choice]


@dataclasses.dataclass(frozen=True)
class Face:
    """Everything that templates/images/_fields.html shows. `cost` and `unsure` in words; empty: money is not shown."""

    kind: str
    models: list[tuple[str, list[Choice]]]
    model_id: str
    typed: str
    takes: Takes
    given: Given
    shapes: list[Shape]
    free: FreeSize | None
    custom: bool
    main: list[Field]
    more: list[Field]
    compression: bool
    asked: int
    partial: int | None
    rules: list[str]
    cost: str
    other_kinds: list[str]


def face(person: Any, kind: str, given: Given, sources: Sequence[File] = ()) -> Face:
    """The form for this person, as far as it is filled in: `given` has the names that a command has."""
    able = [one for one in offers.of(person) if kind in one.takes.kinds]
    provider, model_id = _chosen(person, able, given)
    found = _takes(person, provider, model_id) if model_id else takes.UNKNOWN
    sent = SETTINGS[Kind(kind)]
    wanted = {name: given.get(name, "") for name in (*MAIN, *MORE) if name in sent}
    partial = _partial(found, given) if "partial_images" in sent else None
    asked, (size, custom) = _whole(given.get("n"), 1, found.most, 1), _size(found, given, sources)
    params = {**wanted, "size": size, "partial_images": partial or 0}
    return Face(
        kind=kind,
        models=_models(able, provider, model_id),
        model_id=model_id,
        typed="" if any((one.offer.provider.id, one.offer.id) == (provider, model_id) for one in able) else model_id,
        takes=found,
        given=given,
        shapes=_shapes(found.sizes, size if not custom else CUSTOM),
        free=found.free,
        custom=custom,
        main=_fields(found, MAIN, wanted),
        more=_fields(found, MORE, wanted),
        compression=found.output_compression and "output_compression" in sent,
        asked=asked,
        partial=partial,
        rules=_rules(found, kind, model_id, sources),
        cost=cost_words(person, provider, model_id, Wanted(str(given.get("prompt", "")), asked, params, len(sources))),
        other_kinds=[one for one in found.kinds if one != kind],
    )


def cost_words(person: Any, provider: str, model_id: str, wanted: Wanted) -> str:
    """What it will probably cost, before it is sent; nothing where money is not counted, or not shown."""
    if not model_id or not money.shown_to(person)["shown"]:
        return ""
    found = prices.estimate(provider, model_id, wanted)
    if found is None:
        return _("price unknown")
    return _("about %(amount)s") % {"amount": amounts.short(found)} if found else _("free")


def of_job(job: Job) -> dict[str, Any]:
    """A job's fields, to be used again."""
    model = f"{job.provider} {job.model_id}"
    return {**job.params, "prompt": job.prompt, "n": job.asked, "model": model}


def _chosen(person: Any, able: list[offers.Drawer], given: Given) -> offers.Chosen:
    asked = unpacked(given)
    if asked["model_id"]:
        return str(asked["provider"]), str(asked["model_id"])
    mine = [(one.offer.provider.id, one.offer.id) for one in able]
    usual = offers.default(person)
    if usual and (usual in mine or not mine):
        return usual if usual in mine else ("", "")
    return mine[0] if mine else ("", "")


def _takes(person: Any, provider: str, model_id: str) -> Takes:
    known = {one.id: one for one in registry.available(person)}
    return offers.takes_of(known[provider], model_id) if provider in known else takes.by_name(model_id)


def _models(able: list[offers.Drawer], provider: str, model_id: str) -> list[tuple[str, list[Choice]]]:
    """By provider, in the order in which they are offered."""
    found: dict[str, list[Choice]] = {}
    for one in able:
        at, name = one.offer.provider, str(one.offer.row.get("label") or one.offer.id)
        choice = Choice(f"{at.id} {one.offer.id}", name, (at.id, one.offer.id) == (provider, model_id))
        found.setdefault(at.name, []).append(choice)
    return list(found.items())


def _size(found: Takes, given: Given, sources: Sequence[File]) -> tuple[str, bool]:
    """The size that is chosen, and whether it is a free one; without a choice the one most like the first source."""
    size = str(unpacked(given).get("size") or "")
    if size and size not in found.sizes and found.takes_size(size):
        return size, True
    if given.get("size") == CUSTOM and found.free:
        return USUAL, True
    if size in found.sizes:
        return size, False
    fixed = [one for one in found.sizes if one != AUTO]
    if sources and sources[0].width and sources[0].height:
        wanted = sources[0].width / sources[0].height
        return min(fixed, key=lambda one: abs(_ratio(one) - wanted), default=""), False
    return (USUAL if USUAL in found.sizes else next(iter(found.sizes), "")), False


def _ratio(size: str) -> float:
    width, height = takes.size_of(size)
    return width / height


def _shapes(sizes: Iterable[str], chosen: str) -> list[Shape]:
    names = [labels.shape(size) for size in sizes]
    return [
        Shape(size, name if names.count(name) == 1 else labels.side(size), size == chosen, *_drawn(size))
        for size, name in zip(sizes, names, strict=True)
    ]


def _drawn(size: str) -> tuple[float, float, float, float]:
    width, height = takes.size_of(size) if size != AUTO else (1, 1)
    scale = _SIDE / max(width * 0.8, height)
    across, down = round(width * scale, 1), round(height * scale, 1)
    return round((32 - across) / 2, 1), round((26 - down) / 2, 1), across, down


def _fields(found: Takes, names: Iterable[str], wanted: Given) -> list[Field]:
    return [
        Field(name, str(labels.NAMES[name]), _words(found.words(name), str(wanted.get(name) or "")))
        for name in names
        if name in wanted and found.words(name)
    ]


def _words(words: Iterable[str], chosen: str) -> list[Choice]:
    """The values of a setting; first that it is left to the model, which sends nothing."""
    others = [Choice(word, str(labels.WORDS.get(word, word)), word == chosen) for word in words if word != AUTO]
    return [Choice("", _("Automatic")), *others]


_FORMATS = gettext_lazy("%(model)s takes %(types)s, each under %(megabytes)s MB.")


def _rules(found: Takes, kind: str, model_id: str, sources: Sequence[File]) -> list[str]:
    """What the model insists on, in sentences, as far as it is known and matters here."""
    if kind == Kind.GENERATE or not model_id:
        return []
    types = ", ".join(mime.partition("/")[2].upper() for mime in found.source_types)
    megabytes = found.source_limit // takes.MIB
    rules = [str(_FORMATS) % {"model": model_id, "types": types, "megabytes": megabytes}]
    if any(file.mime not in found.source_types for file in sources):
        rules.append(_("The picture is of another kind, so %(model)s would refuse it.") % {"model": model_id})
    if found.square:
        rules.append(_("The picture must be square."))
        if any(file.width != file.height for file in sources):
            rules.append(_("This one is not; choose another model, or another picture."))
    if kind == Kind.EDIT and found.sources > 1:
        rules.append(_("Up to %(count)s pictures can go in; the mask is the first one's.") % {"count": found.sources})
    return rules


def _partial(found: Takes, given: Given) -> int | None:
    return None if found.partial is None else _whole(given.get("partial_images"), 0, found.partial, PARTIAL)


def _whole(value: Any, low: int, high: int, usual: int) -> int:
    try:
        return min(high, max(low, int(str(value))))
    except ValueError:
        return min(high, usual)
