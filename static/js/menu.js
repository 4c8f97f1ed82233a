// details.menu closes with Escape and with a press elsewhere.
export function closeMenus(root) {
  const shut = (menu, focus) => { menu.open = false; if (focus) menu.querySelector("summary").focus(); };
  root.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (menu) shut(menu, true);
  });
  root.addEventListener("click", (event) => {
    for (const menu of root.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) shut(menu, false);
  });
}
