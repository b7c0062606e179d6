// Fetches the scripts of pages before the router asks for them: of those that probably come next, while the browser is idle,
// and of the one whose link is pressed. The router would find some of them only inside others. The browser keeps them for a year.
import { useEffect } from "react";

const AFTER_MS = 2000; // The page itself comes first.
const fetched = new Set();

// `isWanted` is asked with the path of each page as the router has it, such as `/compose/:draft_id`.
function fetchScripts(isWanted) {
  const { routes } = window.__reactRouterManifest;
  const pages = Object.values(routes).filter(({ path }) => isWanted(`/${path ?? ""}`));
  for (const href of pages.flatMap(({ module, imports }) => [module, ...imports])) {
    if (fetched.has(href)) continue;
    fetched.add(href);
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  }
}

// Whether the router shows `path` at this address.
function leadsTo(path, pathname) {
  const [ours, its] = [path, pathname].map((one) => one.split("/").filter(Boolean));
  return ours.length === its.length && ours.every((part, at) => part === its[at] || part.startsWith(":"));
}

function onPress({ target }) {
  const link = target.closest?.("a[href]");
  if (link?.origin === location.origin) fetchScripts((path) => leadsTo(path, link.pathname));
}

if (typeof window !== "undefined") {
  // A finger or a mouse first, then the key Enter.
  addEventListener("pointerdown", onPress, { capture: true, passive: true });
  addEventListener("click", onPress, true);
}

export function Ahead({ pages }) {
  useEffect(() => {
    // Somebody pays for every kilobyte.
    if (navigator.connection?.saveData) return;
    const timer = setTimeout(
      () => (window.requestIdleCallback ?? setTimeout)(() => fetchScripts((path) => pages.includes(path))),
      AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, []);
  return null;
}
