"""The judge: what the sandbox's own log says was applied, beside what the agent was told."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.soak.plan import UNPROVABLE, Planned
from tests.soak.shops import MARKED, Soaked, mark

Json = dict[str, Any]
LOGS = 250
LEFT_AN_ORDER = "402"


@dataclass(kw_only=True)
class Intent:
    """One intent as it went: how its request looks on the wire, and what the agent was told."""

    plan: Planned
    arguments: Json
    method: str
    path: str
    idempotent: bool
    answers: list[Json] = field(default_factory=list)

    @property
    def told(self) -> str:
        """What the agent knows in the end: applied, not_applied or unknown."""
        known = [outcome_of(answer) for answer in self.answers]
        if "applied" in known:
            return "applied"
        return known[-1] if known else "unknown"

    def sent(self, entry: Json) -> bool:
        """Whether a logged request is this intent's, or its twin's."""
        body = json.dumps(entry.get("request_body") or entry.get("body") or {})
        return bool(
            entry["method"] == self.method
            and (entry.get("url") or entry["path"]) == self.path
            and (self.plan.tool not in MARKED or mark(self.plan.like) in body)
        )


def outcome_of(answer: Json) -> str:
    """What one answer says became of the intent."""
    if "error" not in answer:
        return "applied"
    return str(answer["error"].get("outcome") or "not_applied")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A promise that was broken."""

    kind: str
    seed: int
    account: int
    plan: Planned
    detail: str

    def __str__(self) -> str:
        where = f"seed {self.seed}, account {self.account}, intent {self.plan.number}"
        return f"{self.kind.upper()}: {self.plan.tool} ({where}): {self.detail}\n    {self.plan}"


def applied(shop: Soaked, intents: Iterable[Intent], before: set[str]) -> dict[int, list[str]]:
    """Of each intent, twins together, the ids of what the ledger made for it, as its log tells.

    `before` names the logs from before the first call.
    """
    ignored = before | {entry["log_id"] for entry in _requests(shop) if _kept_from(entry.get("fault"))}
    kept = [log for log in logs_of(shop) if log["id"] not in ignored]
    return {
        one.plan.like: [made for log in kept if one.sent(log) and (made := _made(log))] for one in intents
    }


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


def _requests(shop: Soaked) -> list[Json]:
    rows: list[Json] = shop.get("/_sandbox/requests", limit=250)["data"]
    return rows


def _kept_from(fault: Json | None) -> bool:
    """Whether a fault, as the sandbox's documentation has it, kept a request from being applied."""
    if not fault:
        return False
    replaced = "status" in fault or "body" in fault
    return fault.get("cut") == "before" or (replaced and not fault.get("apply"))


def _made(log: Json) -> str | None:
    """Name what a request made; a repeat that Conekta answered by its key names the same."""
    if log["status"].startswith("2") or (log["status"] == LEFT_AN_ORDER and log["loggable_id"]):
        keyed = "idempotency-key" in {name.lower() for name in log["request_headers"]}
        return str(log["loggable_id"]) if keyed and log["loggable_id"] else str(log["id"])
    return None


def struck(shop: Soaked, intents: Iterable[Intent], names: dict[str, str]) -> dict[int, list[str]]:
    """Of each intent the faults that struck its own request, by the names of the faults' ids."""
    kept = [entry for entry in _requests(shop) if "fault" in entry]
    return {
        one.plan.number: [names[entry["fault"]["id"]] for entry in kept if one.sent(entry)] for one in intents
    }


def findings(seed: int, account: int, intents: list[Intent], made: dict[int, list[str]]) -> list[Finding]:
    """Compare what was told with what there is; equal intents are counted together."""
    found: list[Finding] = []
    for like in {one.plan.like for one in intents}:
        equal = [one for one in intents if one.plan.like == like]
        broken = _broken(equal, len(set(made[like])))
        found += [
            Finding(kind=kind, seed=seed, account=account, plan=equal[-1].plan, detail=detail)
            for kind, detail in broken
        ]
    return found


def _short(answer: Json) -> str:
    """Write what matters of an answer on a line."""
    error = answer.get("error")
    if error is None:
        return f"applied: {answer.get('id')}{', settled' if answer.get('settled') else ''}"
    shown = ("outcome", "http_status", "code", "debug_message", "param", "idempotency_key")
    return json.dumps({name: error[name] for name in shown if name in error})


def _broken(equal: list[Intent], there: int) -> list[tuple[str, str]]:
    tool = equal[0].plan.tool
    said = [one.told for one in equal]
    told = "\n    ".join(_short(answer) for one in equal for answer in one.answers)
    was = f"told {said}, {there} in the ledger; answers:\n    {told}"
    sure, open_ = said.count("applied"), said.count("unknown")
    if tool in UNPROVABLE:
        return [("duplicate", was)] if there > len(equal) else []
    broken = []
    if there > len(equal) and not equal[0].idempotent:
        broken.append(("duplicate", was))
    if there < sure:
        broken.append(("told applied, not there", was))
    if there > sure + open_ and not equal[0].idempotent:
        broken.append(("told not applied, but there", was))
    if equal[0].idempotent and there and not (sure or open_):
        broken.append(("told not applied, but there", was))
    if open_:
        broken.append(("never settled", was))
    return broken
