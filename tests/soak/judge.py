"""Compares what the sandbox's log says was applied with what the agent was told."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.soak.echoes import passes_on
from tests.soak.plan import LIMITED, LONG, UNPROVABLE, Planned, Planning
from tests.soak.shops import MARKED, SOMEBODY, Soaked, mark

Json = dict[str, Any]
LOGS = 250
KEPT = 500
"""Requests that the sandbox remembers of an account: with more the judge would not see all."""
LEFT_AN_ORDER = "402"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the agent was told once, and the newest request that the sandbox had seen then."""

    told: Json
    after: str | None = None
    """The id of its log, None where it is not needed."""

    @property
    def outcome(self) -> str:
        """What the answer says became of the intent: applied, not_applied or unknown."""
        return outcome_of(self.told)


@dataclass(frozen=True, kw_only=True)
class Loss:
    """The moment at which a store was lost: what came before and after it is known to two stores."""

    answers: int
    """How many answers had been given."""
    after: str
    """The newest request that the sandbox had seen, once all that were under way had arrived."""


@dataclass(kw_only=True)
class Intent:
    """One intent as it went: how its request looks on the wire, and everything that the agent was told."""

    plan: Planned
    arguments: Json
    method: str
    path: str
    body: Json
    idempotent: bool
    kept_by_key: bool
    """Whether Conekta, as long as it remembers the key, acts once for all repeats of it."""
    kinds: tuple[str, ...]
    answers: list[Answer] = field(default_factory=list)
    strikes: list[str] = field(default_factory=list)
    """What struck it besides the sandbox's faults."""
    false: list[Any] = field(default_factory=list)
    """What answers showed that is not so."""
    forgotten: bool = False
    """Whether its store was lost, or restored from a copy that does not know it."""
    lost_store: Loss | None = None
    """When its account's store was lost or restored, where it was."""

    @property
    def told(self) -> str:
        """What the agent knows in the end: applied once it was said, else what was said last."""
        known = [answer.outcome for answer in self.answers]
        if "applied" in known:
            return "applied"
        return known[-1] if known else "unknown"

    @property
    def was_unsure(self) -> bool:
        return any(one.outcome == "unknown" or one.told.get("settled") for one in self.answers)

    def sent(self, entry: Json) -> bool:
        """Whether a logged request is this intent's, or its twin's."""
        body = json.dumps(entry.get("request_body") or entry.get("body") or {})
        return bool(
            entry["method"] == self.method
            and (entry.get("url") or entry["path"]) == self.path
            and (self.plan.tool not in MARKED or mark(self.plan.like) in body)
        )


def outcome_of(answer: Json) -> str:
    """What one answer says became of the intent, as an agent reads it.

    A warning of an equal call says that one was made, and one of an equal call that was lost says that
    nobody knows.
    """
    error = answer.get("error")
    if error is None or error.get("type") == "possible_duplicate":
        return "applied"
    return "unknown" if is_held_back(error) else str(error.get("outcome") or "not_applied")


def is_held_back(error: Json) -> bool:
    """Whether a call was not sent because an equal one was lost, whose key the error names."""
    return str(error.get("code")).endswith(".equal_lost")


def claims_own(intent: Intent) -> bool:
    """Whether the agent was told that this very call was made, and not that an equal one had been."""
    applied = [one.told for one in intent.answers if one.outcome == "applied"]
    # Without a key, an equal call of the last minutes is by promise the same one.
    if not intent.plan.own_key:
        applied = [told for told in applied if not told.get("repeated") and "error" not in told]
    return bool(applied)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A promise that was broken."""

    kind: str
    seed: int
    account: int
    plan: Planned
    detail: str
    centavos: int = 0

    def __str__(self) -> str:
        where = f"seed {self.seed}, account {self.account}, intent {self.plan.number}"
        return f"{self.kind.upper()}: {self.plan.tool} ({where}): {self.detail}\n    {self.plan}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a request made, in the order of the ledger; a repeat by its key names the same."""

    place: int
    name: str
    shown: str
    """The id that Conekta answered with."""
    body: Json


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What the sandbox says of the intents of an account."""

    rows: dict[int, list[Row]]
    """By the number of an intent, twins together."""
    places: dict[str, int]
    """The order of the logs, by their ids."""

    def made(self, like: int) -> set[str]:
        return {row.name for row in self.rows[like]}


def read_ledger(shop: Soaked, intents: Iterable[Intent], before: set[str], requests: list[Json]) -> Ledger:
    """Read what the ledger made for each intent; `before` names the logs from before the first call."""
    logs = logs_of(shop)
    assert len(logs) < KEPT, "the sandbox forgot requests"
    ignored = before | {entry["log_id"] for entry in requests if _kept_from(entry.get("fault"))}
    kept = [
        (place, log) for place, log in enumerate(logs) if log["id"] not in ignored and not is_foreign(log)
    ]
    rows = {
        one.plan.like: [row for place, log in kept if one.sent(log) and (row := _find_row(place, log))]
        for one in intents
    }
    return Ledger(rows=rows, places={log["id"]: place for place, log in enumerate(logs)})


def logs_of(shop: Soaked) -> list[Json]:
    """Everything that the account was asked, with the true answers, oldest first."""
    rows: list[Json] = []
    query: dict[str, Any] = {"limit": LOGS}
    while True:
        page = shop.get("/logs", **query)
        rows += page["data"]
        if not page["has_more"]:
            return rows[::-1]
        query = {"limit": LOGS, "next": rows[-1]["id"]}


def is_foreign(log: Json) -> bool:
    """Whether somebody else sent it."""
    return SOMEBODY in log["request_headers"].values()


def _kept_from(fault: Json | None) -> bool:
    """Whether a fault, as the sandbox's documentation has it, kept a request from being applied."""
    if not fault:
        return False
    replaced = "status" in fault or "body" in fault
    return fault.get("cut") == "before" or (replaced and not fault.get("apply"))


def _find_row(place: int, log: Json) -> Row | None:
    """Name what a request made; a repeat that Conekta answered by its key names the same."""
    if log["status"].startswith("2") or (log["status"] == LEFT_AN_ORDER and log["loggable_id"]):
        keyed = "idempotency-key" in {name.lower() for name in log["request_headers"]}
        name = str(log["loggable_id"]) if keyed and log["loggable_id"] else str(log["id"])
        return Row(place=place, name=name, shown=str(log["loggable_id"]), body=log["request_body"] or {})
    return None


def struck(requests: list[Json], intents: Iterable[Intent], names: dict[str, str]) -> dict[int, list[str]]:
    """Of each intent what struck it: faults of its own requests, and what else was done to it."""
    faulted = [entry for entry in requests if "fault" in entry]
    return {
        one.plan.number: [
            *(names[entry["fault"]["id"]] for entry in faulted if one.sent(entry)),
            *one.strikes,
        ]
        for one in intents
    }


def findings(planning: Planning, intents: list[Intent], ledger: Ledger) -> list[Finding]:
    """Compare what was told with what there is; equal intents are counted together."""
    found: list[Finding] = []
    where = {"seed": planning.seed, "account": planning.number}
    for like in dict.fromkeys(one.plan.like for one in intents):
        equal = [one for one in intents if one.plan.like == like]
        others = [one for one in intents if one.plan.like != like]
        told = "\n    ".join(_short(answer) for one in equal for answer in one.answers)
        made = f"{[one.told for one in equal]}, {len(ledger.made(like))} in the ledger; answers:\n    {told}"
        found += [
            Finding(
                kind=kind, **where, plan=equal[-1].plan, detail=f"{detail}; told {made}{_describe(planning)}"
            )
            for kind, detail in _list_broken(equal, others, planning.passes, ledger)
        ]
    if planning.limit is not None and (over := spent(planning, ledger) - planning.limit) > 0:
        detail = f"the limit of {planning.limit} centavos was passed by {over}"
        found.append(
            Finding(kind="limit passed", **where, plan=intents[-1].plan, detail=detail, centavos=over)
        )
    return found


def _describe(planning: Planning) -> str:
    flags = f"passes={planning.passes:g}, rotates={planning.rotates}, steps={planning.steps}"
    return f"\n    {flags}, fate={planning.fate}, limit={planning.limit}"


def spent(planning: Planning, ledger: Ledger) -> int:
    """Sum what the ledger moved for the intents of an account that has a limit, in centavos."""
    assert planning.intents[0].tool in LIMITED
    rows = {row.name: row.body for rows in ledger.rows.values() for row in rows}
    return sum(_read_amount(body) for body in rows.values())


def _read_amount(body: Json) -> int:
    lines = body.get("line_items")
    return (
        sum(int(one["unit_price"]) * int(one["quantity"]) for one in lines) if lines else int(body["amount"])
    )


def _short(answer: Answer) -> str:
    """Write what matters of an answer on a line."""
    error = answer.told.get("error")
    if error is None:
        return f"applied: {answer.told.get('id')}{', settled' if answer.told.get('settled') else ''}"
    shown = ("type", "outcome", "http_status", "code", "debug_message", "param", "idempotency_key")
    return json.dumps({name: error[name] for name in shown if name in error})


def count_again(equal: list[Intent]) -> int:
    """Count the answers that say that an equal call had been made: that is told, and not promised.

    Who went before the first answer was promised that answer, and not another row.
    """
    return sum("equal_call" in answer.told for one in equal if not one.plan.leaving for answer in one.answers)


def is_promised(equal: list[Intent]) -> bool:
    """Whether the store knew the intents all the time; else only Conekta's memory of keys holds."""
    return not any(one.forgotten for one in equal)


def may_stay_unknown(equal: list[Intent], others: list[Intent], passes: float) -> bool:
    """Whether it may never be told: somebody else's row is there, the store forgot, or the agent its key.

    So may a link be, once Conekta forgot its key, where the account has other links of that day: Conekta
    shows the day of a link only, so that nothing shows that they are older. And so may what goes into a list
    of which another call removed a row: a list that is empty now, and was not before, proves nothing.
    """
    if any(one.method == "DELETE" and one.path.rpartition("/")[0] == equal[0].path for one in others):
        return True
    has_links = any(one.path.startswith("/checkouts") for one in others)
    if equal[0].plan.tool == "create_payment_link" and passes == LONG and has_links:
        return True
    return any(one.plan.foreign or one.forgotten or one.plan.forgets for one in equal)


def _list_broken(
    equal: list[Intent], others: list[Intent], passes: float, ledger: Ledger
) -> Iterator[tuple[str, str]]:
    tool, like = equal[0].plan.tool, equal[0].plan.like
    there, repeats = len(ledger.made(like)), equal[0].idempotent
    most = len(equal) + count_again(equal)
    if there > most and not repeats and (is_promised(equal) or all(one.kept_by_key for one in equal)):
        yield "duplicate", f"made {there} times"
    for one in equal:
        if any(passes_on(answer.told, false) for answer in _list_successes(one) for false in one.false):
            yield "lie", f"told what only a false answer shows: {one.false}"
    if tool in UNPROVABLE:
        return
    yield from _list_lies(equal, ledger)
    if any(one.told == "unknown" for one in equal) and not may_stay_unknown(equal, others, passes):
        yield "never settled", "unknown to the end"


def _list_successes(intent: Intent) -> list[Answer]:
    return [answer for answer in intent.answers if "error" not in answer.told]


def _list_lies(equal: list[Intent], ledger: Ledger) -> Iterator[tuple[str, str]]:
    like, repeats = equal[0].plan.like, equal[0].idempotent
    said, there = [one.told for one in equal], len(ledger.made(like))
    sure, unsure = said.count("applied"), said.count("unknown")
    own = sum(claims_own(one) for one in equal)
    if there < (bool(sure) if repeats else max(own, bool(sure))):
        yield "lie", "told applied, not there"
    shown = {row.shown for row in ledger.rows[like]}
    if equal[0].plan.tool in MARKED:
        others = {str(answer.told.get("id")) for one in equal for answer in _list_successes(one)} - shown
        if others - {"None"}:
            yield "lie", f"told of what another call made: {sorted(others)}"
    if is_promised(equal):
        if (there if not repeats else bool(there and not sure)) > sure + unsure + count_again(equal):
            yield "lie", "told not applied, but there"
    else:
        yield from _list_broken_by_two_stores(equal, ledger)
    for one in equal:
        for number, answer in enumerate(one.answers):
            rows = _list_known(one, number, ledger)
            if answer.outcome == "not_applied" and _made_until(answer, rows, ledger) >= len(equal):
                yield "lie", f"was told not applied when it was there: {_short(answer)}"


def _list_broken_by_two_stores(equal: list[Intent], ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Judge what was made and told before a store was lost, and after it, each by the store that knew."""
    losses = [one.lost_store for one in equal if one.lost_store]
    if len(losses) < len(equal) or equal[0].idempotent:
        return
    lost_at = max(ledger.places[loss.after] for loss in losses)
    rows = ledger.rows[equal[0].plan.like]
    before = {row.name for row in rows if row.place <= lost_at}
    told_before = [one.answers[: loss.answers] for one, loss in zip(equal, losses, strict=True)]
    told_after = [one.answers[loss.answers :] for one, loss in zip(equal, losses, strict=True)]
    again = count_again(equal)
    for when, made, told in (
        ("before", len(before), told_before),
        ("after", len({row.name for row in rows} - before), told_after),
    ):
        if made > len(equal) + again:
            yield "duplicate", f"made {made} times {when} the store was lost"
        denied = sum(map(_denies, told))
        if denied and made > len(equal) - denied + again:
            yield "lie", f"told not applied {when} the store was lost, but there"


def _denies(answers: list[Answer]) -> bool:
    """Whether it was said that an intent was not applied; where nothing was said, nothing was denied."""
    outcomes = [answer.outcome for answer in answers]
    return bool(outcomes) and outcomes[-1] == "not_applied" and "applied" not in outcomes


def _list_known(intent: Intent, number: int, ledger: Ledger) -> list[Row]:
    """Return the rows that an answer of the intent is about: after its store was lost, only the later ones.

    An answer from before the loss is about what was sent before it, and one from after it about the new
    request only: that is what is promised.
    """
    rows, loss = ledger.rows[intent.plan.like], intent.lost_store
    if loss is None or not intent.forgotten or number < loss.answers:
        return rows
    lost_at = ledger.places[loss.after]
    before = {row.name for row in rows if row.place <= lost_at}
    return [row for row in rows if row.name not in before]


def _made_until(answer: Answer, rows: list[Row], ledger: Ledger) -> int:
    """Count what had been made for equal intents when an answer was given."""
    last = ledger.places.get(answer.after or "", -1)
    return len({row.name for row in rows if row.place <= last})
