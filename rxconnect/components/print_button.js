// Prints the page. The stylesheet leaves out everything but the letters.
import { jsx } from "@emotion/react";

export function PrintButton({ className, children }) {
  return jsx("button", { type: "button", className, onClick: () => window.print() }, children);
}
