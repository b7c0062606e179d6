// A button that asks the browser for a passkey, or makes one, and posts what it answers with the form that it is in.
import { jsx } from "@emotion/react";
import { Fragment, useEffect, useRef, useState } from "react";

const REGISTER = "register";
const NOT_USED = _("No passkey was used. Please try again, or sign in another way.");
const NOT_MADE = _("No passkey was made. Please try again.");
const KNOWN = _("This device has a passkey of your account already.");
const NOT_HERE = _("Browsers allow no passkey at this address.");
const UNREACHABLE = _("The server cannot be reached right now. Please try again in a moment.");

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

// The server writes bytes as base64url, and the browser wants them as bytes.
function readable(options) {
  const withBytes = (list) => list?.map((one) => ({ ...one, id: toBytes(one.id) }));
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.allowCredentials) read.allowCredentials = withBytes(options.allowCredentials);
  if (options.excludeCredentials) read.excludeCredentials = withBytes(options.excludeCredentials);
  return read;
}

function written({ id, rawId, type, response }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
  return JSON.stringify({ id, rawId: toText(rawId), type, response: Object.fromEntries(given) });
}

function sentenceFor(error, isNew) {
  if (error instanceof TypeError) return UNREACHABLE;
  if (error.name === "InvalidStateError") return KNOWN;
  if (error.name === "SecurityError") return NOT_HERE;
  return isNew ? NOT_MADE : NOT_USED;
}

export function Passkey({ url, purpose, label, variant }) {
  // null until the script knows whether this browser has passkeys.
  const [isAble, setAble] = useState(null);
  const [problem, setProblem] = useState("");
  const field = useRef();
  const isNew = purpose === REGISTER;

  useEffect(() => setAble(Boolean(window.PublicKeyCredential)), []);

  async function onClick() {
    setProblem("");
    try {
      const answer = await fetch(`${url}?purpose=${encodeURIComponent(purpose)}`, { method: "POST" });
      const options = await answer.json();
      if (!answer.ok) return setProblem(options.problem);
      const request = { publicKey: readable(options) };
      const credential = await navigator.credentials[isNew ? "create" : "get"](request);
      field.current.value = written(credential);
      field.current.form.submit();
    } catch (error) {
      setProblem(sentenceFor(error, isNew));
    }
  }

  if (isAble === false) return null;
  return jsx(
    Fragment,
    null,
    jsx("input", { type: "hidden", name: "credential", ref: field }),
    jsx("button", { type: "button", className: variant, disabled: !isAble, onClick }, label),
    jsx("p", { className: "problem", role: "alert" }, problem),
  );
}
