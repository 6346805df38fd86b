"""Compares a checked call with what was spent today; nothing is sent or reserved."""

import time
from collections.abc import Callable, Mapping

from conekta_mcp.accounts.identity import Identities
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.cli.words.policy import choose_words
from conekta_mcp.cli.words.shared import speak
from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.policy.limits import build_limit_failure
from conekta_mcp.policy.policy import Decision
from conekta_mcp.policy.spent_today import is_exceeded, read_counter
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.settings import Settings
from conekta_mcp.storage.records import LimitExceeded

SpentToday = Mapping[str, LimitExceeded] | str


async def compare_with_store(
    decide: Callable[[str], Decision], key: KeyInUse, settings: Settings
) -> tuple[Decision, SpentToday]:
    from conekta_mcp.storage.opening import open_configured_store

    store = open_configured_store(settings, time.time)
    try:
        identity = await Identities.from_settings(settings, lambda: store).recall_identity(key)
        decision = decide(identity.name if identity else "")
        spent = {cap.counter: await read_counter(store, cap) for cap in decision.caps}
    except StoreUnavailable as problem:
        return decide(""), speak(problem, settings.language)
    finally:
        await store.close()
    if identity is None:
        return decision, choose_words(settings.language)("no_account")
    hindered = next((passed for passed in spent.values() if is_exceeded(passed)), None)
    if hindered:
        why = {
            one: str(build_limit_failure(hindered, one, LocalTimes(settings.timezone)))
            for one in ("es", "en")
        }
        return Decision(verdict="deny", why=why, limit="daily", caps=decision.caps), spent
    return decision, spent
