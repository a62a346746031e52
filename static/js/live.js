/* One event stream for all tabs of a browser: HTTP/1.1 allows six connections, and tabs are many.
   The tab that holds the lock "escala-live" listens and tells the others; when it goes, the next one takes over.
   Where a stream cannot be had, that tab asks every five seconds instead.
   The page hears of it as events on <body>: escala:ticket-12, escala:tickets, escala:escalation-7, escala:escalations,
   escala:alerts, escala:present-12, escala:room-3, escala:rooms, and escala:link with {up, now, engine, isOut}. */

const LOCK = "escala-live";
const POLL_EVERY = 5000;
const SILENT_AFTER = 40000; // The server says something every 15 s.
const STREAM_AGAIN_AFTER = 60000;
const FAILURES_BEFORE_POLLING = 3;

const address = document.body.dataset.live;
const channel = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;

function tell(name, detail) {
  document.body.dispatchEvent(new CustomEvent(`escala:${name}`, { detail }));
}

function deliver(news) {
  tell("link", news);
  const tickets = news.tickets ?? [];
  const escalations = news.escalations ?? [];
  tickets.forEach((number) => tell(`ticket-${number}`, news));
  escalations.forEach((number) => tell(`escalation-${number}`, news));
  if (tickets.length) tell("tickets", news);
  if (escalations.length) tell("escalations", news);
  if (news.alerts) tell("alerts", news);
  const rooms = news.rooms ?? [];
  rooms.forEach((number) => tell(`room-${number}`, news));
  if (rooms.length) tell("rooms", news);
  (news.present ?? []).forEach((number) => tell(`present-${number}`, news));
}

function announce(news) {
  channel?.postMessage(news);
  deliver(news);
}

/* Listens until the stream has failed for good; resolves with the last cursor. */
function listen(cursor) {
  return new Promise((done) => {
    const source = new EventSource(cursor ? `${address}?since=${encodeURIComponent(cursor)}` : address);
    let last = cursor;
    let failures = 0;
    let watch;
    const stop = () => {
      clearTimeout(watch);
      source.close();
      done(last);
    };
    const heard = (event) => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        announce({ up: false });
        stop();
      }, SILENT_AFTER);
      failures = 0;
      const news = JSON.parse(event.data);
      last = news.cursor ?? last;
      announce({ ...news, up: true });
    };
    ["hello", "change", "beat"].forEach((name) => source.addEventListener(name, heard));
    source.addEventListener("error", () => {
      failures += 1;
      announce({ up: false });
      if (source.readyState === EventSource.CLOSED || failures >= FAILURES_BEFORE_POLLING) stop();
    });
  });
}

/* Asks every few seconds for a minute, then lets the stream be tried again; resolves with the last cursor. */
async function poll(cursor, until = Date.now() + STREAM_AGAIN_AFTER) {
  let last = cursor;
  while (Date.now() < until) {
    try {
      const answer = await fetch(`${address}poll/?since=${encodeURIComponent(last ?? "")}`);
      if (answer.status === 401) {
        announce({ up: false, isOut: true });
        return null;
      }
      if (!answer.ok) throw new Error(answer.statusText);
      const news = await answer.json();
      last = news.cursor;
      announce({ ...news, up: true });
    } catch {
      announce({ up: false });
    }
    await new Promise((wake) => setTimeout(wake, POLL_EVERY));
  }
  return last;
}

async function lead() {
  let cursor = "";
  while (cursor !== null) {
    if ("EventSource" in window) cursor = await listen(cursor);
    cursor = await poll(cursor);
  }
}

async function askAlone() {
  let cursor = "";
  while (cursor !== null) cursor = await poll(cursor);
}

if (address) {
  channel?.addEventListener("message", (event) => deliver(event.data));
  // Locks need a safe origin. Without them each tab asks for itself, which holds no connection open.
  if (navigator.locks && channel) navigator.locks.request(LOCK, lead);
  else askAlone();
}
