// Loaded before mcpb, which writes the present time into its archive: the same files then give the same bytes.
const fixed = Number(process.env.SOURCE_DATE_EPOCH) * 1000;
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length ? given : [fixed]));
  }
  static now() {
    return fixed;
  }
};
