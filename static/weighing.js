// The weighing list: adds up while it is typed, moves Enter to the next field, and keeps a draft on this device until the
// list is saved or the person signs out. A draft is kept under a key of the account, so that another person at this device
// never sees it, and the same person finds it again after the session has run out. Without it the list is an ordinary form.
(() => {
  // what was kept before drafts had an owner is nobody's
  localStorage.removeItem("weighing");
  const done = document.getElementById("saved");
  if (done) {
    localStorage.removeItem(`weighing-${done.dataset.draft}`);
    return;
  }
  const form = document.getElementById("weighing");
  const notice = document.getElementById("draft");
  const sum = document.querySelector("#sum strong");
  if (!form || !notice || !sum) return;
  const KEPT = `weighing-${form.dataset.draft}`;
  const body = form.querySelector("tbody");
  const NAMES = ["household", "weight", "grade", "price"];

  const rows = () => [...body.rows];
  const field = (row, name) => row.querySelector(`[name=${name}]`);
  const say = (text) => {
    notice.querySelector("span").textContent = text;
    notice.hidden = false;
  };

  const typed = () => ({
    head: ["product", "intake_on", "certificate_no", "unit"].map((name) => form.elements[name].value),
    rows: rows().map((row) => NAMES.map((name) => field(row, name).value)),
  });
  const isEmpty = (list) => list.rows.every((row) => row.every((text) => text.trim() === ""));

  const addUp = () => {
    const grams = form.elements.unit.value === "kg" ? 1000 : 500;
    let count = 0;
    let total = 0;
    for (const row of rows()) {
      const weight = Number(field(row, "weight").value.replace(/[,，]/g, ""));
      if (weight > 0) {
        count += 1;
        total += Math.round(weight * grams);
      }
    }
    const kilograms = (g) => (g / 1000).toFixed(3);
    sum.textContent = form.dataset.sum.replace("{0}", count).replace("{1}", kilograms(total)).replace("{2}", kilograms(2 * total));
  };

  const addRow = () => {
    const last = body.rows[body.rows.length - 1];
    const row = last.cloneNode(true);
    row.cells[0].textContent = body.rows.length + 1;
    row.cells[row.cells.length - 1].textContent = "";
    for (const input of row.querySelectorAll("input")) input.value = "";
    body.append(row);
    return row;
  };

  const keep = () => {
    const list = typed();
    if (isEmpty(list)) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(list));
  };

  const restore = () => {
    const text = localStorage.getItem(KEPT);
    if (!text || !form.dataset.fresh) return;
    const list = JSON.parse(text);
    ["product", "intake_on", "certificate_no", "unit"].forEach((name, i) => { form.elements[name].value = list.head[i]; });
    while (body.rows.length < list.rows.length) addRow();
    list.rows.forEach((values, i) => NAMES.forEach((name, j) => { field(body.rows[i], name).value = values[j]; }));
    say(notice.dataset.restored);
  };

  notice.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(KEPT);
    location.assign(form.getAttribute("action"));
  });

  form.addEventListener("input", () => {
    addUp();
    keep();
  });

  // as on a till: Enter goes on to the next field, and to a new row after the last
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const all = [...body.querySelectorAll("input")];
    const next = all[all.indexOf(event.target) + 1];
    (next || field(addRow(), "household")).focus();
  });

  form.addEventListener("submit", (event) => {
    keep();
    if (!navigator.onLine) {
      event.preventDefault();
      say(notice.dataset.offline);
    }
  });

  restore();
  addUp();
})();
