// Warns before staff are signed out for being idle. The server decides: `left` is what it last said, in seconds.
// It is asked again before the warning, since another tab may have been used meanwhile.
import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { bringBack, forget, keep } from "./kept_text.js";

const [TICK, PATIENCE] = [1000, 4000]; // ms
const TITLE = _("Are you still there?");
const SECONDS = _("You will be signed out in {count} seconds, as nobody has pressed anything for a while. What is open here stays as it is.");
const STAY = _("Stay signed in");

export function Idle({ left, warn, account, signIn, onLook, onStay }) {
  const [seconds, setSeconds] = useState(0);
  const dialog = useRef();
  // Often known only after the first answer.
  const owner = useRef();
  owner.current = account;

  useEffect(() => {
    onLook();
    const onSeen = () => document.visibilityState === "visible" && onLook();
    document.addEventListener("visibilitychange", onSeen);
    return () => document.removeEventListener("visibilitychange", onSeen);
  }, []);

  useEffect(() => (account ? bringBack(account) : undefined), [account]);

  useEffect(() => {
    if (left < 0) return undefined;
    if (left > warn) {
      dialog.current.close();
      forget(owner.current);
      const timer = setTimeout(onLook, (left - warn) * 1000);
      return () => clearTimeout(timer);
    }
    const ends = Date.now() + left * 1000;
    let leaving;
    const tick = () => {
      setSeconds(Math.max(0, Math.ceil((ends - Date.now()) / 1000)));
      if (Date.now() < ends) return;
      clearInterval(timer);
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
      jsx("p", null, SECONDS.replace("{count}", seconds)),
      jsx("button", { type: "button", className: "btn", autoFocus: true, onClick: onStay }, STAY),
    ),
  );
}
