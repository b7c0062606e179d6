// The region of notices at the edge of a page. Escape closes what it shows. The focus then goes back to where it was, and never to
// nowhere. The region moves to the other edge when it would cover the control that has the focus.
import { jsx } from "@emotion/react";
import { useEffect, useRef } from "react";

const CONTROL = "input, select, textarea, button, summary, a[href]";

// The control outside of the region that had the focus last. It may be gone with what was removed: then the next line of its
// list takes its place, or the one before.
let places = [];

function remember(control) {
  const line = control.closest("li");
  places = [control, line?.nextElementSibling, line?.previousElementSibling];
}

// Gives the focus back to where it was before it came here, or to the heading of the page.
export function giveFocusBack() {
  const place = places.find((one) => one?.isConnected);
  const control = place?.matches("li") ? place.querySelector(CONTROL) : place;
  control?.focus();
  if (!control || document.activeElement !== control) document.getElementById("page-title")?.focus();
}

function keepClearOf(control, region) {
  // It does not move from under a pointer that presses a button of its own.
  if (region.contains(control)) return;
  region.removeAttribute("data-edge");
  const toast = [...region.children].find((one) => one.matches("div"))?.getBoundingClientRect();
  if (!toast || !control?.matches(CONTROL)) return;
  const { top, bottom } = control.getBoundingClientRect();
  if (toast.top < bottom && top < toast.bottom) region.setAttribute("data-edge", toast.top > innerHeight / 2 ? "top" : "bottom");
}

export function Toasts({ onClose, children }) {
  const region = useRef(null);

  useEffect(() => {
    // The reference is emptied before this effect ends, and an event may come between.
    const here = region.current;
    const place = () => keepClearOf(document.activeElement, here);
    const onFocus = ({ target }) => {
      if (!here.contains(target) && target.matches(CONTROL)) remember(target);
      place();
    };
    const onKey = (event) => {
      const isElsewhere = event.defaultPrevented || event.isComposing || document.querySelector("dialog[open], :popover-open");
      if (event.key !== "Escape" || isElsewhere || !here.querySelector(":scope > div")) return;
      close();
    };
    const watch = new MutationObserver(place);
    watch.observe(here, { childList: true });
    document.addEventListener("focusin", onFocus);
    document.addEventListener("keydown", onKey);
    addEventListener("scroll", place, { passive: true });
    addEventListener("resize", place);
    return () => {
      watch.disconnect();
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("keydown", onKey);
      removeEventListener("scroll", place);
      removeEventListener("resize", place);
    };
  }, []);

  function close() {
    if (region.current?.contains(document.activeElement)) giveFocusBack();
    onClose();
  }
  const press = ({ target }) => target.closest("[data-close]") && close();
  return jsx("div", { ref: region, className: "notice", role: "status", "aria-live": "polite", onClick: press }, children);
}
