// An order: how it stands, what is in it, and what has happened, oldest first. explain_payment answers {now, story,
// order}, or {now, story, link, orders}; other tools answer the order itself.
function listSteps(data, story) {
  if (story) return story.map((one) => [one.happened_at, [one.what]]);
  const charges = data.charges ?? [], refunds = charges.flatMap((charge) => charge.refunds ?? []);
  const steps = [
    [data.created_at, [say("created")]],
    ...charges.map((one) => [one.paid_at ?? one.created_at,
      [`${say("charge")} ${formatMoney(one.amount, one.currency) ?? ""} · ${sayState(one.status)}`,
        one.failure_message ? [" ", quote(one.failure_message)] : []].flat()]),
    ...refunds.map((one) => [one.created_at,
      [`${say("refund")} ${formatMoney(Math.abs(one.amount), data.currency) ?? ""} · ${sayState(one.status)}`]]),
    ...(data.payment_status === "pending_payment" ? [[data.expires_at, [say("due")]]] : []),
  ];
  // A step without a time stays where it was told.
  return steps.sort(([one], [other]) => one && other ? one - other : 0);
}
views.order = (answer) => {
  const data = answer.order ?? answer.orders?.[0] ?? (answer.story ? {} : answer);
  const payer = data.customer?.name ?? data.customer_name;
  const steps = listSteps(data, answer.story).map(([at, what]) =>
    make("li", "", ...what, formatTime(at) ? make("span", "soft", ` — ${formatTime(at)}`) : null));
  const items = (data.line_items ?? []).map((one) =>
    make("li", "", `${one.quantity ?? 1} × `, quote(one.name ?? ""), ` ${formatMoney(one.unit_price, data.currency) ?? ""}`));
  draw(
    bandOf(answer),
    make("h1", "", say("order")),
    make("p", "amount", formatMoney(data.amount, data.currency) ?? ""),
    make("p", data.payment_status === "paid" ? "good" : "", answer.now ?? sayState(data.payment_status ?? "")),
    facts([
      [say("payer"), payer ? quote(payer) : null],
      data.clabe ? copyRow(say("clabe"), data.clabe) : [],
      data.reference ? copyRow(say("reference"), data.reference) : [],
      [say("refunded"), data.amount_refunded ? formatMoney(data.amount_refunded, data.currency) : null],
      [say("id"), data.id],
    ]),
    items.length ? make("section", "", make("h2", "", say("items")), make("ul", "steps", ...items)) : null,
    make("section", "", make("h2", "", say("timeline")), make("ol", "steps", ...steps)),
    data.id ? refreshRow(orderReads(data.id), data.payment_status) : null,
  );
};
