// A countdown in the browser. `seconds` is the time left when the page gets it. `one` and `many` are the sentences for one
// minute and for `{count}` minutes.
import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";

const TICK_MS = 5000;

export function TimeLeft({ seconds, one, many }) {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(0);

  useEffect(() => {
    setNow(Date.now());
    setUntil(Date.now() + seconds * 1000);
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [seconds]);

  const minutes = Math.max(1, Math.ceil((until ? until - now : seconds * 1000) / 60000));
  return jsx("span", { className: "num" }, minutes === 1 ? one : many.replace("{count}", minutes));
}
