// Ctrl+Enter, or Cmd+Enter on a Mac, presses the page's main button from wherever the user is.
import { useLayoutEffect } from "react";

export function GoKeys({ target }) {
  useLayoutEffect(() => {
    function onKey(event) {
      // A key that is held down must not also press the button of the next page.
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat || event.isComposing) return;
      event.preventDefault();
      document.getElementById(target)?.click();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [target]);
  return null;
}
