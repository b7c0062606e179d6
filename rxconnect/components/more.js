// The button below a list that loads more of its lines, or other ones. The first new line then gets the focus: by then the button is far below it,
// or gone with the last line, and the focus with it.
import { jsx } from "@emotion/react";
import { useEffect, useRef } from "react";

const CONTROL = ":scope > details > summary, :scope > button, :scope > a[href]";

function listAbove(node) {
  for (; node && node !== document.body; node = node.parentElement) {
    for (let before = node.previousElementSibling; before; before = before.previousElementSibling) {
      if (before.matches("ol, ul")) return before;
    }
  }
  return null;
}

function focusFirst(line) {
  const control = line.querySelector(CONTROL) ?? line;
  if (control === line) line.tabIndex = -1;
  control.focus();
}

export function More({ onClick, children, ...props }) {
  const stop = useRef(() => {});
  // A watch that goes on without the button ends with the first new line, or with the next page's list.
  useEffect(() => () => setTimeout(stop.current), []);

  function press(event) {
    const [own, list] = [event.currentTarget, listAbove(event.currentTarget)];
    const [first, count] = [list?.firstElementChild, list?.children.length];
    const watch = new MutationObserver(() => {
      // A list of pages shows other lines, and no more of them.
      const line = list.children[count] ?? (list.firstElementChild === first ? null : list.firstElementChild);
      if (!line) return;
      watch.disconnect();
      // Whoever has gone elsewhere meanwhile stays there.
      if ([own, document.body].includes(document.activeElement)) focusFirst(line);
    });
    stop.current();
    stop.current = () => watch.disconnect();
    if (list) watch.observe(list, { childList: true });
    onClick(event);
  }
  return jsx("button", { ...props, type: "button", onClick: press }, children);
}
