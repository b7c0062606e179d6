// A native form that, once this script is there, is answered in place: after a refusal, what was typed stays in the browser's
// own fields, passwords too, which the server never sends back. Without it the browser posts the form and gets the whole page.
import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";

const UNREACHABLE = _("No answer came from us, so you may be offline. What you typed is still here. Please press it again in a moment.");
const PROBLEM = "-problem";

function fill(slot, sentence, link) {
  slot.textContent = sentence;
  if (!link) return;
  const [text, href] = link;
  slot.append(" ", Object.assign(document.createElement("a"), { textContent: text, href }));
}

function mark(form, slot, sentence, link) {
  const name = slot.id.slice(0, -PROBLEM.length);
  fill(slot, sentence, link);
  const field = form.elements[name];
  if (!field?.matches) return;
  field.setAttribute("aria-invalid", sentence ? "true" : "false");
  // The problem stands in the place of the hint, which says the same.
  const hint = !sentence && document.getElementById(`${name}-hint`) ? `${name}-hint ` : "";
  field.setAttribute("aria-describedby", hint + slot.id);
}

// The same as `api/filled_page.py` does to a whole page. The first problem on the page takes the focus.
function show(form, problems, links = {}) {
  const slots = [...document.querySelectorAll(`[id$="${PROBLEM}"], #form-notice`)];
  const nameOf = (slot) => slot.id.slice(0, -PROBLEM.length);
  for (const slot of slots) mark(form, slot, problems[nameOf(slot)] ?? "", links[nameOf(slot)]);
  const first = slots.find((slot) => problems[nameOf(slot)]);
  if (!first) return;
  const place = form.elements[nameOf(first)] ?? first;
  if (!place.matches("input")) place.tabIndex = -1;
  place.focus();
}

async function post(form) {
  const body = new URLSearchParams(new FormData(form));
  try {
    const reply = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
    const isOurs = reply.headers.get("content-type")?.startsWith("application/json");
    return isOurs ? await reply.json() : {};
  } catch {
    return { problems: { form: UNREACHABLE } };
  }
}

export function DoorForm({ children, ...props }) {
  const isBusy = useRef(false);

  async function submit(event) {
    const { submitter } = event.nativeEvent;
    // A button with a name, as of a language, says something itself, and its answer is a whole page.
    if (submitter?.name) return;
    event.preventDefault();
    if (isBusy.current) return;
    const form = event.currentTarget;
    const button = submitter ?? form.querySelector("[type=submit]");
    isBusy.current = true;
    button?.setAttribute("aria-busy", "true");
    const { next, problems, links } = await post(form);
    if (next) return location.assign(next);
    // An answer that is not ours, as of a proxy, is the browser's to show.
    if (!problems) return form.submit();
    isBusy.current = false;
    button?.removeAttribute("aria-busy");
    show(form, problems, links);
  }

  useEffect(() => {
    // The browser may bring the page back as it was left.
    const revive = ({ persisted }) => {
      if (!persisted) return;
      isBusy.current = false;
      document.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    };
    addEventListener("pageshow", revive);
    return () => removeEventListener("pageshow", revive);
  }, []);

  // What was said of a field is about what stood in it.
  function change({ currentTarget, target }) {
    const slot = document.getElementById(target.name + PROBLEM);
    if (slot?.textContent) mark(currentTarget, slot, "");
  }

  return jsx("form", { ...props, onSubmit: submit, onInput: change }, children);
}

// Shows what stands in the password field before it. When the form is sent it is hidden again, since a browser offers to keep
// only what stands in a field for passwords. Without this script there is no button.
export function ShowPassword({ of }) {
  const [isReady, setReady] = useState(false);
  const [isShown, setShown] = useState(false);

  useEffect(() => {
    const { form } = document.getElementById(of);
    const hide = () => setShown(false);
    setReady(true);
    form?.addEventListener("submit", hide, true);
    return () => form?.removeEventListener("submit", hide, true);
  }, [of]);

  useEffect(() => {
    document.getElementById(of).type = isShown ? "text" : "password";
  }, [of, isShown]);

  if (!isReady) return null;
  return jsx(
    "button",
    {
      type: "button",
      className: "show-password",
      "aria-controls": of,
      onClick: () => setShown(!isShown),
    },
    isShown ? _("Hide") : _("Show"),
    jsx("span", { className: "sr" }, " ", _("what you typed")),
  );
}
