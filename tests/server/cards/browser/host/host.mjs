// A host of cards on ext-apps' AppBridge, as a chat client has one: it draws a card and forwards its calls.
import { AppBridge, PostMessageTransport } from "apps/app-bridge";

const capabilities = { serverTools: {}, updateModelContext: { text: {} }, logging: {} };

// globalThis.callTool and globalThis.inform are given by the test.
globalThis.openCard = async ({ html, input, result, context, sandbox, width, takesContext }) => {
  document.querySelector("iframe")?.remove();
  const frame = document.createElement("iframe");
  frame.style.cssText = `border: 0; width: ${width}px; height: 40px`;
  document.body.append(frame);
  const bridge = new AppBridge(null, { name: "test-host", version: "1.0.0" }, capabilities, {
    hostContext: context,
  });
  globalThis.changeContext = (changed) => bridge.setHostContext({ ...context, ...changed });
  bridge.onsandboxready = () => bridge.sendSandboxResourceReady({ html, sandbox: "allow-scripts" });
  bridge.oncalltool = (params) => globalThis.callTool(params);
  if (takesContext) {
    bridge.onupdatemodelcontext = async (params) => {
      await globalThis.inform(params);
      return {};
    };
  }
  bridge.onsizechange = ({ height }) => {
    frame.style.height = `${height}px`;
  };
  bridge.oninitialized = async () => {
    await bridge.sendToolInput({ arguments: input });
    await bridge.sendToolResult(result);
  };
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.src = sandbox;
};
