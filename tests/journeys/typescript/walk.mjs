// Calls every default tool with only what it requires, whatever the layer that `call` goes through.
const person = { name: "Ana Ruiz", email: "ana@example.com", phone: "+525555555555" };
const lines = { line_items: [{ name: "Plan mensual", unit_price: 50000, quantity: 1 }] };

// `call(name, arguments)` gives the structured content of an answer, of an error too.
export async function walk(call, now, empty = null) {
  const seen = {};
  const ask = async (name, given) => (seen[name] = (await call(name, given)) ?? {});
  await ask("list_customers", {});
  const mine = { customer_id: (await ask("create_customer", person)).id };
  await ask("get_customer", mine);
  await ask("update_customer", { ...mine, name: "Ana R" });
  await ask("add_card_source", { ...mine, token_id: "tok_test_visa_4242" });
  await ask("add_spei_recurrent_source", mine);
  const address = { street1: "Calle 1", postal_code: "06100", country: "MX" };
  await ask("add_shipping_contact", { ...mine, address });
  const bill = { order_id: (await ask("create_order_reusing_clabe", { ...mine, ...lines })).id };
  await ask("create_order", { ...person, ...lines });
  await ask("find_payment", { text: "500 pesos" });
  await ask("explain_payment", { id: bill.order_id });
  await ask("simulate_payment", bill);
  await ask("refund_order", { ...bill, amount: 50000, reason: "requested_by_client" });
  await ask("create_payment_link", { name: "Plan", expires_at: Number(now) + 86400, ...lines });
  await ask("delete_customer", { customer_id: "cus_none" });
  await ask("search_operations", { query: "planes" });
  await ask("describe_operation", { name: "get_order" });
  await ask("call_read_operation", { name: "get_order", arguments: JSON.stringify(bill) });
  const change = JSON.stringify({ ...mine, name: "Ana Ruiz" });
  await ask("call_write_operation", { name: "update_customer", arguments: change });
  const filled = { limit: 5.0, next: "", search: empty, toolCallId: "1" };
  seen.filled_in = await call("list_customers", filled);
  return seen;
}

