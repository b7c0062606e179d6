// Following, in the browser (`state/following.py`). A tab that can be followed sends its field values, and where its user looks.
// A tab that follows shows another's, and the other's updates, and blocks its own user's actions in the page.
import { useContext, useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { theSocket } from "$/utils/connection.js";
import { DispatchContext, app, eventLoop } from "$/utils/context-registry";
import { refs } from "$/utils/state";

// Milliseconds between two messages with field values, until everything is requested again, and between two steps out.
const [TELL_EVERY, ASK_AGAIN, STEP_EVERY] = [100, 1500, 500];
// How often a page that has shown nothing yet requests everything, before it waits in the room.
const MOST_ASKED = 2;
// Milliseconds after a scroll or a press until its place is told, and for which a follower waits until its page has that place.
const [LOOK_AFTER, LOOK_WITHIN] = [300, 2000];
// Only fields that are marked as shared (`field.js`, `forms.py`, `message_form.js`). Card fields and passwords are never marked.
const FIELDS = "[data-shared][id]:not([type=password])";
const CONTROLS = "a, button, input, select, textarea, summary, label";
// What a reader's eyes begin with: the first of these in the window is where the user looks.
const BLOCKS = "h1, h2, h3, h4, p, dt, tr, li, label, button";
const ACTIONS = ["mousedown", "click", "dblclick", "keydown", "beforeinput", "paste", "drop", "submit"];
const MOVING = ["Tab", "Shift", "Control", "Alt", "Meta", "CapsLock"];
const READING = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", " ", "Enter", "Escape"];
export const STRIP = "strip";
// Whether this page is in a frame of the split view (`split.js`), which shows what another seat sees.
export const isFrame = typeof window !== "undefined" && !!window.frameElement?.dataset.seat;
// A frame shows a page without its menus, which nobody can press there.
if (isFrame) document.documentElement.dataset.framed = "";

// The address of an element: the id of the nearest element around it that has one, or `main`, and the places of children from
// there.
function anchorOf(element) {
  const places = [];
  for (let one = element; one && one !== document.body; one = one.parentElement) {
    const name = one.localName === "main" ? "main" : one.id;
    if (/^[A-Za-z][\w-]{0,63}$/.test(name)) return [name, ...places].join("/");
    places.unshift([...one.parentElement.children].indexOf(one));
  }
  return "";
}

// The element at an address that another browser has told, if this page has it and shows it.
function elementAt(anchor) {
  const [id, ...places] = anchor.split("/");
  const start = id === "main" ? document.querySelector("main") : document.getElementById(id);
  const element = places.reduce((one, place) => one?.children[place], start);
  return element?.getClientRects().length && !element.closest(`.${STRIP}`) ? element : null;
}

const isTicked = (field) => ["checkbox", "radio"].includes(field.type);

// The tab that is followed, as received here. It outlives the page, since every page has its own strip.
const mirror = {
  isOn: false,
  stream: "",
  number: 0,
  typed: {},
  // Where the other looks, until this page has shown it.
  anchor: "",

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
    [this.stream, this.typed, this.anchor, this.asking, this.asked] = ["", {}, "", 0, 0];
    if (isOn) ask();
  },

  // Brings into view where the other looks. A heading begins the window, and a control is shown with what stands around it.
  look() {
    const element = this.anchor && Date.now() < this.until && elementAt(this.anchor);
    if (!element) return;
    this.anchor = "";
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    element.scrollIntoView({ behavior, block: element.matches(CONTROLS) ? "center" : "start", inline: "nearest" });
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

if (typeof window !== "undefined") mirror.watcher = new MutationObserver(() => {
  mirror.put();
  mirror.look();
});

// Requests everything, and retries until it comes: the other may be away. A page that is still empty then goes to the room,
// which says what it waits for. One that was filled stays as it is.
function ask() {
  clearTimeout(mirror.asking);
  mirror.asking = setTimeout(ask, ASK_AGAIN);
  if (!mirror.socket.connected) return;
  if (mirror.stream || isFrame || mirror.asked++ < MOST_ASKED) mirror.socket.emit("present");
  else location.replace(mirror.room);
}

function hear({ stream, number, is_whole: isWhole, path, delta = {}, typed = {}, focus, anchor }) {
  if (isWhole) {
    clearTimeout(mirror.asking);
    mirror.asking = 0;
  } else if (stream !== mirror.stream || number !== mirror.number + 1) {
    if (!mirror.asking) ask();
    return;
  }
  Object.assign(mirror, { stream, number });
  if (isWhole || path) Object.assign(mirror, { typed: {}, anchor: "" });
  if (anchor) Object.assign(mirror, { anchor, until: Date.now() + LOOK_WITHIN });
  Object.assign(mirror.typed, typed);
  for (const state of Object.keys(delta)) mirror.dispatch[state]?.(delta[state]);
  if (path && path !== location.pathname + location.search + location.hash) mirror.navigate(path, { replace: true });
  setTimeout(() => {
    mirror.put();
    lead(refs[focus]?.current);
    mirror.look();
  });
}

// Moves the focus, but not into a control, which would open a phone's keyboard, and not out of the strip.
function lead(element) {
  if (element && !element.matches(CONTROLS) && !document.activeElement?.closest(`.${STRIP}`)) element.focus();
}

let wasFollowing = null;

// Mirrors another seat while `isFollowing`. When that begins or ends, the page is remounted, so that no typed text stays in it.
// `room` is the address at which one waits for somebody who is in no page of the product.
export function useMirror(isFollowing, room) {
  const [dispatch, navigate] = [useContext(DispatchContext), useNavigate()];
  useEffect(() => {
    Object.assign(mirror, { dispatch, navigate, room });
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

// Sends the field values of this tab while it `isShown` to others.
export function useTelling(isShown) {
  const { pathname } = useLocation();
  useEffect(() => {
    if (!isShown) return;
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
  }, [isShown, pathname]);
}

// Sends where in the page the user of this tab looks, while it `isShown` to others: at what was pressed, if the page still has
// it, or after scrolling at the first block in sight.
export function useLooking(isShown) {
  const { pathname } = useLocation();
  useEffect(() => {
    if (!isShown) return;
    let [timer, pressed, scrolled, told] = [0, null, null, ""];

    function tell() {
      const isThere = pressed?.isConnected && pressed.getClientRects().length;
      const element = isThere ? pressed : scrolled && firstBlock(scrolled);
      [pressed, scrolled] = [null, null];
      const anchor = element ? anchorOf(element) : "";
      if (!anchor || anchor === told || !theSocket().connected) return;
      theSocket().emit("looking", (told = anchor));
    }

    function onLook({ type, target }) {
      const control = type !== "scroll" && target.closest?.(CONTROLS);
      if (type !== "scroll" && (!control || control.closest(`.${STRIP}`))) return;
      if (control) pressed = control;
      else scrolled = target;
      clearTimeout(timer);
      timer = setTimeout(tell, LOOK_AFTER);
    }

    const types = ["scroll", "click", "focusin"];
    for (const type of types) addEventListener(type, onLook, { capture: true, passive: true });
    return () => {
      for (const type of types) removeEventListener(type, onLook, { capture: true });
      clearTimeout(timer);
    };
  }, [isShown, pathname]);
}

// The first block in what was scrolled whose beginning is in sight, below the strip.
function firstBlock(scrolled) {
  const isPage = scrolled === document;
  const strip = document.getElementById(STRIP)?.querySelector("section")?.getBoundingClientRect().bottom ?? 0;
  const top = Math.max(strip, isPage ? 0 : scrolled.getBoundingClientRect().top);
  return [...scrolled.querySelectorAll(BLOCKS)].find((block) => {
    const box = block.getBoundingClientRect();
    return box.height > 0 && box.top >= top && box.top < innerHeight && block.closest("main") && !block.closest(`.${STRIP}`);
  });
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
