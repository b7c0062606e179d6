// A Vite plugin that leaves out what no page of ours uses of three packages (`frontend.py`).
const INSTEAD = {
  // Vite wraps each script that is loaded later in a helper that finds its stylesheets. None of ours has any.
  "vite/preload-helper.js": "export const __vitePreload = (load) => load();",
  // Our sockets never poll, and the first of a page may be open already.
  "engine.io-client/build/esm/transports/index.js": `import { takeEarly } from "$/utils/early_socket.js";
    import { WS } from "./websocket.node.js";
    class OurWS extends WS {
      createSocket(address, ...rest) {
        return takeEarly(address) ?? super.createSocket(address, ...rest);
      }
    }
    export const transports = { websocket: OurWS };`,
  // No State keeps a var in the browser.
  "universal-cookie/esm/index.mjs": "export default class {}",
};

export function lean() {
  const unused = new Set(Object.keys(INSTEAD));
  return {
    name: "rxconnect-lean",
    enforce: "pre",
    applyToEnvironment: ({ name }) => name === "client",
    load(id) {
      const file = Object.keys(INSTEAD).find((name) => id.endsWith(name));
      unused.delete(file);
      return file ? INSTEAD[file] : null;
    },
    buildEnd(error) {
      if (!error && unused.size) this.error(`These files have moved: ${[...unused].join(", ")}`);
    },
  };
}
