"use strict";
(() => {
  const page = document.body.dataset;
  const find = (name) => document.querySelector(`[data-is="${name}"]`);
  const show = (name, shown) => { const one = find(name); if (one) one.hidden = !shown; };

  // The secret of an address stands behind its #, which no server is sent: it goes there once, in a form.
  const exchange = find("exchange");
  if (exchange) {
    const secret = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    exchange.elements.secret.value = secret;
    exchange.submit();
    return;
  }

  // A page that comes out of the browser's memory may show what is long decided.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const approve = find("approve");
  let isAwake = !approve || !page.wakeMs, hasEnded = false, isSent = false;
  const update = () => { if (approve) approve.disabled = !isAwake || hasEnded; };
  update();
  if (!isAwake) setTimeout(() => { isAwake = true; update(); }, Number(page.wakeMs));
  if (approve) {
    approve.form.addEventListener("submit", (event) => {
      if (isSent) event.preventDefault();
      isSent = true;
    });
  }

  const left = find("left");
  if (left) {
    const until = performance.now() + Number(page.leftMs);
    const count = () => {
      const seconds = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds > 0) setTimeout(count, 250);
      else if (!isSent && !hasEnded) location.reload();
    };
    count();
  }

  if (page.stateUrl) {
    const ask = async () => {
      try {
        const answer = await fetch(page.stateUrl, { cache: "no-store" });
        const state = answer.ok ? (await answer.json()).state : "gone";
        hasEnded = false;
        if (state !== page.state && !isSent) { location.reload(); return; }
      } catch {
        hasEnded = true;
      }
      show("ended", hasEnded);
      show("running", !hasEnded);
      const decline = find("decline");
      if (decline) decline.disabled = hasEnded;
      update();
      setTimeout(ask, 2000);
    };
    setTimeout(ask, 2000);
  }
})();
