// Card fields. Their content goes from the browser straight to the card processor and nowhere else. The inputs are
// uncontrolled, so that no number or CVV enters the app's state or its socket; only the processor's token does. With a
// publishable key the processor is Stripe, whose fields are in a separate file that only then is fetched.
import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { isMended, typeset } from "./card_typing.js";

export const FIELDS = {
  card: [
    { name: "number", label: _("Card number"), autoComplete: "cc-number", inputMode: "numeric", maxLength: 40, wide: true },
    { name: "expiry", label: _("Expiry"), hint: _("MM/YY"), autoComplete: "cc-exp", inputMode: "numeric", maxLength: 9 },
    { name: "cvv", label: _("CVV"), hint: _("3 digits on the back, 4 on the front of American Express"), autoComplete: "cc-csc", inputMode: "numeric", maxLength: 8 },
    { name: "postcode", label: _("Billing ZIP code"), autoComplete: "postal-code", inputMode: "numeric", maxLength: 12 },
  ],
  cvc: [
    { name: "cvv", label: _("CVV"), hint: _("The 3 or 4 digits are not stored, so enter them again"), autoComplete: "cc-csc", inputMode: "numeric", maxLength: 8 },
  ],
};

export const UNREACHABLE = _("We could not reach the card processor. Nothing was charged. Please try again.");
const NOT_LOADED =
  _("The card form did not load: it comes from Stripe, our card processor, and your connection or an ad blocker may keep it away. Nothing was charged.");

function problemsOf(answer) {
  if (answer && typeof answer.fields === "object") return answer.fields;
  return { form: UNREACHABLE };
}

export function Input({ field, id, problem, onInput }) {
  return jsx("input", {
    onInput,
    id,
    name: field.name,
    className: "input num",
    autoComplete: field.autoComplete,
    inputMode: field.inputMode,
    maxLength: field.maxLength,
    "aria-invalid": problem ? "true" : "false",
    "aria-describedby": problem ? `${id}-problem` : `${id}-hint ${id}-problem`,
  });
}

// Formats the typed text (groups of digits, slash), and clears the error of a corrected field.
export function useTyping(problems, setProblems) {
  return ({ target, nativeEvent }) => {
    typeset(target, nativeEvent.inputType);
    const { name, value } = target;
    if (problems[name] && isMended(name, value)) setProblems({ ...problems, [name]: "" });
  };
}

function Field({ field, id, problem, children }) {
  return jsx(
    "div",
    { className: "field", style: field.wide ? { gridColumn: "1 / -1" } : undefined },
    jsx("label", { htmlFor: id }, field.label),
    children,
    jsx("span", { id: `${id}-hint`, className: "hint" }, field.hint || ""),
    jsx("p", { id: `${id}-problem`, className: "problem", role: "alert" }, problem || ""),
  );
}

// The form around any fields. `renderInput(field, id, problem)` renders the input between a field's label and its hint.
// `refused` is what the server said of a CVV that it got; the field shows it until the user types there.
export function Form({ form, kind, problems, busy, onSubmit, renderInput, submitLabel, total, refused, children }) {
  const [mended, setMended] = useState("");
  useEffect(() => {
    if (refused) form.current.elements.cvv?.focus();
  }, [refused]);
  useEffect(() => {
    if (busy) return () => setMended("");
  }, [busy]);
  const onInput = ({ target }) => target.name === "cvv" && setMended(refused);
  const shown = { ...(refused && refused !== mended && { cvv: refused }), ...problems };
  return jsx(
    "form",
    { ref: form, onSubmit, onInput, noValidate: true, className: "stack", autoComplete: "on" },
    problems.form ? jsx("div", { className: "alert alert-bad", role: "alert" }, problems.form) : null,
    jsx(
      "div",
      { className: "fields card-fields" },
      ...FIELDS[kind].map((field) => {
        const [id, problem] = [`${kind}-${field.name}`, shown[field.name]];
        return jsx(Field, { key: field.name, field, id, problem }, renderInput(field, id, problem));
      }),
    ),
    children,
    jsx(
      "div",
      { className: "thumb" },
      total && jsx("p", { className: "thumb-total num" }, _("Total"), " ", jsx("strong", null, total)),
      jsx("button", { type: "submit", className: "btn btn-wide", "aria-disabled": busy ? "true" : undefined }, busy ? _("One moment") : submitLabel),
    ),
  );
}

function SandboxFields({ kind, tokenUrl, onToken, ...shown }) {
  const form = useRef(null);
  const [problems, setProblems] = useState({});
  const [busy, setBusy] = useState(false);
  const fields = FIELDS[kind];

  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblems({});
    const typed = Object.fromEntries(new FormData(form.current));
    try {
      const reply = await fetch(tokenUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(Object.fromEntries(fields.map(({ name }) => [name, typed[name]]))),
      });
      const answer = await reply.json();
      if (reply.ok) {
        form.current.reset();
        onToken(answer.token);
      } else {
        const found = problemsOf(answer);
        setProblems(found);
        const first = fields.find(({ name }) => found[name]);
        if (first) form.current.elements[first.name].focus();
      }
    } catch {
      setProblems({ form: UNREACHABLE });
    } finally {
      setBusy(false);
    }
  }

  const onInput = useTyping(problems, setProblems);
  const renderInput = (field, id, problem) => jsx(Input, { field, id, problem, onInput });
  return jsx(Form, { ...shown, form, kind, problems, busy, onSubmit: submit, renderInput });
}

function StripeFields(props) {
  const [attempt, setAttempt] = useState(1);
  const [loaded, setLoaded] = useState(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    let isShown = true;
    import("./stripe_fields.js")
      .then(async ({ CardForm, loadStripe }) => ({ CardForm, stripe: await loadStripe(props.publishableKey) }))
      .then((found) => isShown && setLoaded(found))
      .catch(() => isShown && setFailed(true));
    return () => {
      isShown = false;
    };
  }, [attempt, props.publishableKey]);

  function retry() {
    setFailed(false);
    setAttempt(attempt + 1);
  }

  if (loaded) return jsx(loaded.CardForm, { ...props, stripe: loaded.stripe });
  if (failed) {
    return jsx(
      "div",
      { className: "stack" },
      jsx("div", { className: "alert alert-bad", role: "alert" }, NOT_LOADED),
      jsx("button", { type: "button", className: "btn btn-wide", onClick: retry }, _("Retry")),
    );
  }
  return jsx("p", { className: "muted", role: "status" }, _("The card form is loading…"));
}

export function CardFields(props) {
  return jsx(props.publishableKey ? StripeFields : SandboxFields, { key: props.kind, ...props });
}
