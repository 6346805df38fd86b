"""What is used up or gone: a link that was for one payment, the card of a subscription."""

from evals.task import DAY, HOUR, START, Call, Json, Seed, Solution, Task, Wrong, read, search
from evals.tasks.seeding import VISA, card, item, person, wait

LINK: Json = {
    "name": "Curso",
    "type": "PaymentLink",
    "recurrent": False,
    "expires_at": START + 10 * DAY,
    "allowed_payment_methods": ["card", "cash"],
    "order_template": {"currency": "MXN", "line_items": [item("Curso", 70_050)]},
}
LINK_STATE = Call("explain_payment", {"id": "{link.id}"})

link_used_up = Task(
    name="link-used-up",
    request=(
        "Can another student still pay with link {link.id}, or do I need a new one? Don't create one yet."
    ),
    seeds=(
        Seed("/checkouts", LINK, "link"),
        Seed("/_sandbox/checkouts/{link.id}/payments", {"method": "card", "token_id": VISA}),
        wait(HOUR),
    ),
    reference=Solution(
        (LINK_STATE,), "No: it was for one payment and was paid once. You need a new link for them."
    ),
    says=(r"\bno\b|cannot|can't", r"\b(new|another) (one|link)\b"),
    never_says=(
        r"\byes\b",
        r"another student can pay|\bcan (still|also) (be )?(paid|pay|use)|can be (paid|used) again",
        r"no need for a new|no new link",
        r"(created|here is) (a|the) new|was cancell?ed|it expired",
    ),
    wrong=(
        Wrong(
            "goes by its expiry",
            "claim",
            Solution((LINK_STATE,), "Yes, no new link is needed until it expires."),
        ),
        Wrong("does not say what then", "missing", Solution((LINK_STATE,), "No, it was paid.")),
        Wrong(
            "creates one unasked",
            "state",
            Solution(
                (
                    Call(
                        "create_payment_link",
                        {
                            "name": "Curso",
                            "expires_at": START + 9 * DAY,
                            "line_items": [item("Curso", 70_050)],
                        },
                    ),
                ),
                "No, you need a new link.",
            ),
        ),
    ),
    consent=True,
)

PLAN: Json = {
    "id": "mensual",
    "name": "Mensual",
    "amount": 19_950,
    "currency": "MXN",
    "interval": "month",
    "frequency": 1,
}
CHECK = read("check_subscription", customer_id="{mia.id}")

card_gone = Task(
    name="card-gone",
    request="¿Todo bien con la suscripción de {mia.id}, o hay algo que arreglar antes del próximo cobro?",
    seeds=(
        Seed("/plans", PLAN, "plan"),
        person("mia", "Mía Sol", "0404", card()),
        Seed("/customers/{mia.id}/subscriptions", {"plan_id": "mensual"}, "subscription"),
        Seed("/customers/{mia.id}/payment_sources/{mia.payment_sources.data.0.id}", {}, method="DELETE"),
        wait(HOUR),
    ),
    reference=Solution(
        (search("revisa la suscripción de un cliente"), CHECK),
        "Hay que arreglar algo: su tarjeta ya no está guardada, y el cobro de $199.50 va a fallar.",
    ),
    says=(
        r"tarjeta",
        r"no esta guardada|(se )?borr|elimin|sin tarjeta|no tiene tarjeta",
        r"falla|no se (podra|va a poder)|rechaz",
    ),
    never_says=(
        r"todo (esta |sigue )?(bien|normal)|nada que arreglar",
        r"no falla\b|falta de (fondos|saldo)|a la clabe",
    ),
    wrong=(
        Wrong(
            "goes by the status",
            "claim",
            Solution((CHECK,), "Todo bien: activa; si se borra la tarjeta, fallaría."),
        ),
        Wrong("does not say what happens", "missing", Solution((CHECK,), "Su tarjeta ya no está guardada.")),
        Wrong(
            "cancels it",
            "state",
            Solution(
                (
                    Call(
                        "call_write_operation",
                        {
                            "name": "cancel_subscription",
                            "arguments": {
                                "customer_id": "{mia.id}",
                                "subscription_id": "{subscription.id}",
                            },
                        },
                    ),
                ),
                "Su tarjeta ya no está guardada y el cobro iba a fallar.",
            ),
        ),
    ),
    consent=True,
)

TASKS = (link_used_up, card_gone)
