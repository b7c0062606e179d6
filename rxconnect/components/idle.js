// Warns before somebody is signed out for being idle. The server decides: `left` is what it last said, in seconds. It is
// asked again before the warning, since another tab may have been used meanwhile.
// With `signOut` the browser is a shared tablet. Each touch of the page counts as use, and is told at once: told later, it would
// count from then. It is told at most every ten seconds, so the end may come ten seconds early, and never late. Nothing typed
// is kept in the browser, and the end leaves nothing behind (`leaving.js`).
import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { bringBack, forget, keep } from "./kept_text.js";
import { leave, leavesWithOthers, neverRevived } from "./leaving.js";

const [TICK, PATIENCE, TOLD_EVERY] = [1000, 4000, 10000]; // ms
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchmove"];
const TITLE = _("Are you still there?");
const SECONDS = _("You will be signed out in {count} seconds, as nobody has pressed anything for a while. What is open here stays as it is.");
const SECONDS_AT_KIOSK = _("You will be signed out in {count} seconds, as nobody has touched the screen for a while. Your draft is kept.");
const STAY = _("Stay signed in");

export function Idle({ left, warn, account, signIn, signOut, mark, onLook, onStay }) {
  const [seconds, setSeconds] = useState(0);
  const dialog = useRef();
  // Often known only after the first answer.
  const owner = useRef();
  owner.current = account;
  const own = useRef();
  own.current = mark;
  const [ends, told] = [useRef(Infinity), useRef(0)];

  useEffect(() => {
    onLook();
    const onSeen = () => {
      if (document.visibilityState !== "visible") return;
      // A tablet that was asleep shows nothing of who left it.
      if (signOut && Date.now() >= ends.current) leave(signOut, signIn, own.current);
      else onLook();
    };
    document.addEventListener("visibilitychange", onSeen);
    return () => document.removeEventListener("visibilitychange", onSeen);
  }, []);

  useEffect(() => {
    if (!signOut) return undefined;
    const touch = () => {
      if (Date.now() < told.current + TOLD_EVERY) return;
      told.current = Date.now();
      onStay();
    };
    TOUCHES.forEach((name) => addEventListener(name, touch, { passive: true, capture: true }));
    const stop = neverRevived();
    return () => {
      stop();
      TOUCHES.forEach((name) => removeEventListener(name, touch, { capture: true }));
    };
  }, []);

  useEffect(() => (mark ? leavesWithOthers(mark) : undefined), [mark]);

  useEffect(() => (account && !signOut ? bringBack(account) : undefined), [account]);

  useEffect(() => {
    if (left < 0) return undefined;
    ends.current = Date.now() + left * 1000;
    if (left > warn) {
      dialog.current.close();
      if (!signOut) forget(owner.current);
      const timer = setTimeout(onLook, (left - warn) * 1000);
      return () => clearTimeout(timer);
    }
    let leaving;
    const tick = () => {
      setSeconds(Math.max(0, Math.ceil((ends.current - Date.now()) / 1000)));
      if (Date.now() < ends.current) return;
      clearInterval(timer);
      if (signOut) {
        leave(signOut, signIn, own.current);
        return;
      }
      keep(owner.current);
      onLook();
      // The letters must not stay on the screen when the server does not answer.
      leaving = setTimeout(() => location.assign(signIn), PATIENCE);
    };
    const timer = setInterval(tick, TICK);
    tick();
    if (!dialog.current.open) dialog.current.showModal();
    return () => {
      clearInterval(timer);
      clearTimeout(leaving);
    };
  }, [left]);

  return jsx(
    "dialog",
    { ref: dialog, "aria-labelledby": "idle-title", onCancel: onStay },
    jsx(
      "div",
      { className: "stack-sm" },
      jsx("h2", { id: "idle-title" }, TITLE),
      jsx("p", null, (signOut ? SECONDS_AT_KIOSK : SECONDS).replace("{count}", seconds)),
      jsx("button", { type: "button", className: "btn", autoFocus: true, onClick: onStay }, STAY),
    ),
  );
}
