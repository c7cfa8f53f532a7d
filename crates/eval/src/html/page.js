(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // Methods: one is highlighted, some are hidden, in all charts and tables at once.
  const style = make("style");
  document.head.append(style);
  const hidden = new Set();
  let lit = null;
  const redraw = () => {
    let css = "";
    for (const m of hidden) css += `svg .m${m}:not(.key),tr.m${m}{display:none}svg .key.m${m}{opacity:.4}`;
    if (lit !== null) css += `svg.chart:has(.m${lit}) .m:not(.m${lit}){opacity:.14}svg .m${lit} .band{fill-opacity:.2}tbody tr.m${lit}>*{background:var(--lit)}`;
    style.textContent = css;
    for (const b of all("[data-light]")) b.setAttribute("aria-pressed", String(b.dataset.light === lit));
    for (const b of all("[data-hide]")) b.checked = !hidden.has(b.dataset.hide);
  };
  const light = m => { lit = lit === m ? null : m; redraw(); };
  for (const item of all(".methods li")) {
    const m = item.dataset.m, name = item.querySelector("span").textContent;
    const shown = make("input", { type: "checkbox", "data-hide": m, "aria-label": "Show " + name });
    shown.onchange = () => { if (shown.checked) hidden.delete(m); else hidden.add(m); redraw(); };
    const button = make("button", { type: "button", "data-light": m, "aria-pressed": "false", title: "Highlight" });
    button.append(...item.childNodes);
    button.onclick = () => light(m);
    item.append(shown, button);
  }
  const methods = document.querySelector(".methods ul");
  if (methods) {
    const everything = make("button", { type: "button", class: "plain" }, "Show all");
    everything.onclick = () => { hidden.clear(); lit = null; redraw(); };
    methods.after(everything);
  }
  redraw();
  for (const key of all("svg .key")) {
    const m = /(?:^| )m(\d+)(?: |$)/.exec(key.getAttribute("class"));
    if (m) { key.style.cursor = "pointer"; key.addEventListener("click", () => light(m[1])); }
  }

  // Tables: sorted by a column, filtered by a text.
  const powers = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
  const exponent = text => text.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, c => c === "⁻" ? "-" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c)));
  const number = text => {
    const t = text.replace(/−/g, "-").replace(/(\d),(?=\d{3})/g, "$1").replace(/\u00a0/g, " ").trim();
    const m = /^[(<+≥ ]*(-?[\d.]+)/.exec(t);
    if (!m) return NaN;
    const power = /10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)$/.exec(t), prefix = /^[\d.]+ ([kMGTP])/.exec(t);
    return m[1] * (power ? 10 ** exponent(power[1]) : 1) * (prefix ? powers[prefix[1]] : 1) - (t.startsWith("<") ? 1e-12 : 0);
  };
  const sort = (table, place, header) => {
    const up = header.getAttribute("aria-sort") === "descending";
    for (const other of all("th[aria-sort]", table.tHead)) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = row => row.cells[place] ? row.cells[place].textContent.trim() : "";
    const rows = [...table.tBodies[0].rows];
    const order = (a, b) => {
      const [x, y] = [value(a), value(b)], [n, k] = [number(x), number(y)];
      if (isNaN(n) !== isNaN(k)) return isNaN(n) ? 1 : -1;
      const by = isNaN(n) ? y.localeCompare(x) : k - n;
      return up ? -by : by;
    };
    table.tBodies[0].append(...rows.sort(order));
  };
  const sortable = (table, header) => {
    const name = header.textContent.trim();
    const button = make("button", { type: "button", class: "sort", "aria-label": "Sort by " + name });
    button.onclick = () => sort(table, header.cellIndex, header);
    // The button stays beside the last word.
    const title = header.firstChild, words = title.data.trimEnd(), last = words.lastIndexOf(" ") + 1;
    title.data = words.slice(0, last);
    title.after(make("span", { class: "keep" }, words.slice(last), button), " ");
  };
  const tools = (holder, ...children) => {
    let line = holder.querySelector(".tools");
    if (!line) holder.prepend(line = make("p", { class: "tools" }));
    line.append(...children);
  };
  for (const table of all("table.data")) {
    if (table.tBodies[0].rows.length < 2) continue;
    for (const header of table.tHead.rows[0].cells) sortable(table, header);
    if (table.tBodies[0].rows.length < 8) continue;
    const box = make("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter rows" });
    box.oninput = () => {
      const wanted = box.value.toLowerCase();
      for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    };
    tools(table.closest(".table"), box);
  }

  // Any method as the one that the others are compared with.
  for (const data of all("script.references")) {
    const { c: control, w: words, p: pairs } = JSON.parse(data.textContent);
    const holder = data.closest(".table"), table = holder.querySelector("table");
    const rows = [...table.tBodies[0].rows], head = table.tHead.rows[0];
    const column = title => [...head.cells].find(h => h.textContent.trim().startsWith(title));
    const added = [];
    const place = (title, kind, first) => {
      let header = column(first || title);
      if (!header) {
        header = make("th", { scope: "col", class: kind }, title);
        head.append(header);
        for (const row of rows) row.append(make("td", { class: kind }));
        sortable(table, header);
        added.push(header);
      }
      return header;
    };
    const names = new Map(rows.map(row => [Number(row.dataset.m), row.cells[0].firstChild.textContent.trim()]));
    const known = new Set(pairs.flatMap(p => [p[0], p[1]]));
    const select = make("select");
    if (control === null) select.append(make("option", { value: "" }, "nothing"));
    for (const m of known) {
      const option = make("option", { value: m }, names.get(m) || String(m));
      if (m === control) option.selected = true;
      select.append(option);
    }
    const original = rows.map(row => [...row.cells].map(cell => [cell.innerHTML, cell.className]));
    const note = make("span", { class: "note", "aria-live": "polite" });
    select.onchange = () => {
      rows.forEach((row, i) => original[i].forEach(([text, kind], k) => { row.cells[k].innerHTML = text; row.cells[k].className = kind; }));
      note.textContent = "";
      if (select.value === "" || Number(select.value) === control) {
        for (const header of added) for (const row of rows) row.cells[header.cellIndex].textContent = "";
        return;
      }
      const chosen = Number(select.value);
      const difference = place("Difference", "", "Difference to"), p = place("p", "", "p"), verdict = place("Verdict", "text");
      for (const row of rows) {
        const m = Number(row.dataset.m), pair = pairs.find(q => (q[0] === m && q[1] === chosen) || (q[1] === m && q[0] === chosen));
        const turned = pair && pair[0] !== m;
        const word = pair ? words[pair[turned ? 6 : 5]] : m === chosen ? "reference" : "–";
        row.cells[difference.cellIndex].textContent = pair ? pair[turned ? 3 : 2] : "–";
        row.cells[p.cellIndex].textContent = pair ? pair[4] : "–";
        row.cells[verdict.cellIndex].textContent = word;
        row.cells[verdict.cellIndex].className = "verdict" + (word.startsWith("▲") ? " good" : word.startsWith("▼") ? " warn" : "");
      }
      note.textContent = ` Differences and verdicts are to ${names.get(chosen)}; p is Holm-corrected over all pairs.`;
    };
    tools(holder, make("label", {}, "Compare with ", select), note);
  }

  // Values of all curves under the pointer.
  const tip = make("div", { class: "tip", "aria-hidden": "true" });
  document.body.append(tip);
  const points = path => {
    if (path.known) return path.known;
    const [start, rest] = path.getAttribute("d").split("l"), numbers = text => (text.match(/-?[\d.]+/g) || []).map(Number);
    let [x, y] = numbers(start), known = [[x, y]];
    const steps = numbers(rest || "");
    for (let i = 0; i + 1 < steps.length; i += 2) known.push([x += steps[i], y += steps[i + 1]]);
    return path.known = known;
  };
  const scale = (text, at) => {
    const [from, to, low, high, log] = text.split(" ").map(Number), share = (at - from) / (to - from);
    return log ? low * (high / low) ** share : low + (high - low) * share;
  };
  const short = v => Math.abs(v) >= 1e4 ? v.toLocaleString("en", { maximumFractionDigits: 0 }) : String(Number(v.toPrecision(3)));
  for (const svg of all("svg.chart[data-y]")) {
    const paths = all("path.line[data-t]", svg);
    if (!paths.length) continue;
    svg.addEventListener("pointermove", event => {
      const box = svg.getBoundingClientRect(), view = svg.viewBox.baseVal;
      const x = (event.clientX - box.left) / box.width * view.width;
      const [from, to] = svg.dataset.x.split(" ").map(Number);
      if (x < from - 2 || x > to + 2) { tip.style.display = "none"; return; }
      const shown = paths.filter(p => p.getBoundingClientRect().width > 0).map(path => {
        const near = points(path).reduce((a, b) => Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a);
        return [path.dataset.t, scale(svg.dataset.y, near[1])];
      });
      shown.sort((a, b) => b[1] - a[1]);
      tip.replaceChildren(make("b", {}, short(scale(svg.dataset.x, x))), ...shown.slice(0, 20).map(([t, v]) => make("div", {}, `${short(v)} ${t}`)));
      tip.style.display = "block";
      const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8), top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8);
      tip.style.left = Math.max(4, left) + "px";
      tip.style.top = Math.max(4, top) + "px";
    });
    svg.addEventListener("pointerleave", () => { tip.style.display = "none"; });
  }

  // Folded parts: opened for a link into them, and for print. On a narrow screen the contents begin folded.
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
  if (matchMedia("(max-width: 78rem)").matches) for (const d of all("nav details")) d.open = false;
  let opened = [];
  addEventListener("beforeprint", () => { opened = all("details:not([open])"); for (const d of opened) d.open = true; });
  addEventListener("afterprint", () => { for (const d of opened) d.open = false; });
})();
