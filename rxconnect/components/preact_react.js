// What takes React's place in the browser: Preact, and the few things of React 19 that it does not do (`preact_build.js`).
import { createElement as create, useLayoutEffect } from "preact/compat";

export * from "preact/compat";
export { default } from "preact/compat";
// React Router asks for it to show a page change before it is done. Preact does not delay page changes.
export const useOptimistic = (state) => [state, () => {}];

// React moves these three into the head, from wherever they stand.
function Title({ children }) {
  const title = [children].flat().join("");
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

function Stylesheet({ rel, href }) {
  useLayoutEffect(() => {
    if (document.head.querySelector(`link[rel="${rel}"][href="${href}"]`)) return;
    const link = Object.assign(document.createElement("link"), { rel, href });
    // Nobody sees the page without it.
    const { style } = document.body;
    style.opacity = 0;
    link.onload = link.onerror = () => (style.opacity = "");
    document.head.append(link);
  }, [rel, href]);
  return null;
}

const HEAD = { title: Title, link: Stylesheet, meta: () => null };

// Does `acts` once with an element that comes onto the page.
const met = new WeakSet();
const meeting = (ref, acts) => (element) => {
  if (typeof ref === "function") ref(element);
  else if (ref) ref.current = element;
  if (!element || met.has(element)) return;
  met.add(element);
  acts.forEach((act) => act(element));
};

// A browser focuses such a field of a page that it loads, and none that a script adds.
const focus = (element) => element.hasAttribute("autofocus") || element.focus();

// Preact finds only options that are its own children. An option of a prerendered page has the attribute, and may have been unchosen since.
const choose = (value) => (element) => {
  const option = [...element.options].find((one) => one.value === String(value));
  if (option && !option.hasAttribute("selected")) option.selected = true;
};

// React hears of a field's change by either event, since a browser that fills it in by itself may send `change` alone.
const heard = new WeakMap();
const hearing = (onChange) => (event) => {
  const field = event.target;
  const isNews = event.type === "input" || heard.get(field) !== field.value;
  heard.set(field, field.value);
  if (isNews) onChange(event);
};

function asReact(type, { autoFocus, autofocus, defaultValue, ref, spellCheck, ...props }) {
  const acts = autoFocus ? [focus] : [];
  if (type === "select" && defaultValue !== undefined) acts.push(choose(defaultValue));
  else if (defaultValue !== undefined) props.defaultValue = defaultValue;
  if (ref || acts.length) props.ref = acts.length ? meeting(ref, acts) : ref;
  // Preact sets a property where there is one, and an empty one is false. In this case of letters there is none.
  if (autofocus !== undefined) props.autoFocus = autofocus;
  // Preact leaves out an attribute that is false. The browser would then send a shown password to a service that checks its spelling.
  if (spellCheck !== undefined) props.spellCheck = String(spellCheck);
  // Preact takes `onChange` of these for `input`.
  const isTyped = type === "textarea" || (type === "input" && !/^(checkbox|radio|file)$/.test(props.type));
  if (isTyped && props.onChange) props.onChange = props.onChangeCapture = hearing(props.onChange);
  return props;
}

export function createElement(type, props, ...children) {
  if (typeof type !== "string") return create(type, props, ...children);
  return create(HEAD[type] ?? type, props && asReact(type, props), ...children);
}
