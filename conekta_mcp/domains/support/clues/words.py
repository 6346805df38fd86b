"""Words that payers use: words to ignore, names of payment methods, words before a name."""

import re
from collections.abc import Iterable

from conekta_mcp.domains.folding import fold_text

MIN_WORD = 3
NAMED_BEFORE = 30
ACCOUNT = re.compile(r"\b(?:clabe|cuenta|referencia|ref|reference|account)\b")
CARD = re.compile(r"\b(?:tarjeta|card|visa|mastercard|amex|plastico|debito|credito)\b")
PHONE = re.compile(r"\b(?:tel|telefono|cel|celular|movil|whatsapp|phone|mobile|cellphone)\b")
METHODS = (
    (
        "cash",
        re.compile(
            r"\b(?:oxxo|7-?eleven|seven|efectivo|cash|tiendita|farmacias?|walmart|soriana|chedraui|aurrera|circle\s+k"
            r"|benavides)\b"
        ),
    ),
    ("spei", re.compile(r"\b(?:spei|transfer\w*|wire|wired|bank\s+transfer|clabe)\b")),
    ("card", re.compile(r"\b(?:tarjeta|card|visa|mastercard|amex|tarjetazo)\b")),
    ("bnpl", re.compile(r"\b(?:bnpl|aplazo|kueski|klarna|creditea|a\s+plazos|en\s+plazos|pay\s+later)\b")),
    ("pay_by_bank", re.compile(r"\b(?:pay\s+by\s+bank|bbva\s+pay|banca\s+en\s+linea|online\s+banking)\b")),
)
"""Names of payment methods without accents; a deposit ("depósito") can mean any of them."""
INTRODUCING = frozenset(
    {"soy", "llamo", "nombre", "name", "im", "am", "senor", "senora", "srita", "sr", "sra", "don", "dona"}
)
GOODS_TOO = frozenset(
    {"celular", "movil", "telefono", "phone", "ticket", "aplicacion", "app", "link", "liga", "enlace"}
)
"""Words that usually identify nothing, but are also names of goods."""
IGNORED = frozenset(
    """
    abonado abono abonos about aca acaba acabamos acaban acabo account adjunta adjunto afternoon
    ahi ahorita al alguien algun alguna alguno alla am amigo and anda ando anexa anexo annual
    ante anteayer antes antier any aparece aparecen apenas aplazo aqui arrive arrived aun
    aurrera avisa avisan aviso ayer ayuda ayudas ayuden banca banco bank baro baros barras been
    being benavides beneficiaria beneficiario between bien bnpl bought bro buen buena buenas
    buenos busca buscame buscamos buscar busco but buy cae caer caida caido called calling can
    captura card cargo cash cayo cel charge charged checa checar check chedraui clabe clave
    client cliente clientes cobra cobrado cobrar cobraron cobro cobros codigo com come como
    compa compra comprando comprar compraste compre compro comprobante con concepto confirma
    confirmacion confirman confirmar confirmo contigo correo could cual cuales cuando cuanta
    cuanto cuate cuenta customer dame day days de debe deben deberia debes decir decirme
    declined deje dejo del deposit deposite deposited deposito depositos desaparecio descripcion
    description desde despues destino devolucion devolver devolvieron devuelto devuelvan dia
    dias dice dicen did digan dije dijo dinero dio disculpa disculpe disculpen doble does don
    dona donde double efectivo efectuado either el eleven ella ellos email en encontrar
    encontraste encuentra encuentrame encuentro ending ends entra entrado entre entro envia
    enviaron envie envio era es esa escribe escribimos escribo ese eso esposa esposo esta estado
    estan estatus este esto evening exitosa exitoso factura facturar farmacia farmacias favor
    fecha feria fin find folio for foto from fue fueron good gracias gustaria ha habla hablamos
    hablan hablo hace hacer had han has hasta have hay he hello help here hermana hermano hey
    hice hicieron hicimos hija hijo hizo hola hora horas hour hours how hoy http https husband
    im importe intentando intente intento intentos intereses its jefe joven just klarna kueski
    lana land landed lanita las last later latest le les lic linea lista listo llama llamamos
    llamo llega llegado llegaron llego llevo localiza localizar logre logro look looking los
    made mama manana manda mandado mandame mandaron mande mando mas mastercard me mejor
    mensualidad mes meses mi mia mil mine mio mis molestia molesto momento money month monto
    morning movimiento movimientos msi muy mx nada name need new newest noche noches nomas
    nombre nos nosotros not nuestra nuestro nuevo nuevos num number numero nunca oiga oigan okay
    operacion orden ordenante ordenes order orders origen otra otro our owe owes oxxo oye pagado
    pagamos pagar pagaron pago pagos pague paid papa para parte partir pasa pasada pasado pasame
    pasan pasas pase paso pay paying payment payments pendiente pendientes pending perdon
    perdona pero pesitos peso pesos plazos please pm podido podria podrian podrias por porque
    pregunta preguntar pude puede pueden puedes pues punto purchase purchased que queda quedado
    quedo queremos queria quien quiere quiero quincena quise quisiera quisieramos quiso rastreo
    rato realice realizada realizado realizo rebota rebotada rebotado receive received rechaza
    rechazada rechazaron rechazo recibi recibido recibieron recibio recibir recibiste recibo
    recien reconoce reconozco recuerdo reembolsar reembolsaron reembolso ref reference
    referencia reflejada reflejado reflejar reflejo refund refunded regards registered regresa
    regresado regresar regresaron regrese regresen regreso revisa revisar saber sabes said sale
    salio salir saludos same se sea search segun semana sending senor senora sent ser seven
    should si sido siempre sigue siguen sin sobre solo somos soriana sorry soy spei sr sra srita
    srta status still su supuestamente sus tambien tampoco tarda tardan tarde tardes tardo
    tarjeta tel tengo thank thanks that the their them then there they this through tienda
    tiendita tiene tipo todavia transaccion transfer transferencia transferi transfirio trate
    tried trying tu twice ubica ubicar ultimo ultimos una uno urge urgen urgente usted ustedes
    varitos varo varos ve veces veian veo ver verificar ves vez via viene vieron vio visa viste
    visto walmart wapp was week weeks went whats whatsapp when where whether which who why wife
    wire with without would www ya yesterday yet you your
    """.split()  # noqa: SIM905 - a hundred words, which nobody reads one a line
)
"""Words that identify no payment, without accents."""


def is_telling(word: str) -> bool:
    """Tell whether a word can identify a payment; short and common words cannot."""
    return len(word) >= MIN_WORD and fold_text(word) not in IGNORED and not word.isdigit()


def spell_words(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return each word as it is written, and without case and accents; O'Brien also as OBrien."""
    found = [(word, fold_text(word)) for text in texts for word in re.findall(r"\w+(?:['’]\w+)*", text)]
    return [
        (word, plain)
        for word, folded in found
        for plain in dict.fromkeys((*re.findall(r"\w+", folded), re.sub("['’]", "", folded)))
    ]


def list_words(text: str) -> list[str]:
    return re.findall(r"\w+", fold_text(text))
