"""find_payment: candidates with their matches and how sure they are, and how far it searched."""

from collections.abc import Sequence
from typing import Any

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.folding import fold_email
from conekta_mcp.domains.support.clues.clue import Clue, Reading, iter_readings
from conekta_mcp.domains.support.clues.parsing import IDS, make_word, normalize_id, read_clues
from conekta_mcp.domains.support.fields import FindPaymentInput
from conekta_mcp.domains.support.finding.comparison import Asked, Comparison, get_last_digits
from conekta_mcp.domains.support.finding.describing import (
    describe_match,
    describe_missed,
    describe_place,
    describe_result,
    describe_similar,
    list_left_out,
)
from conekta_mcp.domains.support.finding.nothing_found import describe_people, explain_amount, list_newest
from conekta_mcp.domains.support.finding.places import Search
from conekta_mcp.domains.support.reading.spans import read_range
from conekta_mcp.domains.support.walking import read_now
from conekta_mcp.results.times import get_times

MAX_CANDIDATES = 5
LEAST_SCORE = 5
SLIPS = frozenset({"day", "hour", "method"})
"""Clues that a payer of the right amount may remember wrongly, all at once."""


async def find_payment(reader: Reader, asked: FindPaymentInput) -> dict[str, Any]:
    """Search by Conekta's filters; if no order matches completely, walk all orders."""
    says_time = asked.from_day or asked.to_day or _says_time(asked.text or "", reader.now)
    clues = collect_clues(asked, await read_now(reader) if says_time else reader.now)
    if not clues and not asked.next:
        return await list_newest(reader, MAX_CANDIDATES)
    span = build_span(clues)
    search = Search(reader, Asked(clues, whole_values_only=reader.whole_values_only), span)
    says_little = not asked.next and all(clue.is_optional for clue in clues)
    found = await _compare_orders(search, asked.next, may_walk=not says_little)
    chosen, left = select_candidates(found)
    if not chosen and span and not asked.next:
        # People misremember days: an order that matches except for its day is reported as such.
        await search.look_beyond_span()
        found = search.list_comparisons(is_lenient=True)
        chosen, left = select_candidates(found)
    if not chosen and says_little:
        return await list_newest(reader, MAX_CANDIDATES)
    nearest, hints = (None, []) if chosen else await explain_amount(asked.amount, clues, search)
    hints += [] if chosen else await describe_people(clues, search)
    search.is_narrowed = sum(one.is_whole for one in found) > len(chosen) + left
    return {
        "found": describe_result(chosen, left, search),
        "read_as": [*(one.read_as for one in clues if one.read_as), *describe_similar(chosen)] or None,
        "payments": [{**one.order, **describe_match(one, chosen, search)} for one in chosen],
        "more_payments": left or None,
        "nearest": nearest,
        "searched": [describe_place(place) for place in search.places],
        "complete": all(place.walk.complete for place in search.places),
        "next": next((place.walk.next for place in search.places if place.walk.next), None),
        "left_out": [*hints, *list_left_out(clues, search), *describe_missed(chosen, search)],
    }


async def _compare_orders(search: Search, cursor: str | None, *, may_walk: bool) -> list[Comparison]:
    """Compare what Conekta's filters find; where no order matches completely, walk all from `cursor` on."""
    if not cursor:
        await search.look_at_filters()
    found = search.list_comparisons()
    if may_walk and (cursor or not any(one.names_one or one.is_whole for one in found)):
        await search.walk_orders(cursor)
        found = search.list_comparisons()
    if any(one.names_one or (one.is_whole and not one.missed) for one in found):
        return found
    return search.list_comparisons(is_lenient=True)


def collect_clues(asked: FindPaymentInput, now: float) -> list[Clue]:
    """Return the clues of the fields and of the text."""
    times = get_times()
    clues: list[Clue] = []

    def add(words: str, *readings: Reading) -> None:
        clues.append(Clue(readings, words))

    if asked.id:
        kind = next(kind for kind, pattern in IDS if pattern.fullmatch(asked.id))
        add("id", Reading(kind, normalize_id(kind, asked.id)))
    for kind, value in (("clabe", asked.clabe), ("reference", asked.reference), ("last4", asked.last4)):
        if value:
            add(kind, Reading(kind, value))
    if asked.email:
        add("email", Reading("email", fold_email(asked.email)))
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


def _says_time(text: str, now: float) -> bool:
    clues = read_clues(text, get_times(), now)
    return any(iter_readings(clues, "day")) or any(iter_readings(clues, "hour"))


def build_span(clues: Sequence[Clue]) -> dict[str, int]:
    """Return the filters for orders that can have an event in the given time."""
    # A word that may also be a name, such as Domingo, must not exclude other days.
    sure = [one for one in clues if all(reading.kind == "day" for reading in one.readings)]
    days = list(iter_readings(sure, "day"))
    if not days:
        return {}
    start, end = int(min(day.start for day in days)), int(max(day.end for day in days))
    return {**({"updated_at_gte": start} if start else {}), "created_at_lte": end}


def select_candidates(found: Sequence[Comparison]) -> tuple[list[Comparison], int]:
    """Return the best candidates, best and newest first, and how many more there are."""
    whole = [one for one in found if one.is_whole or one.names_one]
    # Of several matching orders, prefer those that have words which the others lack.
    whole = _keep_most_words(whole)
    kept = whole or [one for one in found if one.score >= LEAST_SCORE]
    kept = kept or [one for one in found if "amount" in one.fits and SLIPS.issuperset(one.differs)]
    # A word alone is little, and more than an answer that says that there is nothing; beside an amount that
    # is not theirs, it is nothing.
    kept = kept or _keep_most_words(
        [one for one in found if "words" in one.fits and "amount" not in one.differs]
    )
    ranked = sorted(kept, key=_rank, reverse=True)
    return ranked[:MAX_CANDIDATES], len(ranked[MAX_CANDIDATES:])


def _keep_most_words(found: Sequence[Comparison]) -> list[Comparison]:
    """Keep the candidates that match the most words."""
    most = max((one.fits.count("words") for one in found), default=0)
    return [one for one in found if one.names_one or one.fits.count("words") == most]


def _rank(one: Comparison) -> tuple[int, int, int, int]:
    created = one.order.get("created_at")
    return one.score, one.exact_amounts, one.whole_words, created if isinstance(created, int) else 0
