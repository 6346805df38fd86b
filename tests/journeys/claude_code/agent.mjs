// Claude Code by its SDK: one prompt, and a person who answers forms as the first argument says (yes, no,
// closed, silent until its window is closed, or none: no form is shown). The rest is the server. Prints what was seen as one JSON object.
import { query } from "@anthropic-ai/claude-agent-sdk";

const [how, environment, command, ...args] = process.argv.slice(2);
const asked = [];
const answers = {
  yes: { action: "accept", content: { approve: true } },
  no: { action: "accept", content: { approve: false } },
  closed: { action: "cancel" },
};

async function answerForm(request) {
  asked.push(request.message);
  if (how !== "silent") return answers[how];
  setTimeout(end, 3000); // the window is closed
  return new Promise(() => {});
}

const results = [];
const end = () => process.stdout.write(JSON.stringify({ asked, results }), () => process.exit(0));
const options = {
  mcpServers: { conekta: { type: "stdio", command, args, env: JSON.parse(environment) } },
  strictMcpConfig: true,
  settingSources: [],
  allowedTools: ["mcp__conekta__create_order"],
  ...(how === "none" ? {} : { onElicitation: answerForm }),
};
for await (const message of query({ prompt: "Cobra a Ana su plan.", options })) {
  if (message.type !== "user") continue;
  for (const part of message.message.content) {
    if (part.type !== "tool_result") continue;
    results.push({ text: JSON.stringify(part.content), isError: part.is_error === true });
  }
}
end();
