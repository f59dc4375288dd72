// A newer report takes the place of the one on screen, and what the person reads stays where it is.
"use strict";

(() => {
  const report = document.getElementById("report");
  if (!report) return;

  // What is at the top of the window, by the nearest thing with a name that both versions have.
  const named = () => [...report.querySelectorAll("[id]")];
  const headerHeight = () => document.querySelector(".site-header").getBoundingClientRect().bottom;
  let kept = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== report) return;
    const top = headerHeight();
    const reading = named().filter((e) => e.getBoundingClientRect().bottom > top);
    const anchor = reading.findLast((e) => e.getBoundingClientRect().top <= top) ?? reading[0];
    kept = {
      id: anchor?.id,
      top: anchor?.getBoundingClientRect().top,
      focus: report.contains(document.activeElement) ? document.activeElement.id : "",
      scrolled: [...report.querySelectorAll(".table-scroll[id]")].map((e) => [e.id, e.scrollLeft]),
    };
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== report || !kept) return;
    kept.scrolled.forEach(([id, left]) => { const table = document.getElementById(id); if (table) table.scrollLeft = left; });
    const anchor = kept.id && document.getElementById(kept.id);
    if (anchor) window.scrollBy({ top: anchor.getBoundingClientRect().top - kept.top, behavior: "instant" });
    if (kept.focus) document.getElementById(kept.focus)?.focus({ preventScroll: true });
    kept = null;
    follow();
  });

  // Once the session has ended, asking on would only say so again and again.
  document.addEventListener("htmx:responseError", (event) => {
    const asking = event.detail.elt;
    if (asking.id === "freshness" && event.detail.xhr.status === 403) asking.replaceWith(...asking.childNodes);
  });

  // The list at the side shows where one is.
  const follow = () => {
    const links = [...report.querySelectorAll(".side-list a")];
    const line = headerHeight() + 120;
    const current = [...report.querySelectorAll(".report-section")].findLast((s) => s.getBoundingClientRect().top <= line);
    links.forEach((link) => {
      if (current && link.hash === `#${current.id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  let waiting = false;
  window.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });
  follow();
})();
