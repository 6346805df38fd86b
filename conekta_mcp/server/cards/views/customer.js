// A customer: who it is, and the ways in which they can pay.
views.customer = (data) => {
  const sources = (data.payment_sources ?? []).map((one) => {
    const kind = one.clabe ? say("clabe") : one.reference ? say("reference") : one.brand ?? one.type ?? "";
    const number = one.clabe ?? one.reference ?? (one.last4 ? `•••• ${one.last4}` : "");
    return make("li", "", `${kind} `, make("span", "number", number));
  });
  draw(
    bandOf(data),
    make("h1", "", say("customer")),
    data.name ? make("p", "question", quote(data.name)) : null,
    facts([
      [say("email"), data.email ? quote(data.email) : null],
      [say("phone"), data.phone ? quote(data.phone) : null],
      [say("id"), data.id],
    ]),
    sources.length ? make("section", "", make("h2", "", say("sources")), make("ul", "steps", ...sources)) : null,
    data.id ? refreshRow([["get_customer", { customer_id: data.id }]]) : null,
  );
};
