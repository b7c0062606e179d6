// Puts the text of a chosen file into a field, where its writer can read it and mend it. The file itself goes nowhere.
import { jsx } from "@emotion/react";
import { useState } from "react";

export function FileText({ field, label, mostBytes }) {
  const [problem, setProblem] = useState("");

  async function read({ target }) {
    const [file] = target.files;
    if (!file) return;
    const isTooLarge = file.size > mostBytes;
    setProblem(isTooLarge ? _("This file is too large to be letters.") : "");
    if (isTooLarge) return;
    const text = document.getElementById(field);
    text.value = await file.text();
    text.focus();
    // The same file can be chosen again after a change.
    target.value = "";
  }

  return jsx(
    "div",
    { className: "stack-xs" },
    jsx("label", { className: "file-text btn btn-quiet btn-sm" }, jsx("span", null, label), jsx("input", { type: "file", accept: ".toml,text/plain", onChange: read })),
    jsx("p", { className: "problem", role: "alert" }, problem),
  );
}
