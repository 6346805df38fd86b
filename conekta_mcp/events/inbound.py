"""The parts that receive and pass on events in one process, built on first use."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from conekta_mcp.accounts.active_account import SenderFactory
from conekta_mcp.accounts.identity import Identities
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.events.feed import EventFeed
from conekta_mcp.events.keys import KeyRing
from conekta_mcp.events.news import EventNews
from conekta_mcp.events.receiver import Receiver
from conekta_mcp.events.signatures import load_public_key, split_pem
from conekta_mcp.settings import Settings
from conekta_mcp.storage.protocol import Store


@dataclass(frozen=True)
class InboundEvents:
    """The trusted keys, the receiver, and the feed to listeners."""

    keys: KeyRing
    receiver: Receiver
    feed: EventFeed
    news: EventNews

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        store: Store,
        identities: Identities,
        profiles: Profiles,
        create_sender: SenderFactory,
        clock: Callable[[], float],
    ) -> Self:
        """Return what receives the events of the operator's accounts."""

        def read_key_files() -> tuple[str, ...]:
            return read_key_file(settings.webhook_keys) if settings.webhook_keys else ()

        def list_accounts() -> list[KeyInUse]:
            return list_own_keys(profiles, create_sender, settings.child_company_id)

        keys = KeyRing(store.documents, identities, list_accounts, clock, read_key_files)
        feed = EventFeed(store.journal)
        days, most = settings.webhook_days, settings.webhook_events
        receiver = Receiver(keys, store.journal, clock, feed.wake, days, most)
        return cls(keys, receiver, feed, EventNews(feed))


def list_own_keys(
    profiles: Profiles, create_sender: SenderFactory, child_company_id: str | None
) -> list[KeyInUse]:
    """Return the keys of the operator's profiles; raise ConfigurationError if one cannot be read."""
    found = []
    for name in profiles.names:
        profile, key = profiles.find_profile(name), profiles.read_key(name)
        if profile and key:
            child = profile.child_company_id or child_company_id
            sender = create_sender(key, child) if child else create_sender(key)
            found.append(KeyInUse.from_key(key, sender, child))
    return found


def refuse_keyless_webhooks(settings: Settings, profiles: Profiles) -> None:
    """Raise ConfigurationError if there is no key with which webhooks could be verified."""
    if settings.webhook_keys:
        read_key_file(settings.webhook_keys)
        if len(profiles.names) > 1:
            raise ConfigurationError(
                "--webhook-keys: the file does not say of which --profile they are; name one"
            )
    if not any(profiles.read_key(name) for name in profiles.names):
        raise ConfigurationError(
            "--webhooks: set CONEKTA_API_KEY, the key of the account whose webhooks are received"
        )


def read_key_file(path: str) -> tuple[str, ...]:
    """Return the public keys in the PEM file at `path`; raise ConfigurationError if it has none."""
    try:
        found = split_pem(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"--webhook-keys: {path} cannot be read as a PEM file") from None
    if not found or not all(map(load_public_key, found)):
        raise ConfigurationError(f"--webhook-keys: expected RSA public keys of 2048 bits or more in {path}")
    return found
