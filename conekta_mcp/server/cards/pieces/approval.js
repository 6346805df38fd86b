// A question to the person. What can be answered is what the server says of it now, not what the answer once said.
const POLL_MS = 5000, WAKE_MS = 1000, PATIENCE_MS = 300;
let asked = null, known = null, timers = [], goesOnUntil = 0;
function clearTimers() {
  timers.forEach(clearTimeout);
  timers = [];
}
function leaveApproval() {
  asked = known = null;
  clearTimers();
}
const later = (act, ms) => timers.push(setTimeout(act, ms));
async function callApproval(name, { id, secret }) {
  const result = await request("tools/call", { name, arguments: { id, secret } });
  return result.isError ? null : result.structuredContent;
}
views.approval = async (question) => {
  leaveApproval();
  asked = question;
  // A slow host need not be waited for to read the question; an old one is not shown again for a moment.
  if (question.views) later(() => { if (asked === question && !known) drawUnconfirmed(question); }, PATIENCE_MS);
  await updateApproval(question, null);
};
// The question as the answer brought it, with dead buttons: whether it is still open is not known yet.
function drawUnconfirmed(question) {
  drawQuestion(question, question.views[language], false);
}
// Draws again only what has changed, so that nothing moves under a finger or a reader.
async function updateApproval(question, drawn) {
  let answer = null;
  try {
    answer = await callApproval("approval_state", question);
  } catch {
    // Nothing was answered, which says nothing of the question: what is drawn stands.
    if (asked === question && drawn) return followApproval(question, drawn);
    if (asked === question && question.views) {
      clearTimers();
      drawUnconfirmed(question);
      return later(() => updateApproval(question, null), POLL_MS);
    }
  }
  if (asked !== question) return;
  known = question;
  if (!answer) {
    clearTimers();
    return drawEnd("gone");
  }
  if (getStage(answer) === drawn) return followApproval(question, drawn);
  drawApproval(question, answer);
}
const isOpen = (state) => state === "created" || state === "shown";
// A yes goes on to something: that it is used, and how its call ended where the server made it by itself.
const getStage = ({ state, views }) => views[language].stage.endsWith("-ended") ? `${state}-ended` : state;
function followApproval(question, stage) {
  if (isOpen(stage) || stage === "approved" || (stage === "spent" && performance.now() < goesOnUntil)) {
    later(() => updateApproval(question, stage), POLL_MS);
  }
}
function drawApproval(question, answer) {
  clearTimers();
  goesOnUntil = performance.now() + answer.views[language].left_ms;
  if (!isOpen(answer.state)) {
    const elsewhere = answer.channel !== "card" && ["approved", "declined"].includes(answer.state);
    drawEnd(answer.state, elsewhere, answer);
  } else drawQuestion(question, answer.views[language]);
  followApproval(question, getStage(answer));
}
function drawEnd(state, elsewhere = false, answer = null) {
  const view = answer?.views[language];
  const classes = { approved: "good", spent: "good", declined: "bad" }[state] ?? "";
  draw(
    view ? band(view.is_live, ...line(view.account)) : null,
    make("h1", classes, say(elsewhere ? `${state}Elsewhere` : state)),
    view?.amount ? make("p", "amount", view.amount) : null,
    view ? make("p", "question", ...line(view.question)) : null,
    view?.result.length ? facts(view.result.map(([name, shown]) => [name, line(shown)])) : null,
    view?.result.length ? null : make("p", "", say(`${state}Next`)),
    answer?.warning ? make("p", "warning", answer.warning[language]) : null,
  );
}
function drawQuestion(question, view, isConfirmed = true) {
  const decline = button(say("decline"), () => decide("decline_pending"));
  const approve = button(say("approve"), () => decide("approve_pending"), "yes");
  const clock = make("span", "");
  approve.disabled = true;
  let isSent = false;
  const until = performance.now() + view.left_ms;
  async function decide(name) {
    if (isSent) return;
    isSent = true;
    approve.disabled = decline.disabled = true;
    let answer;
    try {
      answer = await callApproval(name, question);
    } catch {
      isSent = approve.disabled = decline.disabled = false;
      return tell(say("failed"));
    }
    if (asked !== question) return;
    if (!answer) return drawEnd("gone");
    drawApproval(question, answer);
    tell(card.querySelector("h1").textContent);
    if (answer.state === "approved") {
      inform("The person approved on the card. Make the very same call again now: it acts once.");
    } else if (answer.state === "declined") {
      inform("The person declined on the card. Nothing is done; do not make the call again unasked.");
    }
  }
  draw(
    band(view.is_live, ...line(view.account)),
    make("h1", "", say("ask")),
    view.amount ? make("p", "amount", view.amount) : null,
    make("p", "question", ...line(view.question)),
    ...view.warnings.map((warning) => make("p", "warning", ...line(warning))),
    drawChanges(view.changes),
    facts(view.rows.map(([name, shown]) => [name, line(shown)])),
    make("p", "soft", ...line(view.declining)),
    isConfirmed ? make("p", "soft", `${say("left")} `, clock) : make("p", "warning unconfirmed", say("unconfirmed")),
    make("div", "choice", decline, approve),
  );
  decline.disabled = !isConfirmed;
  if (!isConfirmed) return;
  later(() => { approve.disabled = isSent; }, WAKE_MS);
  (function count() {
    const seconds = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) return later(count, 250);
    approve.disabled = decline.disabled = true;
    updateApproval(question, null);
  })();
}
function drawChanges(changes) {
  if (!changes.length) return null;
  const heads = ["field", "before", "after"].map((name) => {
    const head = make("th", "", say(name));
    head.scope = "col";
    return head;
  });
  const rows = changes.map((one) => make("tr", "", make("td", "", one.name), make("td", "", ...line(one.before)),
    make("td", "", ...line(one.after))));
  const table = make("table", "", make("thead", "", make("tr", "", ...heads)), make("tbody", "", ...rows));
  return make("section", "", make("h2", "", say("changes")), table);
}
