// The browser's connection to the server. The framework's own `utils/state.js` calls `mayQueue` before it queues an
// event, and sends it through `send` (see `HonestConnection` in frontend.py). A press is refused while the server cannot
// be reached: from a queue it would send a message or charge a card by itself, minutes later.
import { jsx } from "@emotion/react";
import { useEffect, useSyncExternalStore } from "react";

const ANSWER_MS = 1800; // An event without an acknowledgement for this long may be lost.
const FIRST_CONNECT_MS = 3000;
const PROBE_MS = 1800;
const STILL_HERE_MS = 200;
const LOADING_MS = 700;
const RETRY_MS = 3000;
const PRESSES = ["click", "submit"];
const BUSY_MS = 3000; // A press that changes nothing gets no answer.
const LEAVING_MS = 10000; // A native form's answer replaces the page within this time.
const AT_SERVER = "reflex___state";

const WORDS = {
  refused: _("There is no connection to us, so nothing was sent and nothing was charged. Please press it again when it is back."),
  unsure: _("There is no connection to us, so this was not sent. What you pressed before it may have reached us. Nothing is sent or charged twice."),
  seeFirst: _("The connection is back. Please look what became of what you pressed before you press it again. Nothing is sent or charged twice."),
  back: _("The connection is back. What you pressed was not sent, so please press it again."),
  device: _("The connection was lost. Your device is offline; what you typed stays while this page is open."),
  lost: _("The connection was lost. We are trying again, and what you typed stays while this page is open."),
  ours: _("RxConnect has a fault just now; it is not your device. What was saved is kept, and what you typed stays while this page is open. This page goes on by itself."),
};

// `isCut`: the connection was lost. `hasFailed`: an attempt to connect failed. `isUnsure`: a press was sent, and nobody knows
// whether it arrived.
let known = { isOnline: true, isUnanswered: false, hasFailed: false, isCut: false, isRefused: false, isUnsure: false, isOurs: false };
let socket = null;
let postedAt = 0;
const listeners = new Set();
const presses = new WeakSet();
const pressedAt = new WeakMap();

function update(changes) {
  if (Object.keys(changes).every((key) => known[key] === changes[key])) return;
  known = { ...known, ...changes };
  listeners.forEach((listener) => listener());
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Whether an event sent now should arrive now. Also true while a page connects for the first time.
function isReachable() {
  return known.isOnline && !known.isUnanswered && !known.hasFailed && !known.isCut;
}

// Whether a native form may be posted now. If not, shows why.
export function mayPress() {
  const may = isReachable();
  update({ isRefused: !may });
  return may;
}

// Whether a page may queue these events. Typing and loads may wait for the connection; a press may not.
export function mayQueue(events, args) {
  const isPress = PRESSES.includes(args?.[0]?.type);
  if (!isPress || !events.some(({ name }) => name?.startsWith(AT_SERVER))) return true;
  if (!mayPress()) return false;
  showBusy(args[0]);
  events.forEach((event) => presses.add(event));
  if (!socket?.connected) events.forEach((event) => pressedAt.set(event, Date.now()));
  return true;
}

// Marks what was pressed, at once, until the server's next update (`aria-busy` in rxconnect.css). It can be pressed again
// meanwhile: no press is done twice.
function showBusy({ nativeEvent, target }) {
  const button = nativeEvent?.submitter ?? target?.closest?.("button");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  const settle = () => {
    clearTimeout(timer);
    socket?.off("event", settle);
    button.removeAttribute("aria-busy");
  };
  const timer = setTimeout(settle, BUSY_MS);
  socket?.on("event", settle);
}

// Sends an event, and notices when the server does not acknowledge it.
export function send(current, event, encoded) {
  if (Date.now() - (pressedAt.get(event) ?? Date.now()) > FIRST_CONNECT_MS) return update({ isRefused: true });
  const isPress = presses.has(event);
  const timer = setTimeout(() => update({ isUnanswered: true, isUnsure: isPress || known.isUnsure }), ANSWER_MS);
  const lose = () => {
    clearTimeout(timer);
    if (isPress) update({ isUnsure: true });
  };
  current.once("disconnect", lose);
  current.emit("event", encoded, () => {
    clearTimeout(timer);
    current.off("disconnect", lose);
    update({ isUnanswered: false, isUnsure: !isPress && known.isUnsure });
  });
}

if (typeof document !== "undefined") {
  document.addEventListener("submit", ({ defaultPrevented }) => {
    if (!defaultPrevented) postedAt = Date.now();
  });
}

// The framework calls this with each socket before it opens.
export function watch(current) {
  socket = current;
  // The page loads again then, and shows what became of a press. Only a sentence that is read just now still speaks of it.
  current.on("connect", () => update({ isCut: false, isUnanswered: false, isUnsure: known.isUnsure && known.isRefused }));
  current.on("disconnect", (reason) => {
    // The framework closes the socket when the user leaves the page. If the page is still here, it was only a download.
    if (reason === "io client disconnect") setTimeout(() => current.reconnect?.(), STILL_HERE_MS);
    else update({ isCut: true, isUnanswered: false });
  });
  // The server has lost its database or Redis. It accepts the socket again when it can load the page.
  current.on("reopen_socket", reopenSocket);
  // The page is loaded whole, as the server writes into it why the seat is gone. A form of this page may have given the
  // seat up; then the form's own answer says where to go.
  current.on("seat_gone", () => setTimeout(() => location.assign("/demo/over"), postedAt + LEAVING_MS - Date.now()));
}

// The socket, open or not, for what goes past the framework.
export function theSocket() {
  return socket;
}

function reopenSocket() {
  socket?.io.engine?.close();
}

// Finds the likely cause: it is ours if `/ready` answers with an error, or fails although the socket is open.
async function probe() {
  try {
    const answer = await fetch("/ready", { cache: "no-store", signal: AbortSignal.timeout?.(PROBE_MS) });
    update({ isOurs: answer.status >= 500 });
  } catch {
    update({ isOurs: isReachable() });
  }
}

// Polls while `isOn`, after a first `delay`.
function useProbe(isOn, delay) {
  useEffect(() => {
    if (!isOn) return;
    let timer = setTimeout(async function poll() {
      await probe();
      if (timer) timer = setTimeout(poll, RETRY_MS);
    }, delay);
    return () => {
      clearTimeout(timer);
      timer = null;
    };
  }, [isOn, delay]);
}

function isPlain(event, link) {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || link.download);
}

// Offline, a link may need a script that is not loaded. A full page load lets our service worker show the offline page.
function onClick(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.origin !== location.origin || link.hash || !isPlain(event, link) || isReachable()) return;
  event.preventDefault();
  event.stopPropagation();
  if (navigator.serviceWorker?.controller) location.assign(link.href);
  else update({ isRefused: true });
}

// A page without `Connection` (the sign-in) posts its form, and our service worker handles the failure.
function onSubmit(event) {
  if (!listeners.size || mayPress()) return;
  event.preventDefault();
  event.stopPropagation();
}

function listen() {
  const online = () => update({ isOnline: navigator.onLine });
  online();
  addEventListener("online", online);
  addEventListener("offline", online);
  addEventListener("click", onClick, true);
  addEventListener("submit", onSubmit, true);
  // Register late, so that the first visit does not wait for it.
  const register = () => setTimeout(() => navigator.serviceWorker?.register("/worker.js").catch(() => {}), RETRY_MS);
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}

if (typeof window !== "undefined") listen();

function sentence({ isOnline, isRefused, isUnsure }, isLost, isOurs) {
  if (isRefused && isUnsure) return isLost ? WORDS.unsure : WORDS.seeFirst;
  if (isRefused) return isLost ? WORDS.refused : WORDS.back;
  if (!isOnline) return WORDS.device;
  if (isOurs) return WORDS.ours;
  return isLost ? WORDS.lost : "";
}

// The connection's status line, on every page. `hasErrors` comes from the framework. `isUnavailable` comes from our State:
// the page could not load because the database did not answer, and a new connection reloads it. `isLoading`: the page has
// not loaded yet.
export function Connection({ hasErrors, isLoading, isUnavailable }) {
  const now = useSyncExternalStore(subscribe, () => known, () => known);
  const isLost = !now.isOnline || hasErrors || now.isUnanswered || now.isCut;

  useEffect(() => update({ hasFailed: hasErrors }), [hasErrors]);

  useProbe(isLost && now.isOnline, 0);
  useProbe(isLoading && !isLost, LOADING_MS);

  useEffect(() => {
    if (!isUnavailable) return;
    const timer = setInterval(reopenSocket, RETRY_MS * (0.7 + 0.6 * Math.random()));
    return () => clearInterval(timer);
  }, [isUnavailable]);

  useEffect(() => {
    if (!now.isRefused || isLost) return;
    const timer = setTimeout(() => update({ isRefused: false, isUnsure: false }), 4 * RETRY_MS);
    return () => clearTimeout(timer);
  }, [now.isRefused, isLost]);

  const isOurs = isUnavailable || (now.isOurs && (isLost || isLoading));
  const words = sentence(now, isLost, isOurs);
  return jsx("div", { role: "status", className: words ? `offline${now.isRefused || isOurs ? " now" : ""}` : undefined }, words);
}
