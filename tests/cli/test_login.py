"""conekta-mcp login, logout and whoami"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from conekta_mcp.accounts.keys.logins import Login, Logins
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.sandbox.running import RunningSandbox
from tests.cli.conftest import Run
from tests.cli.terminals import at_terminal
from tests.journeys.processes import child_environment
from tests.memory_keyring import MemoryKeyring

KEY, KEY_B = "key_SECRETabc123", "key_SECRETxyz789"
SERVICE = "conekta-mcp"
NO_KEY = (
    "conekta-mcp: login: expected a private key of Conekta (key_ and letters and digits) alone on one line\n"
)
NO_KEYRING = "no system keyring that protects a key is at hand (the keyring library has "


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of settings of whoever runs the command."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "conekta-mcp"


def read_logins(config: Path) -> Any:
    return json.loads((config / "logins.json").read_text())["profiles"]


def has_secret(folder: Path) -> bool:
    return any("SECRET" in file.read_text() for file in folder.rglob("*") if file.is_file())


def test_a_key_is_checked_and_kept_in_the_system_keyring(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring, config: Path
) -> None:
    said = run("login", "--key-stdin", "--language", "en", stdin=f"{KEY}\n", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, said.err) == (0, "")
    company, kept, follows = said.out.splitlines()
    assert re.fullmatch(r"Company: .+ \(\w{24}\)\. Mode: test\.", company)
    assert kept == "The key of profile default is in the system keyring."
    assert follows == "Next: conekta-mcp install CLIENT, such as claude-desktop."
    assert memory_keyring.kept == {(SERVICE, "default"): KEY}
    login = read_logins(config)["default"]
    assert (login["place"], login["mode"], login["base_url"]) == ("keyring", "test", conekta.url)
    assert (login["fingerprint"], "SECRET" in said.out) == (fingerprint_key(KEY), False)
    assert not has_secret(config)
    assert (config / "logins.json").stat().st_mode & 0o777 == 0o600


def test_every_command_finds_the_key_of_a_login(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring
) -> None:
    assert memory_keyring.kept == {}
    where = {"CONEKTA_BASE_URL": conekta.url, "CONEKTA_MCP_STORE": "memory"}
    before = run("call", "list_customers", **where)
    assert (before.code, "conekta-mcp login" in before.out) == (1, True)
    for profile, key in {"default": KEY, "store-b": KEY_B}.items():
        run("login", "--key-stdin", "--profile", profile, stdin=key, **where)
    person = '{"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}'
    assert run("call", "create_customer", person, "--profile", "store-b", **where).code == 0
    counts = {
        profile: len(json.loads(run("call", "list_customers", *words, **where).out)["rows"])
        for profile, words in {"default": (), "store-b": ("--profile", "store-b")}.items()
    }
    assert counts == {"default": 0, "store-b": 1}
    told = run("doctor", "--language", "en", **where)
    place = "the system keyring (conekta-mcp login, profile default)"
    assert f"ok  key: from {place}; fingerprint {fingerprint_key(KEY)}\n" in told.out
    spanish = run("doctor", **where).out, run("whoami", **where).out
    there = f"el llavero del sistema (conekta-mcp login, perfil default){{}} huella {fingerprint_key(KEY)}\n"
    assert f"ok  llave: en {there.format(';')}" in spanish[0]
    assert f"    llave en {there.format(',')}" in spanish[1]


def test_a_variable_wins_over_a_login_and_login_says_so(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring
) -> None:
    where = {"CONEKTA_BASE_URL": conekta.url, "CONEKTA_API_KEY": KEY_B}
    said = run("login", "--key-stdin", "--language", "en", stdin=KEY, **where)
    assert "Note: CONEKTA_API_KEY is set here, and it wins over this key wherever it is set.\n" in said.out
    memory_keyring.failure = RuntimeError("asked")
    told = json.loads(run("whoami", "--json", **where).out)
    assert (told["fingerprint"], told["key_in"]) == (fingerprint_key(KEY_B), "CONEKTA_API_KEY")


def test_a_profiles_file_wins_over_a_login_and_login_says_so(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring, tmp_path: Path
) -> None:
    file = tmp_path / "profiles.toml"
    file.write_text('[default]\nkey_env = "STORE_KEY"\n')
    where = {"CONEKTA_BASE_URL": conekta.url, "CONEKTA_MCP_PROFILES_FILE": str(file)}
    said = run("login", "--key-stdin", "--language", "en", stdin=KEY, **where)
    assert f"Note: {file} names the place of this profile's key, and wins over this one.\n" in said.out
    told = json.loads(run("whoami", "--json", "--profile", "default", STORE_KEY=KEY_B, **where).out)
    assert (told["fingerprint"], told["key_in"]) == (fingerprint_key(KEY_B), "STORE_KEY")
    assert memory_keyring.kept == {(SERVICE, "default"): KEY}


def test_a_key_is_sent_only_to_the_address_that_it_was_checked_at(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring
) -> None:
    run("login", "--key-stdin", stdin=KEY, CONEKTA_BASE_URL=conekta.url)
    memory_keyring.failure = RuntimeError("asked")
    said = run("whoami", "--json", "--language", "en", CONEKTA_BASE_URL="http://127.0.0.1:9")
    assert said.code == 1
    assert json.loads(said.out)["problem"] == (
        f"login of profile default: its key was checked at {conekta.url} and is not sent to "
        "http://127.0.0.1:9; log in again for that address, or set the key in the environment"
    )


@pytest.mark.usefixtures("keyring_of_the_system")
@pytest.mark.parametrize("words", [(), ("--key-file",)])
def test_without_a_keyring_a_key_is_kept_in_a_file_only_where_that_is_asked_for(
    words: tuple[str, ...], run: Run, conekta: RunningSandbox, config: Path
) -> None:
    where = {"CONEKTA_BASE_URL": conekta.url, "CONEKTA_MCP_STORE": "memory"}
    said = run("login", "--key-stdin", *words, "--language", "en", stdin=KEY, **where)
    file = config / "keys" / "default.key"
    if not words:
        assert (said.code, said.out, config.exists()) == (1, "", False)
        lines = said.err.splitlines()
        assert lines[0].startswith(f"The key cannot be kept in the system keyring: {NO_KEYRING}")
        assert lines[1] == (
            "conekta-mcp login: To keep it in clear in a file that only you may read, add --key-file. "
            "Nothing was kept."
        )
        return
    assert said.code == 0
    assert f"The key of profile default is in {file}, in clear, for this user only.\n" in said.out
    assert (file.read_text(), file.stat().st_mode & 0o777) == (f"{KEY}\n", 0o600)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert run("call", "list_customers", **where).code == 0
    file.chmod(0o644)
    told = run("whoami", "--json", **where)
    assert (told.code, json.loads(told.out)["problem"]) == (
        1,
        (
            "sesión del perfil default: otros pueden leer o escribir el archivo; hazle chmod 600 y reemplaza "
            "la llave"
        ),
    )


def test_a_new_login_replaces_the_key_and_says_whose_was_there(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring, config: Path
) -> None:
    where = {"CONEKTA_BASE_URL": conekta.url}
    run("login", "--key-stdin", "--key-file", stdin=KEY, **where)
    said = run("login", "--key-stdin", "--language", "en", stdin=KEY_B, **where)
    assert "It replaces the key that was there (of " in said.out
    assert memory_keyring.kept == {(SERVICE, "default"): KEY_B}
    assert (list((config / "keys").iterdir()), has_secret(config)) == ([], False)
    again = run("login", "--key-stdin", "--language", "en", stdin=KEY_B, **where)
    assert "replaces" not in again.out


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        ("", "conekta-mcp: no key was given\n"),
        ("SECRET", NO_KEY),
        (f"{KEY}\n{KEY}\n", NO_KEY),
    ],
)
def test_what_is_no_key_is_refused_and_not_repeated(stdin: str, told: str, run: Run) -> None:
    said = run("login", "--key-stdin", "--language", "en", stdin=stdin)
    assert (said.code, said.out, said.err) == (2, "", told)


def test_without_a_terminal_the_key_is_not_asked_for(run: Run) -> None:
    said = run("login", "--language", "en")
    assert (said.code, said.err) == (
        2,
        "conekta-mcp: there is no terminal to ask for the key; give it on standard input with --key-stdin\n",
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"status": 401}, "Conekta refuses the key (HTTP 401); copy the private key again from"),
        ({"status": 500}, "Conekta did not say whose the key is (HTTP 500: "),
        ({"delay_seconds": 5}, "No answer of http://127.0.0.1:"),
    ],
)
def test_a_key_that_conekta_does_not_accept_is_not_kept(
    answer: dict[str, Any],
    told: str,
    run: Run,
    conekta: RunningSandbox,
    memory_keyring: MemoryKeyring,
    config: Path,
) -> None:
    fault = {"count": 50, **answer}
    if "status" in answer:
        fault["body"] = json.dumps({"object": "error", "type": "x", "details": [{"code": "x"}]})
    httpx.post(
        f"{conekta.url}/_sandbox/faults",
        json=fault,
        headers={"Authorization": f"Bearer {KEY}"},
        trust_env=False,
    ).raise_for_status()
    seconds = ("--timeout", "0.5") if "delay_seconds" in answer else ()
    said = run("login", "--key-stdin", "--language", "en", *seconds, stdin=KEY, CONEKTA_BASE_URL=conekta.url)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"conekta-mcp login: {told}")
    assert said.err.endswith(" Nothing was kept.\n")
    assert (memory_keyring.kept, config.exists()) == ({}, False)


def test_a_conekta_that_cannot_be_reached_is_told_apart(run: Run) -> None:
    said = run("login", "--key-stdin", "--language", "en", stdin=KEY, CONEKTA_BASE_URL="http://127.0.0.1:9")
    assert said.code == 1
    assert "Check the port in http://127.0.0.1:9" in said.err
    assert "Nothing was kept." in said.err


def test_a_test_key_is_not_kept_for_a_profile_of_live_keys(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring
) -> None:
    where = {"CONEKTA_BASE_URL": conekta.url}
    said = run("login", "--key-stdin", "--profile", "live", "--language", "en", stdin=KEY, **where)
    assert (said.code, said.err) == (
        1, "conekta-mcp login: Profile live is for live keys, and this one is test. Nothing was kept.\n",
    )  # fmt: skip
    assert memory_keyring.kept == {}


def test_on_the_sandbox_it_is_a_rehearsal(run: Run, memory_keyring: MemoryKeyring, config: Path) -> None:
    said = run("login", "--sandbox", "--key-stdin", "--language", "en", stdin=KEY)
    assert (said.code, memory_keyring.kept, config.exists()) == (0, {}, False)
    assert said.out.endswith("The sandbox needs no key: it was checked there, and nothing was kept.\n")


def test_one_login_is_of_one_profile(run: Run) -> None:
    said = run("login", "--profile", "a,b", "--language", "en")
    assert (said.code, said.err) == (
        2, "conekta-mcp: --profile: expected one profile, since a login has one key\n",
    )  # fmt: skip


@pytest.mark.system
def test_at_a_terminal_the_key_does_not_show_and_a_file_is_offered(
    conekta: RunningSandbox, tmp_path: Path
) -> None:
    where = {
        "CONEKTA_BASE_URL": conekta.url,
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    for answer, code in {"n": 1, "s": 0}.items():
        with at_terminal("login", **where) as person:
            person.read_until("Llave privada de Conekta para el perfil default (no se muestra): ")
            person.type(f"{KEY}\n")
            person.read_until("[s/N] ")
            person.type(f"{answer}\n")
            assert person.end() == code
        assert "SECRET" not in person.screen
    assert (tmp_path / "config" / "conekta-mcp" / "keys" / "default.key").read_text() == f"{KEY}\n"


def test_logout_removes_the_key_and_says_that_it_is_still_valid(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring, config: Path
) -> None:
    run("login", "--key-stdin", stdin=KEY, CONEKTA_BASE_URL=conekta.url)
    said = run("logout", "--language", "en")
    assert (said.code, said.out.splitlines()) == (
        0,
        [
            "The key of profile default is no longer in the system keyring.",
            "Conekta still accepts it: revoke it in Conekta's panel if nobody may use it any more.",
        ],
    )
    assert (memory_keyring.kept, read_logins(config)) == ({}, {})
    again = run("logout", "--language", "en")
    assert (again.code, again.err) == (1, "conekta-mcp logout: There is no login of profile default.\n")


def test_logout_of_a_key_file_removes_the_file(run: Run, conekta: RunningSandbox, config: Path) -> None:
    run("login", "--key-stdin", "--key-file", stdin=KEY, CONEKTA_BASE_URL=conekta.url)
    (config / "keys" / "default.key").unlink()
    said = run("logout", "--language", "en")
    assert said.out.startswith("The key of profile default was no longer in the key file; its login was")
    run("login", "--key-stdin", "--key-file", stdin=KEY, CONEKTA_BASE_URL=conekta.url)
    told = run("logout", "--json")
    assert (told.code, json.loads(told.out)) == (
        0, {"profile": "default", "key_in": "file", "was_there": True},
    )  # fmt: skip
    assert not has_secret(config)


def test_a_keyring_that_cannot_be_asked_leaves_the_login(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring, config: Path
) -> None:
    run("login", "--key-stdin", stdin=KEY, CONEKTA_BASE_URL=conekta.url)
    memory_keyring.failure = RuntimeError(KEY)
    said = run("logout", "--language", "en")
    assert said.code == 1
    assert said.err == (
        "conekta-mcp logout: the system keyring cannot be asked (RuntimeError); the key may still be there, "
        "and the login stays.\n"
    )
    assert list(read_logins(config)) == ["default"]


def test_whoami_asks_conekta_about_each_login(
    run: Run, conekta: RunningSandbox, memory_keyring: MemoryKeyring
) -> None:
    where = {"CONEKTA_BASE_URL": conekta.url}
    for profile, key in {"default": KEY, "store-b": KEY_B}.items():
        run("login", "--key-stdin", "--profile", profile, stdin=key, **where)
    said = run("whoami", "--language", "en", **where)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert [line.partition(":")[0] for line in lines[::2]] == ["default", "store-b"]
    assert lines[1] == (
        "    key from the system keyring (conekta-mcp login, profile default), "
        f"fingerprint {fingerprint_key(KEY)}"
    )
    memory_keyring.kept.pop((SERVICE, "store-b"))
    english = run("whoami", "--json", "--language", "en", **where)
    told = [json.loads(line) for line in english.out.splitlines()]
    assert [one.get("mode") for one in told] == ["test", None]
    assert told[1]["problem"] == (
        "login of profile store-b: its key is no longer where it was kept; run conekta-mcp login "
        "--profile store-b"
    )
    only = run("whoami", "--json", "--profile", "default", **where)
    assert [json.loads(line)["profile"] for line in only.out.splitlines()] == ["default"]


def test_without_any_key_whoami_names_login(run: Run) -> None:
    said = run("whoami", "--language", "en")
    assert (said.code, said.out) == (1, "No key is at hand: run conekta-mcp login.\n")


def test_where_conekta_does_not_answer_whoami_says_what_was_true_at_the_login(
    run: Run, memory_keyring: MemoryKeyring, config: Path
) -> None:
    url = "http://127.0.0.1:9"
    memory_keyring.set_password(SERVICE, "default", KEY)
    Logins(config).save(
        Login(
            profile="default", place="keyring", base_url=url, fingerprint=fingerprint_key(KEY), mode="live",
            company="6a00", company_name="Tienda Ana", at=1_795_892_539.0,
        )
    )  # fmt: skip
    said = run("whoami", "--language", "en", CONEKTA_BASE_URL=url)
    assert said.code == 1
    assert said.out.splitlines()[1] == (
        "    when it was kept, on 28 Nov 2026, 13:02:19 (Mexico City): Tienda Ana (6a00), "
        "mode live, it moves real money"
    )


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"version": 2, "profiles": {}}', '{"version": 1, "profiles": {"../x": {}}}',
     '{"version": 1, "profiles": {"a": {"place": "nowhere"}}}'],
)  # fmt: skip
def test_a_file_of_logins_that_is_damaged_stops_what_needs_it(text: str, run: Run, config: Path) -> None:
    config.mkdir(parents=True)
    (config / "logins.json").write_text(text)
    said = run("whoami")
    assert said.code == 2
    assert said.err == (
        f"conekta-mcp: {config / 'logins.json'}: not as conekta-mcp login writes it; remove it and log in "
        "again\n"
    )


@pytest.mark.system
@pytest.mark.parametrize("environment", [{"CONEKTA_API_KEY": KEY}, {}])
def test_a_server_that_needs_no_login_imports_no_keyring(environment: dict[str, str], tmp_path: Path) -> None:
    script = (
        "import sys; from conekta_mcp.app import App; "
        "from conekta_mcp.settings.reading import read_settings; "
        "app = App(read_settings()); app.profiles.read_key(app.profiles.default); app.server; "
        "print(*sorted({'keyring', 'tomlkit', 'ruamel', 'ruamel.yaml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=child_environment(XDG_CONFIG_HOME=str(tmp_path), **environment),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


def test_whoami_of_the_sandbox_is_of_one_language(run: Run) -> None:
    assert "    llave del sandbox, huella " in run("whoami", "--sandbox", "--language", "es").out
    assert "    key of the sandbox, fingerprint " in run("whoami", "--sandbox", "--language", "en").out
    told = run("whoami", "--language", "es", CONEKTA_API_KEY="key_a", CONEKTA_BASE_URL="http://127.0.0.1:9")
    assert ".." not in told.out
