"""A wrong command line is reported in one line, with a suggestion and without secrets."""

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("sevre", "did you mean serve? (conekta-mcp --help)"),
        (
            "serve --tolsets orders",
            "--tolsets; did you mean --toolsets? (conekta-mcp serve --help)",
        ),
        ("--read-onyl", "did you mean --read-only? (conekta-mcp serve --help)"),
        ("audit --outcome aplied", "did you mean applied? (conekta-mcp audit --help)"),
        ("policy shwo", "did you mean show? (conekta-mcp policy --help)"),
        ("completion fsh", "did you mean fish? (conekta-mcp completion --help)"),
        ("install claude", "did you mean claude-desktop, claude-code? (conekta-mcp install --help)"),
        ("serve --log-level warn", "did you mean WARNING?"),
        ("serve --transport streamable_http", "did you mean streamable-http?"),
        ("serve --approval-channels clint", "did you mean client?"),
        ("serve --i-accept-losing-safety audit-of", "did you mean audit-off?"),
        ("tools --tools creat_webhook", "did you mean create_webhook?"),
        ("policy check refund_ordr --language en", "did you mean refund_order?"),
    ],
)
def test_what_was_meant_is_said(words: str, said: str, run: Run) -> None:
    ended = run(*words.split())
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.endswith(f"{said}\n")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("words", "english", "spanish"),
    [
        (
            "sandbox trigger order.paid ord_1 --amount s3cret",
            "centavos, such as 50000",
            "centavos, como 50000",
        ),
        ("sandbox trigger order.paid ord_1 --amount 5.5", "centavos, such as 50000", "centavos, como 50000"),
        ("tour --chapter s3cret", "expected 1-8", "se esperaba 1-8"),
    ],
)
def test_a_number_that_is_none_is_told_what_was_expected(
    words: str, english: str, spanish: str, language: str, run: Run
) -> None:
    ended = run(*words.split(), "--language", language)
    assert (ended.code, ended.err.count("\n"), "s3cret" in ended.err) == (2, 1, False)
    assert (english if language == "en" else spanish) in ended.err


def test_a_word_is_never_suggested_in_place_of_itself(run: Run) -> None:
    ended = run("sandbox", "order.paid")
    assert (ended.code, "did you mean" in ended.err) == (2, False)
    assert "invalid choice: 'order.paid' (choose from 'trigger') (conekta-mcp sandbox --help)" in ended.err


def test_a_flag_is_never_shortened(run: Run) -> None:
    for words in (("serve", "--sand"), ("tools", "--js"), ("--versio",)):
        ended = run(*words)
        assert (ended.code, ended.out) == (2, "")
        assert f"unrecognized arguments: {words[-1]}; did you mean " in ended.err


@pytest.mark.parametrize(
    "words",
    ["--api-key key_abc123 x", "--api-key=key_abc123", "--tolken s3cret", "--approval-secrets=s3cret"],
)
def test_a_secret_in_a_wrong_flag_is_not_printed(words: str, run: Run) -> None:
    ended = run("serve", *words.split())
    assert ended.code == 2
    assert ("abc123" in ended.err, "s3cret" in ended.err) == (False, False)


def test_a_secret_that_has_no_flag_is_named_by_its_variable(run: Run) -> None:
    ended = run("serve", "--approval-secrets", "x")
    assert "set CONEKTA_MCP_APPROVAL_SECRETS" in ended.err
