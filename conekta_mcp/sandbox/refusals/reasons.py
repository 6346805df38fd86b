"""Details of refusals: the codes of conekta-api.md 2.4 with their Spanish and English texts."""

from collections.abc import Collection

from conekta_mcp.sandbox.refusals.envelope import Detail


def missing_param(param: str) -> Detail:
    return Detail(
        _build_code(param, "missing"),
        f'El parámetro "{param}" es requerido.',
        f'The "{param}" parameter is required.',
        param,
    )


def invalid_param(param: str) -> Detail:
    return _unacceptable_param(param, "invalid")


def invalid_datatype(param: str) -> Detail:
    """Use the texts of the third seed case (conekta-api.md 2.3)."""
    return _unacceptable_param(param, "invalid_datatype")


def short_text(param: str) -> Detail:
    return Detail(
        _build_code(param, "too_short"),
        f"El parámetro {param} es demasiado corto.",
        f'The "{param}" parameter is too short.',
        param,
    )


def immutable_param(param: str) -> Detail:
    return Detail(
        _build_code(param, "immutable"),
        f"El parámetro {param} no se puede modificar.",
        f'The "{param}" parameter is immutable.',
        param,
    )


def unknown_param(param: str) -> Detail:
    return Detail(
        "parameter_validation.whitelist",
        f'El parámetro "{param}" no está permitido.',
        f'The parameter "{param}" is not allowed.',
        param,
    )


def unknown_control_param(param: str, known: Collection[str]) -> Detail:
    """Describe a parameter that a control of this sandbox does not take, with what it takes."""
    names = ", ".join(sorted(known))
    return Detail(
        "parameter_validation.whitelist",
        f'El parámetro "{param}" no está permitido; este control acepta {names}.',
        f'The parameter "{param}" is not allowed; this control takes {names}.',
        param,
    )


def unserved_param(param: str) -> Detail:
    """Describe a parameter that Conekta knows and this sandbox does not serve yet."""
    return Detail(
        "parameter_validation.whitelist",
        f'El parámetro "{param}" todavía no existe en este sandbox.',
        f'The parameter "{param}" is not served by this sandbox yet.',
        param,
    )


def nonexistent_token(param: str) -> Detail:
    return Detail(
        _build_code(param, "nonexistent_token"),
        "El token no existe.",
        "The token does not exist.",
        param,
    )


def old_token(param: str) -> Detail:
    """Describe a token past its ten minutes (conekta-api.md 8); the code is inferred."""
    return Detail(
        _build_code(param, "invalid"),
        "El token fue creado hace más de 10 minutos.",
        "The token is older than 10 minutes.",
        param,
    )


def missing_customer_id() -> Detail:
    """Repeat the first seed case verbatim, with its unbalanced quote (conekta-api.md 2.3)."""
    return Detail(
        "parameter_validation.customer_info.customer_id.missing",
        'El parametro customer_id" es requerido.',
        'The "customer_info attribute customer_id" is missing.',
        "customer_info.customer_id",
    )


def recurrent_reference_not_found() -> Detail:
    """Repeat the second seed case verbatim; it has no param (conekta-api.md 2.3)."""
    return Detail(
        "resource_not_found.processing.offline_recurrent_reference.not_found",
        "Referencia recurrente no encontrada",
        "Recurrent reference not found",
    )


def entity_not_found(kind: str, entity_id: str) -> Detail:
    return Detail(
        "resource_not_found.entity",
        "El recurso no ha sido encontrado.",
        f'The object {kind} "{entity_id}" could not be found.',
    )


def unknown_route() -> Detail:
    return Detail(
        "resource_not_found.unknown_route",
        "La ruta solicitada no existe.",
        "The route requested does not exist.",
    )


def missing_key() -> Detail:
    return Detail(
        "authentication.missing_key",
        "Acceso no autorizado.",
        "Please include your access key in your request.",
    )


def unrecognized_key() -> Detail:
    return Detail(
        "authentication.unrecognized_key",
        "Acceso no autorizado.",
        "The access key was not recognized.",
    )


def unknown_version(version: str) -> Detail:
    """Describe a version in the Accept header that is not served; the code is inferred."""
    return Detail(
        "conflict.header_version",
        f"La versión {version} no está disponible.",
        f"The version {version} is not available.",
    )


def used_idempotency_key() -> Detail:
    """Describe a key that came before with another request; the code is inferred (conekta-api.md 0.6)."""
    return Detail(
        "conflict.idempotency_key",
        "Esta Idempotency-Key ya se usó con otra petición.",
        "This Idempotency-Key was already used with another request.",
    )


def invalid_json() -> Detail:
    """Describe a body that is not a JSON object; the code is inferred."""
    return Detail(
        "malformed_request.invalid_json",
        "El cuerpo de la petición no es un objeto JSON.",
        "The request body is not a JSON object.",
    )


def charged_order() -> Detail:
    return Detail(
        "precondition_required.combo.order.cannot_be_updated_because_has_charge",
        "La orden no puede ser modificada porque tiene un cargo.",
        "The order cannot be updated because it has a charge.",
    )


def paid_order() -> Detail:
    return Detail(
        "precondition_required.combo.order.cannot_be_updated_because_has_charge_paid",
        "La orden no puede ser modificada porque tiene un cargo pagado.",
        "The order cannot be updated because it has a paid charge.",
    )


def general_failure() -> Detail:
    return Detail(
        "api.system.general_failure",
        "Ocurrió un error inesperado.",
        "An unexpected error occurred.",
    )


def _unacceptable_param(param: str, kind: str) -> Detail:
    return Detail(
        _build_code(param, kind),
        f"El parámetro {param} es inválido.",
        f'The "{param}" parameter is invalid.',
        param,
    )


def _build_code(param: str, kind: str) -> str:
    # Codes leave out positions in lists, and what stands before payment_method.
    names = [name for name in param.split(".") if not name.isdigit()]
    if "payment_method" in names:
        names = names[names.index("payment_method") :]
    return ".".join(["parameter_validation", *names, kind])
