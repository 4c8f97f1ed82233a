// People found by name, without marks. Pure.
export const fold = (text) => text.normalize("NFKD").toLowerCase().replace(/[đðɖ]/g, "d").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

// Every word that was typed begins a word of the name; each word of the name is used once.
export function matches(words, typed) {
  const left = [...words];
  return typed.every((start) => {
    const at = left.findIndex((word) => word.startsWith(start));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

// Those whose last words are typed in their order come first, as names are called by the given name.
export function search(people, text, most = 30) {
  const typed = fold(text).split(" ").filter(Boolean).sort((a, b) => b.length - a.length);
  if (!typed.length) return [];
  const wanted = fold(text);
  const rank = ({ folded }) => (folded === wanted ? 0 : folded.endsWith(` ${wanted}`) ? 1 : folded.includes(wanted) ? 2 : 3);
  return people.filter(({ words }) => matches(words, typed)).sort((a, b) => rank(a) - rank(b)).slice(0, most);
}
