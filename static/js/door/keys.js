// Scanners that write as keyboards do: many keys, fast, then Enter, wherever the focus is. Read by the place of the key, so that a
// Vietnamese keyboard makes no accents of it.
const SHORTEST = 8, APART = 100, MEAN = 60; // characters; ms between two keys, and on average: nobody types like that

export function listen(root, found) {
  let keys = [], field = null, before = "";
  const begin = () => { keys = []; field = root.activeElement?.matches?.("input, textarea") ? root.activeElement : null; before = field?.value ?? ""; };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = event.timeStamp, last = keys.at(-1); // when the key was pressed: the page may have been busy since
    if (!last || at - last.at > APART) begin();
    if (event.key === "Enter" || event.key === "Tab") {
      const fast = keys.length >= SHORTEST && (at - keys[0].at) / keys.length < MEAN;
      const text = keys.map(({ char }) => char).join("");
      keys = [];
      if (!fast) return;
      event.preventDefault();
      event.stopPropagation();
      if (field) field.value = before;
      found(text);
      return;
    }
    const char = charOf(event);
    if (char) keys.push({ char, at });
  }, true);
}

function charOf({ code, key, shiftKey }) {
  if (/^Key[A-Z]$/.test(code)) return code.slice(3);
  if (/^Digit\d$/.test(code) && !shiftKey) return code.slice(5);
  return key.length === 1 ? key : "";
}
