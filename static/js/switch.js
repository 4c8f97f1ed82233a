// Light or dark by hand: remembered in this browser.
export function switchTheme(root) {
  const buttons = root.querySelectorAll("[data-theme-switch]");
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  };
  const label = () => buttons.forEach((button) => {
    button.hidden = false;
    button.querySelector("span").textContent = dark() ? button.dataset.toLight : button.dataset.toDark;
    const use = button.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, dark() ? "#i-sun" : "#i-moon"));
  });
  buttons.forEach((button) => button.addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem("theme", next); } catch { /* only this page then */ }
    label();
  }));
  label();
}
