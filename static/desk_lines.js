// Lines over the picture: the edges of a table's rows and columns, to be moved, added and taken away.
// Saving them fills the grid again from what was read.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  const opener = by("lines-open");
  const layer = by("line-layer");
  if (!opener || !layer) return;
  const SVG = "http://www.w3.org/2000/svg";
  const sides = { row: "y", col: "x" };
  let edges = null; // { row: [...], col: [...] } while the lines are shown
  let adding = ""; // the kind of line that the next press adds
  let bar = null;

  function section() {
    return document.querySelector(`.desk-table[data-table="${window.deskEdit.table()}"]`);
  }

  function read() {
    const { rowEdges = "", colEdges = "" } = section()?.dataset ?? {};
    const numbers = (list) => list.split(" ").filter(Boolean).map(Number);
    return { row: numbers(rowEdges), col: numbers(colEdges) };
  }

  const other = (kind) => edges[kind === "row" ? "col" : "row"];

  function drawLine(kind, index) {
    const at = edges[kind][index];
    const [from, to] = [other(kind)[0], other(kind).at(-1)];
    const ends =
      kind === "row" ? { x1: from, x2: to, y1: at, y2: at } : { x1: at, x2: at, y1: from, y2: to };
    const group = document.createElementNS(SVG, "g");
    group.dataset.drag = kind;
    group.dataset.index = index;
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "slider");
    const name = kind === "row" ? "Row line" : "Column line";
    group.setAttribute("aria-label", `${name} ${index + 1} of ${edges[kind].length}`);
    group.setAttribute("aria-orientation", kind === "row" ? "vertical" : "horizontal");
    group.setAttribute("aria-valuemin", Math.round(edges[kind][0]));
    group.setAttribute("aria-valuemax", Math.round(edges[kind].at(-1)));
    group.setAttribute("aria-valuenow", Math.round(at));
    for (const part of ["grab", "seen"]) {
      const line = document.createElementNS(SVG, "line");
      line.setAttribute("class", part);
      for (const [end, value] of Object.entries(ends)) line.setAttribute(end, value);
      group.append(line);
    }
    return group;
  }

  function draw(focus) {
    const lines = ["row", "col"].flatMap((kind) => edges[kind].map((_, n) => drawLine(kind, n)));
    layer.replaceChildren(...lines);
    if (focus) layer.querySelector(`[data-drag="${focus[0]}"][data-index="${focus[1]}"]`)?.focus();
  }

  function moveLine(kind, index, to) {
    const list = edges[kind];
    const least = index ? list[index - 1] + 2 : Number.NEGATIVE_INFINITY;
    const most = index < list.length - 1 ? list[index + 1] - 2 : Number.POSITIVE_INFINITY;
    list[index] = Math.round(Math.min(Math.max(to, least), most) * 10) / 10;
    draw([kind, index]);
  }

  function removeLine(kind, index) {
    if (edges[kind].length > 2) edges[kind].splice(index, 1);
    draw([kind, Math.min(index, edges[kind].length - 1)]);
  }

  function addLine(kind, at) {
    edges[kind] = [...edges[kind], Math.round(at * 10) / 10].sort((one, two) => one - two);
    draw([kind, edges[kind].indexOf(Math.round(at * 10) / 10)]);
  }

  // In the middle of the widest row or column: for keys, who cannot press a place.
  function addInWidest(kind) {
    const list = edges[kind];
    let widest = 0;
    for (let n = 1; n + 1 < list.length; n++)
      if (list[n + 1] - list[n] > list[widest + 1] - list[widest]) widest = n;
    addLine(kind, (list[widest] + list[widest + 1]) / 2);
  }

  function button(label, act, name = "") {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button small ${name}`;
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function open() {
    edges = read();
    if (edges.row.length < 2) {
      edges = null;
      return;
    }
    opener.setAttribute("aria-pressed", "true");
    bar = document.createElement("div");
    bar.className = "lines-bar";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "Lines");
    const hint = document.createElement("p");
    hint.className = "soft small";
    hint.textContent = "Drag a line, or move it with the arrows; Delete takes it away.";
    bar.append(
      button("Add row line", () => arm("row")),
      button("Add column line", () => arm("col")),
      button("Save lines", save, "primary"),
      button("Cancel", close, "quiet"),
      hint,
    );
    document.querySelector(".picture-pane").insertBefore(bar, by("plate"));
    document.body.dataset.lines = "on";
    draw();
    window.deskPicture.show();
  }

  function arm(kind) {
    if (adding === kind) addInWidest(kind);
    adding = adding === kind ? "" : kind;
    for (const [n, name] of ["row", "col"].entries())
      bar.children[n].setAttribute("aria-pressed", String(adding === name));
    bar.querySelector("p").textContent = adding
      ? "Press the place on the picture, or the button again for one in the widest gap."
      : "Drag a line, or move it with the arrows; Delete takes it away.";
  }

  function close() {
    layer.replaceChildren();
    bar?.remove();
    edges = bar = null;
    adding = "";
    delete document.body.dataset.lines;
    opener.setAttribute("aria-pressed", "false");
    opener.focus();
  }

  function save() {
    const values = { row_edges: edges.row.join(" "), col_edges: edges.col.join(" ") };
    window.deskEdit.restructure({ do: "lines", ...values });
    close();
  }

  opener.addEventListener("click", () => (edges ? close() : open()));
  document.addEventListener("desk:grid", () => {
    if (edges) close();
  });

  let held = null;
  layer.addEventListener("pointerdown", (event) => {
    const line = event.target.closest("[data-drag]");
    if (!line) return;
    event.preventDefault();
    held = { kind: line.dataset.drag, index: Number(line.dataset.index) };
    layer.setPointerCapture(event.pointerId);
    line.focus();
  });
  layer.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y] = window.deskPicture.toImage(event);
    moveLine(held.kind, held.index, held.kind === "row" ? y : x);
  });
  layer.addEventListener("pointerup", () => {
    held = null;
  });
  layer.addEventListener("dblclick", (event) => {
    const line = event.target.closest("[data-drag]");
    if (line) removeLine(line.dataset.drag, Number(line.dataset.index));
  });
  layer.addEventListener("keydown", (event) => {
    const line = event.target.closest("[data-drag]");
    if (!line) return;
    const [kind, index] = [line.dataset.drag, Number(line.dataset.index)];
    const step = (event.shiftKey ? 10 : 1) / Math.min(window.deskPicture.scale(), 1);
    const steps = { ArrowUp: -step, ArrowLeft: -step, ArrowDown: step, ArrowRight: step };
    if (steps[event.key]) moveLine(kind, index, edges[kind][index] + steps[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") removeLine(kind, index);
    else if (event.key === "Enter") save();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("picture:press", ({ detail }) => {
    if (adding) addLine(adding, detail[sides[adding]]);
  });
})();
