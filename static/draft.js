// The images of a draft: chosen, dragged and moved by keys. Every button works without this script.
"use strict";

(() => {
  const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -1e6, End: 1e6 };
  const by = (id) => document.getElementById(id);
  const cards = () => [...(by("cards")?.children || [])];
  const boxes = () => cards().map((card) => card.querySelector("input"));
  let chosen = new Set();
  let place = null; // of the focus: which kind of button, on the card of which number
  let dragged = null;
  let pending = null; // {id, steps}: keys pressed while an answer is awaited
  let waiting = []; // values of buttons pressed while an answer is awaited
  let isBusy = false; // with a change
  let isStale = false;
  let asked = 0; // how often for what arrived; only the last answer counts

  function change(values) {
    const change = by("change");
    window.htmx.ajax("POST", change.action, {
      source: change,
      target: "#images",
      swap: "outerHTML",
      values,
    });
  }

  // --- what arrived ---------------------------------------------------------------------------------

  // Not by htmx, which drops a second request while a first, that cannot know of the last file, runs.
  async function refresh() {
    isStale = isBusy || dragged !== null;
    if (isStale || !by("images")) return;
    asked += 1;
    const mine = asked;
    const fetched = fetch(by("images").dataset.url, { headers: { "HX-Request": "true" } });
    const answer = await fetched.catch(() => null);
    const page = answer?.status === 200 ? await answer.text() : "";
    if (mine !== asked) return;
    if (answer?.headers.has("HX-Redirect")) window.location.reload();
    else if (isBusy || dragged) isStale = true;
    else if (page) show(page);
    else window.setTimeout(refresh, 2000);
  }

  function show(page) {
    rememberFocus();
    window.htmx.swap("#images", page, { swapStyle: "outerHTML" });
  }

  // --- keys ---------------------------------------------------------------------------------------

  function columns() {
    const [first, ...others] = cards().map((card) => card.offsetTop);
    const next = others.findIndex((top) => top !== first);
    return next < 0 ? others.length + 1 : next + 1;
  }

  function stepsOf(key) {
    if (key === "ArrowUp") return -columns();
    return key === "ArrowDown" ? columns() : KEYS[key];
  }

  function pressed(event) {
    const grip = event.target.closest?.(".card .grip");
    if (!grip || event.altKey || event.ctrlKey || event.metaKey) return;
    const id = grip.closest(".card").dataset.image;
    const steps = stepsOf(event.key);
    if (!steps && !["Delete", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    if (!steps) return by(`remove-${id}`).click();
    pending = { id, steps: steps + (pending?.id === id ? pending.steps : 0) };
    if (!isBusy) move();
  }

  function move() {
    const { id, steps } = pending;
    pending = null;
    if (steps) change({ do: `${steps < 0 ? "earlier" : "later"} ${id}`, number: Math.abs(steps) });
  }

  // --- choosing -------------------------------------------------------------------------------------

  function showChosen() {
    chosen = new Set(
      boxes()
        .filter((box) => box.checked)
        .map((box) => box.value),
    );
    const all = by("select-all");
    if (!all) return;
    all.checked = chosen.size > 0 && chosen.size === boxes().length;
    all.indeterminate = chosen.size > 0 && !all.checked;
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "select-all")
      for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.closest("#images")) showChosen();
  });

  // --- dragging -------------------------------------------------------------------------------------

  function targetOf(event) {
    const card = event.target.closest?.(".card");
    if (!card) return null;
    const { left, width } = card.getBoundingClientRect();
    return { card, isAfter: event.clientX > left + width / 2 };
  }

  function unmark() {
    for (const card of cards()) card.classList.remove("drop-before", "drop-after");
  }

  function dropOn({ card, isAfter }) {
    const next = card.nextElementSibling?.dataset.image || by("cards").dataset.following;
    const before = isAfter ? next : card.dataset.image;
    const image = chosen.has(dragged) ? [...chosen] : [dragged];
    if (image.includes(before)) return;
    change({ do: before ? `before ${before}` : "end", image });
  }

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.(".card");
    if (!card) return;
    dragged = card.dataset.image;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.querySelector(".file").textContent);
    card.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const target = dragged && targetOf(event);
    unmark();
    if (!target) return;
    event.preventDefault();
    target.card.classList.add(target.isAfter ? "drop-after" : "drop-before");
  });
  document.addEventListener("drop", (event) => {
    const target = dragged && targetOf(event);
    if (!target) return;
    event.preventDefault();
    dropOn(target);
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    unmark();
    for (const card of cards()) card.classList.remove("dragged");
    if (isStale) refresh();
  });

  // --- before and after an answer ---------------------------------------------------------------------

  function turnAtOnce(button) {
    const [verb, id] = button.value.split(" ");
    if (!["left", "right"].includes(verb)) return;
    const ids = id ? [id] : [...chosen];
    for (const card of cards().filter((each) => ids.includes(each.dataset.image))) {
      const image = card.querySelector("img");
      image.dataset.turn = (Number(image.dataset.turn) + (verb === "left" ? 270 : 90)) % 360;
    }
  }

  function rememberFocus() {
    const card = document.activeElement?.closest?.(".card");
    place = card && {
      kind: document.activeElement.id.split("-")[0],
      number: cards().indexOf(card),
    };
  }

  function restoreFocus() {
    if (!place || document.activeElement !== document.body) return;
    const card = cards()[Math.min(place.number, cards().length - 1)];
    const next = card && by(`${place.kind}-${card.dataset.image}`);
    (next || by("undo") || by("files"))?.focus();
  }

  // An answer takes the place of the form, and htmx drops what a form that is gone still had to ask.
  function keepWaiting(event) {
    event.preventDefault();
    event.stopPropagation();
    const values = {};
    const form = new FormData(event.target, event.submitter);
    for (const name of form.keys()) values[name] = form.getAll(name);
    waiting.push(values);
  }

  const isChange = (event) =>
    event.detail.requestConfig.verb === "post" && event.detail.target.id === "images";

  document.addEventListener("keydown", pressed);
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target.id !== "change" || !event.submitter) return;
      turnAtOnce(event.submitter);
      if (isBusy) keepWaiting(event);
    },
    true,
  );
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isChange(event)) return;
    isBusy = true;
    by("connection")?.setAttribute("hidden", "");
    asked += 1; // an answer on its way would take the place of this one's
  });
  document.addEventListener("htmx:beforeSwap", rememberFocus);
  document.addEventListener("htmx:afterSwap", () => {
    for (const box of boxes()) box.checked = chosen.has(box.value);
    showChosen();
    const isInUse = Number(by("images")?.dataset.total) > 0 || !by("sending")?.hidden;
    by("upload")?.classList.toggle("has-files", isInUse);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    restoreFocus();
    if (event.target.id !== "images") return;
    isBusy = false;
    if (waiting.length) change(waiting.shift());
    else if (pending) move();
    else if (isStale) refresh();
  });
  document.addEventListener("images-arrived", refresh);
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (!isChange(event)) return;
      isBusy = false;
      pending = null;
      waiting = [];
      by("connection")?.removeAttribute("hidden");
      refresh(); // perhaps only its answer was lost
    });
  }
})();
