// An open image is reserved for who works on it: each sign of them, once a minute at most, renews
// it, and leaving the page ends it.
"use strict";

(() => {
  const held = () => document.getElementById("held");
  if (!held()) return;
  const OFTEN = 60_000; // milliseconds between two renewals
  let renewed = Date.now();

  function say(what) {
    const values = new FormData(held());
    values.set("do", what);
    return values;
  }

  function renew() {
    if (Date.now() - renewed < OFTEN || !held().hidden) return;
    renewed = Date.now();
    window.htmx.ajax("POST", held().action, {
      values: Object.fromEntries(say("keep")),
      source: held(),
      target: held(),
      swap: "none",
    });
  }

  for (const sign of ["keydown", "pointerdown", "focus"]) window.addEventListener(sign, renew);
  window.addEventListener("pagehide", () => {
    if (held().hidden) navigator.sendBeacon(held().action, say("release"));
  });

  // False, with a look at who has it, where nothing may be changed.
  window.deskMayChange = () => {
    if (held().hidden) return true;
    document.getElementById("take-over")?.focus();
    return false;
  };
})();
