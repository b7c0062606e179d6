// Keeps what was typed on a page while its language changes, which loads it anew. Passwords, codes and cards are not kept.
import { useEffect } from "react";

const KEY = "rxconnect-typed";
const SECRET = "[type=password], [type=hidden], [type=file], [type=checkbox], [type=radio], [autocomplete^=cc-]";
const TYPED = `main :is(textarea[id], select[id], input[id]):not(${SECRET})`;
const [EVERY, LONGEST] = [250, 10000]; // ms: the page may still be loading

export function Typed() {
  useEffect(() => {
    addEventListener("submit", keep, true);
    const stop = bringBack();
    return () => {
      removeEventListener("submit", keep, true);
      stop();
    };
  }, []);
  return null;
}

function keep({ target }) {
  if (!target.matches(".languages")) return;
  const texts = [...document.querySelectorAll(TYPED)].map((field) => [field.id, field.value]).filter(([, text]) => text);
  sessionStorage.setItem(KEY, JSON.stringify({ at: location.href, until: Date.now() + LONGEST, texts }));
}

function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  sessionStorage.removeItem(KEY);
  if (kept?.at !== location.href || kept.until < Date.now()) return () => {};
  const timer = setInterval(() => {
    // A field that is still loading shows State's own text later, which would come after ours.
    if (!document.querySelector("main .skeleton")) kept.texts = kept.texts.filter(([id, text]) => !typeInto(document.getElementById(id), text));
    if (!kept.texts.length || kept.until < Date.now()) clearInterval(timer);
  }, EVERY);
  return () => clearInterval(timer);
}

// As if it had been typed, so that React and the server hear of it.
function typeInto(field, text) {
  if (!field) return false;
  if (field.value === text) return true;
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, text);
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  return true;
}
