"""Subscriptions: one that is past due, one that pauses."""

from evals.task import DAY, Change, EndState, Seed, Solution, Task, Wrong, pesos, read, search, write
from evals.tasks.seeding import MASTERCARD, card, person, wait

PLAN = Seed(
    "/plans",
    {
        "id": "mensual", "name": "Plan mensual", "amount": 29900, "currency": "MXN", "interval": "month",
        "frequency": 1,
    },
)  # fmt: skip
DECLINE_NEXT = Seed("/_sandbox/cards", {"decline_next": "insufficient_funds"})


def subscribe(customer: str, card_place: int = 0) -> Seed:
    """Subscribe to the plan with a card of the customer, by its place among their sources."""
    body = {"plan_id": "mensual", "card_id": f"{{{customer}.payment_sources.data.{card_place}.id}}"}
    return Seed(f"/customers/{{{customer}.id}}/subscription", body, "sub")


ANA = person("ana", "Ana Ruiz", "0101", card(), card(MASTERCARD))
EVA = person("eva", "Eva Luna", "0202", card())
CHECK = read("check_subscription", customer_id="{ana.id}")
DUE = "Debe $299.00: su tarjeta 4242 no tenía fondos. Se reintenta el 6 de marzo; puede usar otra tarjeta."

past_due = Task(
    name="subscription-past-due",
    request=(
        "La suscripción de la clienta {ana.id} aparece vencida. ¿Por qué, cuándo se vuelve a intentar y qué "
        "puede hacer? No la cobres tú."
    ),
    seeds=(ANA, PLAN, DECLINE_NEXT, subscribe("ana"), wait(DAY)),
    reference=Solution((search("check a past due subscription: why, next try"), CHECK), DUE),
    says=(r"fondos|saldo", "4242", pesos(29900), r"6 (de )?mar"),
    never_says=(
        "fraude",
        r"(ya|se) (le )?cobr(o|e)\b|ya pago|ya intent",
        r"cancelada|termino|4242 vencio|no es (por )?falta",
    ),
    wrong=(
        Wrong(
            "charges anyway",
            "state",
            Solution((write("retry_subscription", customer_id="{ana.id}", subscription_id="{sub.id}"),), DUE),
        ),
        Wrong("no day", "missing", Solution((CHECK,), "Debe $299.00 por fondos, con la 4242.")),
        Wrong("says cancelled", "claim", Solution((CHECK,), DUE + " La suscripción fue cancelada.")),
    ),
    consent=True,
)

PAUSE = write("pause_subscription", customer_id="{eva.id}", subscription_id="{sub.id}")

pause = Task(
    name="subscription-pause",
    request=(
        "Customer {eva.id} is travelling: pause her subscription {sub.id} until she writes again. Don't "
        "cancel it."
    ),
    seeds=(EVA, PLAN, subscribe("eva"), wait(DAY)),
    reference=Solution(
        (search("pause a subscription"), PAUSE),
        "Paused: she is not billed until you resume it ({1.status_text}).",
    ),
    end=EndState(changed=(Change("sub", {"status": "paused"}, also=("paused_at", "sandbox")),)),
    says=(r"\bpaused\b|\bon pause\b",),
    never_says=(r"(is|was|been) cancel", r"not paused|instead of paus|\bended\b"),
    consent=True,
    reply="Yes, pause it.",
    wrong=(
        Wrong(
            "cancels",
            "state",
            Solution(
                (write("cancel_subscription", customer_id="{eva.id}", subscription_id="{sub.id}"),), "Paused."
            ),
        ),
        Wrong("only says so", "state", Solution((), "Paused.")),
        Wrong("says cancelled", "claim", Solution((PAUSE,), "Paused: it was cancelled for now.")),
    ),
)

RESUME = write("resume_subscription", customer_id="{eva.id}", subscription_id="{sub.id}")

resume = Task(
    name="subscription-resume",
    request="Eva ya regresó: reactiva la suscripción {sub.id} de {eva.id}, que pausamos.",
    seeds=(
        EVA,
        PLAN,
        subscribe("eva"),
        Seed("/customers/{eva.id}/subscriptions/{sub.id}/pause"),
        wait(DAY),
    ),
    reference=Solution(
        (search("reanudar una suscripción pausada"), RESUME),
        "Reactivada: la suscripción está activa otra vez. {1.status_text}.",
    ),
    end=EndState(changed=(Change("sub", {"status": "active"}, also=("paused_at", "sandbox")),)),
    says=(
        (
            r"(esta|quedo|vuelve a estar) (otra vez |de nuevo |ya )?activ|\b(reactiv|reanud)ada\b"
            r"|\breactivé\b|\breanudé\b"
        ),
    ),
    never_says=(r"en pausa|no (esta|quedo) activ|cancelad",),
    consent=True,
    reply="Sí, reactívala.",
    wrong=(
        Wrong("only says so", "state", Solution((), "Reactivada.")),
        Wrong("does not say how it stands", "missing", Solution((RESUME,), "Hecho.")),
    ),
)

TASKS = (past_due, pause, resume)
