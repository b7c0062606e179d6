// Fields that State can set without remounting them. The browser owns a field's text and sends it to State debounced;
// State's answer is put into the field unless the user's own typing is newer.
import { jsx } from "@emotion/react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStateContext } from "$/utils/context-registry";

const ROOT = "reflex___state____state";
const PRESSED = "a, button, [type=radio], [type=checkbox]";

// One counter orders typing, presses and page loads: State only sets a field after a press or a load.
let moment = 0;
let pressed = 0;
let loaded = 0;
const shown = new Set();

function onPress({ type, target }) {
  if (type === "click" ? !target.closest?.(PRESSED) : type === "change" && target.tagName !== "SELECT") return;
  // Send the typed text to State before the press that follows it.
  shown.forEach((held) => held.tell());
  pressed = ++moment;
}

if (typeof window !== "undefined") for (const type of ["click", "submit", "change"]) addEventListener(type, onPress, true);

class Held {
  constructor(isTicked) {
    // `pending`: the values sent to State and not answered yet.
    Object.assign(this, { isTicked, typed: 0, pending: [] });
  }

  get value() {
    return this.isTicked ? this.element.checked : this.element.value;
  }

  change(pause) {
    [this.typed, this.address] = [++moment, location.href];
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), pause);
    if (!pause) this.tell();
  }

  tell() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.onTell) return;
    this.pending.push(this.value);
    this.onTell(this.value);
  }

  // Whether the user's own text wins over State's: no press came since, or the page has only reloaded.
  get isTheirs() {
    const isNewer = this.typed > pressed || loaded > pressed;
    return !this.isTicked && this.typed && isNewer && this.address === location.href;
  }

  take(given) {
    const place = this.pending.indexOf(given);
    if (place >= 0) this.pending.splice(0, place + 1);
    else if (given === this.value) return;
    else if (!this.isTheirs) this.put(given);
    else if (!this.timer && !this.pending.length) {
      // State has lost the text, as after a restart of the server. Send it again.
      this.timer = 1;
      this.tell();
    }
  }

  put(given) {
    clearTimeout(this.timer);
    [this.timer, this.typed, this.pending] = [0, 0, []];
    this.element[this.isTicked ? "checked" : "value"] = given;
  }
}

// `given`: State's value. `onTell` gets the field's value, `pause` milliseconds after the last key.
function useField(given, onTell, pause, ref, isTicked, options) {
  const [held] = useState(() => new Held(isTicked));
  const first = useRef(given);
  const isLoaded = useStateContext(ROOT).is_hydrated_rx_state_;
  const wasLoaded = useRef(isLoaded);

  useLayoutEffect(() => {
    held.onTell = onTell;
  });
  useLayoutEffect(() => {
    shown.add(held);
    // The user typed before our scripts had loaded.
    if (held.value !== first.current && !isTicked) held.change(pause);
    return () => {
      held.tell();
      shown.delete(held);
    };
  }, [held]);
  useEffect(() => {
    if (wasLoaded.current && !isLoaded) [loaded, held.pending] = [++moment, []];
    wasLoaded.current = isLoaded;
  }, [held, isLoaded]);
  useEffect(() => held.take(given), [held, given, isLoaded, options]);

  const attach = (element) => {
    if (element) held.element = element;
    if (typeof ref === "function") ref(element);
    else if (ref) ref.current = element;
  };
  const value = { ["default" + (isTicked ? "Checked" : "Value")]: first.current };
  // Whoever follows in a demo session may see what stands in it (`following.js`).
  return { ...value, ref: attach, onChange: () => held.change(pause), "data-shared": "" };
}

export function TextField({ given, onTell, pause, ref, ...props }) {
  return jsx("input", { ...props, ...useField(given, onTell, pause, ref) });
}

export function AreaField({ given, onTell, pause, ref, ...props }) {
  return jsx("textarea", { ...props, ...useField(given, onTell, pause, ref) });
}

export function SelectField({ given, onTell, ref, children, ...props }) {
  return jsx("select", { ...props, ...useField(given, onTell, 0, ref, false, children) }, children);
}

// A checkbox or a radio button. After every page load it shows State's value.
export function TickField({ given, onTell, ref, ...props }) {
  return jsx("input", { ...props, ...useField(given, onTell, 0, ref, true) });
}
