// The values of a card: Enter opens one and saves it, and the focus goes on to the next; the place on
// the picture lights up meanwhile. Everything works without this script.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  let next = null; // the number of the value that was just sent

  function light(element, isOn) {
    const value = element?.closest?.(".value");
    const mark = value && by(`on-${value.id}`);
    if (mark) mark.classList.toggle("lit", isOn);
  }

  function close(details) {
    details.open = false;
    details.querySelector("summary").focus();
  }

  // At once, not when the browser tells of the toggle: who types on must not lose a letter.
  document.addEventListener("click", (event) => {
    const details = event.target.closest?.(".value .edit > summary")?.parentElement;
    if (!details || details.open) return;
    event.preventDefault();
    details.open = true;
    const input = details.querySelector("[name=text]");
    input.focus();
    input.select();
  });

  document.addEventListener("keydown", (event) => {
    const details = event.target.closest?.(".value .edit[open]");
    if (!details) return;
    if (event.key === "Escape") {
      details.querySelector("form").reset();
      close(details);
    } else if (event.key === "Enter" && event.ctrlKey)
      details.querySelector("form").requestSubmit();
  });

  // Words that were pressed on the picture are the value of the field that is open, or was last.
  let pointedFor = null;
  document.addEventListener("focusin", (event) => {
    const value = event.target.closest?.(".value");
    if (value) pointedFor = value.id;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F3" || !event.target.closest?.(".value")) return;
    event.preventDefault();
    window.deskPoint.open("take");
  });
  document.addEventListener("point:taken", ({ detail: { boxes, text } }) => {
    const form = by(pointedFor)?.querySelector(".edit form");
    if (!form) return;
    form.elements.namedItem("text").value = text;
    form.elements.namedItem("boxes").value = boxes.map((box) => box.join(" ")).join(",");
    form.requestSubmit();
  });
  document.addEventListener("picture:press", ({ detail: { x, y } }) => {
    if (document.body.dataset.lines) return;
    const mark = [...document.querySelectorAll("[id^=on-value]")].find((one) => {
      const box = one.getBBox();
      return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
    });
    if (mark) by(mark.id.replace("on-value", "edit"))?.click();
  });
  document.addEventListener("point:closed", () => {
    by(pointedFor)?.querySelector("[name=text]")?.focus();
  });

  document.addEventListener("focusin", (event) => light(event.target, true));
  document.addEventListener("focusout", (event) => light(event.target, false));
  document.addEventListener("mouseover", (event) => light(event.target, true));
  document.addEventListener("mouseout", (event) => light(event.target, false));

  document.addEventListener("htmx:beforeRequest", (event) => {
    const value = event.detail.elt.closest(".value");
    const isUndo = event.detail.requestConfig.parameters.do === "undo";
    next = value && Number(value.dataset.number) + (isUndo ? 0 : 1);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!next) return;
    (
      by("zone-offer") ||
      by(`edit-${next}`) ||
      by("next-doubtful") ||
      by("next") ||
      by(`edit-${next - 1}`)
    )?.focus();
    next = null;
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      by("connection").hidden = false;
    });
  }
  document.addEventListener("htmx:afterSwap", () => {
    by("connection").hidden = true;
  });
})();
