// How somebody pays: the CLABE or cash reference of an order or a source, or a payment link.
views.payment = (data) => {
  const amount = formatMoney(data.amount, data.currency);
  const isPaid = data.payment_status === "paid";
  const until = data.never_expires ? say("noExpiry") : formatTime(data.expires_at);
  draw(
    bandOf(data),
    make("h1", "", say(data.url ? "link" : "payment")),
    amount ? make("p", "amount", amount) : null,
    data.payment_status
      ? make("p", isPaid ? "good" : "", sayState(data.payment_status)) : null,
    data.clabe && amount && !isPaid ? make("p", "", say("exact")) : null,
    facts([
      data.clabe ? copyRow(say("clabe"), data.clabe) : [],
      [say("bank"), data.bank],
      data.reference ? copyRow(say("reference"), data.reference) : [],
      data.url ? copyRow(say("link"), data.url) : [],
      [say("payer"), data.customer?.name ? quote(data.customer.name) : null],
      [say("until"), until],
      [say("status"), data.status ? sayState(data.status) : null],
      [say("id"), data.id],
    ]),
    String(data.id).startsWith("ord_")
      ? refreshRow(orderReads(data.id), data.payment_status, (fresh) => ({ ...data, ...(fresh.order ?? fresh) })) : null,
  );
};
