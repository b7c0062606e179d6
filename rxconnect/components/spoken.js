// A Vite plugin that translates the sentences of our scripts, `_("Try again")`, for a language's build (`frontend.py`).
import { readFileSync } from "node:fs";

const MARKED = /\b_\(("(?:[^"\\]|\\.)*")\)/g;
const sentences = JSON.parse(readFileSync(new URL("./sentences.json", import.meta.url)));

export function spoken() {
  return {
    name: "rxconnect-spoken",
    enforce: "pre",
    transform(code, id) {
      if (id.includes("/node_modules/")) return null;
      const spoken = (_all, text) => {
        // Babel does not extract sentences from a template literal.
        if (!(JSON.parse(text) in sentences)) this.error(`no catalog was asked for ${text}`);
        return JSON.stringify(sentences[JSON.parse(text)]);
      };
      return { code: code.replace(MARKED, spoken), map: null };
    },
  };
}
