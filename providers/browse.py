"""The models page's list: searched, sorted, grouped by family, a page of it at a time; pure."""

import dataclasses
from collections.abc import Mapping

from providers.offers import Offer

PER_PAGE = 100


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the page's form asks for. Anything odd in it is as if it were not there."""

    text: str = ""
    provider: str = ""
    can: str = ""
    sort: str = "server"
    hidden: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str], sorts: Mapping[str, object]) -> "Wanted":
        page = query.get("page", "1")
        return cls(
            text=query.get("q", "")[:200].strip(),
            provider=query.get("provider", "")[:64],
            can=query.get("can", "")[:20],
            sort=query["sort"] if query.get("sort") in sorts else "server",
            hidden=query.get("hidden") == "1",
            page=int(page) if page.isdecimal() and len(page) < 6 and int(page) else 1,
        )


@dataclasses.dataclass(frozen=True)
class Group:
    """Models of one family, in the order that was asked for."""

    family: str
    offers: list[Offer]


@dataclasses.dataclass(frozen=True)
class Found:
    """A page of the models that fit. `hidden`: how many of those that fit are hidden and not shown."""

    groups: list[Group]
    total: int
    hidden: int
    page: int
    pages: int


def browse(offers: list[Offer], wanted: Wanted) -> Found:
    """The page that was asked for, or the last there is."""
    fitting = [offer for offer in offers if _fits(offer, wanted)]
    shown = [offer for offer in fitting if wanted.hidden or not offer.hidden]
    ordered = _grouped(_sorted(shown, wanted.sort))
    pages = max(1, -(-len(ordered) // PER_PAGE))
    page = min(wanted.page, pages)
    part = ordered[(page - 1) * PER_PAGE : page * PER_PAGE]
    groups: list[Group] = []
    for offer in part:
        if not groups or groups[-1].family != offer.family:
            groups.append(Group(offer.family, []))
        groups[-1].offers.append(offer)
    return Found(groups, len(shown), len(fitting) - len(shown), page, pages)


def _fits(offer: Offer, wanted: Wanted) -> bool:
    words = wanted.text.casefold().split()
    text = f"{offer.id} {offer.row.get('label', '')} {offer.family} {offer.provider.name}".casefold()
    if wanted.provider and offer.provider.id != wanted.provider:
        return False
    if wanted.can and not offer.known["capabilities"].get(wanted.can):
        return False
    return all(word in text for word in words)


def _sorted(offers: list[Offer], sort: str) -> list[Offer]:
    match sort:
        case "name":
            return sorted(offers, key=lambda offer: offer.id.casefold())
        case "newest":
            return sorted(offers, key=lambda offer: -(offer.row.get("created") or 0))
        case "context":
            return sorted(offers, key=lambda offer: -(offer.known["context_length"] or 0))
    return offers


def _grouped(offers: list[Offer]) -> list[Offer]:
    """Families stand together, each where its first model stands."""
    families: dict[str, list[Offer]] = {}
    for offer in offers:
        families.setdefault(offer.family, []).append(offer)
    return [offer for family in families.values() for offer in family]
