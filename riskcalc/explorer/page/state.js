// What is shown, in the link of the page, and in the words of Python, of the command line and of LaTeX.
const MENUS = ["budget", "schedule", "step_size", "optimiser"];
const DEFAULTS = { alpha: "1", beta: "3/4", letters: "0", budget: "compute", schedule: DATA.questions[0].words.schedule, step_size: "largest", optimiser: "sgd",
  M: "6", gamma: "-0.5", B: "0", noise: "-8.2", r: "4" };
const SLIDERS = ["M", "gamma", "B", "noise", "r"];
const state = { ...DEFAULTS };

const hasNoise = () => Number(state.noise) > -8.1;
const round2 = x => Number(x.toPrecision(2));
const pointOf = () => ({ alpha: readRational(state.alpha), beta: readRational(state.beta) });
// Numbers of the sliders; that of the step size is its share of the largest stable one.
const setting = () => {
  const M = Math.round(Math.pow(10, Number(state.M))), B = Math.pow(2, Number(state.B)), r = Number(state.r), share = Math.pow(10, Number(state.gamma));
  const a = 2 * toNumber(pointOf().alpha), largest = refusalAt(pointOf()) ? 1 : largestStep(a, B, a > 1 ? Infinity : r * M);
  return { M, B, r, share, gamma: round2(share * largest), noise: hasNoise() ? round2(Math.pow(10, Number(state.noise))) : 0, schedule: state.schedule };
};
const inOurs = ({ alpha, beta }) => {
  const a = product(whole(2), alpha);
  return { a, b: plus(a, product(whole(2), beta)) };
};

// The question that agrees with the menus in most, in what decides more first; `kept` is the one that was just chosen.
const WEIGHTS = { budget: 8, schedule: 6, optimiser: 5, noise: 3, step_size: 1 };
const questionOf = kept => {
  const wanted = { ...Object.fromEntries(MENUS.map(name => [name, state[name]])), noise: hasNoise() ? "1" : "0" };
  const score = one => Object.entries(wanted).reduce((sum, [name, value]) => sum + (one.words[name] === value ? (name === kept ? 100 : WEIGHTS[name]) : 0), 0);
  return DATA.questions.reduce((best, one) => (score(one) > score(best) ? one : best));
};

const linkHash = () => "#" + Object.entries(state).filter(([name, value]) => value !== DEFAULTS[name]).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");

const onSlider = (name, value) => {
  const { min, max } = document.getElementById(name);
  return Math.min(Math.max(value, Number(min)), Number(max));
};

const readHash = hash => {
  Object.assign(state, DEFAULTS);
  for (const pair of hash.replace(/^#/, "").split("&")) {
    const [name, ...rest] = pair.split("="), value = rest.join("=");
    const text = (() => { try { return decodeURIComponent(value); } catch { return ""; } })();
    if (name === "alpha" || name === "beta") { if (readRational(text)) state[name] = text; }
    else if (MENUS.includes(name)) { if (DATA.questions.some(one => one.words[name] === text)) state[name] = text; }
    else if (SLIDERS.includes(name)) { if (text !== "" && Number.isFinite(Number(text))) state[name] = String(onSlider(name, Number(text))); }
    else if (name === "letters") state.letters = text === "1" ? "1" : "0";
  }
};

const budgetLetter = question => (question.words.budget === "compute" ? "C" : "N");

// The words of the question that are not the default ones.
const ORDINARY = { schedule: "constant", noise: "0", budget: "compute", optimiser: "sgd" };
const askedWords = question => Object.entries(question.words).filter(([name, value]) =>
  name === "step_size" ? value !== (question.words.budget === "compute" ? "largest" : "free") : value !== ORDINARY[name]);

const stepsShown = found => {
  const steps = [];
  for (let k = Math.ceil(Math.log10(found.first)); k <= Math.min(Math.log10(found.last), 18); k += 1) if (k >= 0) steps.push(`1e${k}`);
  return steps;
};

const pythonText = (question, point) => {
  const { a, b } = inOurs(point), now = setting(), found = leadingTerms(point, now);
  const words = askedWords(question).map(([name, value]) => `, ${name}="${value}"`).join("");
  const lines = ["import riskcalc as rc", "", ...(optimumAt(question, point)
    ? [`found = rc.exponents(alpha="${toText(point.alpha)}", beta="${toText(point.beta)}"${words})`, "print(found)"]
    : [`# ${outsideWords(question, point)}`])];
  const steps = found.refusal ? [] : stepsShown(found);
  if (!steps.length) return lines.join("\n") + "\n";
  const dimension = 2 * toNumber(point.alpha) > 1 ? "" : `, dimension=${Math.round(now.r * now.M)}`;
  const shape = THEORY.schedules[now.schedule], schedule = shape ? shape.python.replace("STEP", now.gamma) : `rc.Constant("${now.gamma}")`;
  const written = steps.map(s => `10**${s.slice(2)}`).join(", "), asked = `rc.Run(problem, model_size=${now.M}, batch_size=${now.B}, schedule=${schedule}, steps=`;
  const runs = shape ? [`for steps in [${written}]:  # a schedule that moves is answered at its end`, `    run = ${asked}[steps])`, "    print(rc.risk(run, method=rc.Asymptotic()))"]
    : [`run = ${asked}[${written}])`, "curve = rc.risk(run, method=rc.Asymptotic())", "print(curve)"];
  return [...lines, "", `problem = rc.Problem(spectrum=rc.PowerLaw(a="${toText(a)}"${dimension}), signal=rc.PowerLawSignal(b="${toText(b)}"), noise="${now.noise}")`, ...runs, ""].join("\n");
};

const commandText = (question, point) => {
  const now = setting(), found = leadingTerms(point, now);
  const words = askedWords(question).map(([name, value]) => ` --${name.replace("_", "-")} ${value}`).join("");
  const letters = `--alpha ${toText(point.alpha)} --beta=${toText(point.beta)}`;
  const lines = [optimumAt(question, point) ? `riskcalc exponents ${letters}${words}` : `# ${outsideWords(question, point)}`];
  const steps = found.refusal ? [] : stepsShown(found);
  if (steps.length) {
    const dimension = 2 * toNumber(point.alpha) > 1 ? "" : ` --dimension ${Math.round(now.r * now.M)}`;
    const moves = THEORY.schedules[now.schedule], schedule = moves ? ` --schedule ${now.schedule}` : "";
    lines.push(`riskcalc risk ${letters}${dimension} --model-size ${now.M} --batch-size ${now.B} --step-size ${now.gamma} --noise ${now.noise}${schedule} --steps ${moves ? steps[steps.length - 1] : steps.join(",")} --method asymptotic`);
  }
  return lines.join("\n") + "\n";
};

const LATEX_LETTERS = { M: "M", t: "t", gamma: "\\gamma", B: "B", loss: "\\mathcal{E}" };
const latexValue = x => (x.bottom === 1n ? `${x.top}` : `${x.top < 0n ? "-" : ""}\\frac{${x.top < 0n ? -x.top : x.top}}{${x.bottom}}`);
const latexText = (question, point) => {
  const found = optimumAt(question, point), letters = Number(state.letters), ours = inOurs(point);
  const budget = budgetLetter(question);
  const where = letters ? `a = ${latexValue(ours.a)},\\ b = ${latexValue(ours.b)}` : `\\alpha = ${latexValue(point.alpha)},\\ \\beta = ${latexValue(point.beta)}`;
  if (!found) return `% ${where}: ${outsideWords(question, point)}\n`;
  const power = index => `${budget}^{${DATA.fractions[index].latex[letters]}} = ${budget}^{${latexValue(fractionAt(index, point))}}`;
  const rows = Object.entries(found.phase?.exponents ?? {}).filter(([, [low, high]]) => low !== null && low === high && signOf(fractionAt(low, point)) !== 0)
    .map(([name, [low]]) => `${LATEX_LETTERS[name]} \\sim ${power(low)}`);
  const terms = found.balance.map(name => (name.includes("_") ? name.replace(/_(.*)/, "_{\\mathrm{$1}}") : `\\mathrm{${name}}`)).join(" \\sim ");
  const loss = fractionAt(found.loss, point), formula = DATA.fractions[found.loss].latex[letters];
  const tie = found.phase ? [] : ["% on a boundary between phases: up to logarithms"];
  return [...tie, "\\begin{gather*}", [`${where}: \\quad ${terms}`, `\\mathcal{E} \\sim ${budget}^{-\\left(${formula}\\right)} = ${budget}^{${latexValue(minus(whole(0), loss))}}`, ...rows].join(" \\\\\n"), "\\end{gather*}", ""].join("\n");
};
