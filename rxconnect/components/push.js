// Notices on this screen, on or off. The browser's subscription goes straight to the server, and never through State.
import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";

const WORDS = {
  title: _("On this screen"),
  off: _("Show a short notice here when something happens. It says no more than the email, and stops when you sign out."),
  on: _("This device shows a short notice when something happens, until you sign out."),
  home: _("On an iPhone or iPad, first put RxConnect on the home screen: Share, then Add to Home Screen. Then open it there."),
  refused: _("This browser does not let RxConnect show notices. You can allow it in the browser's settings for this site."),
  failed: _("This browser could not be set up. Please try again in a moment."),
  turnOn: _("Turn on"),
  turnOff: _("Turn off"),
};

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const isAble = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
// Safari on iPhones and iPads pushes to web apps on the home screen alone.
const isApplePhone = () => "standalone" in navigator && !navigator.standalone;

async function post(address, content) {
  const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) });
  if (answer.ok) return "";
  return (await answer.json().catch(() => ({}))).problem ?? WORDS.failed;
}

const hasKey = (subscription, key) => {
  const theirs = new Uint8Array(subscription.options.applicationServerKey ?? []);
  return theirs.length === key.length && theirs.every((byte, index) => byte === key[index]);
};

async function subscribe(serverKey) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = toBytes(serverKey);
  const old = await pushManager.getSubscription();
  if (old && hasKey(old, key)) return old;
  await old?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

export function PushSwitch({ serverKey, isOn: isOnAtFirst, turnOnAt, turnOffAt }) {
  // null until the script knows what this browser can do.
  const [can, setCan] = useState(null);
  const [isOn, setOn] = useState(isOnAtFirst);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  useEffect(() => setCan(isAble() ? "push" : isApplePhone() ? "home" : ""), []);
  // A browser in which the permission was taken back shows nothing any more, whatever the server knows.
  useEffect(() => setOn(isOnAtFirst && isAble() && Notification.permission === "granted"), [isOnAtFirst]);

  async function turn() {
    setBusy(true);
    setProblem("");
    try {
      if (isOn) {
        const said = await post(turnOffAt, {});
        if (said) return setProblem(said);
        const { pushManager } = await navigator.serviceWorker.ready;
        await (await pushManager.getSubscription())?.unsubscribe();
      } else {
        if ((await Notification.requestPermission()) !== "granted") return setProblem(WORDS.refused);
        const said = await post(turnOnAt, (await subscribe(serverKey)).toJSON());
        if (said) return setProblem(said);
      }
      setOn(!isOn);
    } catch {
      setProblem(WORDS.failed);
    } finally {
      setBusy(false);
    }
  }

  if (!can) return null;
  const text = can === "home" ? WORDS.home : isOn ? WORDS.on : WORDS.off;
  const press = jsx("button", { type: "button", className: "btn btn-quiet btn-sm", disabled: isBusy, onClick: turn }, isOn ? WORDS.turnOff : WORDS.turnOn);
  return jsx(
    "section",
    { className: "card" },
    jsx("div", { className: "card-head" }, jsx("h2", null, WORDS.title)),
    jsx(
      "div",
      { className: "card-body stack-sm" },
      jsx("p", { className: "small muted", role: "status" }, text),
      can === "push" ? jsx("div", null, press) : null,
      jsx("p", { className: "problem", role: "alert" }, problem),
    ),
  );
}
