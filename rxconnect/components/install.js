// A card that offers to put RxConnect on the home screen, on a phone or tablet that can. On the dashboard it can be closed
// for good. The profile always has it.
import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";

const CLOSED = "rxconnect-home-screen";
const WORDS = {
  title: _("On your home screen"),
  offer: _("RxConnect opens from its own picture, like an app. Nothing is downloaded from a store."),
  apple: _("In Safari, tap Share and then “Add to Home Screen”. RxConnect then opens from its own picture, like an app."),
  add: _("Add to home screen"),
  close: _("No, thank you"),
  help: _("How it works"),
};

// The browser offers this once for each full page, perhaps before any card is shown.
let offered = null;
const cards = new Set();
const tell = (event) => {
  offered = event;
  cards.forEach((changed) => changed());
};
if (typeof window !== "undefined") {
  addEventListener("beforeinstallprompt", (event) => {
    // The browser's own bar would cover the bottom of the page.
    event.preventDefault();
    tell(event);
  });
  addEventListener("appinstalled", () => tell(null));
}

const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
// Safari on iPhones and iPads offers nothing to scripts.
const isApplePhone = () => "standalone" in navigator;
const wasClosed = () => {
  try {
    return localStorage.getItem(CLOSED) === "closed";
  } catch {
    return false;
  }
};

export function InstallCard({ mayClose, help }) {
  const [way, setWay] = useState("");

  useEffect(() => {
    const look = () => setWay(isInstalled() || (mayClose && wasClosed()) ? "" : offered ? "offer" : isApplePhone() ? "apple" : "");
    look();
    cards.add(look);
    return () => cards.delete(look);
  }, [mayClose]);

  async function add() {
    const event = offered;
    tell(null);
    await event?.prompt();
  }

  function close() {
    try {
      localStorage.setItem(CLOSED, "closed");
    } catch {
      // The browser has no storage, so the card comes back with the next page.
    }
    setWay("");
  }

  if (!way) return null;
  const press = (label, look, onClick) => jsx("button", { type: "button", className: `btn btn-${look} btn-sm`, onClick }, label);
  return jsx(
    "section",
    { className: "card install" },
    jsx("div", { className: "card-head" }, jsx("h2", null, WORDS.title)),
    jsx(
      "div",
      { className: "card-body stack-sm" },
      jsx("p", { className: "small muted" }, WORDS[way]),
      jsx(
        "div",
        { className: "row" },
        way === "offer" ? press(WORDS.add, "quiet", add) : jsx("a", { className: "btn btn-quiet btn-sm", href: help }, WORDS.help),
        mayClose ? press(WORDS.close, "plain", close) : null,
      ),
    ),
  );
}
