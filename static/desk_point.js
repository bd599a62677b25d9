// Pointing at print: words are chosen on the picture, or a box is drawn, to fill a cell or a value or to
// become a table. By keys: arrows go from word to word, or move the box; Space chooses; Enter takes.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  const layer = by("point-layer");
  const page = document.querySelector("[data-words]");
  if (!layer || !page) return;
  const HINTS = {
    take: "Press words, or draw a box around them; Enter takes them, Esc stops.",
    draw: "Draw a box around the table. Arrows move it, with Shift they change its size; Enter takes it.",
  };
  const ROOM = 6; // pixels of the picture around the words that a box begins with
  let mode = "";
  let words = []; // { text, box, free, mark }
  let box = null; // left, top, right, bottom, while it is drawn
  let frame = null;
  let bar = null;

  const element = (name, attributes) => {
    const made = document.createElementNS(layer.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const place = ([left, top, right, bottom]) => ({
    x: left,
    y: top,
    width: Math.max(right - left, 1),
    height: Math.max(bottom - top, 1),
  });
  const middle = ([left, top, right, bottom]) => [(left + right) / 2, (top + bottom) / 2];
  const holds = ([left, top, right, bottom], [x, y]) =>
    x >= left && x <= right && y >= top && y <= bottom;
  const chosen = () => words.filter((word) => word.mark.getAttribute("aria-checked") === "true");

  async function open(wanted) {
    if (mode) close();
    if (!window.deskMayChange?.() && window.deskMayChange) return;
    const answer = await fetch(page.dataset.words).catch(() => null);
    if (!answer?.ok) return;
    const known = await answer.json();
    mode = wanted;
    document.body.dataset.lines = mode;
    words = known.words.map(([text, free, ...edges]) => ({ text, free, box: edges }));
    const { w, h } = window.deskPicture.size;
    layer.replaceChildren(
      element("rect", { class: "ground", width: w, height: h, "data-drag": "" }),
    );
    words.forEach(drawWord);
    layer.append(...words.map((word) => word.mark));
    frame = element("rect", { class: "frame", tabindex: "0", role: "button", "data-drag": "" });
    frame.setAttribute("aria-label", "The box; arrows move it, Shift and arrows change its size");
    layer.append(frame);
    makeBar();
    setBox(mode === "draw" ? aroundFree() : null);
    if (mode === "draw") frame.focus({ preventScroll: true });
    else (words.find((word) => word.free) ?? words[0])?.mark.focus({ preventScroll: true });
  }

  function drawWord(word) {
    word.mark = element("rect", { ...place(word.box), class: word.free ? "word free" : "word" });
    word.mark.dataset.drag = "";
    if (mode === "draw") return;
    word.mark.setAttribute("role", "checkbox");
    word.mark.setAttribute("tabindex", word.free ? "0" : "-1");
    word.mark.setAttribute("aria-checked", "false");
    word.mark.setAttribute("aria-label", word.text || "Print that was not read");
  }

  // Where the box begins: around the print that is in no cell, if none that is in one stands there.
  function aroundFree() {
    const free = words.filter((word) => word.free).map((word) => word.box);
    const { w, h } = window.deskPicture.size;
    const edge = (n, pick) => pick(...free.map((one) => one[n]));
    const around = [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)];
    const cuts = words.some((word) => !word.free && holds(around, middle(word.box)));
    if (!free.length || cuts) return [w * 0.35, h * 0.35, w * 0.65, h * 0.65];
    return around.map((at, n) => at + (n < 2 ? -ROOM : ROOM));
  }

  function makeBar() {
    bar = document.createElement("div");
    bar.className = "lines-bar";
    bar.id = "point-bar";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", mode === "draw" ? "A new table" : "Words");
    for (const [label, act, kind] of [
      [mode === "draw" ? "Make a table" : "Take them", take, "primary"],
      ["Cancel", close, "quiet"],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `button small ${kind}`;
      button.textContent = label;
      button.addEventListener("click", act);
      bar.append(button);
    }
    const hint = document.createElement("p");
    hint.className = "soft small";
    hint.setAttribute("role", "status");
    hint.textContent = HINTS[mode];
    bar.append(hint);
    document.querySelector(".picture-pane").insertBefore(bar, by("plate"));
    for (const button of document.querySelectorAll("[data-point]"))
      button.setAttribute("aria-pressed", String(button.dataset.point === mode));
  }

  function close() {
    const was = mode;
    mode = "";
    words = [];
    box = frame = null;
    layer.replaceChildren();
    bar?.remove();
    delete document.body.dataset.lines;
    for (const button of document.querySelectorAll("[data-point]"))
      button.setAttribute("aria-pressed", "false");
    document.dispatchEvent(new CustomEvent("point:closed", { detail: { mode: was } }));
  }

  function setBox(next) {
    box = next?.map((edge) => Math.round(edge * 10) / 10);
    frame.toggleAttribute("hidden", !box);
    if (!box) return;
    for (const [key, value] of Object.entries(place(box))) frame.setAttribute(key, value);
  }

  function check(word, isChosen) {
    word.mark.setAttribute("aria-checked", String(isChosen));
    const texts = chosen().map((one) => one.text);
    bar.querySelector("p").textContent = texts.length ? `“${texts.join(" ")}”` : HINTS.take;
  }

  function take() {
    const picked = mode === "draw" ? [] : chosen();
    const boxes = picked.map((word) => word.box);
    if (mode === "draw" ? !box : !boxes.length) return;
    const detail = { mode, boxes, box, text: picked.map((word) => word.text).join(" ") };
    close();
    document.dispatchEvent(new CustomEvent("point:taken", { detail }));
  }

  // --- the pointer: a press chooses a word, a stroke draws a box ---------------------------------------

  let from = null;
  layer.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    from = window.deskPicture.toImage(event);
    layer.setPointerCapture(event.pointerId);
  });
  layer.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = window.deskPicture.toImage(event);
    const far = Math.hypot(x - from[0], y - from[1]) * window.deskPicture.scale();
    if (far < 5) return;
    setBox([
      Math.min(x, from[0]),
      Math.min(y, from[1]),
      Math.max(x, from[0]),
      Math.max(y, from[1]),
    ]);
    layer.dataset.drawing = "1";
  });
  layer.addEventListener("pointerup", (event) => {
    if (!from) return;
    const at = window.deskPicture.toImage(event);
    from = null;
    const drew = layer.dataset.drawing;
    delete layer.dataset.drawing;
    if (mode === "draw") frame.focus({ preventScroll: true });
    else if (drew) {
      for (const word of words) if (holds(box, middle(word.box))) check(word, true);
      setBox(null);
      (chosen()[0] ?? words[0])?.mark.focus({ preventScroll: true });
    } else {
      const word = words.find((one) => holds(one.box, at));
      if (!word) return;
      check(word, word.mark.getAttribute("aria-checked") !== "true");
      word.mark.focus({ preventScroll: true });
    }
  });

  // --- keys --------------------------------------------------------------------------------------------

  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function moveBox([dx, dy], isSize) {
    const step = Math.max(1, 8 / window.deskPicture.scale());
    const [left, top, right, bottom] = box;
    const far = [Math.max(right + dx * step, left + 4), Math.max(bottom + dy * step, top + 4)];
    setBox(isSize ? [left, top, ...far] : [left + dx * step, top + dy * step, ...far]);
  }

  // The nearest word that way; one beside it counts for more than one further up or down.
  function goOn(word, [dx, dy]) {
    const [x, y] = middle(word.box);
    let best = null;
    for (const other of words) {
      const [ox, oy] = middle(other.box);
      const along = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      const cost = along + 4 * aside;
      if (other !== word && along > 2 && (!best || cost < best.cost)) best = { other, cost };
    }
    best?.other.mark.focus({ preventScroll: true });
    if (best) window.deskPicture.point(best.other.box);
  }

  layer.addEventListener("keydown", (event) => {
    const word = words.find((one) => one.mark === event.target);
    const way = ways[event.key];
    if (event.key === "Enter") take();
    else if (event.key === "Escape") close();
    else if (event.target === frame && way) moveBox(way, event.shiftKey);
    else if (word && way) goOn(word, way);
    else if (word && event.key === " ")
      check(word, word.mark.getAttribute("aria-checked") !== "true");
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  document.addEventListener("click", (event) => {
    const wanted = event.target.closest?.("[data-point]")?.dataset.point;
    if (!wanted) return;
    if (mode === wanted) close();
    else open(wanted);
  });
  document.addEventListener("desk:grid", () => {
    if (mode) close();
  });

  window.deskPoint = { open, close };
})();
