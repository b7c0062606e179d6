// Arrow keys between a search's fields and the buttons of its results. Tab works as usual; the arrows are shorter: Down
// from a field into the list, Up and Down within it, and Escape back to the field.
import { jsx } from "@emotion/react";
import { useEffect, useRef } from "react";

const FIELD = "input.input";
const STOPS = ".rows button, .rows + * button";

export function ArrowKeys({ count, children }) {
  const root = useRef(null);
  const field = useRef(null);
  const before = useRef(count);

  // After the button below the list has loaded more lines, focus the first new one.
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
