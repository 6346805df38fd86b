// Vercel's AI SDK and the TypeScript SDK, each calling every default tool with only what it requires.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { createMCPClient } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport } from "@ai-sdk/mcp/mcp-stdio";
import { asSchema } from "ai";
import { walk } from "./walk.mjs";

const [now, command, ...args] = process.argv.slice(2);
const read = (answer) => answer.structuredContent;

const transport = new Experimental_StdioMCPTransport({ command, args, env: process.env });
const layer = await createMCPClient({ transport });
const tools = await layer.tools();
const options = { toolCallId: "call_1", messages: [] };
const ofAiSdk = {
  schemas: Object.fromEntries(
    await Promise.all(
      Object.entries(tools).map(async ([name, tool]) => [name, await asSchema(tool.inputSchema).jsonSchema]),
    ),
  ),
  answers: await walk(async (name, given) => read(await tools[name].execute(given, options)), now),
};
await layer.close();

const client = new Client({ name: "typescript-1", version: "1.0.0" });
await client.connect(new StdioClientTransport({ command, args, env: process.env }));
await client.listTools(); // from here on the client checks answers against outputSchema
const ofTypescript = {
  answers: await walk(async (name, given) => read(await client.callTool({ name, arguments: given })), now),
};
await client.close();

console.log(JSON.stringify({ ai_sdk: ofAiSdk, typescript: ofTypescript }));
