"""Refuses configurations in which live money could move twice or unrecorded, unless it is accepted."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from conekta_mcp.errors import ConfigurationError, Detail, Forbidden
from conekta_mcp.policy.messages import Texts
from conekta_mcp.settings.parsing import MEMORY_STORES
from conekta_mcp.settings.table import Settings
from conekta_mcp.storage.opening import is_on_memory_disk

ACCEPT = "--i-accept-losing-safety"
SHARED_STORE = "--store redis://..., or one file that all of them open"
CHECK_SECONDS = 60.0
"""How long a store is trusted: a Redis can be told while it runs to write no log."""
RISKS: Mapping[str, Texts] = {
    "memory-store": {
        "en": "--store memory forgets intents, limits and approvals at exit: name a file or redis://",
        "es": "--store memory olvida intentos, límites y aprobaciones al salir: usa un archivo o redis://",
    },
    "memory-disk": {
        "en": "the store is on a disk of memory (tmpfs), which a restart empties: use a file on another",
        "es": "el almacén está en un disco de memoria (tmpfs), que un reinicio vacía: usa un archivo en otro",
    },
    "forgetful-redis": {
        "en": "this Redis does not write each change to its disk, or does not say so: switch appendonly on",
        "es": "este Redis no escribe cada cambio en su disco, o no lo dice: activa appendonly",
    },
    "audit-off": {
        "en": "--audit off records nothing: --audit store, or a file, records every write",
        "es": "--audit off no registra nada: --audit store, o un archivo, registra cada escritura",
    },
}


class DurableStore(Protocol):
    """The property of the store that says whether it survives a restart."""

    async def has_append_log(self) -> bool | None: ...


def refuse_unsafe_start(settings: Settings, live_profiles: tuple[str, ...] = ()) -> None:
    """Raise ConfigurationError for risks that are known at the start; `live_profiles` are live."""
    accepted = settings.accept_losing_safety
    if settings.approval_secrets and not is_store_shared(settings) and "separate-stores" not in accepted:
        raise ConfigurationError(
            "CONEKTA_MCP_APPROVAL_SECRETS are for replicas, and replicas need one store, or a yes could be "
            f"used at each of them: {SHARED_STORE}; {ACCEPT} separate-stores does without"
        )
    found = list_static_risks(settings)
    if live_profiles and found:
        raise ConfigurationError(
            f"profile {live_profiles[0]} is live: {RISKS[found[0]]['en']}; {ACCEPT} {found[0]} does without"
        )


class LiveSafety:
    """Refuses live writes without a durable store or an audit log; the result is cached for a minute."""

    def __init__(
        self,
        settings: Settings,
        store: DurableStore,
        language: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._store, self._language = settings, store, language
        self._monotonic = monotonic
        self._checked_at = float("-inf")

    async def refuse_unsafe_write(self) -> None:
        """Raise Forbidden if a live write would not be remembered or recorded."""
        now = self._monotonic()
        if now - self._checked_at <= CHECK_SECONDS or self._settings.sandbox:
            return
        for risk in await list_live_risks(self._settings, self._store):
            raise _build_unsafe_configuration(risk, self._language)
        self._checked_at = now


async def list_live_risks(settings: Settings, store: DurableStore) -> list[str]:
    """Return the risks for live money that are not accepted; raise StoreUnavailable if Redis is down."""
    found = list_static_risks(settings)
    if settings.sandbox:
        return found
    if not (settings.store or "").startswith(("redis://", "rediss://")):
        is_accepted = "memory-disk" in settings.accept_losing_safety
        return [*found, "memory-disk"] if not is_accepted and is_on_memory_disk(settings.store) else found
    if "forgetful-redis" in settings.accept_losing_safety:
        return found
    return found if await store.has_append_log() else [*found, "forgetful-redis"]


def list_static_risks(settings: Settings) -> list[str]:
    """Return the risks that the settings alone show and that are not accepted."""
    found = [("memory-store", settings.store in MEMORY_STORES), ("audit-off", settings.audit == "off")]
    if settings.sandbox:
        return []
    return [risk for risk, holds in found if holds and risk not in settings.accept_losing_safety]


def is_store_shared(settings: Settings) -> bool:
    return settings.sandbox or settings.store not in (None, *MEMORY_STORES)


def _build_unsafe_configuration(risk: str, language: str) -> Forbidden:
    texts = RISKS[risk]
    detail = Detail(
        code=f"conekta_mcp.errors.unsafe_configuration.{risk}",
        message=texts[language],
        debug_message=texts["en"],
    )
    return Forbidden(
        type="unsafe_configuration",
        details=(detail,),
        outcome="not_applied",
        hint=f"Nothing was sent. Ask the person who runs this server; {ACCEPT} {risk} does without.",
    )
