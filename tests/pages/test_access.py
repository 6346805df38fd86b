"""Addresses and sessions of the loopback page: used once, bound to one approval, bounded in number."""

import itertools

import pytest

from conekta_mcp.pages.loopback import access as bounds
from conekta_mcp.pages.loopback.access import PageAccess

NOW = 1_790_000_000.0


@pytest.fixture
def access() -> PageAccess:
    numbers = itertools.count()
    return PageAccess(random=lambda: f"random-{next(numbers)}")


def test_secrets_and_cookies_are_random() -> None:
    access = PageAccess()
    assert len({access.create_secret("a", NOW) for _ in range(50)}) == 50
    assert all(len(access.create_secret("a", NOW)) >= 43 for _ in range(5))


def test_only_digests_are_kept(access: PageAccess) -> None:
    secret = access.create_secret("a", NOW)
    exchanged = access.exchange_secret(secret, NOW)
    assert exchanged is not None
    kept = [*access._addresses, *access._sessions]
    assert secret not in kept
    assert exchanged[0] not in kept
    assert {len(one) for one in kept} == {64}


def test_a_withdrawn_secret_is_unknown(access: PageAccess) -> None:
    secret = access.create_secret("a", NOW)
    access.withdraw_secret(secret)
    with pytest.raises(LookupError):
        access.exchange_secret(secret, NOW)


def test_a_page_counts_as_open_while_it_opens_and_while_it_asks(access: PageAccess) -> None:
    assert "a" not in access.list_open_pages(NOW)
    secret = access.create_secret("a", NOW)
    assert access.list_open_pages(NOW + 29) == {"a"}
    assert "a" not in access.list_open_pages(NOW + 30)
    assert "b" not in access.list_open_pages(NOW)
    exchanged = access.exchange_secret(secret, NOW + 40)
    assert exchanged is not None
    assert access.list_open_pages(NOW + 129) == {"a"}
    assert "a" not in access.list_open_pages(NOW + 130)
    exchanged[1].last_seen = NOW + 130
    assert access.list_open_pages(NOW + 130) == {"a"}


def test_the_oldest_are_forgotten_first(access: PageAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_KEPT", 3)
    secrets = [access.create_secret(str(number), NOW) for number in range(4)]
    with pytest.raises(LookupError):
        access.exchange_secret(secrets[0], NOW)
    assert access.exchange_secret(secrets[1], NOW) is not None
