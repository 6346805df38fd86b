"""Bills, links, what is cancelled, and a message that comes twice."""

from evals.task import DAY, START, Call, Change, Creation, EndState, Solution, Task, Wrong, pesos, write
from evals.tasks.seeding import CLABE_SOURCE, item, order, person, wait

ANA = person("ana", "Ana Ruiz", "0101", CLABE_SOURCE)
RENEWAL = [item("Renovación anual", 89900)]
OWN_CLABE = "{ana.payment_sources.data.0.reference}"
FIND_ANA = Call("list_customers", {"search": "ana@example.com"})
BILL = Call("create_order_reusing_clabe", {"customer_id": "{0.rows.0.0}", "line_items": RENEWAL})

renewal = Task(
    name="renewal-on-clabe",
    request=(
        "Cóbrale a ana@example.com la Renovación anual, 899 pesos, por transferencia a la misma CLABE de "
        "siempre, y dime a qué CLABE debe pagar."
    ),
    seeds=(ANA, person("eva", "Eva Luna", "0202", CLABE_SOURCE)),
    reference=Solution(
        (FIND_ANA, BILL),
        "Listo: $899.00 por la renovación, pendientes en su CLABE {1.clabe} hasta el {1.expires_at_text}. "
        "{1.defaults_text}.",
    ),
    end=EndState(
        created=(
            Creation(
                "order",
                {
                    "amount": 89900,
                    "payment_status": "pending_payment",
                    "customer_info.customer_id": "{ana.id}",
                    "charges.data.0.payment_method.clabe": OWN_CLABE,
                },
            ),
        )
    ),
    says=(pesos(89900), r"\b646\d{15}\b"),
    never_says=(r"ya (esta pagad|pago)", r"(?<![\d.,])8\.99"),
    leaks=("{eva.payment_sources.data.0.reference}",),
    consent=True,
    reply="Sí, 899 pesos, adelante.",
    wrong=(
        Wrong(
            "a fresh CLABE",
            "state",
            Solution(
                (Call("create_order", {"customer_id": "{ana.id}", "line_items": RENEWAL}),),
                "Debe pagar $899.00 a {0.clabe}.",
            ),
        ),
        Wrong(
            "centavos taken for pesos",
            "state",
            Solution(
                (
                    Call(
                        "create_order_reusing_clabe",
                        {"customer_id": "{ana.id}", "line_items": [item("Renovación anual", 899)]},
                    ),
                ),
                "Debe pagar $899.00 a {0.clabe}.",
            ),
        ),
        Wrong(
            "another customer",
            "state",
            Solution(
                (Call("create_order_reusing_clabe", {"customer_id": "{eva.id}", "line_items": RENEWAL}),),
                "Debe pagar $899.00 a {0.clabe}.",
            ),
        ),
        Wrong(
            "says that it is paid",
            "claim",
            Solution((FIND_ANA, BILL), "La renovación de $899.00 ya está pagada en {1.clabe}."),
        ),
    ),
)

WORKSHOPS = [item("Taller de barro", 45000, 3), item("Libro", 25000)]
SUNDAY = START + 4 * DAY
LINK = Call(
    "create_payment_link",
    {"name": "Taller y libro", "line_items": WORKSHOPS, "expires_at": SUNDAY, "recurrent": False},
)

payment_link = Task(
    name="payment-link-of-items",
    request=(
        "Hazme un link de pago de una sola vez para mandar por WhatsApp: 3 lugares de Taller de barro a 450 "
        "y 1 Libro a 250. Que venza el domingo 8 de marzo a las 10 de la mañana. ¿Cuánto suma?"
    ),
    seeds=(ANA,),
    reference=Solution(
        (LINK,), "Aquí está: {0.url}. Suma {0.amount_text} y vence el {0.expires_at_text}. {0.sent_text}."
    ),
    end=EndState(
        created=(
            Creation(
                "checkout",
                {
                    "shown.recurrent": False,
                    "shown.expires_at": SUNDAY,
                    "order_template.line_items.0.unit_price": 45000,
                    "order_template.line_items.0.quantity": 3,
                    "order_template.line_items.1.unit_price": 25000,
                    "order_template.line_items.1.quantity": 1,
                },
            ),
        )
    ),
    says=(pesos(160000), r"https://pay\.example\.com/"),
    never_says=(r"\b(?<!no )(?<!no lo )(lo |te lo |se lo )*(envie|mande)\b", r"\bno (se )?(pude|pudo)"),
    consent=True,
    reply="Sí, hazlo.",
    wrong=(
        Wrong("a wrong sum is told", "missing", Solution((LINK,), "Aquí está: {0.url}. Suma $700.00.")),
        Wrong(
            "one place instead of three",
            "state",
            Solution(
                (
                    Call(
                        "create_payment_link",
                        {**LINK.arguments, "line_items": [item("Taller de barro", 135000), WORKSHOPS[1]]},
                    ),
                ),
                "{0.url} suma $1,600.00.",
            ),
        ),
        Wrong(
            "says that it was sent",
            "claim",
            Solution((LINK,), "Ya lo envié por WhatsApp: {0.url}, $1,600.00."),
        ),
        Wrong("two links", "state", Solution((LINK, LINK), "{0.url} suma $1,600.00.")),
    ),
)

CANCEL = write("cancel_order", order_id="{old.id}")

cancel_unpaid = Task(
    name="cancel-unpaid-order",
    request="El pedido {old.id} ya no lo quieren. Cancélalo para que nadie lo pueda pagar.",
    seeds=(
        ANA,
        order("old", "ana", item("Mesa", 320000)),
        order("kept", "ana", item("Mesa", 320000)),
        wait(DAY),
    ),
    reference=Solution((CANCEL,), "El pedido de $3,200.00: {0.status_text}."),
    end=EndState(
        changed=(Change("old", {"payment_status": "canceled", "charges.data.0.status": "canceled"}),)
    ),
    says=(r"\bcancelé\b|\bcancel(ad[oa]|amos)\b|\bse canceló",),
    never_says=(r"reembols|devolv|de vuelta|su dinero", r"ya (estaba|esta) pagad"),
    consent=True,
    reply="Sí, cancélalo.",
    wrong=(
        Wrong(
            "the other order",
            "state",
            Solution((write("cancel_order", order_id="{kept.id}"),), "Cancelado."),
        ),
        Wrong("only says so", "state", Solution((), "Cancelado, ya no se puede pagar.")),
        Wrong(
            "speaks of a refund",
            "claim",
            Solution((CANCEL,), "Cancelado, y el dinero se reembolsará en tres días."),
        ),
    ),
)

TWICE = {"customer_id": "{ana.id}", "line_items": RENEWAL, "idempotency_key": "renovacion-ana"}

message_twice = Task(
    name="message-twice",
    request=(
        "Bill customer {ana.id} MXN 899 for «Renovación anual» on her CLABE (key renovacion-ana).\n"
        "[delivered again by the chat] Bill customer {ana.id} MXN 899 for «Renovación anual» on her CLABE "
        "(key renovacion-ana)."
    ),
    seeds=(ANA, wait(DAY)),
    reference=Solution(
        (Call("create_order_reusing_clabe", TWICE), Call("create_order_reusing_clabe", TWICE)),
        "She is billed once: order {1.id}, MXN 899.00 on CLABE {1.clabe}. The message came twice.",
    ),
    end=EndState(
        created=(Creation("order", {"amount": 89900, "charges.data.0.payment_method.clabe": OWN_CLABE}),)
    ),
    says=(pesos(89900), r"\bord_|once|one order|already|twice|duplicate"),
    never_says=(
        r"two (orders|times|bills)|both orders|twice, since|\bbilled (her )?[^.;]{0,20}twice",
        r"\bord_\w+ and ord_",
        r"(already|has) paid|is paid",
    ),
    consent=True,
    reply="Yes, once.",
    wrong=(
        Wrong(
            "two orders",
            "state",
            Solution(
                (
                    Call("create_order_reusing_clabe", {**TWICE, "idempotency_key": "first"}),
                    Call("create_order_reusing_clabe", {**TWICE, "idempotency_key": "second"}),
                ),
                "Billed MXN 899.00: order {0.id}.",
            ),
        ),
        Wrong(
            "claims two",
            "claim",
            Solution(
                (Call("create_order_reusing_clabe", {**TWICE, "idempotency_key": "third"}),),
                "Two orders of MXN 899.00 were made: {0.id}.",
            ),
        ),
    ),
)

TASKS = (renewal, payment_link, cancel_unpaid, message_twice)
