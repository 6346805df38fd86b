"""Real requests, half of them in Spanish: the right operation is among the first three."""

import pytest

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.ranking import Finder

REQUESTS = """
devolver dinero | refund_order
quiero hacer un reembolso parcial | refund_order
cancelar un reembolso pendiente en efectivo | cancel_refund
MSI | validate_installments create_card_order
¿esta tarjeta acepta meses sin intereses? | validate_installments
¿ya llegó mi pago? | get_order list_orders
¿quién me debe dinero? | list_orders
¿por qué rechazaron la tarjeta? | get_order
cóbrale a Ana su renovación | create_order_reusing_clabe
dame una CLABE fija para el cliente | add_spei_recurrent_source
cobrar en efectivo en tiendas | create_order add_cash_recurrent_source
guardar la tarjeta de un cliente | add_card_source
crear una liga de pago | create_payment_link
manda la liga de pago por correo | email_payment_link
enviar el enlace de pago por mensaje de texto | sms_payment_link
cancelar un link de pago | cancel_payment_link
crear un plan mensual | create_plan
suscribir a un cliente a un plan | create_subscription
pausar la suscripción | pause_subscription
reanudar suscripción | resume_subscription
reintentar el cobro de una suscripción | retry_subscription
cancelar la membresía de un cliente | cancel_subscription
portal para que el cliente administre su suscripción | create_customer_portal get_customer_portal
¿cuánto saldo disponible tengo? | get_balance
movimientos y comisiones | list_transactions
depósitos a mi banco | list_transfers
hacer un retiro en efectivo a una persona | create_payout
cancelar un retiro | cancel_payout
subir evidencia de un contracargo | submit_chargeback_evidence
qué evidencias pide la disputa | list_chargeback_evidence_types
agregar dirección de entrega | add_shipping_contact
RFC del cliente para facturar | add_fiscal_entity update_fiscal_entity
bloquear un correo por fraude | create_blacklist_rule
quitar de la lista blanca | delete_whitelist_rule
avisar a mi sistema cuando paguen | create_webhook
probar el webhook | test_webhook
reenviar un evento | resend_event
ver la bitácora de una petición por log_id | get_log
capturar una preautorización | capture_order
liberar una preautorización | void_order cancel_order
agregar un descuento al pedido | add_discount_line
documentos de la empresa | list_company_documents
crear una llave de API | create_api_key
refund half of an order | refund_order
give the money back | refund_order
why was the card declined | get_order
find a customer by email | list_customers
change the phone of a customer | update_customer
delete a stored card | delete_payment_source
bill on the CLABE they already pay to | create_order_reusing_clabe
charge a card with installments | create_card_order
hold an amount on a card without taking it | create_card_order
capture a held amount | capture_order
cancel an unpaid order | cancel_order
add a tax to an order | add_tax_line
add shipping cost to an order | add_shipping_line
remove a product from an order | delete_line_item
list all charges | list_charges
set a reference on a charge | update_charge
create a payment link | create_payment_link
list payment links | list_payment_links
what plans do we have | list_plans
change the card of a subscription | update_subscription
which events happened to a subscription | list_subscription_events
stop a subscription for good | cancel_subscription
available balance | get_balance
fees we paid | list_transactions
settlements to our bank account | list_transfers
pay cash out to a person | create_payout
dispute evidence files | list_chargeback_evidence get_chargeback_evidence
upload a company document | upload_company_document
who am I, which company is this key | get_current_company
block a fraudulent phone | create_blacklist_rule
trust a customer's email | create_whitelist_rule
send events to my server | create_webhook
verify webhook signatures | create_webhook_key list_webhook_keys get_webhook_key
latest events | list_events
deactivate an API key | update_api_key
look up a failed request in the logs | get_log list_logs
"""
TABLE = [tuple(line.split(" | ")) for line in REQUESTS.strip().splitlines()]
SPANISH = TABLE[: [request for request, _ in TABLE].index("refund half of an order")]


def test_the_table_is_of_at_least_sixty_requests_half_of_them_spanish() -> None:
    assert len(TABLE) >= 60
    assert len(SPANISH) >= len(TABLE) / 2


def test_the_right_operation_is_among_the_first_three() -> None:
    finder = Finder(ALL_TOOLS)
    missed = {
        request: [tool.name for tool in finder.find(request, 3)]
        for request, right in TABLE
        if not set(right.split()) & {tool.name for tool in finder.find(request, 3)}
    }
    assert len(missed) <= len(TABLE) * 0.05, missed


@pytest.mark.parametrize("right", sorted({name for _, names in TABLE for name in names.split()}))
def test_the_table_names_operations_that_exist(right: str) -> None:
    assert right in {tool.name for tool in ALL_TOOLS}


@pytest.mark.parametrize("asked", ["cancel a subscription", "crear una suscripción", "pause subscription"])
def test_what_conekta_keeps_for_old_clients_is_not_among_the_first_three(asked: str) -> None:
    assert [tool.name for tool in Finder(ALL_TOOLS).find(asked, 3) if tool.deprecated] == []
