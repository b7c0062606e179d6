// Stripe's own card fields, in place of ours. Each is an iframe of Stripe's, so that nothing on our page, this script
// included, can read the typed text. Only installations with Stripe load this file.
import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { FIELDS, Form, Input, UNREACHABLE, useTyping } from "./card_fields.js";

// The same release as the server's API version. It must come from Stripe itself, never from a copy.
const SCRIPT = "https://js.stripe.com/endive/stripe.js";
const LOADING_MS = 10_000;
const ANSWERING_MS = 30_000;

const ELEMENTS = { number: "cardNumber", expiry: "cardExpiry", cvv: "cardCvc" };
const POSTCODE = /^\s*[0-9]{5}(-[0-9]{4})?\s*$/;
const SENTENCES = {
  number: _("Check the number: a digit seems to be missing or mistyped."),
  expiry: _("Check the expiry date: month and year as they stand on the card, like 04/29."),
  cvv: _("Enter the CVV: three digits on the back of the card, or four on the front of an American Express."),
  postcode: _("Enter the ZIP code of the card's billing address: five digits, like 99362."),
};
const REFUSED = _("The card processor did not take this card. Nothing was charged. Check what you typed, or use another card.");

function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("too late")), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

let known;

// Rejects when the script is blocked or slow; a later call tries again.
export async function loadStripe(publishableKey) {
  if (!window.Stripe) await loadScript();
  known ??= window.Stripe(publishableKey);
  return known;
}

function loadScript() {
  const script = document.createElement("script");
  const arrived = new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = reject;
  });
  script.src = SCRIPT;
  document.head.append(script);
  return within(LOADING_MS, arrived).catch((error) => {
    script.remove();
    throw error;
  });
}

// Our stylesheet does not apply inside an iframe, so Stripe gets the current values of our tokens.
function styleOf(place) {
  const tokens = getComputedStyle(document.documentElement);
  const text = getComputedStyle(place);
  const token = (name) => tokens.getPropertyValue(name).trim();
  return {
    base: { color: token("--ink"), fontFamily: token("--sans"), fontSize: text.fontSize, "::placeholder": { color: token("--ink-3") } },
    invalid: { color: token("--bad") },
  };
}

// Maps an error of Stripe's to our field, by a code such as `incomplete_number` or `invalid_expiry_year_past`.
function problemsOf(error) {
  const code = error.code || "";
  const about = { number: "number", expiry: "expiry", cvc: "cvv", zip: "postcode" };
  const part = Object.keys(about).find((name) => code.includes(name));
  if (part) return { [about[part]]: SENTENCES[about[part]] };
  return { form: error.type === "card_error" || error.type === "validation_error" ? REFUSED : UNREACHABLE };
}

function StripeInput({ id, place, problem, isFocused }) {
  // In dark mode a browser paints a light iframe white, unless the element around it is light, too.
  const style = { colorScheme: "light", ...(isFocused && { outline: "3px solid var(--accent)", outlineOffset: "2px" }) };
  return jsx("div", { id, ref: place, className: "input num", "aria-invalid": problem ? "true" : "false", style });
}

// Mounts Stripe's elements into our places and keeps our colours. Returns the elements by the names of our fields.
function useElements(stripe, names, places, setFocused) {
  const [elements, setElements] = useState({});
  useEffect(() => {
    const group = stripe.elements();
    const mounted = {};
    for (const name of names) {
      const place = places.current[name];
      const options = { style: styleOf(place), placeholder: "", ...(name === "number" && { disableLink: true }) };
      const element = group.create(ELEMENTS[name], options);
      mounted[name] = { element, complete: false };
      element.on("change", ({ complete }) => {
        mounted[name].complete = complete;
      });
      element.on("focus", () => setFocused(name));
      element.on("blur", () => setFocused(""));
      element.mount(place);
    }
    const theme = new MutationObserver(() => {
      for (const name of names) mounted[name].element.update({ style: styleOf(places.current[name]) });
    });
    theme.observe(document.documentElement, { attributeFilter: ["class"] });
    setElements(mounted);
    return () => {
      theme.disconnect();
      for (const name of names) mounted[name].element.destroy();
    };
  }, [stripe]);
  return elements;
}

export function CardForm({ kind, stripe, onToken, ...shown }) {
  const form = useRef(null);
  const places = useRef({});
  const [problems, setProblems] = useState({});
  const [focused, setFocused] = useState("");
  const [busy, setBusy] = useState(false);
  const fields = FIELDS[kind];
  const elements = useElements(stripe, fields.map(({ name }) => name).filter((name) => name in ELEMENTS), places, setFocused);

  function incomplete(postcode) {
    const isGood = (name) => (name in elements ? elements[name].complete : POSTCODE.test(postcode));
    return Object.fromEntries(fields.filter(({ name }) => !isGood(name)).map(({ name }) => [name, SENTENCES[name]]));
  }

  function show(found) {
    setProblems(found);
    const first = fields.find(({ name }) => found[name]);
    if (first) (elements[first.name]?.element ?? form.current.elements[first.name]).focus();
  }

  async function ask(postcode) {
    if (kind === "cvc") return stripe.createToken("cvc_update", elements.cvv.element);
    const billing_details = { address: { postal_code: postcode.trim() } };
    return stripe.createPaymentMethod({ type: "card", card: elements.number.element, billing_details });
  }

  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    const postcode = form.current.elements.postcode?.value ?? "";
    const missing = incomplete(postcode);
    show(missing);
    if (Object.keys(missing).length) return;
    setBusy(true);
    try {
      const { token, paymentMethod, error } = await within(ANSWERING_MS, ask(postcode));
      if (error) {
        show(problemsOf(error));
      } else {
        form.current.reset();
        for (const { element } of Object.values(elements)) element.clear();
        onToken((token ?? paymentMethod).id);
      }
    } catch {
      show({ form: UNREACHABLE });
    } finally {
      setBusy(false);
    }
  }

  const onInput = useTyping(problems, setProblems);

  function renderInput(field, id, problem) {
    if (!(field.name in ELEMENTS)) return jsx(Input, { field, id, problem, onInput });
    const place = (node) => {
      places.current[field.name] = node;
    };
    return jsx(StripeInput, { id, place, problem, isFocused: focused === field.name });
  }

  return jsx(Form, { ...shown, form, kind, problems, busy, onSubmit: submit, renderInput });
}
