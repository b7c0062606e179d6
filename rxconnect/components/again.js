// Asks the server again every few seconds, for as long as it is on the page.
import { useEffect, useRef } from "react";

const EVERY_MS = 3000;

export function Again({ onLook }) {
  const look = useRef(onLook);
  useEffect(() => {
    look.current = onLook;
  });
  useEffect(() => {
    const timer = setInterval(() => look.current(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return null;
}
