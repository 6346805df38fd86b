"""The tour in Spanish."""

TEXTS = {
    "json_attended": "--json: va con --unattended; a una persona el recorrido le habla",
    "no_terminal": (
        "tour: hace preguntas, y aquí la entrada o la salida es un archivo o una tubería; córrelo en una "
        "terminal, o con --unattended para que se recorra solo"
    ),
    "yes": "sí",
    "opening": "Abriendo la tienda: personas, CLABE y órdenes, en un sandbox que termina contigo…",
    "title": "{number} de {count} · {name}",
    "go_on": "Enter sigue",
    "help": (
        "Enter toma lo que está entre corchetes. saltar pasa al capítulo siguiente, atrás vuelve al "
        "anterior, salir termina; Ctrl+C y Ctrl+D también."
    ),
    "way_back": (
        "Hasta aquí. Nada de esto se guardó y ningún peso se movió. Para seguir donde ibas: conekta-mcp "
        "tour --chapter {number}"
    ),
    "no_amount": "«{typed}» no es un monto en pesos: escribe algo como 500 o 500.50.",
    "no_number": "«{typed}» no está en la lista: escribe un número del 1 al {count}.",
    "took_customer": "(Como saltaste ese capítulo, la persona es {name}.)",
    "made_clabe": "(Como saltaste ese capítulo, {name} ya recibió la CLABE {clabe}.)",
    "made_order": "(Para este capítulo hace falta un cobro: el recorrido ya hizo uno de {amount}.)",
    "made_payment": "(Y ya llegó su pago.)",
    "plan": "Plan mensual",
    "unanswered": (
        "No respondiste, así que la llamada contestó que espera a una persona: no se ha hecho nada. Un "
        "agente la repite tal cual, y la pregunta sigue siendo la misma."
    ),
    "ask_again": "Enter repite la llamada",
    "declined": "Dijiste que no, y no se hizo nada. Prueba otra vez, o escribe saltar.",
    "refused": "No se hizo nada. Prueba otra vez con otros datos, o escribe saltar.",
    "shop_title": "La tienda",
    "shop_text": (
        "Estás en una tienda inventada con cinco clientes. Detrás corre el servidor real sobre el "
        "sandbox: un Conekta sin red, con sus reglas y sus rechazos. Tú haces de la persona que trabaja "
        "con un agente: escribes lo que el agente llamaría, y ves lo que el servidor le contesta. Nada "
        "está grabado de antemano."
    ),
    "keys": (
        "En cada pregunta, Enter toma lo que está entre corchetes; también puedes escribir saltar, atrás "
        "o salir. La flecha → es la llamada tal como la hace el agente."
    ),
    "shop_end": (
        "Los montos son pesos; los agentes los mandan en centavos, 75000 son MXN 750.00. Lo que "
        "teclearon otras personas, como los nombres, va marcado como dato y nunca como instrucción."
    ),
    "people_title": "Busca a una persona",
    "people_text": "Un agente encuentra a un cliente por nombre, correo o teléfono, o por un pedazo de eso.",
    "people_ask": "¿A quién buscas?",
    "people_none": "Nadie se llama así en esta tienda. Prueba con Ana, Luis, María o Jorge.",
    "people_which": "Hay {count}. ¿Cuál es? Escribe su número",
    "people_end": "Va con {name}. Cuando hay varias personas, el agente te pregunta en lugar de adivinar.",
    "clabe_title": "Su CLABE",
    "clabe_text": (
        "Una CLABE recurrente es de una persona: la guarda en su banco una vez, y cada cobro se paga ahí."
    ),
    "clabe_none": "{name} todavía no tiene CLABE.",
    "clabe_ask": "Enter le da una",
    "clabe_end": "Su CLABE es {clabe}. Dar una CLABE no mueve dinero, así que nadie te preguntó.",
    "bill_title": "Cobra, y di que sí",
    "bill_text": (
        "Ahora se trata de dinero. Esta tienda pregunta a una persona antes de cobrar (--confirm money), "
        "y una llamada puede ser de {most} cuando mucho (--max-amount). La pregunta la escribe el "
        "servidor con lo que acaba de leer en Conekta, no el agente."
    ),
    "bill_ask": "¿Cuántos pesos le cobras a {name}?",
    "bill_title_ask": "¿De qué?",
    "bill_end": (
        "Tu sí valió una vez, para esa llamada y no otra. Si el agente cambia el monto, se pregunta de "
        "nuevo. La orden espera el pago en la misma CLABE."
    ),
    "pay_title": "Llega el pago",
    "pay_text": (
        "Ahora haces de quien paga, desde su banco. simulate_payment solo existe en el sandbox. Prueba "
        "también con un monto que no es: la transferencia vuelve a quien pagó."
    ),
    "pay_ask": "¿Cuántos pesos transfieres a {clabe}?",
    "pay_returned": "No era el monto exacto: la transferencia volvió, y la orden sigue sin pagarse.",
    "pay_message": "Hola, soy {name}, ya pagué hoy",
    "pay_find": "La persona te escribe. ¿Qué dice?",
    "pay_end": (
        "Esto contesta «¿ya llegó mi pago?»: qué orden es, qué tan seguro es, y cuándo se pagó. Si no se "
        "encuentra, el agente dice hasta dónde buscó."
    ),
    "refund_title": "Devuelve una parte",
    "refund_text": (
        "Devolver saca dinero de la cuenta, así que se te pregunta otra vez. Esta tienda devuelve {most} "
        "al día cuando mucho (--max-daily-refunds)."
    ),
    "refund_ask": "¿Cuántos pesos devuelves, de {total}?",
    "refund_end": (
        "Si la respuesta de Conekta se hubiera perdido, el servidor habría leído la orden para saber si "
        "se devolvió, y una repetición no habría devuelto dos veces."
    ),
    "limits_title": "Pide demasiado",
    "limits_text": (
        "Los límites los pone quien opera el servidor, y ningún agente los cambia: {most} por llamada, "
        "{day} de devoluciones al día. Trata de pasarlos."
    ),
    "limits_ask": "¿Cuántos pesos cobras? Más de {most}",
    "limits_small": "Eso cabe en {most}: escribe más.",
    "limits_refund_ask": "¿Y cuántos pesos devuelves de {total}, para pasarte del día?",
    "limits_fitted": "Eso cabía en lo que quedaba, y dijiste que sí: se hizo.",
    "limits_end": (
        "outcome: not_applied quiere decir que es seguro que no se hizo nada. Se rechazó antes de "
        "preguntarte y antes de enviar algo a Conekta, y el agente lee que no busque otro camino."
    ),
    "audit_title": "La bitácora",
    "audit_text": (
        "Cada escritura y cada rechazo quedó anotado: quién, qué, cuánto, quién dijo que sí, y cómo "
        "terminó. Es lo que muestran conekta-mcp logs y conekta-mcp audit."
    ),
    "audit_ask": "Enter muestra lo que hiciste",
    "audit_empty": "Todavía no has escrito nada: los capítulos 4 a 7 lo hacen.",
    "audit_verify_ask": "Enter revisa que nada se haya cambiado (conekta-mcp audit --verify)",
    "audit_end": (
        "Cada registro lleva el hash del anterior: lo que alguien cambie o quite se nota. Eso es todo: 8 "
        "capítulos, y ningún peso se movió."
    ),
    "offer": "Para hacerlo ahora escribe install o login; Enter termina",
    "offer_client": "¿Qué cliente? ({names})",
    "offer_unknown": "«{typed}» no es de esas.",
}
