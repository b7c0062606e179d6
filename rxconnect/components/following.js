// Following, in the browser (`state/following.py`). The tab that drives sends its field values. A tab that follows shows
// them and the driver's updates, and blocks its own user's actions in the page.
import { useContext, useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { theSocket } from "$/utils/connection.js";
import { DispatchContext, app, eventLoop } from "$/utils/context-registry";
import { refs } from "$/utils/state";

// Milliseconds between two messages with field values, until everything is requested again, and between two steps out.
const [TELL_EVERY, ASK_AGAIN, STEP_EVERY] = [100, 1500, 500];
// Only fields that are marked as shared (`field.js`, `message_form.js`). Card fields and passwords are never marked.
const FIELDS = "[data-shared][id]:not([type=password])";
const CONTROLS = "a, button, input, select, textarea, summary, label";
const ACTIONS = ["mousedown", "click", "dblclick", "keydown", "beforeinput", "paste", "drop", "submit"];
const MOVING = ["Tab", "Shift", "Control", "Alt", "Meta", "CapsLock"];
const READING = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", " ", "Escape"];
export const STRIP = "strip";

const isTicked = (field) => ["checkbox", "radio"].includes(field.type);

// The driver's tab, as received here. It outlives the page, since every page has its own strip.
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

  // Sets the fields again, since they come with their page, and State may have put an older text into them.
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

// Requests everything, and retries until it comes: the driver may be away.
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

// Moves the focus, but not into a control, which would open a phone's keyboard, and not out of the strip.
function lead(element) {
  if (element && !element.matches(CONTROLS) && !document.activeElement?.closest(`.${STRIP}`)) element.focus();
}

let wasFollowing = null;

// Mirrors the driver while `isFollowing`. When that begins or ends, the page is remounted, so that no typed text stays in it.
export function useMirror(isFollowing) {
  const [dispatch, navigate] = [useContext(DispatchContext), useNavigate()];
  useEffect(() => {
    Object.assign(mirror, { dispatch, navigate });
  });
  useEffect(() => {
    mirror.turn(isFollowing);
    if (wasFollowing !== null && wasFollowing !== isFollowing) {
      dispatchEvent(new Event("anew"));
      // Loads this tab's own State for the page that the driver was on.
      if (!isFollowing) eventLoop.addEvents(app.initialEvents());
    }
    wasFollowing = isFollowing;
  }, [isFollowing]);
}

// Sends the field values of this tab while it `drives`.
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
    // An update may have set a field.
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

// Blocks the user's actions in a page that follows, and steps out instead. Scrolling and the strip still work.
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
