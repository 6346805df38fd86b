"""Posts to the operator's webhook: signed, tried three times, and without its address in the log."""

import logging
from collections.abc import Callable

import anyio
import httpx
import pytest

from conekta_mcp.api.announcements import (
    DELIVERY,
    PAUSES,
    SIGNATURE,
    AnnouncementPoster,
    sign_announcement,
)
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
SECRET = "a-secret-that-signs-what-is-posted-1"
NOW = 1_790_000_000.5
HOOK = "https://chat.example.com/hook/T0/B0?key=hidden"
Reply = int | Exception | None


class Chat(httpx.AsyncBaseTransport):
    """A webhook that answers each post in turn with a status, an error, or never (None)."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.posted: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.posted.append(request)
        reply = self.replies.pop(0)
        if reply is None:
            await anyio.sleep_forever()
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply or 200, headers={"Location": "https://elsewhere.example.com"})


def poster(chat: Chat, slept: list[float], **more: object) -> AnnouncementPoster:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    settings = Settings(approval_webhook=HOOK, approval_webhook_secret=(SECRET, "x" * 32))
    return AnnouncementPoster(settings, lambda: NOW, lambda: chat, sleep, **more)  # type: ignore[arg-type]


async def test_a_post_is_signed_over_time_and_body_with_the_first_secret() -> None:
    chat = Chat(200)
    await poster(chat, []).post("approval-1", b'{"text": "x"}')
    (request,) = chat.posted
    assert (request.method, str(request.url), request.content) == ("POST", HOOK, b'{"text": "x"}')
    assert request.headers[DELIVERY] == "approval-1"
    at, mac = (part.partition("=")[2] for part in request.headers[SIGNATURE].split(","))
    assert at == "1790000000"
    assert mac == sign_announcement(SECRET, 1790000000, b'{"text": "x"}')
    assert "cookie" not in request.headers
    assert SECRET not in str(request.headers)


def test_the_signature_is_the_documented_one() -> None:
    signed = sign_announcement(SECRET, 1790000000, '{"text": "¿Sí?"}'.encode())
    assert signed == "bb38fc594fab2a595dee1ee5fa32f01bbb556457070747807b7d20734d4ee1e5"


@pytest.mark.parametrize(
    ("replies", "posts"),
    [
        ([200], 1), ([204], 1), ([500, 200], 2), ([429, 503, 200], 3), ([500, 500, 500], 3),
        ([httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), 200], 3),
        ([302], 1), ([307], 1), ([400], 1), ([404], 1),
    ],
    ids=str,
)  # fmt: skip
async def test_what_may_pass_is_tried_three_times_and_all_else_once(replies: list[Reply], posts: int) -> None:
    chat, slept = Chat(*replies), []
    slept = []
    await poster(chat, slept).post("approval-1", b"{}")
    assert (len(chat.posted), slept) == (posts, list(PAUSES[: posts - 1]))
    assert {request.url.host for request in chat.posted} == {"chat.example.com"}


async def test_a_webhook_that_hangs_is_left_after_its_time() -> None:
    chat = Chat(None, None, None)
    await poster(chat, [], attempt_seconds=0.01).post("approval-1", b"{}")
    assert len(chat.posted) == 3


@pytest.mark.parametrize("replies", [(500, 500, 500), (404,), (httpx.ConnectError(HOOK),) * 3], ids=str)
async def test_the_log_names_the_host_and_neither_path_query_nor_secret(
    replies: tuple[Reply, ...], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await poster(Chat(*replies), []).post("approval-1", b"{}")
    told = caplog.text
    assert "chat.example.com did not take the news of an approval" in told
    assert not [one for one in ("hidden", "/hook", SECRET) if one in told]


async def test_it_takes_the_proxy_of_the_settings_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, object]] = []
    create: Callable[..., object] = httpx.AsyncHTTPTransport

    def noting(**options: object) -> object:
        made.append(options)
        return create(trust_env=False)

    monkeypatch.setattr(httpx, "AsyncHTTPTransport", noting)
    settings = Settings(
        approval_webhook="http://127.0.0.1:1/", approval_webhook_secret=(SECRET,), proxy="http://p:1"
    )

    async def sleep(_: float) -> None:
        return

    await AnnouncementPoster(settings, lambda: NOW, sleep=sleep).post("approval-1", b"{}")
    contexts = [one.pop("verify") for one in made]
    assert made == [{"trust_env": False, "proxy": "http://p:1"}] * 3
    assert len(set(map(id, contexts))) == 1, "certificates are read once"
