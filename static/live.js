// The part of a page that moves: the server sends it anew whenever it changes. A lost connection is made again by the
// browser, which says what it saw last; where it gives up, this tries on, ever more seldom. Without it the page says how
// to ask anew.
(() => {
  const part = document.getElementById("live");
  const lost = document.getElementById("lost");
  const address = part && part.dataset.events;
  if (!address || !lost || !window.EventSource) return;
  const FIRST_WAIT = 2000;
  const LONGEST_WAIT = 60000;
  let wait = FIRST_WAIT;

  const listen = () => {
    const source = new EventSource(address);
    source.addEventListener("message", (event) => {
      part.innerHTML = event.data;
      lost.hidden = true;
      wait = FIRST_WAIT;
    });
    source.addEventListener("open", () => {
      lost.hidden = true;
    });
    source.addEventListener("error", () => {
      lost.hidden = false;
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(listen, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  };
  listen();
})();
