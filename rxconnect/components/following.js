// Following, in the browser (`state/following.py`). The tab that drives says what stands in its fields; a tab that follows shows
// what it is told, and keeps its hands off the page.
import { useContext, useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { theSocket } from "$/utils/connection.js";
import { DispatchContext, app, eventLoop } from "$/utils/context-registry";
import { refs } from "$/utils/state";

// In milliseconds: between two times that fields are told, until everything is asked for again, and between two steps out.
const [TELL_EVERY, ASK_AGAIN, STEP_EVERY] = [100, 1500, 500];
// Only what its maker has marked (`field.js`, `message_form.js`). A card's fields and passwords are never marked.
const FIELDS = "[data-shared][id]:not([type=password])";
const CONTROLS = "a, button, input, select, textarea, summary, label";
const ACTIONS = ["mousedown", "click", "dblclick", "keydown", "beforeinput", "paste", "drop", "submit"];
const MOVING = ["Tab", "Shift", "Control", "Alt", "Meta", "CapsLock"];
const READING = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", " ", "Escape"];
export const STRIP = "strip";

const isTicked = (field) => ["checkbox", "radio"].includes(field.type);

// What the driver's tab shows, as this tab was told it. It outlives the page, since every page has a strip of its own.
const mirror = {
  isOn: false,
  stream: "",
  number: 0,
  typed: {},

  turn(isOn) {
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    this.socket ??= theSocket();
    const change = isOn ? "on" : "off";
    this.socket[change]("mirror", hear);
    this.socket[change]("connect", ask);
    if (isOn) this.watcher.observe(document.body, { childList: true, subtree: true });
    else this.watcher.disconnect();
    clearTimeout(this.asking);
    [this.stream, this.typed, this.asking] = ["", {}, 0];
    if (isOn) ask();
  },

  // Fields come with their page, and State may have put something older into them.
  put() {
    for (const [id, value] of Object.entries(this.typed)) {
      const field = document.getElementById(id);
      if (!field?.matches(FIELDS)) continue;
      const name = isTicked(field) ? "checked" : "value";
      if (field[name] !== value) field[name] = value;
    }
  },
};

if (typeof window !== "undefined") mirror.watcher = new MutationObserver(() => mirror.put());

// Until it comes: whoever drives may be away.
function ask() {
  clearTimeout(mirror.asking);
  mirror.asking = setTimeout(ask, ASK_AGAIN);
  if (mirror.socket.connected) mirror.socket.emit("present");
}

function hear({ stream, number, is_whole: isWhole, path, delta = {}, typed = {}, focus }) {
  if (isWhole) {
    clearTimeout(mirror.asking);
    mirror.asking = 0;
  } else if (stream !== mirror.stream || number !== mirror.number + 1) {
    if (!mirror.asking) ask();
    return;
  }
  Object.assign(mirror, { stream, number });
  if (isWhole || path) mirror.typed = {};
  Object.assign(mirror.typed, typed);
  for (const state of Object.keys(delta)) mirror.dispatch[state]?.(delta[state]);
  if (path && path !== location.pathname + location.search + location.hash) mirror.navigate(path, { replace: true });
  setTimeout(() => {
    mirror.put();
    lead(refs[focus]?.current);
  });
}

// A field would open a phone's keyboard, and somebody may be in the strip.
function lead(element) {
  if (element && !element.matches(CONTROLS) && !document.activeElement?.closest(`.${STRIP}`)) element.focus();
}

let wasFollowing = null;

// Shows what the driver sees while `isFollowing`. The page is made anew when that begins or ends: nothing typed in it is left.
export function useMirror(isFollowing) {
  const [dispatch, navigate] = [useContext(DispatchContext), useNavigate()];
  useEffect(() => {
    Object.assign(mirror, { dispatch, navigate });
  });
  useEffect(() => {
    mirror.turn(isFollowing);
    if (wasFollowing !== null && wasFollowing !== isFollowing) {
      dispatchEvent(new Event("anew"));
      // The page's own State, for the page that the driver was on.
      if (!isFollowing) eventLoop.addEvents(app.initialEvents());
    }
    wasFollowing = isFollowing;
  }, [isFollowing]);
}

// Says what stands in the fields of this tab, while it `drives`.
export function useTelling(drives) {
  const { pathname } = useLocation();
  useEffect(() => {
    if (!drives) return;
    const socket = theSocket();
    let [told, last, timer] = [new WeakMap(), 0, 0];

    function tell() {
      [timer, last] = [0, Date.now()];
      const news = {};
      for (const field of document.querySelectorAll(FIELDS)) {
        const value = isTicked(field) ? field.checked : field.value;
        if (told.get(field) !== value) news[field.id] = value;
        told.set(field, value);
      }
      if (socket.connected && Object.keys(news).length) socket.emit("typed", news);
    }

    const soon = () => (timer ||= setTimeout(tell, last + TELL_EVERY - Date.now()));
    function all() {
      told = new WeakMap();
      soon();
    }

    const types = ["input", "change"];
    for (const type of types) addEventListener(type, soon, true);
    // State may have set a field.
    socket.on("event", soon);
    socket.on("connect", all);
    soon();
    return () => {
      for (const type of types) removeEventListener(type, soon, true);
      socket.off("event", soon);
      socket.off("connect", all);
      clearTimeout(timer);
    };
  }, [drives, pathname]);
}

const isForReading = ({ key, target, ctrlKey, metaKey, altKey }) =>
  ctrlKey || metaKey || altKey || MOVING.includes(key) || (READING.includes(key) && !target.closest?.(CONTROLS));

// What somebody does in a page that they follow is not done there: they step out. Reading on, and the strip, are no such thing.
export function useHandsOff(isFollowing, stepOut) {
  useEffect(() => {
    if (!isFollowing) return;
    let last = 0;
    function onAction(event) {
      const { type, target } = event;
      if (target.closest?.(`.${STRIP}`) || (type === "keydown" && isForReading(event))) return;
      if (type === "mousedown" && !target.closest?.(CONTROLS)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (type === "mousedown" || Date.now() - last < STEP_EVERY) return;
      last = Date.now();
      stepOut();
    }
    for (const type of ACTIONS) addEventListener(type, onAction, true);
    return () => {
      for (const type of ACTIONS) removeEventListener(type, onAction, true);
    };
  }, [isFollowing]);
}
