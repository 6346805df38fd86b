// Sales: {by, groups: [{group, currency, taken, payments}]}, one row for each group and currency; what is 0 is left out.
views.sales = (data) => {
  const days = (data.groups ?? []).map((one) =>
    ({ day: one.group, amount: one.taken ?? 0, currency: one.currency, orders: one.payments ?? 0 }));
  const by = { week: "week", method: "method", status: "status" }[data.by] ?? "day";
  const totals = new Map();
  days.forEach((one) => totals.set(one.currency, (totals.get(one.currency) ?? 0) + one.amount));
  // Bars compare days of one currency.
  const most = (currency) => Math.max(1, ...days.filter((one) => one.currency === currency).map((one) => one.amount));
  const heads = [by, "count", "amount", ""].map((name) => {
    const head = make(name ? "th" : "td", { amount: "figure", count: "figure", "": "day" }[name] ?? "", name ? say(name) : "");
    if (name) head.scope = "col";
    return head;
  });
  const rows = days.map((one) => {
    const bar = make("div", "bar");
    bar.style.width = `${Math.max(0, one.amount) * 100 / most(one.currency)}%`;
    const day = make("th", "", String(one.day));
    day.scope = "row";
    return make("tr", "", day, make("td", "figure", String(one.orders ?? "")),
      make("td", "figure", formatMoney(one.amount, one.currency) ?? ""), make("td", "day", bar));
  });
  const table = make("table", "", make("thead", "", make("tr", "", ...heads)), make("tbody", "", ...rows));
  draw(
    bandOf(data),
    make("h1", "", say(by === "day" ? "sales" : "salesOf")),
    ...[...totals].map(([currency, sum]) => make("p", "amount", formatMoney(sum, currency))),
    days.length ? scrollTable(table, "sales") : make("p", "", say("empty")),
    data.has_more || data.stopped || data.cut || data.complete === false ? make("p", "soft", say("more")) : null,
  );
};
