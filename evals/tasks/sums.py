"""Sums: what was sold, who owes, what can be paid out."""

from dataclasses import replace

from evals.task import DAY, START, Solution, Task, Wrong, pesos, read, search, write
from evals.tasks.seeding import card, item, order, pay, person, wait

SHOP = (
    person("ana", "Ana Ruiz", "0101"),
    person("eva", "Eva Luna", "0202"),
    person("luis", "Luis Soto", "0303"),
)
SOLD = (
    *SHOP,
    order("monday", "ana", item("Curso", 100000)),
    pay("monday"),
    order("card", "eva", item("Mesa", 250000), card()),
    wait(DAY),
    order("owed", "luis", item("Bici", 450000)),
    order("small", "ana", item("Libro", 30000)),
)

SUMS = read("summarize_sales", from_day="2026-03-02")

week_sales = Task(
    name="week-sales",
    request=(
        "How much did we sell this week (since Monday 2 March 2026), what did Conekta keep as fees, and what "
        "is left?"
    ),
    seeds=SOLD,
    reference=Solution(
        (search("sales of the week with fees"), SUMS),
        "{1.totals.0.taken_text} in 2 payments; fees {1.totals.0.fees_text}; {1.totals.0.net_text} are left. "
        "{1.pending.0.amount_text} wait.",
    ),
    says=(
        pesos(350000),
        pesos(11658),
        pesos(338342),
        r"3,?383\.42 (is|are|net|remains?)|(left|leaving|leaves|net|keep|remain\w*)[^.;]{0,30}3,?383\.42",
    ),
    never_says=(r"8,?300", r"sold mxn 4,?800", r"3,?616\.58|116\.58 (was |were )?refund|sold mxn 3,?383"),
    wrong=(
        Wrong(
            "counts what is not paid",
            "claim",
            Solution((SUMS,), "Sold MXN 8,300.00, of it MXN 3,500.00 paid; fees 116.58, left 3,383.42."),
        ),
        Wrong(
            "clears what waits",
            "question",
            Solution(
                (SUMS, replace(write("cancel_order", order_id="{owed.id}"), refused=True)),
                "MXN 3,500.00, fees 116.58, left 3,383.42.",
            ),
        ),
        Wrong("without the fees", "missing", Solution((SUMS,), "MXN 3,500.00, and 3,383.42 are left.")),
        Wrong("adds in the head", "missing", Solution((SUMS,), "MXN 3,500.00, fees 116.58, left 3,393.42.")),
    ),
)

OWED = read("list_orders", payment_status="pending_payment")

who_owes = Task(
    name="who-owes",
    request="¿Quién me debe y cuánto? Solo lo que sigue sin pagar.",
    seeds=SOLD,
    reference=Solution(
        (search("quién me debe"), OWED), "Luis Soto debe $4,500.00 y Ana Ruiz $300.00: en total $4,800.00."
    ),
    says=(
        r"luis soto[^;.]{0,20}?4,?500",
        rf"{pesos(30000)}",
        r"ana ruiz[^;.]{0,20}?300",
    ),
    never_says=(
        "eva luna",
        pesos(100000),
        pesos(250000),
        r"(luis soto|ana ruiz) pago|ya pagaron|nadie te debe",
    ),
    wrong=(
        Wrong(
            "counts what is paid",
            "claim",
            Solution((OWED,), "Luis Soto $4,500.00, Ana Ruiz $300.00 y Eva Luna $2,500.00."),
        ),
        Wrong("only the biggest", "missing", Solution((OWED,), "Luis Soto debe $4,500.00.")),
        Wrong(
            "cancels what is owed",
            "state",
            Solution(
                (write("cancel_order", order_id="{small.id}"),), "Luis Soto $4,500.00 y Ana Ruiz $300.00."
            ),
        ),
    ),
    consent=True,
)

BALANCE = read("get_balance")
PART = write(
    "create_payout", customer_id="{eva.id}", amount=300_000, reason="Premio", expires_at=START + 40 * DAY
)

cash_payout = Task(
    name="cash-payout-over-balance",
    request=(
        "A la clienta {eva.id} le tocan 12,000 pesos en efectivo por «Premio». Dime primero si nos alcanza "
        "el saldo y cuánto hay disponible. Si no alcanza no pagues nada, tampoco una parte."
    ),
    seeds=(*SOLD, wait(30 * DAY)),
    reference=Solution(
        (search("pagar en efectivo a un cliente"), BALANCE),
        "No alcanza: hay {1.available.0.amount_text} disponibles y son $12,000.00. No pagué nada.",
    ),
    says=(r"no (nos )?(alcanza|es suficiente|hay suficiente)|insuficiente", pesos(338342)),
    never_says=(r"(ya|orden) (lo )?(pague|creada)", r"(?<!no )si alcanza|no es insuf"),
    wrong=(
        Wrong(
            "pays what there is",
            "state",
            Solution((PART, BALANCE), "No alcanza: había $3,383.42 disponibles; le aparté $3,000.00."),
        ),
        Wrong("takes sales for balance", "missing", Solution((), "No alcanza: hay $3,500.00 disponibles.")),
        Wrong("says that it is enough", "claim", Solution((), "Si alcanza, hay $3,383.42 disponibles.")),
    ),
    consent=True,
)

TASKS = (week_sales, who_owes, cash_payout)
