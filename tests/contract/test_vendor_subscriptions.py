"""The vendor's own SDK subscribes a customer of the sandbox and parses every answer.

Its `subscription_list` is typed as one subscription although the answer is a list, and silently parses
nothing of it (conekta-api.md 3.1): its rows are read below its models and parsed one by one.
"""

import json
from collections.abc import Iterator
from typing import Any

import conekta
import pytest
from conekta.exceptions import NotFoundException

from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox

CARD = {"type": "card", "token_id": "tok_test_visa_4242"}


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with serve_sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[conekta.ApiClient]:
    configuration = conekta.Configuration(host=sandbox.url, access_token="key_vendor")
    with conekta.ApiClient(configuration) as opened:
        yield opened
        opened.rest_client.pool_manager.clear()


@pytest.fixture
def plans(client: conekta.ApiClient) -> conekta.PlansApi:
    return conekta.PlansApi(client)


@pytest.fixture
def subscriptions(client: conekta.ApiClient) -> conekta.SubscriptionsApi:
    return conekta.SubscriptionsApi(client)


@pytest.fixture
def plan(plans: conekta.PlansApi) -> Any:
    return plans.create_plan(
        conekta.PlanRequest(id="gold-plan", name="Plan oro", amount=10000, interval="month", frequency=1)
    )


def send(client: conekta.ApiClient, method: str, path: str, body: Any = None) -> Any:
    """The JSON of a request sent below the SDK's models."""
    headers = {"Accept": "application/vnd.conekta-v2.3.0+json", "Content-Type": "application/json"}
    request = client.param_serialize(
        method, path, header_params=headers, body=body, auth_settings=["bearerAuth"]
    )
    answer = client.call_api(*request)
    answer.read()
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


@pytest.fixture
def customer_id(client: conekta.ApiClient) -> str:
    person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+5215555555555"}
    created: str = send(client, "POST", "/customers", {**person, "payment_sources": [CARD]})["id"]
    return created


def test_a_plan_is_made_found_changed_and_deleted(plans: conekta.PlansApi, plan: Any) -> None:
    assert (plan.id, plan.currency, plan.max_retries, plan.retry_delay_hours) == ("gold-plan", "MXN", 3, 48)
    assert plans.get_plan("gold-plan") == plan
    page = plans.get_plans(limit=1, currency="MXN", frequency=1, search="oro")
    assert (page.data, page.has_more) == ([plan], False)
    changed = plans.update_plan("gold-plan", conekta.UpdatePlan(amount=12000, expiry_count=2))
    assert (changed.amount, changed.expiry_count, changed.name) == (12000, 2, "Plan oro")
    assert plans.delete_plan("gold-plan") == changed
    with pytest.raises(NotFoundException):
        plans.get_plan("gold-plan")


def test_a_subscription_lives_its_life(
    client: conekta.ApiClient, subscriptions: conekta.SubscriptionsApi, plan: Any, customer_id: str
) -> None:
    request = conekta.SubscriptionRequest(plan_id=plan.id)
    made = subscriptions.subscription_create(customer_id, request)
    assert (made.status, made.plan_id, made.customer_id) == ("active", "gold-plan", customer_id)
    order = conekta.OrdersApi(client).get_order_by_id(made.last_billing_cycle_order_id)
    assert (order.payment_status, order.amount, order.processing_mode) == ("paid", 10000, "recurrent")
    assert order.charges.data[0].id == made.charge_id

    rows = send(client, "GET", f"/customers/{customer_id}/subscriptions")["data"]
    assert [conekta.SubscriptionResponse.from_dict(row) for row in rows] == [made]
    assert subscriptions.subscription_list(customer_id).id is None
    assert subscriptions.subscriptions_get(customer_id, made.id) == made

    paused = subscriptions.subscription_pause(customer_id, made.id)
    assert (paused.status, paused.paused_at >= made.created_at) == ("paused", True)
    assert subscriptions.subscription_resume(customer_id, made.id).status == "active"
    send(client, "POST", "/_sandbox/cards", {"decline_next": "card_declined"})
    send(client, "POST", "/_sandbox/clock", {"now": made.billing_cycle_end})
    assert subscriptions.subscriptions_get(customer_id, made.id).status == "past_due"
    assert subscriptions.subscriptions_retry(customer_id, made.id).status == "active"
    change = conekta.UpdatesASubscription(card_id=made.card_id)
    assert subscriptions.subscription_update(customer_id, made.id, change).card_id == made.card_id

    ended = subscriptions.subscription_cancel(customer_id, made.id)
    assert (ended.status, ended.canceled_reason) == ("canceled", "user_cancelation")
    events = subscriptions.subscription_events(customer_id, made.id, limit=250)
    assert [event.type.removeprefix("subscription.") for event in events.data] == [
        "canceled",
        "updated",
        "paid",
        "payment_failed",
        "resumed",
        "paused",
        "paid",
        "created",
    ]
    with pytest.raises(conekta.ApiException) as refused:
        subscriptions.subscription_pause(customer_id, made.id)
    error = conekta.Error.from_json(refused.value.body)
    assert (refused.value.status, error.type) == (422, "parameter_validation_error")


def test_the_deprecated_calls_are_understood_too(
    subscriptions: conekta.SubscriptionsApi, plan: Any, customer_id: str
) -> None:
    request, change = conekta.SubscriptionRequest(plan_id=plan.id), conekta.UpdatesASubscription()
    with pytest.deprecated_call():
        made = subscriptions.create_subscription(customer_id, request)
        assert subscriptions.get_subscription(customer_id) == made
        assert subscriptions.pause_subscription(customer_id).status == "paused"
        assert subscriptions.resume_subscription(customer_id).status == "active"
        assert subscriptions.update_subscription(customer_id, change).id == made.id
        assert subscriptions.cancel_subscription(customer_id).status == "canceled"
        events = subscriptions.get_subscription_events(customer_id).data
    assert events[0].type == "subscription.canceled"


def test_a_portal_is_made_and_read(
    client: conekta.ApiClient, subscriptions: conekta.SubscriptionsApi, plan: Any, customer_id: str
) -> None:
    made = subscriptions.subscription_create(customer_id, conekta.SubscriptionRequest(plan_id=plan.id))
    portals = conekta.SubscriptionsCustomerPortalApi(client)
    created = portals.create_customer_portal_with_http_info(made.id)
    portal = created.data
    assert (created.status_code, portals.get_customer_portal(made.id)) == (201, portal)
    assert portal.portal_url.endswith(f"/subscription/management/{portal.slug}")
    assert (portal.subscription.plan.name, portal.subscription.card.last4) == ("Plan oro", "4242")
    assert (portal.customer.email, portal.subscription.next_billing_cycle) == (
        "ana@example.com",
        made.billing_cycle_end,
    )


def test_a_customer_created_with_a_plan_is_understood(client: conekta.ApiClient, plan: Any) -> None:
    request = {
        "name": "Eva Luna",
        "email": "eva@example.com",
        "phone": "5512345678",
        "plan_id": plan.id,
        "payment_sources": [CARD],
    }
    made = conekta.CustomerResponse.from_dict(send(client, "POST", "/customers", request))
    assert (made.subscription.status, made.subscription.plan_id) == ("active", "gold-plan")
    assert conekta.CustomersApi(client).get_customer_by_id(made.id) == made
