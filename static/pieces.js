// Cut-outs with a text each, by keys: Enter accepts what stands there, or keeps what was typed, and
// goes to the next that waits; arrows move; Ctrl+Z takes the last answer back.
"use strict";

(() => {
  if (!document.querySelector(".pieces-head")) return;
  const list = document.getElementById("pieces") ?? document.createElement("ul");
  const texts = () => [...list.querySelectorAll("input[type=text], textarea:not([hidden])")];
  const waiting = (text) => !text.readOnly;
  const pieceOf = (text) => text.closest(".piece-card");

  function go(text) {
    if (!text) return;
    text.focus({ preventScroll: true });
    text.select();
    pieceOf(text).scrollIntoView({ block: "nearest" });
  }

  function next(after) {
    const all = texts();
    const from = all.indexOf(after) + 1;
    return [...all.slice(from), ...all.slice(0, from)].find((one) => one !== after && waiting(one));
  }

  // How many cards stand beside each other.
  function columns() {
    const tops = [...list.children].map((card) => card.getBoundingClientRect().top);
    const second = tops.findIndex((top) => top > tops[0] + 1);
    return second < 0 ? tops.length : second;
  }

  function move(text, step) {
    const all = texts();
    go(all[all.indexOf(text) + step]);
  }

  list.addEventListener("keydown", (event) => {
    const text = event.target.closest("input[type=text], textarea:not([hidden])");
    if (!text || event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const then = next(text);
      if (waiting(text)) pieceOf(text).querySelector("button[name=do]").click();
      go(then);
    } else if (event.key === "Escape") {
      text.value = text.dataset.was;
      text.select();
    } else if (event.key === "ArrowDown") move(text, columns());
    else if (event.key === "ArrowUp") move(text, -columns());
    else return;
    event.preventDefault();
  });

  // What is typed instead is a correction, and the button says so.
  list.addEventListener("input", ({ target }) => {
    const button = target.form?.querySelector("button[value=answer]");
    if (button)
      button.textContent = target.value.trim() === target.dataset.was.trim() ? "Right" : "Save";
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    const isTyping =
      event.target.matches?.("input, textarea") && event.target.value !== event.target.dataset.was;
    const name = { z: "undo-piece", Enter: "accept-all" }[event.key];
    const button = name && document.getElementById(name);
    if (!button || (event.key === "z" && isTyping && !event.target.readOnly)) return;
    event.preventDefault();
    window.htmx.process(button.form);
    button.click();
  });

  // One of many values was accepted: it is not sent again, and counted.
  document.addEventListener("htmx:oobAfterSwap", ({ detail: { target } }) => {
    const state = target.id && document.getElementById(target.id);
    if (!state?.dataset.done) return;
    const card = state.closest(".piece-card");
    const counts = card.dataset.kind === "open" ? ["waiting", "shown-count"] : ["shown-count"];
    for (const count of counts.map((id) => document.getElementById(id)))
      if (count) count.textContent = Number(count.textContent) - 1;
    card.dataset.kind = "settled";
    for (const text of card.querySelectorAll("input[type=text], textarea")) text.readOnly = true;
    for (const part of card.querySelectorAll("button, [name=front]")) part.remove();
  });

  // Answers are sent one after the other, each with the texts of its card alone.
  const answers = [];
  let isSending = false;

  async function pump() {
    if (isSending || !answers.length) return;
    isSending = true;
    const { url, values, card } = answers.shift();
    let status = 0;
    const note = ({ detail }) => {
      if (detail.requestConfig.path === url) status = detail.xhr.status;
    };
    document.addEventListener("htmx:afterRequest", note);
    try {
      await window.htmx.ajax("POST", url, { values, source: card, target: card, swap: "none" });
    } catch {
      status = 0;
    }
    document.removeEventListener("htmx:afterRequest", note);
    isSending = false;
    document.getElementById("connection").hidden = status > 0 && status < 500;
    pump();
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    event.preventDefault();
    const card = pieceOf(button);
    const values = { do: button.value };
    for (const part of card.querySelectorAll("input, textarea")) values[part.name] = part.value;
    for (const part of button.form.querySelectorAll(":scope > input[type=hidden]"))
      values[part.name] = part.value;
    answers.push({ url: button.form.getAttribute("action"), values, card });
    pump();
  });

  go(texts().find(waiting));
})();
