"""Others try to answer in a person's place, or to have them answer without seeing what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from tests.pages.browser.conftest import Desktop

pytestmark = [pytest.mark.system, pytest.mark.anyio]


@asynccontextmanager
async def elsewhere(markup: str) -> AsyncIterator[str]:
    """The address of another origin of this computer, whose only page has this markup."""
    body = f"<!doctype html><title>elsewhere</title>{markup}".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def read_csrf(page: Page) -> str:
    return await page.locator("input[name=csrf]").input_value()


async def test_a_stolen_address_that_was_used_opens_nothing(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    await desktop.show(approval)
    thief = await (await desktop.person()).new_page()
    await thief.goto(desktop.addresses[-1])
    await expect(thief.get_by_role("heading", name="Esta dirección ya se usó")).to_be_visible()
    await thief.goto(f"{desktop.addresses[-1].partition('#')[0]}question/{approval.id}")
    await expect(thief.get_by_role("heading", name="Aquí no hay ninguna pregunta")).to_be_visible()
    assert await desktop.read_state(approval) == "shown"


async def test_an_address_that_somebody_else_used_first_warns_the_person(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    address = await desktop.address(approval)
    await desktop.open(await (await desktop.person()).new_page(), address)
    person = await (await desktop.person()).new_page()
    await person.goto(address)
    await expect(person.get_by_text("avisa a quien administra este servidor")).to_be_visible()


async def test_a_form_of_another_origin_is_refused_even_with_the_cookie_and_the_token(
    desktop: Desktop,
) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    form = (
        f'<form method="post" action="{page.url}"><input name="csrf" value="{await read_csrf(page)}">'
        '<input name="decision" value="approve"><button>Win a prize</button></form>'
    )
    async with elsewhere(form) as trap:
        other = await page.context.new_page()
        await other.goto(trap)
        async with other.expect_request(lambda one: one.method == "POST") as sent:
            await other.get_by_role("button").click()
        await expect(other.get_by_role("heading", name="Esta respuesta no se aceptó")).to_be_visible()
        headers = await (await sent.value).all_headers()
    # Another port of this computer is the same site: the browser sends the cookie, and our check refuses.
    assert "conekta-approval-" in headers["cookie"]
    assert headers["sec-fetch-site"] == "same-site"
    assert await desktop.read_state(approval) == "shown"


async def test_a_script_of_another_origin_can_neither_read_nor_answer(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    csrf = await read_csrf(page)
    async with elsewhere("<p>trap</p>") as trap:
        other = await page.context.new_page()
        await other.goto(trap)
        script = """async ([url, body]) => {
          const read = await fetch(url, {credentials: "include"}).then(() => "read", () => "refused");
          const headers = {"Content-Type": "application/x-www-form-urlencoded"};
          const options = {method: "POST", credentials: "include", mode: "no-cors", headers, body};
          return [read, (await fetch(url, options)).type];
        }"""
        tried = await other.evaluate(script, [page.url, f"csrf={csrf}&decision=approve"])
    assert tried == ["refused", "opaque"]
    assert await desktop.read_state(approval) == "shown"


async def test_no_page_can_frame_the_question(desktop: Desktop) -> None:
    page = await desktop.show(await desktop.questions.ask())
    async with elsewhere(f'<iframe src="{page.url}"></iframe>') as trap:
        other = await page.context.new_page()
        complaints: list[str] = []
        other.on("console", lambda message: complaints.append(message.text))
        await other.goto(trap)
        frame = other.frame_locator("iframe")
        await expect(frame.get_by_role("button", name="Sí, hazlo una vez")).to_have_count(0)
        assert [text for text in complaints if "frame-ancestors 'none'" in text]


async def test_what_a_payer_typed_runs_nothing_and_stands_in_its_own_colour(desktop: Desktop) -> None:
    page = await (await desktop.person()).new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await desktop.open(page, await desktop.address(await desktop.questions.ask()))
    typed = page.locator("q.typed").first
    await expect(typed).to_contain_text("<script>alert(1)</script>")
    colours = "one => { const style = getComputedStyle(one); return [style.color, style.backgroundColor]; }"
    assert await typed.evaluate(colours) != await page.locator(".question").evaluate(colours)
    assert dialogs == []


async def test_the_page_requests_nothing_from_elsewhere_and_keeps_its_own_rules(
    desktop: Desktop,
) -> None:
    page = await (await desktop.person()).new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = await desktop.address(await desktop.questions.ask())
    async with page.expect_request(lambda one: one.url.endswith("/state")):
        await desktop.open(page, address)
    base = address.partition("#")[0]
    assert [one for one in asked if not one.startswith(base)] == []
    assert complaints == []
