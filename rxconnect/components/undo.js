// Says what was removed, and offers *Undo*: for as long as the server said, and longer while somebody is at it, who may need the
// time to press. The control that was pressed is often gone with what it removed, so the button takes the focus then; it
// ignores the second key of somebody who has pressed twice.
import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { giveFocusBack } from "$/utils/toasts.js";

const TOO_QUICK = 500; // ms
const LOOK_MS = 250;
const AFTER_MS = 3000; // So long it stays when focus and pointer have left it.
// When each removal, as the server told of it, is shown no more unless somebody is at it, and when it can no longer be undone.
// Another page of the app goes on with the same times.
const ends = new WeakMap();
// When each was first shown, by its id.
const firstShown = new Map();

function endsOf(removal) {
  const now = performance.now();
  if (!ends.has(removal)) ends.set(removal, { rest: now + removal.seconds * 1000, last: now + removal.undoable_seconds * 1000 });
  return ends.get(removal);
}

export function Undo({ removal, onUndo, children }) {
  const id = removal?.id;
  const [shown, show] = useState(null);
  const [pressed, setPressed] = useState(0);
  // Whether the time ran out for somebody whose focus was here.
  const [wasCutOff, setCutOff] = useState(false);
  const isShown = !!id && shown === id;
  const toast = useRef(null);
  const button = useRef(null);
  const heldAt = useRef(-AFTER_MS);

  useEffect(() => {
    if (!id) return undefined;
    const { rest, last } = endsOf(removal);
    setCutOff(false);
    let isOn = shown === id;
    const look = () => {
      const now = performance.now();
      const hasFocus = toast.current?.contains(document.activeElement);
      // Focus holds it for somebody at the keyboard; after a tap the button has the focus by itself.
      if (toast.current?.querySelector(":focus-visible") || toast.current?.matches(":hover")) heldAt.current = now;
      const was = isOn;
      isOn = now < last && (now < rest || (was && now < heldAt.current + AFTER_MS));
      if (isOn !== was) show(isOn ? id : null);
      if (isOn || !was || !hasFocus) return;
      setCutOff(true);
      giveFocusBack();
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [removal]);

  useEffect(() => {
    if (!isShown) return undefined;
    if (!firstShown.has(id)) firstShown.set(id, performance.now());
    // What was pressed leaves the page with the same answer, or with the next one.
    const timer = setTimeout(() => {
      if ([document.body, null].includes(document.activeElement)) button.current?.focus({ preventScroll: true });
    }, 150);
    return () => clearTimeout(timer);
  }, [id, isShown]);

  const press = ({ detail }) => {
    // A key has no `detail`. Whoever points at the button means it.
    if ((!detail && performance.now() < firstShown.get(id) + TOO_QUICK) || pressed === id) return;
    setPressed(id);
    onUndo(id);
  };
  if (!isShown) return wasCutOff ? jsx("span", { className: "sr" }, _("The time to undo this is over.")) : null;
  return jsx("div", { ref: toast, className: "notice-undo" },
    jsx("span", { id: "undo-what" }, removal.sentence),
    jsx("button", { ref: button, type: "button", className: "notice-act", onClick: press, "aria-disabled": pressed === id, "aria-describedby": "undo-what" }, _("Undo")),
    children);
}
