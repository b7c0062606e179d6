// The value of one column at a time, for the pointer, a finger and the keyboard: Left and Right move, Home and End jump.
// To a screen reader the chart is a slider, which reads each value as it comes.
import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";

const MOVES = {
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at) => at - 1,
  Home: () => 0,
  End: (_at, last) => last,
};

export function ChartValues({ label, bars, children }) {
  const root = useRef(null);
  // -1 while no column is looked at.
  const [at, setAt] = useState(-1);
  const last = bars.length - 1;
  const show = (place) => setAt(Math.min(last, Math.max(0, place)));

  useEffect(() => {
    root.current.querySelectorAll("g").forEach((bar, place) => bar.classList.toggle("is-shown", place === at));
  }, [at, bars]);

  function press(event) {
    const move = MOVES[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(move(at, last));
  }

  function point(event) {
    const box = root.current.querySelector("svg").getBoundingClientRect();
    show(Math.floor(((event.clientX - box.left) / box.width) * bars.length));
  }

  const leave = () => document.activeElement !== root.current && setAt(-1);
  return jsx(
    "div",
    {
      ref: root,
      className: "chart-values",
      tabIndex: 0,
      role: "slider",
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": last,
      "aria-valuenow": Math.max(at, 0),
      "aria-valuetext": bars[Math.max(at, 0)]?.text,
      onKeyDown: press,
      onFocus: () => at < 0 && show(0),
      onBlur: () => setAt(-1),
      onPointerMove: point,
      onPointerDown: point,
      onPointerLeave: leave,
    },
    jsx("p", { className: "chart-value small num", "aria-hidden": true }, bars[at]?.text ?? "\u00a0"),
    children,
  );
}
