"""A person answers on the page, in a real Chromium."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.pages.browser.conftest import Desktop

pytestmark = [pytest.mark.system, pytest.mark.anyio]


def heading(page: Page, text: str) -> object:
    return expect(page.get_by_role("heading", level=1, name=text, exact=True)).to_be_visible()


async def test_a_yes_is_noted_and_the_page_says_what_follows(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    assert await desktop.read_state(approval) == "shown"
    await page.get_by_role("button", name="Sí, hazlo una vez").click()
    await heading(page, "Dijiste que sí")
    decided = await desktop.questions.find(approval)
    assert (decided.state, decided.channel, decided.decided_by) == ("approved", "browser", "browser")
    # The chat uses the yes: the page notices by itself.
    await desktop.questions.pending.spend(decided)
    await heading(page, "Tu sí ya se usó")


@pytest.mark.parametrize(
    ("locale", "result", "rows"),
    [
        ("es-MX", {"outcome": "applied", "id": "ord_1"}, ["Se hizo, una vez", "«ord_1»"]),
        ("en-US", {"outcome": "applied", "id": "ord_1"}, ["It was done, once", "«ord_1»"]),
        ("es-MX", {"outcome": "not_applied", "message": "Ya venció."}, ["No se hizo nada", "«Ya venció.»"]),
        ("es-MX", {"outcome": "unknown"}, ["No se sabe si se hizo: búscalo en Conekta antes de repetirlo"]),
    ],
)
async def test_how_a_call_ended_that_the_server_made_by_itself_comes_to_the_page(
    desktop: Desktop, locale: str, result: dict[str, str], rows: list[str]
) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval, locale=locale)
    await page.locator("button.yes").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("que sí|said yes"))
    await desktop.questions.pending.spend(await desktop.questions.find(approval))
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("ya se usó|was used"))
    await desktop.questions.pending.note_result(approval.id, result)
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("ya terminó|has ended"))
    assert (await page.locator("dd").all_inner_texts())[: len(rows)] == rows


async def test_a_no_is_noted(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    await page.get_by_role("button", name="No", exact=True).click()
    await heading(page, "Dijiste que no")
    assert await desktop.read_state(approval) == "declined"


async def test_the_secret_leaves_the_address_bar_and_the_history(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    secret = desktop.addresses[-1].partition("#")[2]
    assert page.url.endswith(f"/question/{approval.id}")
    visited = [page.url]
    while await page.go_back() is not None:
        visited.append(page.url)
    assert [one for one in visited if secret in one] == []


async def test_no_script_can_read_the_cookie(desktop: Desktop) -> None:
    page = await desktop.show(await desktop.questions.ask())
    assert await page.evaluate("document.cookie") == ""
    [cookie] = await page.context.cookies(page.url)
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


async def test_approve_is_dead_for_the_first_second_and_never_the_default(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await (await desktop.person()).new_page()
    await page.clock.install(time=0)
    await page.clock.pause_at(1_000)
    await page.goto(await desktop.address(approval))
    approve = page.get_by_role("button", name="Sí, hazlo una vez")
    await expect(approve).to_be_disabled()
    await page.clock.run_for(900)
    await expect(approve).to_be_disabled()
    await page.clock.run_for(200)
    await expect(approve).to_be_enabled()
    assert await page.evaluate("document.forms[0].querySelector('button').value") == "decline"
    # The server's second is not over: the page comes again, and nothing is decided.
    await approve.click()
    await expect(page.get_by_role("timer")).to_be_visible()
    assert await desktop.read_state(approval) == "shown"


async def test_a_double_click_is_one_yes(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.method) if request.method == "POST" else None)
    await page.get_by_role("button", name="Sí, hazlo una vez").dblclick()
    await heading(page, "Dijiste que sí")
    assert posts == ["POST"]
    assert await desktop.read_state(approval) == "approved"


async def test_two_pages_at_once_the_first_answer_wins(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    one, other = await desktop.show(approval), await desktop.show(approval)
    await one.get_by_role("button", name="No", exact=True).click()
    await heading(one, "Dijiste que no")
    # The other page notices by itself, and says where it was answered.
    await heading(other, "Ya se rechazó")
    await expect(other.get_by_text("En una página de esta computadora")).to_be_visible()


async def test_the_back_button_does_not_bring_the_question_back(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    await page.get_by_role("button", name="No", exact=True).click()
    await heading(page, "Dijiste que no")
    await page.go_back()
    await expect(page.get_by_role("button", name="Sí, hazlo una vez")).to_have_count(0)
    assert await desktop.read_state(approval) == "declined"


async def test_a_question_that_is_answered_elsewhere_says_so(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    await desktop.questions.pending.decide(approval.id, approved=True, by="berta", channel="inbox")
    await heading(page, "Ya se aprobó")
    await expect(page.get_by_text("«berta»")).to_be_visible()


async def test_the_time_runs_out_before_the_persons_eyes(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    await expect(page.get_by_role("timer")).to_have_text(re.compile(r"^13:\d\d$"))
    desktop.questions.clock.now = approval.expires_at
    await heading(page, "Ya no se puede responder")
    assert await desktop.read_state(approval) == "expired"


async def test_a_page_whose_process_has_ended_says_so(desktop: Desktop) -> None:
    page = await desktop.show(await desktop.questions.ask())
    await desktop.process.close()
    await expect(page.get_by_role("alert")).to_contain_text("ya terminó")
    await expect(page.get_by_role("button", name="Sí, hazlo una vez")).to_be_disabled()
    await expect(page.get_by_role("button", name="No", exact=True)).to_be_disabled()
    await expect(page.get_by_role("timer")).to_be_hidden()


async def test_a_result_whose_process_has_ended_says_so(desktop: Desktop) -> None:
    page = await desktop.show(await desktop.questions.ask())
    await page.get_by_role("button", name="Sí, hazlo una vez").click()
    await heading(page, "Dijiste que sí")
    await desktop.process.close()
    await expect(page.get_by_role("alert")).to_contain_text("ya no se actualiza")
