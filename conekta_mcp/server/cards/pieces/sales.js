// Sales by day: {days: [{day, amount, currency, orders}]}, one row for each day and currency.
views.sales = (data) => {
  const days = data.days ?? [];
  const totals = new Map();
  days.forEach((one) => totals.set(one.currency, (totals.get(one.currency) ?? 0) + one.amount));
  // Bars compare days of one currency.
  const most = (currency) => Math.max(1, ...days.filter((one) => one.currency === currency).map((one) => one.amount));
  const heads = ["day", "count", "amount", ""].map((name) => {
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
    make("h1", "", say("sales")),
    ...[...totals].map(([currency, sum]) => make("p", "amount", formatMoney(sum, currency))),
    days.length ? scrollTable(table, "sales") : make("p", "", say("empty")),
    data.has_more || data.stopped || data.cut ? make("p", "soft", say("more")) : null,
  );
};
