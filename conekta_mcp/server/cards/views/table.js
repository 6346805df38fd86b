// A list. Everything is quoted as typed by somebody but the columns that only Conekta writes.
const OURS = /^(id|.*_id|.*status|state|type|method|currency|clabe|reference|livemode|.*_at|.*_text|next|brand|last4)$/;
const COLUMNS = {
  id: ["Id", "Id"], name: ["Nombre", "Name"], email: ["Correo", "Email"], phone: ["Teléfono", "Phone"],
  amount: ["Importe", "Amount"], status: ["Estado", "Status"], payment_status: ["Pago", "Payment"],
  method: ["Forma de pago", "Method"], clabe: ["CLABE", "CLABE"], reference: ["Referencia", "Reference"],
  created_at: ["Creada", "Created"], paid_at: ["Pagada", "Paid"], expires_at: ["Vence", "Due"],
  customer_id: ["Cliente", "Customer"], customer_name: ["Nombre", "Name"], fee: ["Comisión", "Fee"],
  net: ["Neto", "Net"], type: ["Tipo", "Type"],
};
// Who, how much and whether it is paid are seen without scrolling sideways; ids are for programs.
const RANKS = [/^(customer_)?name$/, /^amount$/, /status$/, /^(?!id$|.*_id$)/];
function rank(name) {
  const found = RANKS.findIndex((shape) => shape.test(name));
  return found < 0 ? RANKS.length : found;
}
function cellOf(column, value, row, columns) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && /_at$/.test(column)) return formatTime(value) ?? String(value);
  if (Number.isInteger(value) && /(^|_)(amount|fee|net)(_|$)/.test(column)) {
    return formatMoney(value, row[columns.indexOf("currency")] ?? "MXN");
  }
  if (/status$/.test(column)) return sayState(value);
  if (typeof value === "string") return OURS.test(column) && /^[\w.:+-]*$/.test(value) ? value : quote(value);
  return typeof value === "object" ? quote(JSON.stringify(value)) : String(value);
}
views.table = (data) => {
  const all = data.columns ?? [], rows = data.rows ?? [];
  // Without what another column shows as well: amounts have their currency, times are readable anyway.
  const isTwin = (name) => name.endsWith("_text") && all.includes(name.slice(0, -5));
  const isNamed = (name) => name === "currency" && all.includes("amount");
  const columns = all.filter((name) => !isTwin(name) && !isNamed(name)).sort((one, other) => rank(one) - rank(other));
  const isFigure = (row, name) => typeof row[all.indexOf(name)] === "number";
  const heads = columns.map((name) => {
    const side = rows.some((row) => isFigure(row, name)) ? "figure" : "";
    const head = make("th", side, COLUMNS[name]?.[language === "en" ? 1 : 0] ?? name.replaceAll("_", " "));
    head.scope = "col";
    return head;
  });
  const body = rows.map((row) => make("tr", "", ...columns.map((name) => {
    const shown = cellOf(name, row[all.indexOf(name)], row, all);
    return make("td", isFigure(row, name) ? "figure" : "", shown);
  })));
  const table = make("table", "", make("thead", "", make("tr", "", ...heads)), make("tbody", "", ...body));
  draw(
    bandOf(data),
    make("h1", "", `${say("list")} (${rows.length})`),
    rows.length ? scrollTable(table, "list") : make("p", "", say("empty")),
    data.has_more || data.next || data.cut ? make("p", "soft", say("more")) : null,
  );
};
