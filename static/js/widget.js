/* What a website loads: a button, and behind it the chat's frame. Served with its look by desk/portal/chat/script.py, which
   calls it. It reads nothing of the page and sends nothing; all words stay in the frame. No style sheet and no inline
   style attribute of a page is needed, so a strict policy of the site stands. */
(look) => {
  if (document.getElementById(`escala-${look.key}`)) return;
  const origin = new URL(look.frame).origin;
  const wanted = [document.documentElement.lang, ...(navigator.languages ?? [])].map((one) => one.toLowerCase());
  const spoken = Object.keys(look.words);
  const language =
    wanted.map((one) => spoken.find((known) => known === one || known.split("-")[0] === one.split("-")[0])).find(Boolean) ?? spoken[0];
  const words = look.words[language];
  const side = look.corner === "start" ? "insetInlineStart" : "insetInlineEnd";
  const memory = `escala-${look.key}`;

  const styled = (element, style) => Object.assign(element.style, style) && element;
  const part = (name, style, attributes = {}) => {
    const made = styled(document.createElement(name), style);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  };
  const drawn = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    const facts = { viewBox: "0 0 24 24", width: "24", height: "24", fill: "none", stroke: "currentColor", "stroke-width": "2" };
    Object.entries({ ...facts, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" }).forEach(([key, value]) =>
      svg.setAttribute(key, value),
    );
    svg.append(line);
    return svg;
  };
  const remember = (open) => {
    try {
      sessionStorage.setItem(memory, open ? "open" : "");
    } catch {
      // A site without storage opens its chat by hand on each page.
    }
  };
  const wasOpen = () => {
    try {
      return sessionStorage.getItem(memory) === "open";
    } catch {
      return false;
    }
  };

  const round = { position: "fixed", display: "grid", placeItems: "center", padding: "0", border: "0", borderRadius: "50%", cursor: "pointer", zIndex: "2147483001" };
  const button = part(
    "button",
    { ...round, bottom: "20px", [side]: "20px", width: "56px", height: "56px", color: look.ink, background: look.ground, boxShadow: "0 2px 12px rgb(0 0 0 / .3)" },
    { type: "button", id: memory, "aria-label": words.open, "aria-expanded": "false", "aria-haspopup": "dialog" },
  );
  button.append(drawn("M8 9h8M8 13h6M18 4a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-5l-5 3v-3H6a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z"));
  const mark = part("span", { position: "absolute", top: "2px", insetInlineEnd: "2px", width: "14px", height: "14px", borderRadius: "50%", border: `2px solid ${look.ink}`, background: "#b3202c", display: "none" });
  button.append(mark);

  const panel = part(
    "div",
    { position: "fixed", bottom: "88px", [side]: "20px", width: "400px", maxWidth: "calc(100vw - 40px)", height: "600px", maxHeight: "calc(100vh - 108px)", display: "none", overflow: "hidden", borderRadius: "12px", boxShadow: "0 8px 40px rgb(0 0 0 / .35)", zIndex: "2147483002", background: "Canvas", colorScheme: "light dark" },
    { role: "dialog", "aria-label": words.title, lang: language },
  );
  const shut = part(
    "button",
    { ...round, position: "absolute", top: "10px", insetInlineEnd: "10px", width: "36px", height: "36px", color: "CanvasText", background: "transparent" },
    { type: "button", "aria-label": words.close },
  );
  shut.append(drawn("M6 6l12 12M18 6L6 18"));
  let frame = null;
  let loaded = false;

  const fit = () =>
    styled(
      panel,
      window.innerWidth < 480
        ? { inset: "0", width: "auto", maxWidth: "none", height: "auto", maxHeight: "none", borderRadius: "0" }
        : { inset: "auto", bottom: "88px", [side]: "20px", width: "400px", maxWidth: "calc(100vw - 40px)", height: "600px", maxHeight: "calc(100vh - 108px)", borderRadius: "12px" },
    );
  const tell = (what) => loaded && frame.contentWindow?.postMessage({ escala: what }, origin);
  const isOpen = () => panel.style.display !== "none";
  const news = (is) => {
    mark.style.display = is ? "block" : "none";
    button.setAttribute("aria-label", is ? words.news : words.open);
  };

  const open = (byHand) => {
    if (!frame) {
      frame = part("iframe", { width: "100%", height: "100%", border: "0", display: "block" }, { title: words.title, src: `${look.frame}?lang=${language}` });
      frame.addEventListener("load", () => {
        loaded = true;
        tell(isOpen() ? "open" : "shut");
      });
      panel.append(frame, shut);
    }
    fit();
    panel.style.display = "block";
    button.setAttribute("aria-expanded", "true");
    news(false);
    remember(true);
    if (byHand) frame.focus();
    tell("open");
  };
  const close = () => {
    if (!isOpen()) return;
    panel.style.display = "none";
    button.setAttribute("aria-expanded", "false");
    remember(false);
    tell("shut");
    button.focus();
  };

  button.addEventListener("click", () => (isOpen() ? close() : open(true)));
  shut.addEventListener("click", close);
  panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
  button.addEventListener("keydown", (event) => event.key === "Escape" && close());
  window.addEventListener("resize", fit);
  window.addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame?.contentWindow) return;
    if (event.data?.escala === "close") close();
    if (event.data?.escala === "news") news(true);
  });

  const start = () => {
    document.body.append(button, panel);
    if (wasOpen()) open(false);
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
};
