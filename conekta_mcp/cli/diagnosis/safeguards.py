"""The doctor's checks of store, audit log, policy, consent, limits and unsettled writes."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import anyio

from conekta_mcp.app import App
from conekta_mcp.cli.approving.inbox_state import has_questions, list_active_approvers
from conekta_mcp.cli.starting.start_checks import check_audit, refuse_contradictions
from conekta_mcp.cli.words.doctor import choose_words
from conekta_mcp.cli.words.shared import Tell, speak
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.events.keys import FOLDER, PinnedKeys
from conekta_mcp.policy.limits import list_set_limits
from conekta_mcp.policy.safe_start import ACCEPT, RISKS, list_live_risks, list_static_risks
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.server.http.inbox import has_inbox
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import IN_STORE, refuse_unsigned_webhook
from conekta_mcp.settings.limits import Limits
from conekta_mcp.storage.opening import describe_store
from conekta_mcp.storage.redis import RedisStore


@dataclass(frozen=True)
class Finding:
    """The result of one check, and what to do if it is not well."""

    name: str
    well: bool
    found: str
    fix: str | None = None
    """What to do; if the finding is well, what to consider."""
    profile: str | None = None
    """The profile of the finding, if there are several."""

    @property
    def mark(self) -> str:
        return ("WARN" if self.fix else "ok ") if self.well else "FIX"


async def collect_safeguards(
    app: App, wrong_policy: ConfigurationError | None, seconds: float, found: list[Finding]
) -> None:
    found += [finding async for finding in examine_safeguards(app, wrong_policy, seconds)]


async def examine_safeguards(
    app: App, wrong_policy: ConfigurationError | None, seconds: float
) -> AsyncIterator[Finding]:
    """Run all checks; a store that does not answer is asked only once, because of its timeout."""
    tell, answers = choose_words(app.settings.language), True
    async for finding in _examine_store(app, tell, seconds):
        answers = answers and finding.well
        yield finding
    yield _examine_audit(app.settings, tell)
    async for finding in _examine_live_safety(app, tell, asks_store=answers):
        yield finding
    for finding in _examine_policy(app, wrong_policy, tell):
        yield finding
    if answers:
        async for finding in _examine_webhooks(app, tell):
            yield finding
    if answers or app.settings.approvers != IN_STORE:
        async for finding in _examine_inbox(app, tell):
            yield finding
    yield Finding("pii", well=True, found=tell(f"pii_{app.settings.pii}"))


async def _examine_store(app: App, tell: Tell, seconds: float) -> AsyncIterator[Finding]:
    settings = app.settings
    place = describe_store(settings)
    lost, logged = None, None
    try:
        with anyio.move_on_after(seconds):
            logged = await app.store.has_append_log() if isinstance(app.store, RedisStore) else True
            lost = await app.store.list_unsettled()
    except StoreUnavailable as problem:
        yield Finding(
            "store", well=False, found=f"{place}: {speak(problem, settings.language)}", fix=tell("store_fix")
        )
        return
    if lost is None:
        slow = tell("store_slow", seconds=seconds)
        yield Finding("store", well=False, found=f"{place}: {slow}", fix=tell("store_fix"))
        return
    warning = _find_store_warning(settings, place, logged)
    yield Finding("store", well=True, found=place, fix=tell(warning) if warning else None)
    if lost:
        unknown = sum(claim.state == "unknown" for claim in lost)
        found = tell("writes", unknown=unknown, others=len(lost) - unknown)
        yield Finding("writes", well=True, found=found, fix=tell("writes_fix"))
    else:
        yield Finding("writes", well=True, found=tell("writes_none"))


def _find_store_warning(settings: Settings, place: str, logged: bool | None) -> str | None:
    if place == "memory" and not settings.sandbox:
        return "store_memory_fix"
    return "store_redis_fix" if logged is False else None


def _examine_audit(settings: Settings, tell: Tell) -> Finding:
    where = settings.audit
    if where == "off":
        return Finding("audit", well=True, found=tell("audit_off"), fix=tell("audit_off_fix"))
    if where == "store":
        return Finding("audit", well=True, found=tell("audit_store"))
    file = Path(where)
    # A file that does not exist yet is created in its folder.
    if not file.exists() and os.access(file.parent, os.W_OK):
        return Finding("audit", well=True, found=tell("audit_file", place=where))
    if os.access(file, os.W_OK):
        try:
            check_audit(where)
        except ConfigurationError as problem:
            found = speak(problem, settings.language)
            return Finding("audit", well=False, found=found, fix=tell("start_fix"))
        return Finding("audit", well=True, found=tell("audit_file", place=where))
    fix = tell("audit_unwritable_fix")
    return Finding("audit", well=False, found=tell("audit_unwritable", place=where), fix=fix)


async def _examine_live_safety(app: App, tell: Tell, *, asks_store: bool) -> AsyncIterator[Finding]:
    """Yield what a server would refuse at its start or first live write, and accepted risks."""
    try:
        app.refuse_unsafe_start()
        refuse_contradictions(app.settings)
        refuse_unsigned_webhook(app.settings)
    except ConfigurationError as problem:
        yield Finding("start", well=False, found=speak(problem, app.settings.language), fix=tell("start_fix"))
    risks = list_static_risks(app.settings)
    with contextlib.suppress(StoreUnavailable):  # told as a finding of the store
        risks = await list_live_risks(app.settings, app.store) if asks_store else risks
    for risk in risks:
        fix = tell("live_fix", flag=ACCEPT, name=risk)
        found = tell("live", risk=RISKS[risk][app.settings.language])
        yield Finding("live money", well=True, found=found, fix=fix)
    if app.settings.accept_losing_safety:
        accepted = ", ".join(app.settings.accept_losing_safety)
        yield Finding("live money", well=True, found=f"{ACCEPT} {accepted}", fix=tell("accepted_fix"))


def _examine_policy(app: App, wrong: ConfigurationError | None, tell: Tell) -> Iterator[Finding]:
    if wrong:
        yield Finding("policy", well=False, found=speak(wrong, app.settings.language), fix=tell("start_fix"))
        return
    policy = app.policy
    if policy.rules or policy.closed:
        found = tell("policy_closed" if policy.closed else "policy", rules=len(policy.rules))
        yield Finding("policy", well=True, found=found)
    else:
        found = tell("policy_empty" if app.settings.policy else "policy_none")
        yield Finding("policy", well=True, found=found)
    levels = ", ".join(f"{mode}: {level}" for mode, level in policy.levels.items())
    yield Finding("consent", well=True, found=tell("consent", levels=levels))
    names = app.profiles.names
    for name in names:
        found = _format_limits(policy.get_limits(name)) or tell("limits_none")
        yield Finding("limits", well=True, found=found, profile=name if len(names) > 1 else None)


async def _examine_inbox(app: App, tell: Tell) -> AsyncIterator[Finding]:
    """Yield who could approve over HTTP."""
    settings = app.settings
    if not has_inbox(settings):
        yield Finding("inbox", well=True, found=tell("inbox_off"))
        return
    place = tell("inbox_store") if settings.approvers == IN_STORE else settings.approvers
    try:
        names = [one.name for one in await list_active_approvers(app)]
    except ConfigurationError as problem:
        yield Finding("inbox", well=False, found=speak(problem, settings.language), fix=tell("inbox_fix"))
        return
    except StoreUnavailable:  # told as a finding of the store
        return
    if names:
        rule = "inbox_four_eyes" if settings.four_eyes else "inbox"
        found = tell(rule, count=len(names), place=place, names=", ".join(names))
        yield Finding("inbox", well=True, found=found)
        return
    over_http = settings.transport != ("stdio",)
    advice = tell("inbox_none_fix") if over_http and has_questions(app) else None
    yield Finding("inbox", well=True, found=tell("inbox_none", place=place), fix=advice)


async def _examine_webhooks(app: App, tell: Tell) -> AsyncIterator[Finding]:
    """Yield whether webhooks are received, here or by `listen`, and when the last event came."""
    try:
        pins = await app.store.documents.list_all(FOLDER)
        latest = await app.store.journal.find_latest()
    except StoreUnavailable:  # told as a finding of the store
        return
    if latest:
        moment = LocalTimes(app.settings.timezone).format_minute(latest.at, app.settings.language)
        yield Finding("webhooks", well=True, found=tell("webhooks_last", type=latest.type, moment=moment))
    elif any(PinnedKeys.from_text(text).keys for text in pins.values()):
        yield Finding("webhooks", well=True, found=tell("webhooks_silent"), fix=tell("webhooks_silent_fix"))
    else:
        advice = tell("webhooks_unkeyed_fix") if app.settings.webhooks else None
        yield Finding("webhooks", well=True, found=tell("webhooks_none"), fix=advice)


def _format_limits(limits: Limits) -> str:
    found = list_set_limits(limits)
    written = (
        f"{name} {count if name.endswith('calls') else format_pesos(count)}" for name, count in found.items()
    )
    return ", ".join(written)
