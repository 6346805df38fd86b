"""conekta-mcp listen"""

import json
import signal
import sys
from pathlib import Path

import httpx
import pytest

from conekta_mcp.cli.starting.start_checks import list_ignored
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings import Settings
from tests.cli.conftest import Run
from tests.events.post_office import get_pem, make_pair, sign, write_event
from tests.journeys.processes import listening
from tests.journeys.webhooks.shop import Merchant

PATH = "/webhooks/conekta"


def test_without_a_key_nobody_knows_whose_webhooks_to_believe(run: Run, tmp_path: Path) -> None:
    told = (
        "conekta-mcp: --webhooks: set CONEKTA_API_KEY, the key of the account whose webhooks are received\n"
    )
    for words in (("listen",), ("serve", "--transport", "sse", "--webhooks")):
        ended = run(*words, "--store", str(tmp_path / "safety"), "--port", "0")
        assert (ended.code, ended.err) == (2, told)


@pytest.mark.parametrize("flags", [("--store", "memory"), ("--sandbox",)])
def test_a_store_that_no_other_process_reads_is_refused(run: Run, flags: tuple[str, ...]) -> None:
    ended = run("listen", *flags, "--language", "en", CONEKTA_API_KEY="key_a")
    told = "--store: memory tells no other process; name a file or redis://"
    assert (ended.code, ended.err) == (2, f"conekta-mcp: {told}\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no key", "expected RSA public keys of 2048 bits or more in {file}"),
        (get_pem(make_pair("short", 1024)), "expected RSA public keys of 2048 bits or more in {file}"),
        ("ñ", "expected RSA public keys of 2048 bits or more in {file}"),
        (None, "{file} cannot be read as a PEM file"),
    ],
)
def test_a_key_file_that_holds_none_is_refused(run: Run, tmp_path: Path, text: str | None, told: str) -> None:
    file = tmp_path / "keys.pem"
    if text is not None:
        file.write_text(text, "utf-8")
    words = ("listen", "--webhook-keys", str(file), "--store", str(tmp_path / "safety"))
    ended = run(*words, CONEKTA_API_KEY="key_a")
    assert (ended.code, ended.err) == (2, f"conekta-mcp: --webhook-keys: {told.format(file=file)}\n")


def test_a_key_file_is_of_one_account(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys.pem"
    file.write_text(get_pem(make_pair("first", 2048)))
    words = ("listen", "--webhook-keys", str(file), "--store", str(tmp_path / "safety"))
    keys = {"CONEKTA_API_KEY_A": "key_a", "CONEKTA_API_KEY_B": "key_b"}
    ended = run(*words, "--profile", "a,b", **keys)
    assert (ended.code, "does not say of which --profile they are" in ended.err) == (2, True)


@pytest.mark.system
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a child process without a signal")
def test_what_it_took_is_told_by_doctor(run: Run, conekta: RunningSandbox, tmp_path: Path) -> None:
    merchant, store = Merchant(conekta.url), str(tmp_path / "safety")
    merchant.make_key()
    account = {"CONEKTA_API_KEY": merchant.key, "CONEKTA_BASE_URL": conekta.url, "CONEKTA_LANGUAGE": "en"}
    with listening("listen", "--json", "--store", store, ready="/healthz", **account) as running:
        assert f"conekta-mcp: {running.url}{PATH}\n" in running.said()
        assert json.loads(running.said().splitlines()[0]) == {"url": f"{running.url}{PATH}"}
        silent = run("doctor", "--store", store, **account)
        assert "WARN webhooks: keys are pinned, and no event of the kept days was received" in silent.out
        content = write_event()
        headers = {"Digest": sign(content, "stranger")}
        answer = httpx.post(running.url + PATH, content=content, headers=headers, trust_env=False)
        assert answer.status_code == 401
        # What the merchant's account does comes by webhook.
        merchant.tell(running.url)
        merchant.make_customer()
        merchant.send("POST", "/_sandbox/webhooks/deliver")
        told = run("doctor", "--store", store, **account).out
        assert "ok  webhooks: the last event, customer.created, was received on " in told
        assert "ana@example.com" not in running.said()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(60) == 143
        assert "Traceback" not in running.said()


def test_over_http_a_key_beyond_this_machine_is_used_for_webhooks(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    async def served(*_: object, **__: object) -> None:
        pass

    monkeypatch.setattr(uvicorn.Server, "serve", served)
    everywhere = "0.0.0.0"  # noqa: S104  nothing is served
    words = ("serve", "--transport", "sse", "--host", everywhere, "--allowed-host", "x", "--port", "0")
    words += ("--store", "memory", "--approval-channels", "client")
    account = {"CONEKTA_API_KEY": "key_a", "CONEKTA_LANGUAGE": "en"}
    assert "CONEKTA_API_KEY: not used beyond this machine" in run(*words, **account).err
    said = run(*words, "--webhooks", **account).err
    assert "not used" not in said
    assert f"{PATH}\n" in said


def test_over_stdio_webhooks_say_that_it_runs_and_are_no_setting_without_use() -> None:
    assert list(list_ignored(Settings(webhooks=True, language="en"))) == []
    (line,) = list_ignored(Settings(webhooks=True, port=9, language="en"))
    assert line == "--port: not used over stdio"
