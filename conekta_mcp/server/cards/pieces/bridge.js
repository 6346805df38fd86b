"use strict";
// The host's side of MCP Apps (protocol 2026-01-26), JSON-RPC by postMessage, as much of it as a card needs.
const waiting = new Map();
let lastId = 0;
const post = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
const notify = (method, params) => post({ method, params });
const request = (method, params) => new Promise((resolve, reject) => {
  waiting.set(++lastId, { resolve, reject });
  post({ id: lastId, method, params });
});
function listen(handlers) {
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.jsonrpc !== "2.0") return;
    if (data.method && data.id === undefined) handlers[data.method]?.(data.params ?? {});
    else if (data.method === "ping" || data.method === "ui/resource-teardown") post({ id: data.id, result: {} });
    else if (data.method) post({ id: data.id, error: { code: -32601, message: "Method not found" } });
    else {
      const { resolve, reject } = waiting.get(data.id) ?? {};
      waiting.delete(data.id);
      if (data.error) reject?.(new Error(data.error.message)); else resolve?.(data.result);
    }
  });
}
