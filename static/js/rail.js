// The sections of the desk: folded on a narrow window, open beside the page on a wide one. Runs before the first paint.
{
  const rail = document.querySelector("[data-rail]");
  const wide = window.matchMedia("(min-width: 64rem)");
  const fit = () => { rail.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
}
