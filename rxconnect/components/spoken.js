// A plugin of Vite: puts the sentences of our scripts, `_("Try again")`, in the language of the build (`frontend.py`).
import { readFileSync } from "node:fs";

const MARKED = /\b_\(("(?:[^"\\]|\\.)*")\)/g;
const sentences = JSON.parse(readFileSync(new URL("./sentences.json", import.meta.url)));

export function spoken() {
  return {
    name: "rxconnect-spoken",
    enforce: "pre",
    transform(code, id) {
      if (id.includes("/node_modules/")) return null;
      return { code: code.replace(MARKED, (_all, text) => JSON.stringify(sentences[JSON.parse(text)])), map: null };
    },
  };
}
