// Two charts in logarithms: the terms of one curve, and a family of curves with its frontier.
const TERMS = ["F_0", "F_pp", "F_ac", "K_pp", "noise"];
const DASHES = { F_0: "8 3", F_pp: "2 3", F_ac: "9 3 2 3", K_pp: "4 4", noise: "1 4", excess: "" };
const CHART = { width: 620, height: 380, left: 62, right: 66, top: 12, bottom: 44 };
const fitCharts = () => { [CHART.width, CHART.height] = innerWidth < 600 ? [380, 300] : [620, 380]; };

const powerText = k => `10${String(k).replace(/[-\d]/g, c => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]))}`;

const axesOf = (x0, x1, y0, y1, xName, yName) => {
  const { width, height, left, right, top, bottom } = CHART;
  const x = value => left + (width - left - right) * (value - x0) / (x1 - x0 || 1);
  const y = value => top + (height - top - bottom) * (y1 - value) / (y1 - y0 || 1);
  const every = span => Math.max(1, Math.ceil(span / 7)), parts = [];
  for (let k = Math.ceil(x0); k <= x1; k += 1) if (k % every(x1 - x0) === 0)
    parts.push(`<path class="grid" d="M${x(k)} ${top}V${height - bottom}"/><text x="${x(k)}" y="${height - bottom + 16}" text-anchor="middle">${powerText(k)}</text>`);
  for (let k = Math.ceil(y0); k <= y1; k += 1) if (k % every(y1 - y0) === 0)
    parts.push(`<path class="grid" d="M${left} ${y(k)}H${width - right}"/><text x="${left - 6}" y="${y(k) + 4}" text-anchor="end">${powerText(k)}</text>`);
  parts.push(`<rect class="frame" x="${left}" y="${top}" width="${width - left - right}" height="${height - top - bottom}"/>`);
  parts.push(`<text x="${(left + width - right) / 2}" y="${height - 8}" text-anchor="middle">${xName}</text>`);
  parts.push(`<text transform="translate(14 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">${yName}</text>`);
  return { x, y, text: parts.join("") };
};

const line = (points, x, y, style) => `<path style="${style}" d="${points.map(([u, v], k) => `${k ? "L" : "M"}${x(u).toFixed(1)} ${y(v).toFixed(1)}`).join("")}"/>`;
const svg = (id, title, inside) => `<svg class="chart" viewBox="0 0 ${CHART.width} ${CHART.height}" role="img" aria-label="${title}"><clipPath id="${id}"><rect x="${CHART.left}" y="${CHART.top}" width="${CHART.width - CHART.left - CHART.right}" height="${CHART.height - CHART.top - CHART.bottom}"/></clipPath>${inside}</svg>`;

// Labels at the right end, pushed apart so that none covers another.
const endLabels = (ends, axes) => {
  const placed = ends.map(end => ({ ...end, at: axes.y(end.value) })).sort((p, q) => p.at - q.at);
  const top = CHART.top + 10, bottom = CHART.height - CHART.bottom;
  placed.forEach((one, k) => { one.at = Math.max(one.at, k ? placed[k - 1].at + 15 : top); });
  for (let k = placed.length - 1; k >= 0; k -= 1) placed[k].at = Math.min(placed[k].at, k < placed.length - 1 ? placed[k + 1].at - 15 : bottom);
  return placed.map(one => `<text class="label" x="${CHART.width - CHART.right + 6}" y="${one.at + 4}" style="fill:var(--${one.colour})">${SUBSCRIPT(one.name)}</text>`).join("");
};

const curveChart = found => {
  const from = Math.log10(Math.max(found.first, 1)), to = Math.log10(found.last), logs = [...Array(81).keys()].map(k => from + (to - from) * k / 80);
  const rows = logs.map(log => found.at(Math.pow(10, log)));
  const shown = [...TERMS, "excess"].filter(name => rows.some(row => row[name] > 0));
  const sums = rows.map(row => Math.log10(row.excess)), high = Math.max(...sums), low = Math.min(...sums) - 2.2;
  const axes = axesOf(from, to, low, high + 0.3, "steps t", "excess risk");
  const paths = shown.map(name => line(rows.map((row, k) => [logs[k], Math.log10(Math.max(row[name], 1e-300))]), axes.x, axes.y,
    `stroke:var(--${name});stroke-dasharray:${DASHES[name]};stroke-width:${name === "excess" ? 3 : 2}`));
  const ends = shown.map(name => ({ name: name === "excess" ? "sum" : name, colour: name, value: Math.max(Math.log10(Math.max(rows[80][name], 1e-300)), low) }))
    .filter(end => end.value > low);
  return svg("inside-curve", "Terms of the excess risk against steps", `${axes.text}<g clip-path="url(#inside-curve)">${paths.join("")}</g>${endLabels(ends, axes)}`);
};

const frontierChart = (point, now, slope) => {
  const sizes = [...Array(49).keys()].map(k => Math.round(Math.pow(10, 1 + k / 6))), { curves, envelope } = frontierOf(point, now, sizes);
  if (envelope.length < 2) return "";
  const few = curves.filter((one, k) => k % 6 === 0), log = Math.log10;
  const family = few.map(({ M, excessAt, from, to }) => ({ M, points: [...Array(31).keys()].map(k => {
    const at = from + (to - from) * k / 30;
    return [at, log(excessAt(at))];
  }) }));
  const values = envelope.map(one => log(one.excess)), last = envelope[envelope.length - 1];
  const low = Math.min(...values), high = Math.max(...values);
  const axes = axesOf(envelope[0].log, last.log, low - 0.1, high + 0.5, "compute C = M t B", "excess risk");
  const title = "Excess risk against compute for a family of model sizes, and the compute-optimal frontier";
  const paths = family.map(({ points }) => line(points, axes.x, axes.y, "stroke:var(--family);stroke-width:1"));
  paths.push(line(envelope.map(one => [one.log, log(one.excess)]), axes.x, axes.y, "stroke:var(--F_0);stroke-width:3.5"));
  const ends = [{ name: "frontier", colour: "F_0", value: log(last.excess) }];
  if (slope !== null) {
    const middle = envelope[Math.floor(envelope.length * 0.8)], at = u => log(middle.excess) - slope * (u - middle.log);
    paths.push(line([[envelope[0].log, at(envelope[0].log) ], [last.log, at(last.log)]], axes.x, axes.y, "stroke:var(--F_pp);stroke-dasharray:7 4;stroke-width:2"));
    ends.push({ name: "law", colour: "F_pp", value: at(last.log) });
  }
  return svg("inside-frontier", title, `${axes.text}<g clip-path="url(#inside-frontier)">${paths.join("")}</g>${endLabels(ends, axes)}`);
};

const numbersTable = found => {
  const from = Math.ceil(Math.log10(Math.max(found.first, 1))), to = Math.floor(Math.log10(found.last)), names = [...TERMS, "excess"];
  const head = `<thead><tr><th scope="col">steps</th>${names.map(name => `<th scope="col">${name === "excess" ? "sum" : name.replace("_", " ")}</th>`).join("")}</tr></thead>`;
  const rows = [];
  for (let k = from; k <= to; k += Math.max(1, Math.ceil((to - from) / 12))) {
    const parts = found.at(Math.pow(10, k));
    rows.push(`<tr><th scope="row">${powerText(k)}</th>${names.map(name => `<td>${shortNumber(parts[name])}</td>`).join("")}</tr>`);
  }
  return head + `<tbody>${rows.join("")}</tbody>`;
};

const termsTable = found => {
  const rows = Object.entries(found.formulas).flatMap(([name, terms]) => terms.map(({ term, constant }) =>
    `<tr><th scope="row">${name === "K" ? "K (times S)" : name.replace("_", " ")}</th><td>${term.mathml}</td><td>${shortNumber(constant)}</td><td>${term.meaning}</td></tr>`));
  return `<thead><tr><th scope="col">term</th><th scope="col">scales as</th><th scope="col">constant</th><th scope="col">meaning</th></tr></thead><tbody>${rows.join("")}</tbody>`;
};
