"""What doctor checks of store, audit, policy, consent, limits and unsettled writes."""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from conekta_mcp.app import App
from conekta_mcp.cli.inbox_state import has_questions, list_active_approvers
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.policy.limits import list_set_limits
from conekta_mcp.policy.safe_start import ACCEPT, RISKS, list_live_risks, list_static_risks
from conekta_mcp.results.text import format_pesos
from conekta_mcp.server.http.inbox import has_inbox
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import IN_STORE
from conekta_mcp.settings.limits import Limits
from conekta_mcp.storage.opening import describe_store
from conekta_mcp.storage.redis import RedisStore

PII_TEXTS = {
    "full": "full: people's data are shown as Conekta gives them",
    "masked": "masked: e-mails, phones, names, tax ids and CLABEs are masked",
    "minimal": "minimal: people's data are left out",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was checked, and what to do when it is not well."""

    name: str
    well: bool
    found: str
    fix: str | None = None
    """What to do; for a finding that is well, what to consider."""

    @property
    def mark(self) -> str:
        return ("WARN" if self.fix else "ok ") if self.well else "FIX"


async def examine_safeguards(app: App, wrong_policy: ConfigurationError | None) -> AsyncIterator[Finding]:
    async for finding in _examine_store(app):
        yield finding
    yield _examine_audit(app.settings)
    async for finding in _examine_live_safety(app):
        yield finding
    for finding in _examine_policy(app, wrong_policy):
        yield finding
    async for finding in _examine_inbox(app):
        yield finding
    yield Finding("pii", well=True, found=PII_TEXTS[app.settings.pii])


async def _examine_store(app: App) -> AsyncIterator[Finding]:
    settings = app.settings
    place = describe_store(settings.store, sandbox_state=settings.state, sandbox=settings.sandbox)
    try:
        lost = await app.store.list_unsettled()
        logged = await app.store.has_append_log() if isinstance(app.store, RedisStore) else True
    except StoreUnavailable as problem:
        fix = "Correct it, or name another one with --store; until then nothing is written to Conekta."
        yield Finding("store", well=False, found=f"{place}: {problem}", fix=fix)
        return
    yield Finding("store", well=True, found=place, fix=_find_store_warning(settings, place, logged))
    if lost:
        unknown = sum(claim.state == "unknown" for claim in lost)
        found = f"{unknown} not known to be applied or not, {len(lost) - unknown} still at work or dead"
        yield Finding(
            "writes", well=True, found=found, fix="conekta-mcp settle finds out what became of them."
        )
    else:
        yield Finding("writes", well=True, found="none is unsettled")


def _find_store_warning(settings: Settings, place: str, logged: bool | None) -> str | None:
    if place == "memory" and not settings.sandbox:
        return (
            "Intents, limits and approvals are forgotten when the process ends, and no other shares them: "
            "leave --store away, or name a file."
        )
    if logged is False:
        return (
            "This Redis does not write each change to its disk: what it noted last is lost if it dies, and a "
            "retry could act twice. Switch appendonly on (appendfsync always loses nothing)."
        )
    return None


def _examine_audit(settings: Settings) -> Finding:
    where = settings.audit
    if where == "off":
        fix = "--audit store, or a file, records every write and refusal."
        return Finding("audit", well=True, found="off: nothing is recorded", fix=fix)
    if where == "store":
        return Finding("audit", well=True, found="in the store")
    file = Path(where)
    # A file that does not exist yet is created in its folder.
    if os.access(file if file.exists() else file.parent, os.W_OK):
        return Finding("audit", well=True, found=f"in {where}")
    fix = "Let this user write there; until then nothing is written to Conekta."
    return Finding("audit", well=False, found=f"{where} cannot be written", fix=fix)


async def _examine_live_safety(app: App) -> AsyncIterator[Finding]:
    """Yield what a server would refuse, at start or at its first live write, and what it does without."""
    try:
        app.refuse_unsafe_start()
    except ConfigurationError as problem:
        yield Finding("start", well=False, found=str(problem), fix="Correct it: no server starts with it.")
    try:
        risks = await list_live_risks(app.settings, app.store)
    except StoreUnavailable:  # told as a finding of the store
        risks = list_static_risks(app.settings)
    for risk in risks:
        fix = f"Or accept it with {ACCEPT} {risk}. Test mode is not refused."
        found = f"nothing is written to a live account: {RISKS[risk]['en']}"
        yield Finding("live money", well=True, found=found, fix=fix)
    if app.settings.accept_losing_safety:
        accepted = ", ".join(app.settings.accept_losing_safety)
        fix = "docs/safety.md says what each of them loses."
        yield Finding("live money", well=True, found=f"{ACCEPT} {accepted}", fix=fix)


def _examine_policy(app: App, wrong: ConfigurationError | None) -> Iterator[Finding]:
    if wrong:
        yield Finding("policy", well=False, found=str(wrong), fix="Correct it: no server starts with it.")
        return
    policy = app.policy
    if policy.rules or policy.closed:
        closed = ", what no rule allows is denied" if policy.closed else ""
        yield Finding("policy", well=True, found=f"{len(policy.rules)} rules{closed}")
    else:
        yield Finding("policy", well=True, found="valid, no rules" if app.settings.policy else "no file")
    levels = ", ".join(f"{mode}: {level}" for mode, level in policy.levels.items())
    yield Finding("consent", well=True, found=f"a person is asked before, {levels}")
    names = app.profiles.names
    for name in names:
        place = f"profile {name}, limits" if len(names) > 1 else "limits"
        yield Finding(place, well=True, found=_format_limits(policy.get_limits(name)))


async def _examine_inbox(app: App) -> AsyncIterator[Finding]:
    """Yield who could approve over HTTP."""
    settings = app.settings
    if not has_inbox(settings):
        yield Finding("inbox", well=True, found="off: --approval-channels leaves it out")
        return
    place = "the store" if settings.approvers == IN_STORE else settings.approvers
    try:
        names = [one.name for one in await list_active_approvers(app)]
    except ConfigurationError as problem:
        fix = "Correct it: until then nobody can approve at /approvals."
        yield Finding("inbox", well=False, found=str(problem), fix=fix)
        return
    except StoreUnavailable:  # told as a finding of the store
        return
    if names:
        own = ", each of them but the caller's own" if settings.four_eyes else ""
        found = f"{len(names)} in {place} can approve at /approvals over HTTP{own}: {', '.join(names)}"
        yield Finding("inbox", well=True, found=found)
        return
    found = f"no approvers in {place}: nobody can approve at /approvals over HTTP"
    over_http = settings.transport != ("stdio",)
    advice = "conekta-mcp approvers add NAME" if over_http and has_questions(app) else None
    yield Finding("inbox", well=True, found=found, fix=advice)


def _format_limits(limits: Limits) -> str:
    found = list_set_limits(limits)
    written = (
        f"{name} {count if name.endswith('calls') else format_pesos(count)}" for name, count in found.items()
    )
    return ", ".join(written) or "none"
