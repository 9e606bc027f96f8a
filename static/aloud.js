// Reads the parts of the page that are marked with data-say aloud, with the browser's own voice. Without it, or in a
// browser that does not speak, the button stays hidden and the page is as it is.
(() => {
  const button = document.getElementById("aloud");
  const voice = window.speechSynthesis;
  if (!button || !voice || !window.SpeechSynthesisUtterance) return;
  const start = button.textContent;
  const chinese = document.documentElement.lang.startsWith("zh");

  // an amount is said with its unit behind it
  const spoken = (text) =>
    chinese ? text.replace(/([−-]?)¥\s*([\d,]+\.\d\d)/g, (_, minus, sum) => `${minus ? "负" : ""}${sum.replace(/,/g, "")}元`) : text;
  const words = () =>
    [...document.querySelectorAll("[data-say] :is(h1, h2, p)")]
      .map((line) => line.innerText.trim().replace(/\s*\n\s*/g, chinese ? "，" : ", "))
      .filter((line) => line !== "")
      .map(spoken);
  const ended = () => { button.textContent = start; };

  button.addEventListener("click", () => {
    const speaking = button.textContent !== start;
    voice.cancel();
    if (speaking) return ended();
    button.textContent = button.dataset.stop;
    const said = new SpeechSynthesisUtterance(words().join(chinese ? "。" : ". "));
    said.lang = chinese ? "zh-CN" : "en";
    said.rate = 0.9;
    said.onend = ended;
    said.onerror = ended;
    voice.speak(said);
  });
  window.addEventListener("pagehide", () => voice.cancel());
  button.hidden = false;
})();
