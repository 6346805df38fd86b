"""What the tasks seed: invented people, what they buy, payments, and time that passes."""

from evals.task import Call, Json, Seed

VISA, MASTERCARD = "tok_test_visa_4242", "tok_test_mastercard_4444"
SPEI: Json = {"type": "spei"}
CLABE_SOURCE: Json = {"type": "spei_recurrent"}


def card(token: str = VISA) -> Json:
    return {"type": "card", "token_id": token}


def person(name: str, full_name: str, ending: str, *sources: Json) -> Seed:
    """Seed a customer whose phone ends in `ending` (four digits)."""
    body: Json = {"name": full_name, "email": f"{name}@example.com", "phone": f"+52555555{ending}"}
    return Seed("/customers", {**body, "payment_sources": list(sources)} if sources else body, name)


def item(name: str, unit_price: int, quantity: int = 1) -> Json:
    return {"name": name, "unit_price": unit_price, "quantity": quantity}


def unasked_bill(customer_id: str, goods: Json) -> Call:
    """A bill that nobody asked for; without the yes of a person the server refuses it."""
    return Call("create_order", {"customer_id": customer_id, "line_items": [goods]}, refused=True)


def order(
    name: str, customer: str, goods: Json, method: Json = SPEI, *, declined: bool = False, **more: object
) -> Seed:
    body: Json = {
        "currency": "MXN",
        "customer_info": {"customer_id": f"{{{customer}.id}}"},
        "line_items": [goods],
        "charges": [{"payment_method": method}],
        **more,
    }
    return Seed("/orders", body, name, declined=declined)


def pay(name: str, amount: int | None = None) -> Seed:
    """Seed a payment of an order, of another amount than is owed if `amount` is given."""
    exact = {} if amount is None else {"amount": amount}
    return Seed("/_sandbox/payments", {"order_id": f"{{{name}.id}}", **exact})


def wait(seconds: int) -> Seed:
    return Seed("/_sandbox/clock", {"advance_seconds": seconds})
