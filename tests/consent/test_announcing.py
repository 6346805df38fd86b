"""The webhook message about a pending approval, for which a call never waits."""

import json
import re
from typing import Any

import anyio
import pytest
from anyio.abc import SocketStream

from conekta_mcp.api.announcements import SIGNATURE, sign_announcement
from conekta_mcp.consent.asking.announcing import FIELDS_KEY, build_announcement
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.results.times import LocalTimes
from tests.consent.test_pending import draft
from tests.writes.wire import ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
SECRET = "a-secret-that-signs-what-is-posted-1"
ASKING = {"confirm": "money", "approval_channels": ("terminal", "inbox"), "approval_wait": 0.0}
PATIENCE_SECONDS = 120


def asked(**more: Any) -> PendingApproval:
    facts = {"kind": "charge", "amount": 50000, "currency": "MXN", "account": "tienda", "mode": "live"}
    return PendingApproval(**{**vars(draft(1)), "facts": facts, **more})


def test_the_text_is_the_question_and_where_to_answer_in_words() -> None:
    told = build_announcement(asked(), ["inbox", "terminal"], "es", "full", LocalTimes())
    assert told["text"].splitlines() == [
        "Falta el sí de una persona (EN VIVO)",
        "¿Cobrar MXN 500.00 a «Ana Ruiz»?",
        "En la bandeja de aprobaciones de este servidor (/approvals), con su propia sesión.",
        "En una terminal de la computadora del servidor: conekta-mcp approvals",
        "Se puede responder hasta 21 sep 2026, 08:28 (Ciudad de México).",
    ]
    assert "://" not in json.dumps(told)
    behind = build_announcement(asked(), ["inbox"], "es", "full", LocalTimes(), "/conekta")
    assert "(/conekta/approvals)" in behind["text"]


def test_the_fields_say_no_more_than_the_question() -> None:
    told = build_announcement(asked(), ["terminal"], "en", "full", LocalTimes("America/Tijuana"))
    assert told["text"].startswith("A person's yes is needed (LIVE)\nBill MXN 500.00 to")
    assert told[FIELDS_KEY] == {
        "event": "approval.pending",
        "id": f"{1:024x}",
        "tool": "create_order",
        "kind": "charge",
        "amount": 50000,
        "currency": "MXN",
        "account": "tienda",
        "mode": "live",
        "question": "Bill MXN 500.00 to “Ana Ruiz”?",
        "created_at": 1790000000,
        "expires_at": 1790000900,
        "expires_at_iso": "2026-09-21T07:28:20-07:00",
        "channels": ["terminal"],
    }


@pytest.mark.parametrize(("pii", "shown"), [("full", "Ana Ruiz"), ("masked", "A** R**"), ("minimal", None)])
def test_what_masking_hides_is_hidden_here_too(pii: str, shown: str | None) -> None:
    told = json.dumps(build_announcement(asked(), [], "es", pii, LocalTimes()), ensure_ascii=False)
    assert ("Ana Ruiz" in told) == (pii == "full")
    assert shown is None or shown in told


def test_a_question_that_is_too_long_for_a_chat_shows_that_it_was_cut() -> None:
    long = asked(question={"es": f"¿{'a' * 4000} al final?", "en": "?"})
    told = build_announcement(long, [], "es", "full", LocalTimes())[FIELDS_KEY]["question"]
    assert len(told) == 3000
    assert told.startswith("¿aaa")
    assert "…" in told
    assert told.endswith(" al final?")


def test_nothing_in_it_is_a_link_or_a_call_to_everybody() -> None:
    evil = {"es": "¿Cobrar a «x» <!channel> <http://evil.example|Pagar>?"}
    told = build_announcement(asked(question=evil, facts={"mode": "test"}), [], "es", "full", LocalTimes())
    assert not {"<", ">"} & set(told["text"])
    assert told["text"].startswith("Falta el sí de una persona (prueba)")


@pytest.mark.parametrize(
    "typed",
    [
        "@channel", "@here", "@all", "@everyone", "x@everyone", "@Here!", "(@luis)", "<!channel>",
        "<!here|aquí>",
        "<@U0123ABCD>", "<#C012>", "<!subteam^S012>", "[Aprobar](https://evil.example)",
        "![x](https://evil.example/pixel.png)", "[Aprobar][1]", "<http://evil.example|Pagar>", "*fuerte*",
        "~~MXN 500~~", "||oculto||", "`código`", "**sí**", "Aprueba en https://evil.example/approvals",
        "evil.example", "www.evil.example:8443", "evil。example", "slack://evil", "$\\llap{MXN 5}$",
    ],
)  # fmt: skip
def test_what_a_customer_typed_is_no_link_call_or_style_of_a_chat(typed: str) -> None:
    question = {"es": f"¿Cobrar MXN 500.00 a «{typed}»?"}
    told = build_announcement(asked(question=question), [], "es", "full", LocalTimes())["text"]
    line = told.splitlines()[1]
    assert line.startswith("¿Cobrar MXN 500.00 a «")
    assert re.search(r"[<>*~`|@$]|\]\(|\]\[|://|\w[.。]\w", line.replace("500.00", "")) is None


def test_an_email_of_a_question_stays_as_it_is() -> None:
    question = {"es": "¿Mandar el enlace a «ana.ruiz@example.com» de «cus_2tUig_1»?"}
    told = build_announcement(asked(question=question), [], "es", "full", LocalTimes())["text"]
    assert told.splitlines()[1] == question["es"]


class Chat:
    """A webhook on a port of this machine; `hangs` never answers."""

    def __init__(self, *, hangs: bool) -> None:
        self.hangs = hangs
        self.posts: list[bytes] = []
        self.arrived = anyio.Event()

    async def take(self, stream: SocketStream) -> None:
        async with stream:
            text = await stream.receive()
            while b"\r\n\r\n" not in text or len(text.partition(b"\r\n\r\n")[2]) < find_length(text):
                text += await stream.receive()
            self.posts.append(text)
            self.arrived.set()
            if self.hangs:
                await anyio.sleep_forever()
            await stream.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def find_length(text: bytes) -> int:
    head = text.partition(b"\r\n\r\n")[0].decode().lower()
    return int(
        next(line.partition(":")[2] for line in head.splitlines() if line.startswith("content-length"))
    )


@pytest.mark.parametrize("hangs", [False, True], ids=["answers", "hangs"])
async def test_a_call_is_announced_once_and_waits_for_no_webhook(hangs: bool) -> None:
    chat = Chat(hangs=hangs)
    async with (
        await anyio.create_tcp_listener(local_host="127.0.0.1") as listener,
        anyio.create_task_group() as group,
        scene("memory") as one,
    ):
        group.start_soon(listener.serve, chat.take)
        port = listener.extra_attributes[anyio.abc.SocketAttribute.local_port]()
        hook = {
            "approval_webhook": f"http://127.0.0.1:{port}/hook?key=hidden",
            "approval_webhook_secret": (SECRET,),
        }
        free, app = one.server(), one.server(**ASKING, **hook)
        app.store = free.store
        app.channels = app.channels.__class__(**{**vars(app.channels), "has_terminal": True})
        call = refund(await paid_order(free))
        for _ in range(2):
            pending = await ask(app, "refund_order", call)
            assert pending["error"]["type"] == "consent_pending"
        with anyio.fail_after(PATIENCE_SECONDS):
            await chat.arrived.wait()
        (approval,) = await app.consent.pending.list_open()
        await app.consent.pending.decide(approval.id, approved=True, by="eva", channel="terminal")
        assert (await ask(app, "refund_order", call))["amount_refunded"] == 50000
        assert await refunded(free, call["order_id"]) == 50000
        (post,) = chat.posts
        head, _, body = post.partition(b"\r\n\r\n")
        signed = next(line for line in head.decode().splitlines() if line.startswith(SIGNATURE))
        at, mac = (part.partition("=")[2] for part in signed.partition(": ")[2].split(","))
        assert mac == sign_announcement(SECRET, int(at), body)
        assert json.loads(body)[FIELDS_KEY]["id"] == approval.id
        group.cancel_scope.cancel()
