"""Reports for customer support and sales: each makes several reads to answer one question."""

from conekta_mcp.catalog import Report, Risk, Toolset
from conekta_mcp.domains.support.explaining.explainer import explain_payment as run_explanation
from conekta_mcp.domains.support.explaining.subscription_check import check_subscription as run_check
from conekta_mcp.domains.support.explaining.waiting import wait_for_payment as run_wait
from conekta_mcp.domains.support.fields import (
    CheckSubscriptionInput,
    ExplainPaymentInput,
    FindPaymentInput,
    ProfileInput,
    SummarizeSalesInput,
    WaitForPaymentInput,
)
from conekta_mcp.domains.support.finding.finder import find_payment as run_search
from conekta_mcp.domains.support.profile_report import get_profile
from conekta_mcp.domains.support.results import (
    CheckedSubscriptions,
    CustomerProfile,
    ExplainedPayment,
    FoundPayments,
    WaitedPayment,
)
from conekta_mcp.domains.support.sales.results import SalesSummary
from conekta_mcp.domains.support.sales.summing import summarize_sales as run_summary

find_payment = Report(
    name="find_payment",
    title="Find a payment",
    title_es="Encontrar un pago",
    risk=Risk.READ,
    toolset=Toolset.SUPPORT,
    description=(
        "Find the order of a payment from whatever the payer says: CLABE, reference, amount, day, name, "
        "e-mail, phone, last four digits. Says how sure each is and how far it looked. With the order id: "
        "explain_payment."
    ),
    input=FindPaymentInput,
    example={"text": "pagué 500 pesos ayer"},
    output=FoundPayments,
    run=run_search,
    reads=("list_orders", "get_order", "list_charges", "list_customers", "get_customer"),
)

explain_payment = Report(
    name="explain_payment",
    title="Explain a payment",
    title_es="Explicar un pago",
    risk=Risk.READ,
    toolset=Toolset.SUPPORT,
    description=(
        "Tell the story of an order, charge or payment link: whether it is paid, why it failed and what to "
        "tell the customer, refunds, chargeback, and which tool does what next. Without an id: find_payment."
    ),
    input=ExplainPaymentInput,
    example={"id": "ord_1"},
    output=ExplainedPayment,
    run=run_explanation,
    reads=("get_order", "list_orders", "list_charges", "get_payment_link"),
    card="order",
)

get_customer_profile = Report(
    name="get_customer_profile",
    title="See everything about a customer",
    title_es="Ver todo de un cliente",
    risk=Risk.READ,
    toolset=Toolset.SUPPORT,
    description=(
        "Read all about one customer, by id, e-mail or phone: CLABE and cards, what they owe, latest orders, "
        "subscriptions, what a deletion would take along. The person alone: get_customer."
    ),
    input=ProfileInput,
    example={"customer_id": "cus_1"},
    output=CustomerProfile,
    run=get_profile,
    reads=("get_customer", "list_customers", "list_payment_sources", "list_orders", "list_subscriptions"),
)

summarize_sales = Report(
    name="summarize_sales",
    title="Sum up sales",
    title_es="Resumir las ventas",
    risk=Risk.READ,
    toolset=Toolset.SUPPORT,
    description=(
        "Sum up the sales of some days: taken, fees, refunds, chargebacks, net and what is pending, by day, "
        "week, method or status, equal to the balance's movements. Each movement: list_transactions."
    ),
    input=SummarizeSalesInput,
    example={"from_day": "2026-11-01"},
    output=SalesSummary,
    run=run_summary,
    reads=("list_transactions", "list_orders"),
    card="sales",
    max_requests=40,
    max_seconds=50,
)

wait_for_payment = Report(
    name="wait_for_payment",
    title="Wait for a payment",
    title_es="Esperar un pago",
    risk=Risk.READ,
    toolset=Toolset.SUPPORT,
    description=(
        "Wait some minutes until an order or payment link is paid, expires or is cancelled, and say which. "
        "Use it when somebody is about to pay; how it stands right now: explain_payment."
    ),
    input=WaitForPaymentInput,
    example={"id": "ord_1"},
    output=WaitedPayment,
    run=run_wait,
    reads=("get_order", "get_payment_link"),
    max_requests=40,
    max_seconds=660,
)

check_subscription = Report(
    name="check_subscription",
    title="Check a subscription",
    title_es="Revisar una suscripción",
    risk=Risk.READ,
    toolset=Toolset.SUPPORT,
    description=(
        "Explain how a subscription stands, or all of a customer: why it is past due, when it is tried "
        "again, with which card, what would bring it back. Only its fields: get_subscription."
    ),
    input=CheckSubscriptionInput,
    example={"customer_id": "cus_1"},
    output=CheckedSubscriptions,
    run=run_check,
    reads=(
        "get_subscription", "list_subscriptions", "get_plan", "list_payment_sources", "get_order",
        "list_events",
    ),
)  # fmt: skip

TOOLS = (
    find_payment,
    explain_payment,
    get_customer_profile,
    summarize_sales,
    wait_for_payment,
    check_subscription,
)
