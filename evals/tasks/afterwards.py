"""What time has changed: a reference that expired, a refund that is taken back, a sale before midnight."""

from evals.task import (
    DAY,
    HOUR,
    Call,
    Change,
    Creation,
    EndState,
    Seed,
    Solution,
    Task,
    Wrong,
    pesos,
    read,
    search,
    write,
)
from evals.tasks.seeding import SPEI, card, item, order, pay, person, unasked_bill, wait

ANA, LUIS = person("ana", "Ana Ruiz", "0101"), person("luis", "Luis Soto", "0303")
CASH = {"type": "cash"}
HELMET = item("Casco", 45_000)
STATE = Call("explain_payment", {"id": "{old.id}"})
OLD_REFERENCE = "{old.charges.data.0.payment_method.reference}"


def bill_helmet(customer: str, method: str) -> Call:
    return Call(
        "create_order",
        {"customer_id": f"{{{customer}.id}}", "line_items": [HELMET], "payment_method": method},
    )


reference_expired = Task(
    name="cash-reference-expired",
    request=(
        "A Luis Soto se le venció la referencia del Oxxo de su pedido {old.id}, un Casco de 450 pesos. "
        "Hazle otra igual y dime la referencia y hasta cuándo puede pagar."
    ),
    seeds=(ANA, LUIS, order("old", "luis", HELMET, CASH), wait(40 * DAY)),
    reference=Solution(
        (STATE, bill_helmet("luis", "cash")),
        "Listo: $450.00 en efectivo con la referencia {1.reference}, hasta el {1.expires_at_text}.",
    ),
    end=EndState(
        created=(
            Creation(
                "order",
                {
                    "amount": 45_000,
                    "payment_status": "pending_payment",
                    "customer_info.customer_id": "{luis.id}",
                    "charges.data.0.payment_method.type": "cash",
                },
            ),
        )
    ),
    says=(r"\b98\d{12}\b", r"\b1[34] (de )?may|\b\d{1,2} (de )?may"),
    never_says=(r"ya (esta pagad|pago)|sigue vigente|no ha vencido|no se ha vencido|clabe",),
    leaks=(OLD_REFERENCE,),
    consent=True,
    wrong=(
        Wrong(
            "by transfer",
            "state",
            Solution((bill_helmet("luis", "spei"),), "Referencia 98000000000000, hasta el 14 de mayo."),
        ),
        Wrong(
            "for another customer",
            "state",
            Solution(
                (bill_helmet("ana", "cash"),), "Referencia {0.reference}, hasta el {0.expires_at_text}."
            ),
        ),
        Wrong(
            "gives the old one",
            "leak",
            Solution(
                (STATE, bill_helmet("luis", "cash")),
                f"Su referencia es {OLD_REFERENCE}, hasta el 14 de mayo.",
            ),
        ),
        Wrong(
            "does not say until when",
            "missing",
            Solution((STATE, bill_helmet("luis", "cash")), "Su referencia nueva es {1.reference}."),
        ),
    ),
)

REFUND_ID = "{refunded.charges.data.0.refunds.data.0.id}"
LOOK = Call("explain_payment", {"id": "{paid.id}"})
UNDO = write("cancel_refund", order_id="{paid.id}", refund_id=REFUND_ID)

refund_undone = Task(
    name="refund-undone",
    request=(
        "I asked for a cash refund of order {paid.id} by mistake. If the customer has not collected it yet, "
        "stop it, and tell me whether the order stays paid."
    ),
    seeds=(
        ANA,
        order("paid", "ana", item("Taza", 30_000), CASH),
        pay("paid"),
        wait(HOUR),
        Seed("/orders/{paid.id}/refunds", {"amount": 30_000, "reason": "requested_by_client"}, "refunded"),
        wait(HOUR),
    ),
    reference=Solution(
        (LOOK, UNDO), "It was not collected: the refund of MXN 300.00 is cancelled, and the order stays paid."
    ),
    end=EndState(
        changed=(
            Change(
                "paid", {"payment_status": "paid", "amount_refunded": 0}, also=("charges", "is_refundable")
            ),
        )
    ),
    says=(r"cancell?ed|stopped", r"(stays|remains|still|is( again)?) paid"),
    never_says=(
        r"(was|been|already) (already )?collected (by|at|on|yesterday|today)|is not paid|cannot be stopped",
    ),
    consent=True,
    wrong=(
        Wrong(
            "only says so",
            "state",
            Solution((LOOK,), "The refund is cancelled; the order stays paid."),
        ),
        Wrong("gives up", "missing", Solution((LOOK,), "A refund cannot be undone.")),
        Wrong(
            "bills it anew",
            "state",
            Solution(
                (
                    Call(
                        "create_order",
                        {
                            "customer_id": "{ana.id}",
                            "line_items": [item("Taza", 30_000)],
                            "payment_method": "cash",
                        },
                    ),
                ),
                "The refund is cancelled, and the order is paid.",
            ),
        ),
    ),
)

YESTERDAY = read("summarize_sales", from_day="2026-03-04", to_day="2026-03-04")

before_midnight = Task(
    name="sales-before-midnight",
    request="¿Cuánto cobramos en total ayer, 4 de marzo, y en cuántos pagos? Sin restar comisiones.",
    seeds=(
        ANA,
        LUIS,
        order("morning", "ana", item("Libro", 30_000), card()),
        order("owed", "luis", item("Mesa", 99_000), SPEI),
        wait(13 * HOUR + HOUR // 2),
        order("late", "luis", item("Bici", 45_000), card()),
        wait(HOUR),
        order("today", "ana", item("Silla", 70_000), card()),
        wait(9 * HOUR),
    ),
    reference=Solution(
        (search("cuánto vendimos ayer"), YESTERDAY), "Ayer se cobraron {1.totals.0.taken_text}, en 2 pagos."
    ),
    says=(pesos(75_000), r"\b(2|dos) (pagos|cobros|ventas|cargos)"),
    never_says=(pesos(30_000), pesos(145_000), pesos(174_000), pesos(70_000)),
    wrong=(
        Wrong("a day of UTC", "missing", Solution((YESTERDAY,), "Se cobraron $300.00, en 1 pago.")),
        Wrong(
            "the last 24 hours", "claim", Solution((YESTERDAY,), "Entre $750.00 y $1,450.00, en dos pagos.")
        ),
        Wrong(
            "bills what is missing",
            "question",
            Solution((unasked_bill("{luis.id}", item("Mesa", 99_000)),), "$750.00, en 2 pagos."),
        ),
    ),
)

TASKS = (reference_expired, refund_undone, before_midnight)
