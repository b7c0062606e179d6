// Keeps a page's content while its server restarts. A restarted server first sends every State empty and then with its
// data; in between, the page would remove the fields that the user is typing in. So a State is shown as it last was when
// ready, until it is ready again, or the address or the account changes.
import { jsx } from "@emotion/react";
import { useContext, useEffect, useMemo, useState } from "react";
import { useLocation } from "react-router";
import { StateStoreContext } from "$/utils/context-registry";

function steadied(store, session) {
  let ready = {};
  let person = "";

  function getSnapshot(name) {
    const { browser_key_rx_state_: key } = store.getSnapshot(session);
    if (key && key !== person) [person, ready] = [key, {}];
    const state = store.getSnapshot(name);
    if (state?.ready_rx_state_) ready[name] = state;
    return ready[name] ?? state;
  }

  function subscribe(name, listener) {
    const ends = [store.subscribe(name, listener), store.subscribe(session, listener)];
    return () => ends.forEach((end) => end());
  }

  return { ...store, getSnapshot, subscribe };
}

export function Steady({ session, children }) {
  const store = useContext(StateStoreContext);
  const { pathname } = useLocation();
  // In a demo session, what one shows and types may suddenly be another's (`following.js`).
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const anew = () => setTimes((before) => before + 1);
    addEventListener("anew", anew);
    return () => removeEventListener("anew", anew);
  }, []);
  const value = useMemo(() => steadied(store, session), [store, session, pathname, times]);
  return jsx(StateStoreContext.Provider, { key: times, value }, children);
}
