// A CSV file that is dropped or chosen is sent at once. Without this script the form has a button.
"use strict";

(() => {
  const form = document.getElementById("import");
  if (!form) return;
  const input = document.getElementById("files");
  const status = document.getElementById("sending-status");

  function send() {
    if (!input.files.length) return;
    status.textContent = `${input.files[0].name} is being sent`;
    document.getElementById("prompt").textContent = `Reading ${input.files[0].name} …`;
    form.requestSubmit();
  }

  const holdsFiles = (event) => event.dataTransfer.types.includes("Files");

  input.addEventListener("change", send);
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      document.body.classList.add("is-dropping");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("is-dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("is-dropping");
    if (!holdsFiles(event)) return;
    event.preventDefault();
    const [first] = event.dataTransfer.files;
    if (!first) return;
    const chosen = new DataTransfer();
    chosen.items.add(first);
    input.files = chosen.files;
    send();
  });
})();
