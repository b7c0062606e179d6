// The keys of the review desk. A button or link with `aria-keyshortcuts` is pressed by its key, unless somebody is typing
// or has switched the keys off in this browser. After a key, the next one waits for what it has changed, so that nobody types a
// reason into the air, or decides a letter that is not on the screen yet. While a letter is claimed and somebody is at the desk, `onStay` tells the
// server so every twenty seconds.
import { jsx } from "@emotion/react";
import { useEffect, useLayoutEffect, useRef } from "react";

const STAY_MS = 20000;
// Somebody who has touched nothing for so long has left, and the claim lapses.
const ACTIVE_MS = 600000;
// A key that changes nothing, or whose answer is late, holds the others for so long.
const ANSWERS_MS = 1500;
const OFF = "rxconnect-keys-off";
const FIELDS = "input, textarea, select, [contenteditable]";

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

export function switchKeys(on) {
  try {
    localStorage.setItem(OFF, on ? "" : "1");
  } catch {
    // Without storage, the keys stay on.
  }
}

// Lines of a letter, in pixels, that are in sight when it is opened.
const BEGINNING = 140;

// Brings the words of a letter that was just opened into sight, if the bar, the queue or the end of the window hides them.
function showWords(desk) {
  const [letter, words] = [desk.querySelector(".desk-letter"), desk.querySelector(".desk-letter .words")];
  if (!words) return;
  const { top, bottom } = words.getBoundingClientRect();
  const [covered, floor] = [".desk-bar", ".desk-actions"].map((one) => document.querySelector(one)?.getBoundingClientRect());
  const begins = covered?.bottom ?? 0;
  const ends = Math.min(innerHeight, floor?.top ?? innerHeight);
  if (top < begins || Math.min(top + BEGINNING, bottom) > ends) letter.scrollIntoView({ block: "start", inline: "nearest" });
}

export function Desk({ isClaimed, opened, onStay, children }) {
  const root = useRef(null);
  const active = useRef(Date.now());
  const awaiting = useRef(0);

  // Not after the next paint: whoever sees the desk may press.
  useLayoutEffect(() => {
    function press(event) {
      active.current = Date.now();
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      // A question is open (`asking.py`): its keys are its own.
      if (event.target.closest?.(".ask")) return;
      if (event.key !== "Escape" && (isOff() || event.target.closest?.(FIELDS))) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const button = [...root.current.querySelectorAll("[aria-keyshortcuts]")].find(
        (one) => one.getAttribute("aria-keyshortcuts") === key && !one.disabled && one.offsetParent
      );
      if (!button) return;
      event.preventDefault();
      if (Date.now() < awaiting.current && key !== "Escape") return;
      awaiting.current = Date.now() + ANSWERS_MS;
      button.click();
    }
    const answered = new MutationObserver(() => (awaiting.current = 0));
    answered.observe(root.current.querySelector("[data-answers]"), { childList: true, subtree: true, characterData: true });
    const move = () => (active.current = Date.now());
    document.addEventListener("keydown", press);
    document.addEventListener("pointermove", move, { passive: true });
    document.addEventListener("scroll", move, { passive: true, capture: true });
    return () => {
      answered.disconnect();
      document.removeEventListener("keydown", press);
      document.removeEventListener("pointermove", move);
      document.removeEventListener("scroll", move, { capture: true });
    };
  }, []);

  useEffect(() => {
    // After the focus, which the server moves to the letter's title, and which brings no more than that into sight.
    const timer = opened && setTimeout(() => showWords(root.current), 50);
    return () => clearTimeout(timer);
  }, [opened]);

  useEffect(() => {
    if (!isClaimed) return undefined;
    const timer = setInterval(() => Date.now() - active.current < ACTIVE_MS && onStay(), STAY_MS);
    return () => clearInterval(timer);
  }, [isClaimed, onStay]);

  return jsx("div", { ref: root }, children);
}

export function KeySwitch({ label }) {
  return jsx(
    "label",
    { className: "check" },
    jsx("input", { type: "checkbox", defaultChecked: !isOff(), onChange: (event) => switchKeys(event.target.checked) }),
    jsx("span", null, label)
  );
}
