// The split view of a demo session, for a projector: two or four seats side by side. Each frame is a page of ours that says
// which seat it shows (`frontend.py`), and does nothing else. The address keeps the choice, so that it outlives a reload.
import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { useStateContext } from "$/utils/context-registry";

const COUNTS = [2, 4];

const asked = () => (new URLSearchParams(location.search).get("seats") ?? "").split(",").map(Number);

// Fills the places that nobody was chosen for, or whose seat is gone: those who act first, each seat once if there are enough.
function filled(chosen, people) {
  const seats = people.filter((one) => one.may_drive).sort((one, other) => other.acts - one.acts);
  const known = chosen.map((id) => seats.find((one) => one.id === id));
  const others = seats.filter((one) => !known.includes(one));
  return known.map((one) => one ?? others.shift() ?? null);
}

const named = ({ kind_label: kind, name }) => `${kind} · ${name}`;

function Place({ number, seat, people, frame, onChoose }) {
  const label = _("Place {number}").replace("{number}", number);
  const choices = people.filter((one) => one.may_drive).map((one) => jsx("option", { key: one.id, value: one.id }, named(one)));
  const onChange = (event) => onChoose(Number(event.target.value));
  if (!seat) return jsx("section", { className: "split-place", "aria-label": label }, jsx("p", { className: "split-empty" }, _("Nobody yet. As soon as somebody joins, their pages are shown here.")));
  return jsx(
    "section",
    { className: "split-place", "aria-label": label },
    jsx("select", { className: "input split-title", "aria-label": label, value: seat.id, onChange }, choices),
    jsx("div", { className: "split-window" }, jsx("iframe", { key: seat.id, src: frame, title: named(seat), "data-seat": seat.id })),
  );
}

export function Split({ state, frame }) {
  const { view_rx_state_: view } = useStateContext(state);
  const [chosen, setChosen] = useState([0, 0]);
  useEffect(() => {
    const ids = asked();
    setChosen(Array.from({ length: ids.length > 2 ? 4 : 2 }, (_none, place) => ids[place] || 0));
  }, []);
  if (!view) return null;
  const shown = filled(chosen, view.people);
  const show = (ids) => {
    setChosen(ids);
    history.replaceState(history.state, "", `?seats=${ids}`);
  };
  const ids = shown.map((seat) => seat?.id ?? 0);
  const count = (number) => show(Array.from({ length: number }, (_none, place) => ids[place] ?? 0));
  const sizes = COUNTS.map((number) =>
    jsx("button", { key: number, type: "button", className: "btn", "aria-pressed": chosen.length === number, onClick: () => count(number) }, number),
  );
  const places = shown.map((seat, place) =>
    jsx(Place, { key: place, number: place + 1, seat, people: view.people, frame, onChoose: (id) => show(ids.map((other, at) => (at === place ? id : other))) }),
  );
  return [
    jsx("div", { key: "sizes", className: "segments split-sizes", role: "group", "aria-label": _("Seats side by side") }, sizes),
    jsx("div", { key: "places", className: `split split-${chosen.length}` }, places),
  ];
}
