"""find_payment: candidates with why each fits and how surely, and where and how far it looked."""

from collections.abc import Mapping, Sequence
from typing import Any

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.support.fields import FindPaymentInput
from conekta_mcp.domains.support.finding.clues import (
    IDS,
    Clue,
    Reading,
    has_control_digit,
    iter_readings,
    make_word,
    normalize_id,
    read_clues,
)
from conekta_mcp.domains.support.finding.comparison import Asked, Comparison, get_last_digits
from conekta_mcp.domains.support.finding.newest import list_newest
from conekta_mcp.domains.support.finding.places import Place, Search
from conekta_mcp.domains.support.reading.spans import read_range
from conekta_mcp.domains.support.wording import say_moment
from conekta_mcp.results.times import get_times, say

MAX_CANDIDATES = 5
MAX_NEAREST = 3
LEAST_SCORE = 5


async def find_payment(reader: Reader, asked: FindPaymentInput) -> dict[str, Any]:
    """Look by what Conekta can filter by, and, where nothing fits as a whole, at its orders in turn."""
    clues = collect_clues(asked, reader.now)
    if not clues and not asked.next:
        return await list_newest(reader, MAX_CANDIDATES)
    span = build_span(clues)
    search = Search(reader, Asked(clues, whole_values_only=reader.whole_values_only), span)
    if not asked.next:
        await search.look_at_filters()
    found = search.list_comparisons()
    names_one = any(one.names_one for one in found)
    if asked.next or not (names_one or any(one.is_whole for one in found)):
        await search.walk_orders(asked.next)
        found = search.list_comparisons()
    chosen, left = select_candidates(found)
    return {
        "found": _describe_result(chosen, search),
        "read_as": [one.read_as for one in clues if one.read_as] or None,
        "payments": [{**one.order, **_describe_match(one, chosen, search)} for one in chosen],
        "more_payments": left or None,
        "nearest": None if chosen else _find_nearest(clues, search),
        "searched": [_describe_place(place) for place in search.places],
        "complete": all(place.walk.complete for place in search.places),
        "next": next((place.walk.next for place in search.places if place.walk.next), None),
        "left_out": _list_left_out(clues, search),
    }


def collect_clues(asked: FindPaymentInput, now: float) -> list[Clue]:
    """Give what was said in fields, and in the text."""
    times = get_times()
    clues: list[Clue] = []

    def add(said: str, *readings: Reading) -> None:
        clues.append(Clue(readings, said))

    if asked.id:
        kind = next(kind for kind, pattern in IDS if pattern.fullmatch(asked.id))
        add("id", Reading(kind, normalize_id(kind, asked.id)))
    for kind, value in (("clabe", asked.clabe), ("reference", asked.reference), ("last4", asked.last4)):
        if value:
            add(kind, Reading(kind, value))
    if asked.email:
        add("email", Reading("email", asked.email.strip().casefold()))
    if asked.phone:
        add("phone", Reading("phone", get_last_digits(asked.phone) or asked.phone))
    if asked.name:
        add("name", Reading("name", asked.name))
    if asked.amount is not None:
        add("amount", Reading("amount", amount=asked.amount))
    if asked.from_day or asked.to_day:
        start, end = read_range(asked.from_day, asked.to_day, times, now)
        add("day", Reading("day", start=start, end=end))
    clues += [make_word(word) for word in (asked.description or "").split()]
    return clues + read_clues(asked.text or "", times, now)


def build_span(clues: Sequence[Clue]) -> dict[str, int]:
    """Give the filters by which an order can have had something happen in the time that was said."""
    # What may be a name as well, such as Domingo, is no reason to leave other days out.
    sure = [one for one in clues if all(reading.kind == "day" for reading in one.readings)]
    days = list(iter_readings(sure, "day"))
    if not days:
        return {}
    start, end = int(min(day.start for day in days)), int(max(day.end for day in days))
    return {**({"updated_at_gte": start} if start else {}), "created_at_lte": end}


def select_candidates(found: Sequence[Comparison]) -> tuple[list[Comparison], int]:
    """Give the best candidates, best and newest first, and how many more there are."""
    whole = [one for one in found if one.is_whole or one.names_one]
    # Of several that fit, those that also have the words that others lack.
    words = max((one.fits.count("words") for one in whole), default=0)
    whole = [one for one in whole if one.names_one or one.fits.count("words") == words]
    # A word that no order has, such as one of a greeting, does not hide the order that has the others.
    kept = whole or [one for one in found if one.score >= LEAST_SCORE or (one.fits and not one.differs)]
    ranked = sorted(kept, key=_rank, reverse=True)
    return ranked[:MAX_CANDIDATES], len(ranked[MAX_CANDIDATES:])


def _rank(one: Comparison) -> tuple[int, int]:
    created = one.order.get("created_at")
    return one.score, created if isinstance(created, int) else 0


def _find_nearest(clues: Sequence[Clue], search: Search) -> list[Mapping[str, Any]] | None:
    """Return the orders that were seen with the amounts nearest to the one that was said."""
    amounts = [one.amount for one in iter_readings(list(clues), "amount")]
    # Under masking nobody is shown who was not named by a whole value.
    if not amounts or search.asked.whole_values_only:
        return None
    seen = [one for one in search.orders.values() if isinstance(one.get("amount"), int)]
    return sorted(seen, key=lambda one: min(abs(one["amount"] - said) for said in amounts))[:MAX_NEAREST]


def _describe_match(one: Comparison, chosen: Sequence[Comparison], search: Search) -> dict[str, Any]:
    return {
        "certainty": _judge_certainty(one, chosen, search),
        "matches": list(dict.fromkeys(one.fits)),
        "differs": list(dict.fromkeys(one.differs)) or None,
    }


def _judge_certainty(one: Comparison, chosen: Sequence[Comparison], search: Search) -> str:
    if one.names_one:
        return "likely" if one.differs else "certain"
    if not one.is_whole or sum(other.is_whole for other in chosen) > 1:
        return "possible"
    looked_everywhere = all(place.walk.complete for place in search.places)
    return "certain" if one.names_few and looked_everywhere else "likely"


def _describe_place(place: Place) -> dict[str, Any]:
    walk, filters = place.walk, place.filters
    return {
        "what": place.what,
        "from_at": filters.get("updated_at_gte"),
        "until_at": filters.get("created_at_lte"),
        "read": walk.rows,
        "complete": walk.complete,
        "stopped": place.note or walk.stopped or None,
    }


def _describe_result(chosen: Sequence[Comparison], search: Search) -> str:
    read = sum(place.walk.rows for place in search.places)
    complete = all(place.walk.complete for place in search.places)
    further = (
        ""
        if complete
        else say(
            " No se vio todo: sigue con next, o da un día o más datos.",
            " Not everything was looked at: go on with next, or give a day or more facts.",
        )
    )
    if not chosen:
        where = _describe_span(search.span)
        return (
            say(
                f"Nada coincide en lo que se vio: {read} {'registro' if read == 1 else 'registros'}{where}.",
                f"Nothing fits in what was looked at: {read} {'record' if read == 1 else 'records'}{where}.",
            )
            + further
        )
    whole = [one for one in chosen if one.is_whole or one.names_one]
    if not whole:
        return (
            say(
                "Nada coincide con todo lo dicho; estas coinciden en parte.",
                "Nothing fits everything that was said; these fit in part.",
            )
            + further
        )
    if len(whole) == 1:
        return say("Una orden coincide.", "One order fits.") + further
    return (
        say(
            f"{len(whole)} órdenes coinciden: pregunta por algo que las distinga.",
            f"{len(whole)} orders fit: ask for something that tells them apart.",
        )
        + further
    )


def _describe_span(span: Mapping[str, int]) -> str:
    if not span:
        return ""
    since, until = say_moment(span.get("updated_at_gte")), say_moment(span.get("created_at_lte"))
    return say(f", de {since or 'el inicio'} a {until}", f", from {since or 'the beginning'} to {until}")


def _list_left_out(clues: Sequence[Clue], search: Search) -> list[str]:
    """Say what this search cannot see, as far as it concerns what was said."""
    left = []
    kinds = {one.kind for clue in clues for one in clue.readings}
    if not all(has_control_digit(clabe.text) for clabe in iter_readings(list(clues), "clabe")):
        left.append(
            say(
                "El dígito de control de la CLABE no corresponde: puede estar mal escrita.",
                "The control digit of the CLABE does not fit: it may be mistyped.",
            )
        )
    if "clabe" in kinds and not search.list_comparisons():
        left.append(
            say(
                "La CLABE de un cliente sin órdenes no se puede buscar; get_customer_profile la muestra.",
                "The CLABE of a customer without orders cannot be searched; get_customer_profile shows it.",
            )
        )
    if "link_id" in kinds and not search.list_comparisons():
        left.append(
            say(
                "Un link no es una orden: explain_payment dice cómo está.",
                "A link is no order: explain_payment tells how it stands.",
            )
        )
    if search.asked.whole_values_only and kinds & {"name", "words"}:
        left.append(
            say(
                "Los datos personales están enmascarados: no se busca por nombre, solo por datos completos.",
                "Personal data is masked here: names are not searched, only whole values.",
            )
        )
    return left
