"""The webhook message about a pending approval: a text for a chat, and the same as fields."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from conekta_mcp.consent.asking.background import BackgroundTasks
from conekta_mcp.consent.asking.channels import Channels
from conekta_mcp.consent.asking.waiting_words import describe_places
from conekta_mcp.consent.pending.record import Channel, PendingApproval
from conekta_mcp.privacy.markup import disarm_markup
from conekta_mcp.privacy.masking import EMAIL, mask_answer
from conekta_mcp.privacy.untrusted_text import cut_middle
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.settings.table import Settings

FIELDS_KEY = "conekta_mcp"
"""The key of the fields for programs; chats read only `text`."""
MAX_QUESTION = 3000
"""Chats cut longer messages."""
WORDS = {
    "es": ("Falta el sí de una persona", "Se puede responder hasta {until}.", "EN VIVO", "prueba"),
    "en": ("A person's yes is needed", "It can be answered until {until}.", "LIVE", "test"),
}
MENTION = re.compile(r"@(?=\s*(?:everyone|here|channel|all|todos|aqui)\b)|(?<![\w.+%-])@", re.IGNORECASE)
"""An @mention at the start of a word; the @ inside an e-mail stays."""
LINKED = re.compile(
    rf"(?P<email>{EMAIL.pattern})|(?P<scheme>://)|(?<=[^\W_])(?P<dot>[.。．｡])(?=[^\W\d_]{{2}})"
)
"""What chats make a link of: an address with its scheme, or the bare name of a host."""
HERE: tuple[Channel, ...] = ("inbox", "terminal")
"""Channels that a reader of the message can use; the others are on the caller's screen."""


class WebhookAnnouncer:
    """Posts to a webhook in the background; `post` takes the id of an approval and a body."""

    def __init__(
        self,
        settings: Settings,
        channels: Channels,
        post: Callable[[str, bytes], Awaitable[None]],
        background: BackgroundTasks,
    ) -> None:
        self._settings, self._channels, self._post, self._background = settings, channels, post, background

    def announce(self, approval: PendingApproval) -> None:
        places = [one for one in HERE if one in self._channels.allowed and self._has_place(one)]
        one = self._settings
        told = build_announcement(
            approval, places, one.language, one.pii, LocalTimes(one.timezone), one.root_path
        )
        body = json.dumps(told, ensure_ascii=False).encode()
        self._background.start(self._tell(approval.id, body), "Telling the webhook of an approval")

    def _has_place(self, channel: Channel) -> bool:
        return self._channels.is_inbox_open if channel == "inbox" else self._channels.has_terminal

    async def _tell(self, approval_id: str, body: bytes) -> None:
        await self._post(approval_id, body)


def build_announcement(
    approval: PendingApproval,
    places: list[Channel],
    language: str,
    pii: str,
    times: LocalTimes,
    root_path: str = "",
) -> dict[str, Any]:
    """Return the body: the question, masked like answers, and no other personal data."""
    head, until, live, test = WORDS[language]
    is_test = approval.facts.get("mode") == "test"
    question = _mask_question(approval.question.get(language, approval.tool), pii)
    lines = [
        f"{head} ({test if is_test else live})",
        _disarm(question),
        *(text for _, text in describe_places(places, language, root_path)),
        until.format(until=times.format_minute(approval.expires_at, language)),
    ]
    facts = {name: approval.facts.get(name) for name in ("kind", "amount", "currency", "account")}
    return {
        "text": "\n".join(lines),
        FIELDS_KEY: {
            "event": "approval.pending",
            "id": approval.id,
            "tool": approval.tool,
            **facts,
            "mode": "test" if is_test else "live",
            "question": question,
            "created_at": int(approval.created_at),
            "expires_at": int(approval.expires_at),
            "expires_at_iso": times.format_iso(int(approval.expires_at)),
            "channels": list(places),
        },
    }


def _mask_question(question: str, pii: str) -> str:
    masked: str = mask_answer({"preview": {"question": question}}, pii)["preview"]["question"]
    return cut_middle(masked, MAX_QUESTION)


def _disarm(text: str) -> str:
    """Return `text` so that a chat makes no link, picture, style or call to people of it.

    Addresses are written as those of attacks are, such as evil[.]example; e-mails stay as they are.
    """
    return MENTION.sub("＠", LINKED.sub(_break_link, disarm_markup(text)))


def _break_link(found: re.Match[str]) -> str:
    if found["email"]:
        return found[0]
    return "[:]//" if found["scheme"] else f"[{found['dot']}]"
