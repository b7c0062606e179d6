// Whoever has signed out leaves no words behind on a computer that others use too. Only once it is done: a sign-out that
// did not get through takes nothing from somebody whose words are nowhere else.
import { useEffect } from "react";

export const PREFIX = "rxconnect-draft:";

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing is kept where a browser keeps nothing.
  }
}

export function ForgetDrafts({ after }) {
  useEffect(() => {
    if (!after.includes(new URLSearchParams(location.search).get("done"))) return;
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach(forget);
    } catch {
      // As above.
    }
  }, []);
  return null;
}
