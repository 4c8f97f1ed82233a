// nav[data-days]: the day that is being read is marked in the bar of days.
export function followDays(root) {
  const bar = root.querySelector("[data-days]");
  if (!bar || !("IntersectionObserver" in window)) return;
  const links = [...bar.querySelectorAll("a")];
  const mark = (id) => links.forEach((link) => {
    if (link.hash === `#${id}`) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  });
  const seen = new IntersectionObserver((entries) => {
    const now = entries.filter((entry) => entry.isIntersecting).at(-1);
    if (now) mark(now.target.id);
  }, { rootMargin: "-20% 0px -70% 0px" });
  links.forEach((link) => { const day = document.querySelector(link.hash); if (day) seen.observe(day); });
}
