// The page itself: menus, pointer, keys, links.
const element = id => document.getElementById(id);
const map = element("map"), marks = element("marks");
let question, drawn;

const LABELS = { compute: "compute C = M t B", data: "data N = t B", "data-set": "data set of N", largest: "largest stable", free: "optimised",
  sgd: "SGD", "heavy-ball": "constant momentum", dana: "DANA, decay", "dana-decaying": "DANA, decay 1/a" };
const labelOf = value => {
  const [name, numbers = ""] = value.split(":"), decay = /decay=([\d/]+)/.exec(numbers);
  return LABELS[name] ? `${LABELS[name]}${decay ? ` ${decay[1]}` : ""}` : value;
};
const greek = text => text.replace(/\balpha\b/g, "α").replace(/\bbeta\b/g, "β").replace(/\*\*(\d)/g, (_, d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]).replace(/\*/g, " ").replace(/-/g, "−");
const termName = name => name.replace(/_(\w+)/, "<sub>$1</sub>");
const valueText = x => (x.bottom === 1n ? toText(x) : `${toText(x)} ≈ ${shortNumber(toNumber(x))}`);

const fillMenus = () => MENUS.forEach(name => {
  const values = [...new Set(DATA.questions.map(one => one.words[name]))];
  element(name).innerHTML = values.map(value => `<option value="${value}">${labelOf(value)}</option>`).join("");
});

const exponentRow = (name, [low, high], point) => {
  const letters = Number(state.letters), one = index => (index === null ? null : fractionAt(index, point));
  const ends = [one(low), one(high)], formula = index => (index === null ? "any" : DATA.fractions[index].mathml[letters]);
  const same = low === high && low !== null;
  const here = same ? valueText(ends[0]) : ends[0] === null ? "any" : ends[1] === null ? `${toText(ends[0])} or more` : `${toText(ends[0])} to ${toText(ends[1])}`;
  const written = same ? formula(low) : high === null ? `from ${formula(low)}` : `from ${formula(low)} to ${formula(high)}`;
  return `<tr><th scope="row">${name} ∼ ${budgetLetter(question)}<sup>x</sup>, x</th><td>${written}</td><td>${here}</td></tr>`;
};

const fallWords = loss => (signOf(loss) ? `the excess risk falls as ${budgetLetter(question)}<sup>−${toText(loss)}</sup>` : "the excess risk does not fall");

const wordsAt = (found, point) => {
  if (!found) return `${outsideWords(question, point).replace(/^o/, "O")}.`;
  const falls = fallWords(fractionAt(found.loss, point));
  if (found.phase) return `${found.phase.name ? `Phase ${found.phase.name}. ` : ""}${found.balance.map(termName).join(" = ")} at the optimum, and ${falls}.`;
  const names = [...new Set(found.meeting.map(phase => phase.name ?? phase.balance.map(termName).join(" = ")))];
  const sides = names.length > 1 ? `between ${names.join(" and ")}` : "where the exponents change";
  return `On a boundary ${sides}: ${found.balance.map(termName).join(", ")} meet, and ${falls}, up to logarithms, which <code>riskcalc exponents</code> names.`;
};

const showAnswer = point => {
  const found = optimumAt(question, point), phase = found?.phase, body = element("exponents").tBodies[0], letters = Number(state.letters);
  element("answer-words").innerHTML = wordsAt(found, point);
  element("exponents").hidden = !found;
  element("where").textContent = phase ? `The phase: ${greek(phase.where[letters])}.` : "";
  const rows = phase ? ["M", "t", "gamma", "B"].filter(name => name in phase.exponents)
    .map(name => exponentRow({ gamma: "γ" }[name] ?? name, phase.exponents[name], point)) : [];
  if (found) body.innerHTML = `<tr><th scope="row">loss ∼ ${budgetLetter(question)}<sup>−x</sup>, x</th><td>${DATA.fractions[found.loss].mathml[letters]}</td><td>${valueText(fractionAt(found.loss, point))}</td></tr>${rows.join("")}`;
  map.setAttribute("aria-label", `Phase plane at ${placeText(point)}. ${element("answer-words").textContent}`);
  return phase ? toNumber(fractionAt(found.loss, point)) : null;
};

const placeText = point => {
  const { a, b } = inOurs(point);
  return Number(state.letters) ? `a = ${toText(a)}, b = ${toText(b)}` : `α = ${toText(point.alpha)}, β = ${toText(point.beta)}`;
};

const showCurves = (point, loss) => {
  const now = setting(), found = leadingTerms(point, now), slow = 2 * toNumber(point.alpha) < 1;
  Object.entries({ M: shortNumber(now.M), gamma: `${shortNumber(now.gamma)}, ${Math.round(100 * now.share)} %`, B: String(now.B), noise: String(now.noise), r: String(now.r) })
    .forEach(([name, text]) => { element(`${name}-value`).textContent = text; element(name).setAttribute("aria-valuetext", text); });
  element("r-label").hidden = !slow;
  const { schedule, optimiser, budget, step_size } = question.words, moves = THEORY.schedules[schedule] !== undefined;
  const plain = optimiser === "sgd" && budget === "compute" && step_size === "largest";
  element("curve-kind").textContent = moves ? `at the end of runs of t steps, ${schedule} schedule` : "constant step size";
  element("curve-words").textContent = found.refusal ? `No curve: ${found.refusal}.`
    : `Noise feedback κ = ${shortNumber(found.kappa)}. The terms lead from step ${shortNumber(found.first)} to ${shortNumber(found.last)}.`
      + (slow ? " Other models of the family take γ(M′/M)^(a−1)." : "") + (plain ? "" : " Curves and frontier are those of one pass of SGD at this step size.");
  element("curve").innerHTML = found.refusal ? "" : curveChart(found);
  element("frontier").innerHTML = found.refusal ? "" : frontierChart(point, now, plain ? loss : null);
  element("numbers").innerHTML = found.refusal ? "" : numbersTable(found);
  element("terms").innerHTML = found.refusal ? "" : termsTable(found);
};

const fields = point => {
  const ours = inOurs(point), two = Number(state.letters) ? [ours.a, ours.b] : [point.alpha, point.beta];
  element("first").value = toText(two[0]); element("second").value = toText(two[1]);
  const names = Number(state.letters) ? ["a", "b"] : ["α", "β"];
  element("first-name").textContent = names[0]; element("second-name").textContent = names[1];
};

const copies = { python: pythonText, command: commandText, latex: latexText, link: () => location.href.split("#")[0] + linkHash() };

const show = () => {
  const point = pointOf();
  drawPoint(marks, drawn, point);
  showCurves(point, showAnswer(point));
  element("copied-text").textContent = commandText(question, point);
  try { history.replaceState(null, "", linkHash()); } catch { location.hash = linkHash(); }
};

const redraw = kept => {
  fitCharts();
  question = questionOf(kept);
  MENUS.forEach(name => { state[name] = question.words[name]; element(name).value = state[name]; });
  if (question.words.noise === "0") state.noise = DEFAULTS.noise; // a method that is derived without noise alone
  element("letters").value = state.letters;
  SLIDERS.forEach(name => { element(name).value = state[name]; });
  drawn = drawPlane(map, marks, question);
  ["low", "high"].forEach((end, k) => { element(`scale-${end}`).textContent = String(Number(drawn.range[k].toFixed(3))); });
  fields(pointOf());
  show();
};

const moveTo = (x, y, places = 100) => {
  const { left, right, bottom, top } = drawn.window, clip = (value, low, high) => Math.min(Math.max(value, low), high);
  const read = value => rational(BigInt(Math.round(value * places)), BigInt(places));
  const [first, second] = [read(clip(x, left, right)), read(clip(y, bottom, top))];
  setPoint(first, second);
};

const setPoint = (first, second) => {
  const alpha = Number(state.letters) ? quotient(first, whole(2)) : first;
  const beta = Number(state.letters) ? quotient(minus(second, first), whole(2)) : second;
  state.alpha = toText(alpha); state.beta = toText(beta);
  fields(pointOf());
  show();
};

const placeOf = event => {
  const box = map.getBoundingClientRect(), { left, right, bottom, top } = drawn.window;
  return [left + (right - left) * (event.clientX - box.left) / box.width, top - (top - bottom) * (event.clientY - box.top) / box.height];
};

const readFields = () => {
  const first = readRational(element("first").value), second = readRational(element("second").value);
  [["first", first], ["second", second]].forEach(([id, value]) => element(id).setAttribute("aria-invalid", String(!value)));
  element("point-error").textContent = first && second ? "" : "give rational numbers, such as 3/4 or 0.75";
  if (first && second) setPoint(first, second);
};

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const start = () => {
  element("version").textContent = DATA.version;
  fillMenus();
  readHash(location.hash);
  redraw();
  const colours = element("colours").getContext("2d");
  for (let k = 0; k < 256; k += 1) { colours.fillStyle = `rgb(${colourAt(k / 255).join(",")})`; colours.fillRect(k, 0, 1, 1); }
  MENUS.forEach(name => element(name).addEventListener("change", event => { state[name] = event.target.value; redraw(name); }));
  element("letters").addEventListener("change", event => { state.letters = event.target.value; redraw(); });
  SLIDERS.forEach(name => element(name).addEventListener("input", event => {
    const noisy = hasNoise();
    state[name] = event.target.value;
    if (noisy !== hasNoise()) redraw("noise"); else show();
  }));
  ["first", "second"].forEach(id => element(id).addEventListener("change", readFields));
  map.addEventListener("pointerdown", event => { map.setPointerCapture(event.pointerId); moveTo(...placeOf(event)); });
  map.addEventListener("pointermove", event => {
    if (event.buttons) { moveTo(...placeOf(event)); return; }
    const [x, y] = placeOf(event), [alpha, beta] = toPaper(x, y), index = phaseNear(question, alpha, beta), phase = question.phases[index];
    element("under").textContent = index < 0 ? "Under the pointer: not derived." : `Under the pointer: ${phase.name ? `phase ${phase.name}, ` : ""}${phase.balance.join(" = ")}, loss exponent ${shortNumber(fractionNear(phase.loss, alpha, beta))}.`;
  });
  map.addEventListener("pointerleave", () => { element("under").textContent = ""; });
  map.addEventListener("keydown", event => {
    const move = arrows[event.key];
    if (!move) return;
    event.preventDefault();
    const point = pointOf(), ours = inOurs(point), [x, y] = Number(state.letters) ? [ours.a, ours.b] : [point.alpha, point.beta];
    const step = event.shiftKey ? 0.1 : 0.01;
    moveTo(toNumber(x) + move[0] * step, toNumber(y) + move[1] * step);
  });
  Object.entries(copies).forEach(([name, make]) => element(`copy-${name}`).addEventListener("click", async () => {
    const text = make(question, pointOf());
    element("copied-text").textContent = text;
    try { await navigator.clipboard.writeText(text); element("copied").textContent = "Copied."; }
    catch { element("copied").textContent = "Not copied: the text is below."; element("copied-text").closest("details").open = true; }
  }));
  element("theme").addEventListener("click", () => {
    const root = document.documentElement, dark = (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    root.dataset.theme = dark ? "light" : "dark";
  });
  addEventListener("hashchange", () => { if (location.hash !== linkHash()) { readHash(location.hash); redraw(); } });
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
};

// In a frame: the page around it says light or dark, and hears how high this one is.
const embedded = () => {
  if (parent === window) return;
  addEventListener("message", event => {
    if (event.source === parent && ["light", "dark"].includes(event.data?.theme)) document.documentElement.dataset.theme = event.data.theme;
  });
  const tell = () => parent.postMessage({ height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
  new ResizeObserver(tell).observe(document.body);
};

// after the first paint: what stands in the page is seen at once, what is computed a moment later
embedded();
requestAnimationFrame(() => setTimeout(start));
