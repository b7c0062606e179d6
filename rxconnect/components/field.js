// Fields that State can set without making them anew. The browser owns what stands in a field. State learns of it after a pause;
// what comes back is taken into the field unless somebody's own typing is newer.
import { jsx } from "@emotion/react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStateContext } from "$/utils/context-registry";

const ROOT = "reflex___state____state";
const PRESSED = "a, button, [type=radio], [type=checkbox]";

// Typing, presses and loads of the page are numbered in one row: State sets a field because of a press, or of a load.
let moment = 0;
let pressed = 0;
let loaded = 0;
const shown = new Set();

function onPress({ type, target }) {
  if (type === "click" ? !target.closest?.(PRESSED) : type === "change" && target.tagName !== "SELECT") return;
  // State hears of what was typed before it hears of what was pressed after that.
  shown.forEach((held) => held.tell());
  pressed = ++moment;
}

if (typeof window !== "undefined") for (const type of ["click", "submit", "change"]) addEventListener(type, onPress, true);

class Held {
  constructor(isTicked) {
    // `told`: what State was told and has not answered yet.
    Object.assign(this, { isTicked, typed: 0, told: [] });
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
    this.told.push(this.value);
    this.onTell(this.value);
  }

  // Whether a person's own text stays whatever State says: nothing was pressed since, or the page has only been loaded again.
  get isTheirs() {
    const isNewer = this.typed > pressed || loaded > pressed;
    return !this.isTicked && this.typed && isNewer && this.address === location.href;
  }

  take(given) {
    const place = this.told.indexOf(given);
    if (place >= 0) this.told.splice(0, place + 1);
    else if (given === this.value) return;
    else if (!this.isTheirs) this.put(given);
    else if (!this.timer && !this.told.length) {
      // State has lost it, as when its server began anew.
      this.timer = 1;
      this.tell();
    }
  }

  put(given) {
    clearTimeout(this.timer);
    [this.timer, this.typed, this.told] = [0, 0, []];
    this.element[this.isTicked ? "checked" : "value"] = given;
  }
}

// `given`: what State has for the field. `onTell` gets what stands in it, `pause` milliseconds after the last key.
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
    // Typed before our scripts came.
    if (held.value !== first.current && !isTicked) held.change(pause);
    return () => {
      held.tell();
      shown.delete(held);
    };
  }, [held]);
  useEffect(() => {
    if (wasLoaded.current && !isLoaded) [loaded, held.told] = [++moment, []];
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

export function SelectField({ given, onTell, ref, children, ...props }) {
  return jsx("select", { ...props, ...useField(given, onTell, 0, ref, false, children) }, children);
}

// A checkbox, or one of several radio buttons. It shows what State knows after every load of the page.
export function TickField({ given, onTell, ref, ...props }) {
  return jsx("input", { ...props, ...useField(given, onTell, 0, ref, true) });
}
