// What all cards are drawn with. Data gets into the page as text nodes only.
const card = document.getElementById("card"), told = document.getElementById("told");
const views = {};
let host = {}, input = {};
function make(tag, classes, ...inside) {
  const one = document.createElement(tag);
  if (classes) one.className = classes;
  one.append(...inside.filter((part) => part !== null && part !== undefined));
  return one;
}
// What others typed cannot end its own quotation, nor hold what is not seen.
const quote = (text) => make("span", "typed", `«${String(text).replace(/[«»‹›]|\p{Cc}|\p{Cf}/gu, "")}»`);
const line = (parts) => parts.map((part) => part.is_typed ? make("span", "typed", part.text) : part.text);
function button(text, act, classes = "") {
  const one = make("button", classes, text);
  one.type = "button";
  one.addEventListener("click", act);
  return one;
}
function facts(rows) {
  const kept = rows.filter(([, shown]) => shown !== null && shown !== undefined && shown !== "");
  return make("dl", "", ...kept.flatMap(([name, shown]) => [make("dt", "", name), make("dd", "", ...[shown].flat())]));
}
function formatMoney(centavos, currency = "MXN") {
  if (!Number.isInteger(centavos)) return null;
  const digits = String(Math.abs(centavos)).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${currency} ${centavos < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
}
// Times are the merchant's, as in every other answer, and not those of whoever looks at the card.
function formatTime(seconds) {
  if (!Number.isInteger(seconds) || seconds <= 0) return null;
  const { timeZone, placeEs, placeEn } = document.documentElement.dataset;
  const how = { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };
  const found = {};
  new Intl.DateTimeFormat("en-US", how).formatToParts(seconds * 1000).forEach((part) => { found[part.type] = part.value; });
  const month = say("months").split(" ")[found.month - 1];
  return `${found.day} ${month} ${found.year}, ${found.hour}:${found.minute} (${language === "en" ? placeEn : placeEs})`;
}
function band(isLive, ...beside) {
  return make("p", `band ${isLive ? "live" : "test"}`, make("strong", "", say(isLive ? "live" : "test")), " ", ...beside);
}
function bandOf(data) {
  const isLive = data.livemode ?? { live: true, test: false }[data.account?.mode];
  return typeof isLive === "boolean" ? band(isLive, profileOf(data)) : null;
}
const profileOf = (data) => data.account?.profile ? quote(data.account.profile) : "";
// A table that is wider than the card is scrolled, by the keyboard too.
function scrollTable(table, name) {
  const scroll = make("div", "scroll", table);
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", say(name));
  return scroll;
}
const tell = (text) => { told.textContent = text; };
function draw(...nodes) {
  card.replaceChildren(...nodes.filter((node) => node !== null));
}
function copyRow(name, text) {
  const shown = make("span", "number", String(text));
  // What --pii masks is of no use to a payer.
  if (!/^[\w:/?=&.%#+-]+$/.test(text)) return [name, shown];
  const copy = button(say("copy"), () => {
    // Not the clipboard's own interface: hosts give cards no permission for it.
    getSelection().selectAllChildren(shown);
    tell(say(document.execCommand("copy") ? "copied" : "selected"));
  });
  copy.setAttribute("aria-label", `${say("copy")}: ${name}`);
  return [name, [shown, " ", copy]];
}
// Reads the same object again by the first of `asks` that the host and the server take; the profile is the one that the
// call was made with. `merge` makes what is shown of the answer.
function refreshRow(asks, before, merge = (fresh) => fresh) {
  return make("p", "refresh", button(say("refresh"), async () => {
    const own = input.profile ? { profile: input.profile } : {};
    for (const [tool, given] of asks) {
      const asked = request("tools/call", { name: tool, arguments: { ...given, ...own } });
      const result = await asked.catch(() => ({ isError: true }));
      if (result.isError) continue;
      const fresh = result.structuredContent ?? {};
      show({ ...result, structuredContent: merge(fresh) });
      tell(say("refreshed"));
      const now = (fresh.order ?? fresh).payment_status;
      if (now && now !== before) inform(`The card was refreshed: ${Object.values(given)[0]} is now ${now}.`);
      return;
    }
    tell(say("unrefreshed"));
  }));
}
// explain_payment is in the default list, get_order where only orders are.
const orderReads = (id) => [["explain_payment", { id }], ["get_order", { order_id: id }]];
// Not every host takes it, and none has to: what the person did stands without it.
const inform = (text) =>
  request("ui/update-model-context", { content: [{ type: "text", text }] }).catch(() => undefined);
function showResult(data) {
  const known = ["id", "status", "payment_status"].filter((name) => typeof data[name] === "string");
  draw(bandOf(data), make("h1", "", say("done")), facts(known.map((name) => [name, sayState(data[name])])),
    make("p", "soft", say("inText")));
}
function show(result) {
  const data = result.structuredContent ?? {};
  const question = result._meta?.["conekta-mcp/approval"];
  shownResult = result;
  tell("");
  if (question) return views.approval(question);
  leaveApproval();
  if (result.isError || data.error) {
    const message = data.error?.message;
    draw(make("h1", "", say("problem")), make("p", "warning", message ? String(message) : say("inText")));
  } else if (data.conekta) draw(make("h1", "", say("done")), make("p", "soft", say("inText")));
  else (views[viewName] ?? showResult)(data);
  return undefined;
}
let viewName, shownResult;
function applyContext(context) {
  host = { ...host, ...context };
  const spoken = String(host.locale ?? "").slice(0, 2).toLowerCase();
  if (spoken === "es" || spoken === "en") language = spoken;
  document.documentElement.lang = language;
  const dark = host.theme ? host.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
async function start(name) {
  viewName = name === "approval" ? undefined : name;
  listen({
    "ui/notifications/tool-input": (params) => { input = params.arguments ?? {}; },
    "ui/notifications/tool-result": show,
    "ui/notifications/tool-cancelled": () => draw(make("p", "", say("stopped"))),
    "ui/notifications/host-context-changed": (params) => {
      applyContext(params);
      if (params.locale && shownResult) show(shownResult);
    },
  });
  applyContext({});
  draw(make("p", "soft", say("loading")));
  const { hostContext } = await request("ui/initialize", {
    protocolVersion: "2026-01-26", appInfo: { name: `conekta-${name}`, version: "1" }, appCapabilities: {},
  });
  applyContext(hostContext ?? {});
  draw(make("p", "soft", say("loading")));
  notify("ui/notifications/initialized", {});
  let height = 0;
  const measure = () => {
    const now = Math.ceil(document.body.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    notify("ui/notifications/size-changed", { height });
  };
  new ResizeObserver(measure).observe(document.body);
  measure();
}
