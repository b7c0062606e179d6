// Fetches the scripts of the pages that probably come next, while the browser is idle. It keeps them for a year.
import { useEffect } from "react";

const AFTER_MS = 2000; // The page itself comes first.
const fetched = new Set();

function fetchAll(pages) {
  const { routes } = window.__reactRouterManifest;
  const next = Object.values(routes).filter(({ path }) => pages.includes(`/${path}`));
  for (const href of next.flatMap(({ module, imports }) => [module, ...imports])) {
    if (fetched.has(href)) continue;
    fetched.add(href);
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  }
}

export function Ahead({ pages }) {
  useEffect(() => {
    // Somebody pays for every kilobyte.
    if (navigator.connection?.saveData) return;
    const timer = setTimeout(() => (window.requestIdleCallback ?? setTimeout)(() => fetchAll(pages)), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return null;
}
