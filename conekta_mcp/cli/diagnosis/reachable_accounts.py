"""The accounts whose keys are available, for commands that read for all of them."""

import logging
from dataclasses import dataclass, field

import anyio

from conekta_mcp.accounts.identity import Identities, Identity
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.modes import Modes
from conekta_mcp.app import App
from conekta_mcp.catalog import Sender
from conekta_mcp.errors import Failure

MEMORY_SHARE = 0.3
"""The share of a request's timeout for reading what the store remembers of an account."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ReachableAccount:
    """An account whose key is available."""

    profile: str
    key: str
    """The fingerprint of its key."""
    sender: Sender = field(repr=False)


async def load_accounts(app: App) -> dict[str, ReachableAccount]:
    """Return the accounts of the profiles by identity; raise ConfigurationError for a key of no use.

    Any key of a company settles what was lost with another one. A key's fingerprint names its account too:
    writes are kept under it where the company cannot be read.
    """
    found: dict[str, ReachableAccount] = {}
    for name in app.profiles.names:
        key, profile = app.profiles.read_key(name), app.profiles.find_profile(name)
        if key and profile:
            child = profile.child_company_id or app.settings.child_company_id
            asked = KeyInUse.from_key(key, app.conekta.get_account(key, child), child)
            account = ReachableAccount(profile=name, key=asked.fingerprint, sender=asked.sender)
            found[asked.fingerprint] = account
            if identity := await _read_identity(app, name, asked):
                found.setdefault(identity, account)
    return found


async def _read_identity(app: App, profile: str, key: KeyInUse) -> str | None:
    try:
        return (await app.identities.read_identity(key)).name
    except Failure as failure:
        log.warning("profile %s: only what was lost with this key can be settled: %s", profile, failure)
        return None


async def read_remembered_identity(app: App, key: KeyInUse) -> Identity:
    """Return the identity in the store; if it has none, ask Conekta."""
    with anyio.move_on_after(app.settings.timeout * MEMORY_SHARE):
        return await app.identities.read_identity(key)
    return await Identities(app.settings.base_url, Modes()).read_identity(key)
