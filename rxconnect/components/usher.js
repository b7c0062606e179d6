// Leads a follower from the page of the room to the page that the driver is on: at once, or when the driver goes there.
// Until then it shows the sentence `says`.
import { useEffect } from "react";
import { jsx } from "@emotion/react";
import { theSocket } from "$/utils/connection.js";
import { useStateContext } from "$/utils/context-registry";
import { isFrame } from "./following.js";

export function Usher({ state, says }) {
  const { view_rx_state_: view } = useStateContext(state);
  const isLed =
    !!view && (isFrame || (view.me.follows && !view.me.is_trainer && !new URLSearchParams(location.search).has("stay")));
  useEffect(() => {
    if (!isLed) return;
    const socket = theSocket();
    const ask = () => socket.emit("present");
    // A frame's pages are no entries in the history of its window.
    const hear = ({ path }) => path && (isFrame ? location.replace(path) : location.assign(path));
    socket.on("mirror", hear);
    socket.on("connect", ask);
    if (socket.connected) ask();
    return () => {
      socket.off("mirror", hear);
      socket.off("connect", ask);
    };
  }, [isLed]);
  return isLed && says ? jsx("p", { className: "alert", role: "status" }, says) : null;
}
