// What the browser knows of its connection to us. The framework's own `utils/state.js` asks here before it queues what
// somebody pressed, and sends through here (see `HonestConnection` in frontend.py). A press that cannot reach us now is
// refused: queued, it would send a message or charge a card by itself, minutes later.
import { jsx } from "@emotion/react";
import { useEffect, useSyncExternalStore } from "react";

const ANSWER_MS = 1800; // Without a receipt for this long, what was sent may be lost on its way.
const FIRST_CONNECT_MS = 3000;
const PROBE_MS = 1800;
const STILL_HERE_MS = 200;
const LOADING_MS = 700;
const AGAIN_MS = 3000;
const PRESSES = ["click", "submit"];
const AT_SERVER = "reflex___state";

const WORDS = {
  refused: _("There is no connection to us, so nothing was sent and nothing was charged. Please press it again when it is back."),
  back: _("The connection is back. What you pressed was not sent, so please press it again."),
  device: _("The connection was lost. Your device is offline; what you typed stays while this page is open."),
  lost: _("The connection was lost. We are trying again, and what you typed stays while this page is open."),
  ours: _("RxConnect has a fault just now; it is not your device. What was saved is kept, what you typed stays while this page is open, and we go on by ourselves."),
};

// `isCut`: there was a connection. `hasFailed`: a try to make one failed.
let known = { isOnline: true, isUnanswered: false, hasFailed: false, isCut: false, isRefused: false, isOurs: false };
let socket = null;
const listeners = new Set();
const pressedAt = new WeakMap();

function learn(news) {
  if (Object.keys(news).every((key) => known[key] === news[key])) return;
  known = { ...known, ...news };
  listeners.forEach((listener) => listener());
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Whether what is sent now can be expected to arrive now. A page that is still connecting for the first time may wait for it.
function isReachable() {
  return known.isOnline && !known.isUnanswered && !known.hasFailed && !known.isCut;
}

// For forms that are posted past the framework: whether to go on; if not, the person is told.
export function mayPress() {
  const may = isReachable();
  learn({ isRefused: !may });
  return may;
}

// Asked for everything that a page wants to queue. What is typed or loaded may wait for the connection; a press may not.
export function mayQueue(events, args) {
  const isPress = PRESSES.includes(args?.[0]?.type);
  if (!isPress || !events.some(({ name }) => name?.startsWith(AT_SERVER))) return true;
  if (!mayPress()) return false;
  if (!socket?.connected) events.forEach((event) => pressedAt.set(event, Date.now()));
  return true;
}

// Sends an event, and notices when nobody confirms that it came.
export function send(current, event, encoded) {
  if (Date.now() - (pressedAt.get(event) ?? Date.now()) > FIRST_CONNECT_MS) return learn({ isRefused: true });
  const timer = setTimeout(() => learn({ isUnanswered: true }), ANSWER_MS);
  const forget = () => clearTimeout(timer);
  current.once("disconnect", forget);
  current.emit("event", encoded, () => {
    forget();
    current.off("disconnect", forget);
    learn({ isUnanswered: false });
  });
}

// Told of a socket before it opens.
export function watch(current) {
  socket = current;
  current.on("connect", () => learn({ isCut: false, isUnanswered: false }));
  current.on("disconnect", (reason) => {
    // The framework closes the socket itself when a page is left. A page that is still here only downloaded a file.
    if (reason === "io client disconnect") setTimeout(() => current.reconnect?.(), STILL_HERE_MS);
    else learn({ isCut: true, isUnanswered: false });
  });
  // Our service lost its database or Redis: it lets us in again when it can load the page.
  current.on("reopen_socket", reopenSocket);
}

// The socket, open or not, for what goes past the framework.
export function theSocket() {
  return socket;
}

function reopenSocket() {
  socket?.io.engine?.close();
}

// Why nothing comes, as far as a browser can tell: our own service says so of itself, or does not while its socket is open.
async function probe() {
  try {
    const answer = await fetch("/ready", { cache: "no-store", signal: AbortSignal.timeout?.(PROBE_MS) });
    learn({ isOurs: answer.status >= 500 });
  } catch {
    learn({ isOurs: isReachable() });
  }
}

// Asks for as long as `isOn`, after `delay`.
function useProbe(isOn, delay) {
  useEffect(() => {
    if (!isOn) return;
    let timer = setTimeout(async function ask() {
      await probe();
      if (timer) timer = setTimeout(ask, AGAIN_MS);
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

// A link needs a part of the app that may not be here: the whole page is asked for, and our worker has an answer to that.
function onClick(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.origin !== location.origin || link.hash || !isPlain(event, link) || isReachable()) return;
  event.preventDefault();
  event.stopPropagation();
  if (navigator.serviceWorker?.controller) location.assign(link.href);
  else learn({ isRefused: true });
}

// Where no page says so (the sign-in), the form goes on its way, and our worker has an answer to that too.
function onSubmit(event) {
  if (!listeners.size || mayPress()) return;
  event.preventDefault();
  event.stopPropagation();
}

function listen() {
  const online = () => learn({ isOnline: navigator.onLine });
  online();
  addEventListener("online", online);
  addEventListener("offline", online);
  addEventListener("click", onClick, true);
  addEventListener("submit", onSubmit, true);
  // After everything that a first visit waits for.
  const register = () => setTimeout(() => navigator.serviceWorker?.register("/worker.js").catch(() => {}), AGAIN_MS);
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}

if (typeof window !== "undefined") listen();

function sentence({ isOnline, isRefused }, isLost, isOurs) {
  if (isRefused) return isLost ? WORDS.refused : WORDS.back;
  if (!isOnline) return WORDS.device;
  if (isOurs) return WORDS.ours;
  return isLost ? WORDS.lost : "";
}

// The sentence about the connection, on every page. `hasErrors` comes from the framework, `isUnavailable` from our State: a
// page could not load because our database did not answer. A new connection loads it again. `isLoading`: it has not come yet.
export function Connection({ hasErrors, isLoading, isUnavailable }) {
  const now = useSyncExternalStore(subscribe, () => known, () => known);
  const isLost = !now.isOnline || hasErrors || now.isUnanswered || now.isCut;

  useEffect(() => learn({ hasFailed: hasErrors }), [hasErrors]);

  useProbe(isLost && now.isOnline, 0);
  useProbe(isLoading && !isLost, LOADING_MS);

  useEffect(() => {
    if (!isUnavailable) return;
    const timer = setInterval(reopenSocket, AGAIN_MS * (0.7 + 0.6 * Math.random()));
    return () => clearInterval(timer);
  }, [isUnavailable]);

  useEffect(() => {
    if (!now.isRefused || isLost) return;
    const timer = setTimeout(() => learn({ isRefused: false }), 4 * AGAIN_MS);
    return () => clearTimeout(timer);
  }, [now.isRefused, isLost]);

  const isOurs = isUnavailable || (now.isOurs && (isLost || isLoading));
  const words = sentence(now, isLost, isOurs);
  return jsx("div", { role: "status", className: words ? `offline${now.isRefused || isOurs ? " now" : ""}` : undefined }, words);
}
