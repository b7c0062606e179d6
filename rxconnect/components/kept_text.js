// Keeps what was typed on a page when its account is signed out for being idle, until the same account opens that page
// again in this tab.
const PREFIX = "rxconnect-kept:";
const TYPED = "main textarea[id], main input[id]:not([type=password]):not([type=hidden]):not([type=checkbox]):not([type=radio])";
const [EVERY, LONGEST] = [250, 10000]; // ms: the page may still be loading

export function keep(account) {
  const texts = [...document.querySelectorAll(TYPED)].map((field) => [field.id, field.value]).filter(([, text]) => text);
  if (account && texts.length) sessionStorage.setItem(PREFIX + account, JSON.stringify({ at: location.pathname, texts }));
}

export function forget(account) {
  sessionStorage.removeItem(PREFIX + account);
}

// Returns what stops it.
export function bringBack(account) {
  forgetOthers(account);
  const kept = JSON.parse(sessionStorage.getItem(PREFIX + account) || "null");
  if (kept?.at !== location.pathname) return () => {};
  const began = Date.now();
  const timer = setInterval(() => {
    kept.texts = kept.texts.filter(([id, text]) => !typeInto(document.getElementById(id), text));
    if (kept.texts.length && Date.now() - began < LONGEST) return;
    clearInterval(timer);
    forget(account);
  }, EVERY);
  return () => clearInterval(timer);
}

// As if it had been typed, so that React and the server hear of it. Newer text stays.
function typeInto(field, text) {
  if (!field) return false;
  if (field.value) return true;
  const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function forgetOthers(account) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && key !== PREFIX + account) sessionStorage.removeItem(key);
  }
}
