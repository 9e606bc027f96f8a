// Sends the files of the upload form one at a time, says how far each is, and puts the reports of the answers on this
// page. Without it the form is an ordinary one.
(() => {
  const form = document.getElementById("upload");
  const list = document.getElementById("sending");
  const reports = document.getElementById("reports");
  if (!form || !list || !reports) return;
  const input = form.querySelector("input[type=file]");
  const drop = input.closest(".drop");
  const words = form.dataset;

  const stop = (event) => event.preventDefault();
  for (const name of ["dragover", "drop"]) document.addEventListener(name, stop);
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files;
  });

  const line = (file) => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const says = document.createElement("span");
    name.textContent = file.name;
    bar.max = 100;
    bar.value = 0;
    says.className = "quiet";
    item.append(name, bar, says);
    list.append(item);
    return { bar, says };
  };

  const send = (file, address, { bar, says }) => new Promise((resolve) => {
    const body = new FormData();
    for (const field of form.querySelectorAll("select")) body.append(field.name, field.value);
    body.append("files", file);
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "document";
    request.upload.addEventListener("progress", (event) => {
      const percent = event.total > 0 ? Math.floor((event.loaded * 100) / event.total) : 0;
      bar.value = percent;
      says.textContent = words.sending.replace("{0}", percent);
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      says.textContent = words.reading;
    });
    const end = (text, warn) => {
      bar.value = 100;
      says.textContent = text;
      says.className = warn ? "warn" : "quiet";
      resolve();
    };
    request.addEventListener("error", () => end(words.failed, true));
    request.addEventListener("load", () => {
      const answer = request.response;
      const found = answer && answer.getElementById("reports");
      const said = found || (answer && answer.querySelector("main"));
      for (const part of said ? said.children : []) reports.append(document.importNode(part, true));
      // the list of the latest imports goes with the answer
      const latest = found && answer.getElementById("latest");
      if (latest) document.getElementById("latest").replaceWith(document.importNode(latest, true));
      const refused = !found || found.querySelector(".refused");
      end(refused ? words.failed : words.done, refused);
    });
    request.send(body);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = Array.from(input.files);
    const button = event.submitter;
    const address = (button && button.formAction) || form.action;
    const buttons = form.querySelectorAll("button");
    for (const one of buttons) one.disabled = true;
    reports.replaceChildren();
    list.replaceChildren();
    list.hidden = false;
    const lines = files.map(line);
    for (const [place, file] of files.entries()) await send(file, address, lines[place]);
    const next = Array.from(reports.querySelectorAll(".next"));
    for (const one of next.slice(1)) one.remove();
    if (next.length > 0) reports.append(next[0]);
    for (const one of buttons) one.disabled = false;
    reports.scrollIntoView({ behavior: "smooth" });
  });
})();
