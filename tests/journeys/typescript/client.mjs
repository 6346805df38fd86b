// A TypeScript 1.x client: walks the server that the arguments start and prints what it saw as one JSON object.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: "typescript-1", version: "1.0.0" });
await client.connect(new StdioClientTransport({ command, args, env: process.env }));

const { tools } = await client.listTools(); // from here on the client checks answers against outputSchema
const person = { name: "Ana Ruiz", email: "ana@example.com", phone: "+525555555555" };
const lines = { line_items: [{ name: "Plan mensual", unit_price: 50000, quantity: 1 }] };
const call = (name, given) => client.callTool({ name, arguments: given });

const created = await call("create_customer", person);
const mine = { customer_id: created.structuredContent.id };
const source = await call("add_spei_recurrent_source", mine);
const order = await call("create_order_reusing_clabe", { ...mine, ...lines });
const answers = {
  refused_by_conekta: await call("get_order", { order_id: "ord_none" }),
  refused_by_us: await call("create_order", { ...mine, ...lines, reuse_customer_clabe: "true" }),
  unknown_argument: await call("list_customers", { nope: 1 }),
};
const address = `conekta://customers/${mine.customer_id}`;
const resource = await client.readResource({ uri: address });
const prompt = await client.getPrompt({
  name: "set_up_recurring_spei",
  arguments: { customer: "Ana", language: "en" },
});

console.log(
  JSON.stringify({
    server: client.getServerVersion(),
    tools: tools.map((tool) => tool.name),
    checked: tools.every((tool) => tool.outputSchema !== undefined),
    clabes: [source.structuredContent.clabe, order.structuredContent.clabe],
    livemode: created.structuredContent.livemode,
    errors: Object.fromEntries(
      Object.entries(answers).map(([name, { isError, structuredContent }]) => [
        name,
        { isError, type: structuredContent.error.type, code: structuredContent.error.code },
      ]),
    ),
    resource: JSON.parse(resource.contents[0].text).customer.name,
    resources: (await client.listResources()).resources.map(({ uri }) => uri === address),
    prompt: prompt.messages[0].content.text.split("\n")[0],
  }),
);
await client.close();
