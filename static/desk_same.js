// Fix once: after a correction, the same misreading in other cells of the batch, taken by one key.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  if (!desk) return;
  const offered = () => document.getElementById("same");

  let keepsOld = false; // what was offered before stays if there is nothing more to offer

  function get(at) {
    const url = `${desk.dataset.same}?at=${at}`;
    window.htmx.ajax("GET", url, { source: offered(), target: offered(), swap: "outerHTML" });
  }

  // `corrected` is image, table, row and column.
  function ask(corrected) {
    keepsOld = true;
    get(corrected.slice(corrected.indexOf(".") + 1));
  }

  // After a step back; what is offered may have been taken over from another image.
  function again() {
    const form = offered().querySelector("form");
    keepsOld = false;
    if (form?.getAttribute("action") === desk.dataset.same)
      get(form.elements.namedItem("at").value);
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "same" || event.detail.requestConfig.verb !== "get") return;
    const isEmpty = !event.detail.serverResponse.includes("<form");
    if (keepsOld && isEmpty && offered().querySelector("form")) event.detail.shouldSwap = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const button = document.getElementById("same-all");
    if (!button) return;
    event.preventDefault();
    window.htmx.process(button.form); // it may have come this very moment
    button.click();
  });

  window.deskSame = { ask, again };
})();
