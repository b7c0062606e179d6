// Deletes unsaved text from the browser after a sign-out, as other people may use the same computer. It waits until the
// sign-out is done: one that failed must not delete the only copy of a text.
import { useEffect } from "react";

export const PREFIX = "rxconnect-draft:";

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // The browser has no storage, so there is nothing to delete.
  }
}

export function ForgetDrafts({ after }) {
  useEffect(() => {
    if (!after.includes(new URLSearchParams(location.search).get("done"))) return;
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach(forget);
    } catch {
      // The browser has no storage.
    }
  }, []);
  return null;
}
