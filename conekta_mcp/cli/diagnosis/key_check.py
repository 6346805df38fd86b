"""Reads from Conekta whose a key is and whether it is live; for login and whoami."""

from dataclasses import dataclass, replace

import anyio

from conekta_mcp.accounts.company import Company, read_company
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.livemode import Mode
from conekta_mcp.accounts.modes import Modes
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.app import App
from conekta_mcp.cli.diagnosis.network import find_network_failure
from conekta_mcp.cli.words.shared import Tell
from conekta_mcp.errors import Failure
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.settings import Settings

REFUSED_STATUS = 401
MAX_NAME_LENGTH = 100


@dataclass(frozen=True)
class CheckedKey:
    """What Conekta says about a key that it accepts."""

    fingerprint: str
    mode: Mode
    company: Company | None
    """None if the key may not read its company."""

    @property
    def company_name(self) -> str | None:
        name = self.company.name if self.company else None
        return clean_line(name, MAX_NAME_LENGTH) if name else None


async def check_key(settings: Settings, key: str) -> CheckedKey:
    """Return what Conekta says of `key`.

    Raises:
        Failure: Conekta refuses the key, or did not answer within the time of the settings.
        TimeoutError: the same, where no failure tells more.
    """
    app = App(replace(settings, profiles=(), profiles_file=None, policy=None))
    app.conekta.retry_policy = RetryPolicy(attempts=1)
    child = settings.child_company_id
    asked = KeyInUse.from_key(key, app.conekta.get_account(key, child), child)
    try:
        with anyio.fail_after(settings.timeout):
            # A new Modes: the app's assumes test in the sandbox, and would not ask.
            learnt = await Modes().observe_account(asked)
            if learnt.failure:
                raise learnt.failure
            company = await read_company(asked)
    finally:
        await app.close()
    return CheckedKey(asked.fingerprint, learnt.mode, company)


def explain_failure(failure: Failure | TimeoutError, settings: Settings, tell: Tell) -> str:
    """Return why a key could not be checked, and what to do."""
    if isinstance(failure, TimeoutError):
        return tell("too_slow", seconds=settings.timeout, place=settings.base_url)
    if failure.http_status == REFUSED_STATUS:
        return tell("key_refused", status=failure.http_status)
    if (unreached := find_network_failure(failure, settings)) is not None:
        return f"{unreached.found.removesuffix('.')}. {unreached.fix}"
    return tell("key_failing", status=failure.http_status, failure=failure)
