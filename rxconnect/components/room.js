// The strip of a demo session. Every page has this script, and it loads the rest only inside a session.
import { jsx } from "@emotion/react";
import { Suspense, lazy } from "react";
import { useStateContext } from "$/utils/context-registry";

const Strip = lazy(() => import("./room_strip.js"));

export function Room(props) {
  const { view_rx_state_: view, problem_rx_state_: problem } = useStateContext(props.state);
  return view ? jsx(Suspense, null, jsx(Strip, { ...props, view, problem })) : null;
}
