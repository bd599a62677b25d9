// The editor of fields: rows are added, removed, dragged and moved by keys at once. Each button does
// the same without this script, by way of the server.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  const list = () => by("field-rows");
  const rows = () => [...(list()?.children || [])];
  let dragged = null;
  let removed = null; // {row, next}: what Undo puts back

  // A draft saves what is changed; so it is told as if a person had typed.
  function tell(sentence) {
    number();
    by("editor-status").textContent = sentence;
    list().dispatchEvent(new Event("change", { bubbles: true }));
  }

  function number() {
    rows().forEach((row, index) => {
      row.querySelector(".grip").lastChild.textContent = index + 1;
    });
  }

  const nameOf = (row) => row.querySelector(".field-name").value || "The field";

  // --- steps --------------------------------------------------------------------------------------

  function freshKey() {
    const taken = new Set(
      rows()
        .concat(removed ? [removed.row] : [])
        .map((row) => row.dataset.key),
    );
    let index = 0;
    while (taken.has(`r${index}`)) index += 1;
    return `r${index}`;
  }

  function add(name) {
    const empty = by("empty-row");
    const { key } = empty.content.firstElementChild.dataset;
    const holder = document.createElement("ol");
    holder.innerHTML = empty.innerHTML.replaceAll(key, freshKey());
    const row = holder.firstElementChild;
    row.querySelector(".field-name").value = name;
    list().append(row);
    return row;
  }

  function addSeveral() {
    const names = by("names")
      .value.split("\n")
      .map((name) => name.trim())
      .filter(Boolean);
    for (const name of names) add(name);
    by("names").value = "";
    tell(`${names.length} added.`);
  }

  function move(row, steps) {
    const index = rows().indexOf(row);
    const target = Math.min(Math.max(index + steps, 0), rows().length - 1);
    if (target === index) return;
    const focused = document.activeElement;
    list().insertBefore(row, rows()[target > index ? target + 1 : target] || null);
    focused?.focus();
    tell(`${nameOf(row)} is now number ${target + 1} of ${rows().length}.`);
  }

  function remove(row) {
    removed = { row, next: row.nextElementSibling };
    const neighbour = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    const undo = by("row-undo");
    undo.querySelector("span").textContent = `${nameOf(row)} was removed.`;
    undo.hidden = false;
    (neighbour?.querySelector(".grip") || by("add-field")).focus();
    tell(`${nameOf(row)} was removed.`);
  }

  function putBack() {
    if (!removed) return;
    const { row, next } = removed;
    removed = null;
    list().insertBefore(row, next?.parentElement === list() ? next : null);
    by("row-undo").hidden = true;
    row.querySelector(".grip").focus();
    tell(`${nameOf(row)} is back.`);
  }

  function press(button) {
    const [verb] = button.value.split(" ");
    const row = button.closest(".field-row");
    if (verb === "add") add("").querySelector(".field-name").focus();
    else if (verb === "names") addSeveral();
    else if (verb === "up") move(row, -1);
    else if (verb === "down") move(row, 1);
    else if (verb === "off") remove(row);
    number();
  }

  // --- keys ---------------------------------------------------------------------------------------

  const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -1e6, End: 1e6 };

  function pressedOnGrip(event) {
    const row = event.target.closest(".field-row");
    if (STEPS[event.key]) move(row, STEPS[event.key]);
    else if (["Delete", "Backspace"].includes(event.key)) remove(row);
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches?.(".field-row .grip")) pressedOnGrip(event);
    // Enter in a row would press the form's button; here it goes on to the next field.
    else if (event.key === "Enter" && event.target.matches?.(".field-row input[type=text]")) {
      event.preventDefault();
      if (event.target.matches(".field-name") && event.target.value) {
        const next = event.target.closest(".field-row").nextElementSibling || add("");
        next.querySelector(".field-name").focus();
        number();
      }
    }
  });

  // --- dragging -----------------------------------------------------------------------------------

  function unmark() {
    for (const row of rows()) row.classList.remove("drop-before", "drop-after");
  }

  function targetOf(event) {
    const row = event.target.closest?.(".field-row");
    if (!row || row === dragged) return null;
    const { top, height } = row.getBoundingClientRect();
    return { row, isAfter: event.clientY > top + height / 2 };
  }

  // Not by its inputs: text in them must stay selectable.
  document.addEventListener("pointerdown", (event) => {
    const row = event.target.closest?.(".field-row");
    if (row) row.draggable = !event.target.closest("input, textarea, select, summary");
  });
  document.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.(".field-row");
    if (!row) return;
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", nameOf(row));
    row.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const target = dragged && targetOf(event);
    unmark();
    if (!target) return;
    event.preventDefault();
    target.row.classList.add(target.isAfter ? "drop-after" : "drop-before");
  });
  document.addEventListener("drop", (event) => {
    const target = dragged && targetOf(event);
    if (!target) return;
    event.preventDefault();
    list().insertBefore(dragged, target.isAfter ? target.row.nextElementSibling : target.row);
    tell(`${nameOf(dragged)} is now number ${rows().indexOf(dragged) + 1} of ${rows().length}.`);
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    unmark();
  });

  // --- wiring -------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#editor button");
    if (!button) return;
    if (button.name === "do") {
      event.preventDefault();
      press(button);
    } else if (button.closest("#row-undo")) putBack();
  });
  // What a button has changed is saved as everything else is, not sent to where the button leads.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "options")
      event.detail.path = event.detail.elt.getAttribute("hx-post");
  });
  // What was wrong is being mended.
  document.addEventListener("input", (event) => {
    const error = event.target.closest?.(".field-row") && by(`${event.target.id}-error`);
    if (!error) return;
    error.textContent = "";
    event.target.removeAttribute("aria-invalid");
  });
})();
