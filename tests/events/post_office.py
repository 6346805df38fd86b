"""An account whose webhooks are received in this process: its keys, and what it signs with them."""

import base64
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from conekta_mcp.accounts.identity import Identities
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.modes import Modes
from conekta_mcp.catalog import Request
from conekta_mcp.errors import Detail, Unreachable
from conekta_mcp.events.feed import EventFeed
from conekta_mcp.events.keys import KeyRing
from conekta_mcp.events.receiver import Receiver, Reception
from conekta_mcp.storage.protocol import Store

COMPANY = "5f0000000000000000000001"
EVENT = "6a0000000000000000000001"


@cache
def make_pair(name: str, bits: int) -> rsa.RSAPrivateKey:
    """The pair of that name; the same one in all tests, since it takes long to make."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def get_pem(pair: rsa.RSAPrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pair.public_key().public_bytes(*form).decode()


def sign(content: bytes, name: str = "first", bits: int = 2048) -> str:
    """Return the Digest header of `content`, signed with the key of that name."""
    signature = make_pair(name, bits).sign(content, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode()


def write_event(event_id: str = EVENT, kind: str = "order.paid", **more: Any) -> bytes:
    """Return the body of a webhook about order ord_1 of customer cus_1."""
    about = {
        "id": "ord_1",
        "object": "order",
        "customer_info": {"customer_id": "cus_1", "name": "Ana Pérez", "email": "ana@example.com"},
        "channel": {"checkout_request_id": "11111111-2222-3333-4444-555555555555"},
        "charges": {"object": "list", "data": [{"id": "6a00000000000000000000aa"}]},
    }
    event = {
        "id": event_id,
        "object": "event",
        "type": kind,
        "livemode": False,
        "created_at": 1_789_999_990,
        "data": {"object": about, "previous_attributes": {}},
    }
    return json.dumps({**event, **more}).encode()


@dataclass
class Conekta:
    """Shows the webhook keys of one test account, and counts how often it was asked for them."""

    names: list[str] = field(default_factory=lambda: ["first"])
    shows_in_list: bool = True
    is_away: bool = False
    bits: int = 2048
    asked: list[str] = field(default_factory=list)

    async def send(self, request: Request) -> dict[str, Any]:
        if self.is_away:
            raise Unreachable(type="unreachable", details=(Detail(code="unreachable", message="Away."),))
        if request.path == "/companies/current":
            return {"id": COMPANY, "object": "company"}
        self.asked.append(request.path)
        if request.path == "/webhook_keys":
            return {"object": "list", "data": [self._show(one, self.shows_in_list) for one in self.names]}
        return self._show(request.path.rpartition("/")[2], True)

    def _show(self, name: str, whole: bool) -> dict[str, Any]:
        pem = get_pem(make_pair(name, self.bits)) if whole else None
        return {"id": name, "active": name != "resting", "public_key": pem, "livemode": False}


class PostOffice:
    """A receiver over `store`, and the Conekta that it asks for keys."""

    def __init__(self, store: Store, clock: Any, *, given: tuple[str, ...] = (), most: int = 1000) -> None:
        self.store, self.conekta = store, Conekta()
        identities = Identities("https://api.conekta.io", Modes(assumed="test"), clock=clock)
        account = KeyInUse.from_key("key_shop", self.conekta)
        self.keys = KeyRing(store.documents, identities, lambda: [account], clock, lambda: given)
        self.feed = EventFeed(store.journal, poll_seconds=0.01)
        self.receiver = Receiver(self.keys, store.journal, clock, self.feed.wake, 7, most)

    async def receive(self, content: bytes, digest: str | None = None, by: str = "first") -> Reception:
        return await self.receiver.receive(content, sign(content, by) if digest is None else digest)

    async def list_kept(self) -> list[tuple[str, ...]]:
        return [(one.id, one.type, *one.ids) for one in await self.store.journal.list_after(0, 10_000)]
