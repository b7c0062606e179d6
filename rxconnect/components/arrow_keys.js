// Arrow keys between the fields of a search and the buttons of what it finds. Tab goes everywhere as it always does; the
// arrows are the shorter way: down from a field into the list, up and down within it, and Escape back to the field.
import { jsx } from "@emotion/react";
import { useEffect, useRef } from "react";

const FIELD = "input.input";
const STOPS = ".rows button, .rows + * button";

export function ArrowKeys({ count, children }) {
  const root = useRef(null);
  const field = useRef(null);
  const before = useRef(count);

  // The button after the list has brought more lines: the focus goes on with the first of them.
  const stops = () => [...root.current.querySelectorAll(STOPS)];
  useEffect(() => {
    const next = stops()[before.current];
    const at = document.activeElement;
    if (count > before.current && before.current > 0 && next && (at === document.body || at === stops()[count])) next.focus();
    before.current = count;
  }, [count]);

  function move(event) {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const all = stops();
    const place = all.indexOf(event.target);
    let next;
    if (place < 0) {
      if (event.key !== "ArrowDown" || !event.target.matches(FIELD)) return;
      field.current = event.target;
      next = all[0];
    } else if (event.key === "Escape" || (event.key === "ArrowUp" && place === 0)) {
      next = field.current ?? root.current.querySelector(FIELD);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      next = all[place + (event.key === "ArrowDown" ? 1 : -1)];
    } else return;
    event.preventDefault();
    next?.focus();
  }

  return jsx("div", { ref: root, onKeyDown: move }, children);
}
