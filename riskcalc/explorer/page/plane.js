// The picture of the plane: loss exponent as colour, phases by name, the point.
const WINDOWS = [{ left: 0, right: 2, bottom: -0.5, top: 1.5 }, { left: 0, right: 4, bottom: 1, top: 6 }];
const CIVIDIS = ["00224e", "123570", "3b496c", "575d6d", "707173", "8a8678", "a59c74", "c3b369", "e1cc55", "fee838"]
  .map(text => [0, 2, 4].map(k => parseInt(text.slice(k, k + 2), 16)));

const colourAt = share => {
  const place = Math.min(Math.max(share, 0), 1) * (CIVIDIS.length - 1), k = Math.min(Math.floor(place), CIVIDIS.length - 2);
  return CIVIDIS[k].map((c, n) => c + (CIVIDIS[k + 1][n] - c) * (place - k));
};

const toPaper = (x, y) => (Number(state.letters) ? [x / 2, (y - x) / 2] : [x, y]);

const gridOf = (question, window, columns, rows) => {
  const phases = new Int16Array(columns * rows), loss = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) {
    const x = window.left + (window.right - window.left) * (column + 0.5) / columns;
    const y = window.top - (window.top - window.bottom) * (row + 0.5) / rows;
    const [alpha, beta] = toPaper(x, y), k = row * columns + column;
    phases[k] = phaseNear(question, alpha, beta);
    loss[k] = phases[k] < 0 ? NaN : fractionNear(question.phases[phases[k]].loss, alpha, beta);
  }
  return { phases, loss, columns, rows };
};

const paint = (canvas, grid, range) => {
  canvas.width = grid.columns; canvas.height = grid.rows;
  const context = canvas.getContext("2d"), image = context.createImageData(grid.columns, grid.rows);
  const { phases, loss, columns, rows } = grid;
  for (let k = 0; k < phases.length; k += 1) {
    const column = k % columns, row = Math.floor(k / columns);
    const edge = [[1, 0], [0, 1], [1, 1]].some(([dx, dy]) => column + dx < columns && row + dy < rows && phases[k + dx + dy * columns] !== phases[k]);
    const stripe = (column + row) % 12 < 3 ? 150 : 178;
    const colour = edge ? [0, 0, 0] : phases[k] < 0 ? [stripe, stripe, stripe] : colourAt((loss[k] - range[0]) / (range[1] - range[0] || 1));
    image.data.set([...colour, 255], 4 * k);
  }
  context.putImageData(image, 0, 0);
};

// The middle of the largest square inside each phase, and half its width, in cells.
const middles = grid => {
  const { phases, columns, rows } = grid, depth = new Int16Array(columns * rows), best = new Map();
  for (const order of [1, -1]) for (let n = 0; n < phases.length; n += 1) {
    const k = order > 0 ? n : phases.length - 1 - n, column = k % columns, row = Math.floor(k / columns);
    let least = order > 0 ? 9999 : depth[k];
    for (const [dx, dy] of [[-1, 0], [0, -1], [-1, -1], [1, -1]]) {
      const x = column + order * dx, y = row + order * dy;
      const inside = x >= 0 && y >= 0 && x < columns && y < rows && phases[y * columns + x] === phases[k];
      least = Math.min(least, inside ? depth[y * columns + x] + 1 : 1);
    }
    depth[k] = least;
    if (order < 0 && (!best.has(phases[k]) || best.get(phases[k]).depth < least)) best.set(phases[k], { depth: least, column, row });
  }
  return best;
};

// The rows that a phase holds without a gap in one column, around a row: [first, one after the last].
const runOf = ({ phases, columns, rows }, column, row) => {
  const same = place => place >= 0 && place < rows && phases[place * columns + column] === phases[row * columns + column];
  let first = row, after = row + 1;
  while (same(first - 1)) first -= 1;
  while (same(after)) after += 1;
  return [first, after];
};

const SUBSCRIPT = name => name.replace(/_(\w+)/, '<tspan dy="3" font-size="9">$1</tspan><tspan dy="-3">&#8203;</tspan>');

// Draws everything of the plane but the point; returns where things are, in the picture's own units.
const drawPlane = (canvas, marks, question) => {
  const window = WINDOWS[Number(state.letters)], box = canvas.getBoundingClientRect(), frame = marks.getBoundingClientRect();
  const size = Math.max(Math.min(Math.round(box.width), 360), 120), grid = gridOf(question, window, size, Math.round(size * box.height / box.width) || size);
  const seen = grid.loss.filter(value => !Number.isNaN(value)), range = [seen.reduce((x, y) => Math.min(x, y), Infinity), seen.reduce((x, y) => Math.max(x, y), -Infinity)];
  paint(canvas, grid, range);
  const place = { left: box.left - frame.left, top: box.top - frame.top, width: box.width, height: box.height };
  const x = value => place.left + place.width * (value - window.left) / (window.right - window.left);
  const y = value => place.top + place.height * (window.top - value) / (window.top - window.bottom);
  const parts = [], names = Number(state.letters) ? ["a", "b"] : ["α", "β"], step = Number(state.letters) ? 1 : 0.5;
  for (let value = window.left; value <= window.right + 1e-9; value += step)
    parts.push(`<text x="${x(value)}" y="${place.top + place.height + 17}" text-anchor="middle">${value}</text>`);
  for (let value = window.bottom; value <= window.top + 1e-9; value += step)
    parts.push(`<text x="${place.left - 7}" y="${y(value) + 4}" text-anchor="end">${String(value).replace("-", "−")}</text>`);
  parts.push(`<text x="${place.left + place.width / 2}" y="${place.top + place.height + 33}" text-anchor="middle">${names[0]}: spectrum</text>`);
  parts.push(`<text transform="translate(${place.left - 32} ${place.top + place.height / 2}) rotate(-90)" text-anchor="middle">${names[1]}: target</text>`);
  const cell = place.width / grid.columns;
  for (const [index, { depth, column, row }] of middles(grid)) {
    const at = [place.left + (column + 0.5) * cell, place.top + (row + 0.5) * place.height / grid.rows], room = depth * cell;
    if (index < 0) { if (room > 30) parts.push(`<text class="balance" x="${at[0]}" y="${at[1]}">not derived</text>`); continue; }
    const { name, balance } = question.phases[index], written = balance.map(SUBSCRIPT).join(" = ");
    if (room < 5) continue;
    if (room < 24 + 10 * balance.length) { // a strip: its name alone, or its balance upright, if it is high enough
      const [first, after] = runOf(grid, column, row), high = place.height / grid.rows, middle = place.top + (first + after) / 2 * high;
      if (name) parts.push(`<text class="name small" x="${at[0]}" y="${at[1] + 5}">${name}</text>`);
      else if ((after - first) * high > 7 * balance.join(" = ").length)
        parts.push(`<text class="balance" transform="translate(${at[0] + 4} ${middle}) rotate(-90)">${written}</text>`);
      continue;
    }
    if (name) parts.push(`<text class="name" x="${at[0]}" y="${at[1] - 4}">${name}</text>`);
    parts.push(`<text class="balance" x="${at[0]}" y="${at[1] + (name ? 14 : 4)}">${written}</text>`);
  }
  return { window, place, x, y, range, fixed: parts.join("") };
};

const drawPoint = (marks, drawn, point) => {
  const { alpha, beta } = point, ours = inOurs(point);
  const [x, y] = Number(state.letters) ? [toNumber(ours.a), toNumber(ours.b)] : [toNumber(alpha), toNumber(beta)];
  const { left, right, bottom, top } = drawn.window, p = drawn.place;
  let cross = "";
  if (x >= left && x <= right && y >= bottom && y <= top)
    cross = `<path class="cross" d="M${drawn.x(x)} ${p.top}V${p.top + p.height}M${p.left} ${drawn.y(y)}H${p.left + p.width}"/><circle class="here" cx="${drawn.x(x)}" cy="${drawn.y(y)}" r="6"/>`;
  marks.innerHTML = drawn.fixed + cross;
};
