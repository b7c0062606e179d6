// Card fields. What is typed here goes from the browser straight to the card processor and nowhere else: the inputs are
// uncontrolled, so that no number and no CVV ever enters the app's state or its socket. Only the processor's token does.
import { jsx } from "@emotion/react";
import { useRef, useState } from "react";

const FIELDS = {
  card: [
    { name: "number", label: "Card number", autoComplete: "cc-number", inputMode: "numeric", maxLength: 40, wide: true },
    { name: "expiry", label: "Expiry", hint: "MM/YY", autoComplete: "cc-exp", inputMode: "numeric", maxLength: 9 },
    { name: "cvv", label: "CVV", hint: "3 digits on the back, 4 on the front of American Express", autoComplete: "cc-csc", inputMode: "numeric", maxLength: 8 },
    { name: "postcode", label: "Billing ZIP code", autoComplete: "postal-code", inputMode: "numeric", maxLength: 12 },
  ],
  cvc: [
    { name: "cvv", label: "CVV", hint: "Enter the digits on your card again", autoComplete: "cc-csc", inputMode: "numeric", maxLength: 8 },
  ],
};

const UNREACHABLE = "We could not reach the card processor. Nothing was charged. Please try again.";

function problemsOf(answer) {
  if (answer && typeof answer.fields === "object") return answer.fields;
  return { form: UNREACHABLE };
}

function Field({ field, problem, prefix }) {
  const id = `${prefix}-${field.name}`;
  return jsx(
    "div",
    { className: "field", style: field.wide ? { gridColumn: "1 / -1" } : undefined },
    jsx("label", { htmlFor: id }, field.label),
    jsx("input", {
      id,
      name: field.name,
      className: "input num",
      autoComplete: field.autoComplete,
      inputMode: field.inputMode,
      maxLength: field.maxLength,
      "aria-invalid": problem ? "true" : "false",
      "aria-describedby": `${id}-hint ${id}-problem`,
    }),
    jsx("span", { id: `${id}-hint`, className: "hint" }, field.hint || ""),
    jsx("p", { id: `${id}-problem`, className: "problem", role: "alert" }, problem || ""),
  );
}

export function CardFields({ kind, tokenUrl, submitLabel, onToken, children }) {
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

  return jsx(
    "form",
    { ref: form, onSubmit: submit, noValidate: true, className: "stack", autoComplete: "on" },
    problems.form ? jsx("div", { className: "alert alert-bad", role: "alert" }, problems.form) : null,
    jsx(
      "div",
      { className: "fields" },
      ...fields.map((field) => jsx(Field, { key: field.name, field, prefix: kind, problem: problems[field.name] })),
    ),
    children,
    jsx("button", { type: "submit", className: "btn btn-wide", "aria-disabled": busy ? "true" : undefined }, busy ? "One moment" : submitLabel),
  );
}
