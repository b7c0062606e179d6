// A Vite plugin that puts Preact into React's place in the browser (`docs/decisions/0078-*`). The pages are still prerendered with React.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGES = {
  react: fileURLToPath(new URL("./preact_react.js", import.meta.url)),
  "react-dom": "preact/compat",
};
// Two files of Reflex and React Router: what we know them by, and what stands in their place.
const FILES = {
  // Preact adopts only the body: React sorts the head in an order of its own.
  "/app/_document.js": [
    'jsx("body",{},children,jsx(ScrollRestoration,{},),jsx(Scripts,{},))',
    `import { UNSAFE_useScrollRestoration as useScrollRestoration } from "react-router";
    export function Layout({ children }) {
      useScrollRestoration();
      return children;
    }`,
  ],
  // React Router throws a promise at its first render.
  "/app/entry.client.js": [
    "hydrateRoot(document, createElement(HydratedRouter));",
    `import { Suspense, createElement, hydrate } from "react";
    import { HydratedRouter } from "react-router/dom";
    hydrate(createElement(Suspense, null, createElement(HydratedRouter)), document.body);`,
  ],
};

export function preact() {
  const unused = new Set([...Object.keys(PACKAGES), ...Object.keys(FILES)]);
  return {
    name: "rxconnect-preact",
    enforce: "pre",
    applyToEnvironment: ({ name }) => name === "client",
    resolveId(source, importer) {
      unused.delete(source);
      return source in PACKAGES ? this.resolve(PACKAGES[source], importer, { skipSelf: true }) : null;
    },
    load(id) {
      const [path] = id.split("?");
      const name = Object.keys(FILES).find((file) => path.endsWith(file));
      if (!name) return null;
      const [known, ours] = FILES[name];
      if (!readFileSync(path, "utf8").includes(known)) this.error(`${path} has changed: there is no ${known}`);
      unused.delete(name);
      return ours;
    },
    buildEnd(error) {
      if (!error && unused.size) this.error(`Nothing asks for these any more: ${[...unused].join(", ")}`);
    },
  };
}
