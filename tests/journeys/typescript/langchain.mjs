// LangChain.js, calling every default tool with only what it requires. It checks arguments against the schemas
// itself, so that it never sends the null of an argument that was left out.
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { walk } from "./walk.mjs";

const [now, command, ...args] = process.argv.slice(2);
const server = { transport: "stdio", command, args, env: process.env };
const client = new MultiServerMCPClient({ mcpServers: { conekta: server } });
const tools = Object.fromEntries((await client.getTools()).map((tool) => [tool.name, tool]));

async function call(name, given) {
  try {
    const answer = await tools[name].invoke({ name, args: given, id: "call_1", type: "tool_call" });
    return answer.artifact.find((part) => part.type === "mcp_structured_content").data;
  } catch (refused) {
    // An answer that is an error is raised, with its text for the model.
    return { error: { type: /^type: (.*)$/m.exec(String(refused))?.[1] ?? String(refused) } };
  }
}

const answers = await walk(call, now, "");
await client.close();
const schemas = Object.fromEntries(Object.values(tools).map((tool) => [tool.name, tool.schema]));
console.log(JSON.stringify({ langchain: { schemas, answers } }));
