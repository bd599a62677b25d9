// Keeps asking how far a batch is when an answer does not come; htmx alone would give up.
"use strict";

(() => {
  const LONGEST_PAUSE = 30; // seconds
  const region = document.getElementById("progress") || document.getElementById("trial");
  const notice = document.getElementById("connection");
  let failures = 0;
  let timer = 0;

  function again() {
    window.clearTimeout(timer);
    window.htmx.trigger(`#${region.id}`, "again");
  }

  function lost(event) {
    if (event.detail.elt?.id !== region.id) return;
    // Deleted elsewhere, or no longer ours: the page itself says so best.
    if ([403, 404].includes(event.detail.xhr?.status)) return window.location.reload();
    notice.hidden = false;
    timer = window.setTimeout(again, 1000 * Math.min(LONGEST_PAUSE, 2 ** failures));
    failures += 1;
    return undefined;
  }

  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, lost);
  }
  document.addEventListener("htmx:afterSwap", () => {
    failures = 0;
    notice.hidden = true;
  });
  window.addEventListener("online", () => failures && again());
  document.addEventListener("visibilitychange", () => {
    if (failures && document.visibilityState === "visible") again();
  });
})();
