// A shared tablet leaves nothing behind: the page of the sign-in takes the place of the page that was open, so that Back
// leads nowhere, and no page is shown again from the browser's memory.
import { jsx } from "@emotion/react";
import { useEffect } from "react";
import { theSocket } from "./connection.js";

const PATIENCE = 4000; // ms: nothing must stay on the screen when the server does not answer
const UNTOUCHED = 45000; // ms

// Tabs tell each other which sign-in has ended, by its mark.
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("kiosk") : undefined;

// Signs out and goes on to `signIn`, once a form has saved what was typed. Until then nothing of the page is shown. The mark of
// the page's sign-in goes along, since another person may be signed in by now; so does it with a sign-out that was not answered.
export function leave(signOut, signIn, mark) {
  const go = (answer) => {
    if (mark) tabs?.postMessage({ mark, signIn });
    location.replace(mark && answer?.type !== "opaqueredirect" ? `${signIn}&of=${mark}` : signIn);
  };
  const saving = [];
  document.body.hidden = true;
  setTimeout(() => go(), PATIENCE);
  // The router stores how far each page was scrolled, in a listener that it added before.
  addEventListener("pagehide", () => sessionStorage.clear());
  dispatchEvent(new CustomEvent("leaving", { detail: saving }));
  Promise.allSettled(saving)
    // The server's answer to what the page still asks would be that the sign-in has ended, and lead elsewhere.
    .then(() => theSocket().disconnect())
    .catch(() => {})
    .then(() => fetch(mark ? `${signOut}?of=${mark}` : signOut, { method: "POST", redirect: "manual", keepalive: true }))
    .then(go, () => go());
}

// Leaves this tab when its sign-in was ended in another one. Returns what stops it.
export function leavesWithOthers(mark) {
  const hear = ({ data }) => {
    if (data.mark !== mark) return;
    document.body.hidden = true;
    location.replace(data.signIn);
  };
  tabs?.addEventListener("message", hear);
  return () => tabs?.removeEventListener("message", hear);
}

// A browser may show a page again as it was left. Then the page is hidden, and loaded anew. Returns what stops it.
export function neverRevived() {
  const revive = (event) => {
    if (!event.persisted) return;
    document.body.hidden = true;
    location.reload();
  };
  addEventListener("pageshow", revive);
  return () => removeEventListener("pageshow", revive);
}

export function Leave({ signOut, signIn, mark, children }) {
  const onSubmit = (event) => {
    event.preventDefault();
    leave(signOut, signIn, mark);
  };
  return jsx("form", { method: "post", action: signOut, onSubmit }, children);
}

// A page that was not loaded as a whole still holds in memory what came before it.
export function FreshPage() {
  useEffect(() => {
    const [loaded] = performance.getEntriesByType("navigation");
    if (loaded && new URL(loaded.name).pathname !== location.pathname) location.reload();
    const stop = neverRevived();
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => document.querySelectorAll("form").forEach((form) => form.reset()), UNTOUCHED);
    };
    addEventListener("input", wait);
    return () => {
      stop();
      clearTimeout(timer);
      removeEventListener("input", wait);
    };
  }, []);
  return null;
}
