// Formats a card's number and expiry date while the user types: groups of digits, and the slash that a phone's number
// pad lacks. The caret stays at its digit.
import { jsx } from "@emotion/react";

const AMEX = /^3[47]/;
const DIGIT = /[0-9]/;
const EXPIRY = /^(0[1-9]|1[0-2])\/(?:20)?([0-9]{2})$/;
const POSTCODE = /^\s*[0-9]{5}(-[0-9]{4})?\s*$/;

const digitsOf = (text) => text.replace(/[^0-9]/g, "");

function grouped(digits) {
  const ends = AMEX.test(digits) ? [4, 10, 15] : [4, 8, 12, 16, 19];
  const groups = ends.map((end, place) => digits.slice(ends[place - 1] ?? 0, end));
  return groups.filter(Boolean).join(" ");
}

// A single digit is a whole month if a slash follows it, or if no two-digit month begins with it.
function slashed(text) {
  const padded = text.replace(/^\s*([2-9])/, "0$1").replace(/^\s*1\s*\//, "01/");
  const digits = digitsOf(padded).slice(0, 6);
  return digits.length < 2 ? digits : `${digits.slice(0, 2)}/${digits.slice(2)}`;
}

const LOOKS = { number: (text) => grouped(digitsOf(text)), expiry: slashed };

const isInPast = (month, year) => new Date(2000 + Number(year), Number(month)) <= new Date();

function passesLuhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (1 + (place % 2));
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

const MENDED = {
  number: (text) => digitsOf(text).length >= 12 && passesLuhn(digitsOf(text)),
  expiry: (text) => EXPIRY.test(text) && !isInPast(...EXPIRY.exec(text).slice(1)),
  cvv: (text) => /^\s*[0-9]{3,4}\s*$/.test(text),
  postcode: (text) => POSTCODE.test(text),
};

// Whether a field with a problem may be correct now. Only the processor knows for certain.
export function isMended(name, text) {
  return MENDED[name]?.(text) ?? true;
}

// The digits of each field before the last key, to tell what a deletion was meant for.
const before = new WeakMap();

export function typeset(input, inputType = "") {
  const look = LOOKS[input.name];
  if (!look) return;
  const isDeletion = inputType.startsWith("delete");
  let { value, selectionStart: caret } = input;
  // The key deleted only a blank or the slash. It would reappear at once, so delete a digit instead.
  if (inputType === "deleteContentBackward" && digitsOf(value) === before.get(input)) {
    const place = value.slice(0, caret).search(/[0-9][^0-9]*$/);
    if (place >= 0) [value, caret] = [value.slice(0, place) + value.slice(place + 1), place];
  }
  // Do not format a date during a deletion: half of a date could be read as another date.
  const shown = isDeletion && look === slashed ? value : look(value);
  const added = digitsOf(shown).length - digitsOf(value).length;
  let left = digitsOf(value.slice(0, caret)).length + Math.max(0, added);
  let place = 0;
  while (left > 0 && place < shown.length) if (DIGIT.test(shown[place++])) left -= 1;
  if (!isDeletion) while (place < shown.length && !DIGIT.test(shown[place])) place += 1;
  before.set(input, digitsOf(shown));
  if (shown === input.value) return;
  input.value = shown;
  if (document.activeElement === input) input.setSelectionRange(place, place);
}

// The expiry date of a stored card, in our own form.
export function ExpiryInput({ onInput, ...props }) {
  return jsx("input", { ...props, onInput: ({ target, nativeEvent }) => typeset(target, nativeEvent.inputType) });
}
