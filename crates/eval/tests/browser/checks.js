// What is checked of a page in a browser. The verdicts are written into the document as JSON: a list of failures for each check.
(() => {
  const found = {};
  const check = (name, run) => {
    const failures = [];
    const say = (text) => { if (failures.length < 12) failures.push(text); else if (failures.length === 12) failures.push("and more"); };
    try { run(say); } catch (error) { say(`the check itself failed: ${error}`); }
    found[name] = failures;
  };
  const mode = document.documentElement.dataset.checked;
  const seen = (e) => {
    const box = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    return box.width > 0 && box.height > 0 && style.visibility !== "hidden" && style.display !== "none";
  };
  // As read, without what is hidden in closed details.
  const charts = [...document.querySelectorAll("svg.chart, figure > svg, svg[role=img]")].filter(seen);
  const title = (svg) => svg.querySelector("title")?.textContent ?? "(no title)";
  const words = (e) => e.textContent.replace(/\s+/g, " ").trim();

  check("no error", (say) => (window.dentateErrors ?? []).forEach(say));

  check("nothing from outside", (say) => {
    for (const e of document.querySelectorAll("[src], [href], [xlink\\:href], [srcset], [data], [action]"))
      for (const name of ["src", "href", "xlink:href", "srcset", "data", "action"]) {
        const to = e.getAttribute(name) ?? "";
        if (/^\s*(https?:)?\/\//i.test(to) && e.tagName.toLowerCase() !== "a") say(`${e.tagName} ${name}=${to}`);
      }
    for (const sheet of document.querySelectorAll("style"))
      if (/@import|url\(\s*["']?(?!#|data:)/i.test(sheet.textContent)) say("a style sheet asks for a file");
    for (const entry of performance.getEntriesByType("resource")) say(`the page asked for ${entry.name}`);
  });

  check("names of charts", (say) => {
    for (const svg of charts) {
      const names = (svg.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
      const said = names.map((id) => document.getElementById(id)?.textContent.trim());
      if (!svg.hasAttribute("aria-hidden") && (!said.length || said.some((text) => !text))) say(`a chart without a name or a description: ${title(svg)}`);
    }
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    for (const id of ids.filter((id, i) => ids.indexOf(id) !== i)) say(`the id ${id} is there twice`);
  });

  check("charts have marks", (say) => {
    for (const svg of charts) {
      const ink = [...svg.querySelectorAll("path, circle, rect, line, polyline, polygon, use, image")].filter((e) => {
        if (e.closest(".key, defs, clipPath") || /\b(rule|axis|boundary|bond|frame)\b/.test(e.getAttribute("class") ?? "")) return false;
        const style = getComputedStyle(e);
        if (style.stroke === "none" && style.fill === "none") return false;
        const box = e.getBBox();
        return box.width > 0 || box.height > 0 || style.strokeLinecap === "round";
      });
      if (!ink.length) say(`nothing is drawn: ${title(svg)}`);
    }
  });

  check("axes have titles and units", (say) => {
    for (const svg of charts.filter((svg) => svg.dataset.x || svg.dataset.y)) {
      const titles = [...svg.querySelectorAll(".axis-title")].map(words);
      if (!titles.length || titles.some((text) => !text)) say(`an axis without a title: ${title(svg)}`);
      for (const text of titles) if (/accuracy|forgetting|share/i.test(text) && !/%|points|share/i.test(text)) say(`an axis without its unit: ${text} of ${title(svg)}`);
    }
  });

  // The ends of curves against the nearest table with the average accuracy of the same methods.
  const accuracies = (near) => {
    for (let at = near.parentElement; at; at = at.parentElement)
      for (const table of at.querySelectorAll("table")) {
        const column = [...table.querySelectorAll("thead th")].map(words).findIndex((text) => /^average accuracy/i.test(text));
        if (column < 0) continue;
        const cells = new Map();
        for (const row of table.querySelectorAll("tbody tr")) {
          const head = row.cells[0].cloneNode(true);
          head.querySelectorAll(".tag, svg, input, button").forEach((e) => e.remove());
          cells.set(words(head), parseFloat(words(row.cells[column] ?? row.cells[0]).replace("−", "-")));
        }
        return cells;
      }
    return new Map();
  };
  check("labels agree with tables", (say) => {
    for (const svg of document.querySelectorAll("svg")) {
      if (!/accuracy along the stream/i.test(title(svg))) continue;
      const said = svg.querySelector("desc")?.textContent ?? "";
      for (const [name, value] of accuracies(svg)) {
        const at = said.indexOf(`${name} `);
        const told = at < 0 ? null : said.slice(at + name.length).match(/^ ([−-]?\d+(?:\.\d+)?)(?: \(at)?/);
        if (!told || told[0].includes("(at") || Number.isNaN(value)) continue;
        if (Math.abs(parseFloat(told[1].replace("−", "-")) - value) > 0.6) say(`${title(svg)}: ${name} ends at ${told[1]}, and the table says ${value}`);
      }
    }
  });

  check("texts of charts do not overlap", (say) => {
    for (const svg of charts) {
      const texts = [...svg.querySelectorAll("text")].filter(seen).map((e) => [words(e), e.getBoundingClientRect()]);
      for (let i = 0; i < texts.length; i++)
        for (let j = i + 1; j < texts.length; j++) {
          const [a, p] = texts[i], [b, q] = texts[j];
          const across = Math.min(p.right, q.right) - Math.max(p.left, q.left), down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
          // The box of a line of text has room above and below its letters.
          if (across > 1.5 && down > 0.35 * Math.min(p.height, q.height)) say(`“${a}” lies on “${b}” in: ${title(svg)}`);
        }
    }
  });

  check("texts of charts are inside", (say) => {
    if (mode === "narrow") return;
    for (const svg of charts) {
      const frame = svg.getBoundingClientRect();
      for (const e of [...svg.querySelectorAll("text")].filter(seen)) {
        const box = e.getBoundingClientRect();
        if (box.left < frame.left - 3 || box.right > frame.right + 3) say(`“${words(e)}” leaves the drawing: ${title(svg)}`);
      }
    }
  });

  check("numbers of axes differ", (say) => {
    for (const svg of charts) {
      const title_of = svg.querySelector(".axis-title:not([transform])");
      if (!title_of) continue;
      const at = title_of.getBoundingClientRect();
      const rows = new Map();
      for (const e of [...svg.querySelectorAll(".tick")].filter(seen)) {
        const along = e.getAttribute("text-anchor") === "end" ? `x${e.getAttribute("x")}` : `y${e.getAttribute("y")}`;
        // Below the axis are numbers of another kind, such as those at risk.
        if (e.getBoundingClientRect().top > at.top) continue;
        rows.set(along, [...(rows.get(along) ?? []), words(e)]);
      }
      for (const [along, texts] of rows) {
        if (!svg.dataset.x && !svg.dataset.y) continue;
        const twice = texts.find((text, i) => texts.indexOf(text) !== i);
        if (twice !== undefined) say(`${twice} stands twice on an axis (${texts.join(", ")}): ${title(svg)}`);
        const decimals = new Set(texts.filter((text) => /^[−-]?[\d,]+(\.\d+)?[kMGT]?$/.test(text) && text !== "0").map((text) => (text.split(".")[1] ?? "").replace(/\D/g, "").length));
        const linear = (along[0] === "x" ? svg.dataset.y : svg.dataset.x)?.endsWith(" 0");
        if (linear && decimals.size > 1) say(`numbers of an axis have several notations (${texts.join(", ")}): ${title(svg)}`);
      }
    }
  });

  check("names are whole", (say) => {
    for (const svg of charts) {
      const all = [...svg.querySelectorAll(".label, .name")].filter((e) => seen(e) && /…$/.test(words(e)));
      const cut = all.map(words);
      const twice = cut.find((text, i) => cut.indexOf(text) !== i);
      if (twice) say(`two names are cut to “${twice}”: ${title(svg)}`);
      // Names in two lines have twice the room.
      const room = (e) => (e.querySelector("tspan") ? 60 : 31);
      for (const e of all) if (words(e).length < room(e)) say(`“${words(e)}” is cut though there is room: ${title(svg)}`);
    }
  });

  // A text over a curve, apart from names that stand on a level of their own.
  check("texts of charts are not on curves", (say) => {
    for (const svg of charts) {
      const lines = [...svg.querySelectorAll("path.line")].filter((e) => getComputedStyle(e).display !== "none" && !e.closest(".key"));
      const texts = [...svg.querySelectorAll("text.name, text.axis-title")].filter((e) => seen(e) && !e.closest(".key"));
      for (const text of texts) {
        const box = text.getBoundingClientRect();
        const middle = [box.top + 0.3 * box.height, box.top + 0.7 * box.height];
        const touched = lines.some((line) => {
          const to = line.getScreenCTM(), whole = line.getBoundingClientRect();
          if (whole.right < box.left || whole.left > box.right || whole.bottom < middle[0] || whole.top > middle[1]) return false;
          const length = line.getTotalLength(), steps = Math.min(600, Math.max(2, Math.ceil(length / 3)));
          for (let i = 0; i <= steps; i++) {
            const p = line.getPointAtLength((length * i) / steps).matrixTransform(to);
            if (p.x > box.left && p.x < box.right && p.y > middle[0] && p.y < middle[1]) return true;
          }
          return false;
        });
        if (touched) say(`“${words(text)}” lies on a curve: ${title(svg)}`);
      }
    }
  });

  check("charts have one size of text", (say) => {
    const sizes = charts.filter((svg) => svg.matches(".chart")).map((svg) => [svg.getBoundingClientRect().width / svg.viewBox.baseVal.width, title(svg)]);
    const [least, most] = [Math.min(...sizes.map((s) => s[0])), Math.max(...sizes.map((s) => s[0]))];
    if (sizes.length > 1 && most > 1.12 * least) say(`texts are ${(most / least).toFixed(2)} times as large: ${sizes.find((s) => s[0] === most)[1]}, ${sizes.find((s) => s[0] === least)[1]}`);
  });

  check("numbers do not break", (say) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const pattern = /[\d.]+ (?:%|points\b|[kMGTP]?B\b|[kMGTP]\b|×)|[<≥≤=±×] ?[+−]?[\d.]+|[−+]\d[\d.,]*/g;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const e = node.parentElement;
      if (!e || e.closest("script, style, pre, svg, code, title") || !pattern.test(node.data) || !seen(e)) continue;
      pattern.lastIndex = 0;
      for (const match of node.data.matchAll(pattern)) {
        const range = document.createRange();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        const lines = new Set([...range.getClientRects()].filter((r) => r.width > 0).map((r) => Math.round(r.top)));
        // On paper, and in narrow cells, an interval may go below its mean.
        if (e.closest("td") && /^[±<≥≤=×]/.test(match[0])) continue;
        if (lines.size > 1) say(`“${match[0]}” breaks: ${words(e).slice(0, 60)}`);
      }
    }
  });

  check("sentences are for readers", (say) => {
    for (const e of [...document.querySelectorAll("p, dd, figcaption, caption, li")].filter(seen)) {
      const text = words(e);
      const own = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(" ");
      if (/`/.test(own)) say(`a mark of Markdown: ${text.slice(0, 80)}`);
      const odd = text.match(/\b1 (?:runs|seeds|tasks|methods|streams|units|layers|rows|decisions|problems)\b|\b(\d+) of the \1 that\b|\b(\w{3,}) \2\b|NaN|\binf\b|undefined|\*\*|\{\}/i);
      // Years and names may repeat a word on purpose.
      if (odd && !e.closest("pre")) say(`“${odd[0]}” in: ${text.slice(0, 80)}`);
    }
  });

  check("no rows of dashes", (say) => {
    for (const table of [...document.querySelectorAll("table.data")].filter(seen))
      for (const row of table.tBodies[0].rows) {
        const cells = [...row.cells].slice(1).map(words);
        if (cells.length && cells.every((text) => /^[–/ ]*$/.test(text))) say(`${words(row.cells[0])} has no entry: ${words(table.caption ?? table).slice(0, 60)}`);
      }
  });

  // WCAG 2.2, 1.4.3.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    if (/^rgba?\(/.test(text)) {
      const numbers = text.match(/[\d.]+/g).map(Number);
      return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
    }
    // Any other way to write a colour, such as a mixture in oklab: as it is painted.
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = "#000";
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = (c) => {
    const part = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
  };
  const ratio = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const c = colour(getComputedStyle(at).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  check("contrast of texts", (say) => {
    const told = new Set();
    for (const e of document.querySelectorAll("body *")) {
      const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      if (!own || !seen(e) || ["SCRIPT", "STYLE", "TITLE", "DESC", "title", "desc", "OPTION"].includes(e.tagName) || e.closest("[aria-hidden=true], [disabled]")) continue;
      const style = getComputedStyle(e);
      const svg = e instanceof SVGElement;
      let ink = colour(svg ? style.fill : style.color);
      let opacity = 1;
      for (let at = e; at; at = at.parentElement) opacity *= parseFloat(getComputedStyle(at).opacity);
      const under = ground(svg ? e.closest("svg") : e);
      ink = over([ink[0], ink[1], ink[2], ink[3] * opacity * (svg ? parseFloat(style.fillOpacity || 1) : 1)], under);
      const size = parseFloat(style.fontSize), bold = parseInt(style.fontWeight, 10) >= 700;
      const wanted = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
      const is = ratio(ink, under);
      const what = `${is.toFixed(2)}:1 of ${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}`;
      if (is < wanted - 0.005 && !told.has(what)) { told.add(what); say(`${what}: “${words(e).slice(0, 40)}”`); }
    }
  });

  check("a method looks the same everywhere", (say) => {
    const looks = new Map(), shared = new Set();
    for (const key of document.querySelectorAll("svg .key")) {
      const name = words(key.querySelector(".name") ?? key);
      const line = key.querySelector(".line"), mark = key.querySelector(".mark");
      // Without method classes it is a legend of something else: layers, kinds of change.
      const classes = key.getAttribute("class") ?? "";
      if (!/\bm\d+\b/.test(classes) || !line) continue;
      const style = getComputedStyle(line);
      const shape = mark ? (mark.getAttribute("d") ?? "").replace(/[^a-z]/gi, "") + /\bopen\b/.test(mark.getAttribute("class")) : "";
      const look = [style.stroke, style.strokeDasharray, shape].join(" ");
      if (!looks.has(name)) looks.set(name, look);
      else if (looks.get(name) !== look) say(`${name} is drawn as ${looks.get(name)} and as ${look}`);
      // All references share a look.
      if (/\breference\b/.test(classes)) shared.add(name);
    }
    const other = new Map();
    for (const [name, look] of looks) {
      if (other.has(look) && !shared.has(name)) say(`${name} and ${other.get(look)} look the same`);
      other.set(look, name);
    }
  });

  check("tables keep their columns", (say) => {
    for (const table of document.querySelectorAll("table")) {
      const rows = [...table.rows].filter((r) => !r.querySelector("[colspan], [rowspan]"));
      const counts = new Set(rows.map((r) => r.cells.length));
      if (counts.size > 1) say(`rows of ${[...counts].join(" and ")} cells: ${words(table.caption ?? table).slice(0, 60)}`);
      if (mode !== "print" || !seen(table)) continue;
      const right = table.getBoundingClientRect().right, page = document.documentElement.clientWidth;
      if (right > page + 2) say(`${Math.round(right - page)} px are off the paper: ${words(table.caption ?? table).slice(0, 60)}`);
      for (let at = table.parentElement; at; at = at.parentElement)
        if (/auto|scroll|hidden/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth + 2) say(`cut off: ${words(table.caption ?? table).slice(0, 60)}`);
    }
    if (mode === "narrow" && document.documentElement.scrollWidth > document.documentElement.clientWidth + 2) say("the page itself scrolls sideways");
  });

  check("sorting", (say) => {
    // The first number of a cell, with the power of ten that all its numbers share.
    const number = (text) => {
      const match = text.replace(/\u2212/g, "-").replace(/,/g, "").match(/^[<≤≥> \u00a0]*([-+]?\d+(?:\.\d+)?)(?:[ \u00a0]*([kMGTP])\b)?/);
      if (!match) return null;
      const power = text.match(/×[ \u00a0]*10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/);
      const plain = power ? power[1].replace(/./g, (c) => (c === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c))) : "0";
      const scale = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 }[match[2]] ?? 1;
      return parseFloat(match[1]) * scale * 10 ** parseInt(plain, 10);
    };
    let sorted = 0;
    for (const table of [...document.querySelectorAll("table")].filter(seen)) {
      const heads = [...table.querySelectorAll("thead th")];
      const buttons = heads.map((th) => th.querySelector("button, [role=button]") ?? (th.hasAttribute("aria-sort") || th.dataset.sort !== undefined ? th : null));
      if (!buttons.some(Boolean)) continue;
      heads.forEach((th, column) => {
        if (!buttons[column]) return;
        const body = () => [...table.tBodies[0].rows].filter((r) => !r.matches(".reference"));
        const before = body().length;
        for (let turn = 0; turn < 2; turn++) {
          buttons[column].click();
          const rows = body();
          if (rows.length !== before) say(`sorting lost rows: ${words(th)}`);
          const texts = rows.map((r) => words(r.cells[column]));
          const values = texts.map(number).filter((v) => v !== null);
          if (!th.matches(".text") && column > 0 && values.length > 1) {
            const up = values.every((v, i) => !i || values[i - 1] <= v + 1e-9 * Math.abs(v));
            const down = values.every((v, i) => !i || values[i - 1] >= v - 1e-9 * Math.abs(v));
            if (!up && !down) say(`not sorted by ${words(th)}: ${texts.join(" | ").slice(0, 120)}`);
            const aria = th.getAttribute("aria-sort") ?? th.querySelector("[aria-sort]")?.getAttribute("aria-sort");
            if (!aria || aria === "none") say(`no aria-sort on ${words(th)}`);
            sorted++;
          }
        }
      });
    }
    found.sorted = [String(sorted)];
  });

  found.counted = [`${charts.length} charts`, `${document.querySelectorAll("table").length} tables`];
  const pre = document.createElement("pre");
  pre.id = "dentate-verdicts";
  pre.textContent = JSON.stringify(found);
  document.body.append(pre);
})();
