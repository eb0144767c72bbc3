// The leading terms: riskcalc's Asymptotic road, for the last iterate of SGD; under a schedule that moves, at its end.
const FARTHEST = 700; // logarithm of the largest double
const floorConstants = new Map();
const floorConstant = (a, r) => { // NaN where doubles hold no root
  const key = `${a} ${r}`;
  if (!floorConstants.has(key)) {
    const surplus = logRho => THEORY.floorEquation(a, Math.exp(logRho), r) - 1;
    let low = -1, high = 1;
    while (surplus(low) < 0 && low > -FARTHEST) low *= 2;
    while (surplus(high) > 0 && high < FARTHEST) high *= 2;
    const between = surplus(low) >= 0 && surplus(high) <= 0;
    floorConstants.set(key, between ? Math.exp(decreasingRoot(surplus, low, high)) : NaN);
  }
  return floorConstants.get(key);
};

// kappa, the feedback of the noise; infinite beyond gamma (1 + 1/B) = 2.
const kernelMass = (a, gamma, B, v) => gamma < 1e-200 ? 0 : (gamma * (1 + 1 / B) < 2 ? THEORY.kappa(a, 0, gamma, B, v) : Infinity);

const largestStep = (a, B, v) => {
  const edge = 2 / (1 + 1 / B);
  return decreasingRoot(gamma => 1 - kernelMass(a, gamma, B, v), 0, edge * (1 - 1e-13));
};

const monomialAt = (term, a, b, letters) => Object.entries(term.powers).reduce(
  (total, [name, power]) => total * Math.pow(letters[name], power(a, b)), 1,
);

// Why there is no leading order with constants here, or null. point: exact alpha and beta.
const refusalAt = point => {
  const two = whole(2), a = product(two, point.alpha), b = plus(a, product(two, point.beta));
  if (signOf(a) <= 0) return "a must be positive";
  if (compare(b, whole(1)) <= 0) return "b is not above 1: the risk follows no power law of the model size";
  if (compare(a, whole(1)) === 0 || compare(a, rational(1n, 2n)) === 0)
    return `a = ${toText(a)} is a boundary where logarithms compete with powers: no constants are derived there`;
  if (compare(b, plus(a, whole(1))) === 0)
    return "b = a + 1 is a boundary where the terms carry logarithms: move beta a little";
  return null;
};

// {refusal} or {first, last, kappa, at(t) -> the parts and their sum}. setting: M, gamma, B, noise, r = v/M, schedule.
const leadingTerms = (point, setting) => {
  const refusal = refusalAt(point);
  if (refusal) return { refusal };
  const a = 2 * toNumber(point.alpha), b = a + 2 * toNumber(point.beta);
  const { M, gamma, B, noise, r } = setting, infinite = a > 1, v = infinite ? Infinity : r * M;
  const shape = THEORY.schedules[setting.schedule], unmoved = shape === undefined;
  const reason = unmoved ? null : refusalOf(shape, setting.schedule, a, b);
  if (reason) return { refusal: reason };
  if (!(Math.pow(M, b - 1) >= 2)) return { refusal: "M^(b-1) is below 2: F_0 and F_pp do not part; take a larger model" };
  if (!Number.isFinite(Math.pow(M, a) / gamma)) return { refusal: "M^a is beyond the numbers of this page" };
  const kappa = kernelMass(a, gamma, B, v);
  if (!(kappa < 1)) return { refusal: `unstable: the largest stable step size is ${shortNumber(largestStep(a, B, v))}`, kappa };
  const pieces = infinite ? { ...THEORY.infinite, ...shape } : THEORY.finite, ratio = infinite ? Infinity : r;
  const rho = infinite ? NaN : floorConstant(a, ratio);
  const held = name => pieces[name].filter(term => term.holds(a, b)).map(term => ({ term, constant: term.constant ? term.constant(a, b, ratio, rho) : noiseAtTheEnd(shape, a, gamma, B) }));
  const terms = Object.fromEntries(["F_0", "F_pp", "F_ac", "K", "noise"].map(name => [name, held(name)]));
  const total = (name, t) => terms[name].reduce(
    (sum, { term, constant }) => sum + constant * monomialAt(term, a, b, { M, gamma, B, t }), 0,
  );
  const early = b > a + 1 ? THEORY.S(a, b, gamma, B, v) : 0;
  // what the last steps feed back, and what is excited early on
  const lastKappa = unmoved ? kappa : kernelMass(a, gamma * shape.endShare, B, v);
  const factor = infinite ? 1 / (1 - lastKappa) : 1, excited = infinite ? factor / (1 - kappa) : 1;
  const floor = total("F_0", 1);
  const at = t => {
    const parts = {
      F_0: floor,
      F_pp: factor * total("F_pp", t),
      F_ac: b > a + 1 ? factor * total("F_ac", t) : 0,
      K_pp: early ? excited * early * total("K", t) : 0,
      noise: (noise + floor) * (infinite && lastKappa > 0 ? lastKappa * factor : total("noise", t)),
    };
    return { ...parts, excess: Object.values(parts).reduce((x, y) => x + y) };
  };
  const pace = gamma * (unmoved ? 1 : shape.clock), last = Math.pow(M, a) / pace;
  let first = 1 / pace;
  if (!(at(last).excess > 0 && Number.isFinite(at(last).excess))) return { refusal: "the constants are beyond the numbers of this page" };
  // floor and bias cannot exceed what the risk starts at: before, and at a small a anywhere, the terms do not lead
  const start = zetaFunction(b) - (infinite ? 0 : hurwitz(b, v + 1)), most = start / (infinite ? 1 - kappa : 1);
  const beyond = t => { const parts = at(t); return !(parts.excess - parts.noise <= most); };
  if (beyond(last)) return { refusal: "the leading terms add up to more than the risk at its start: they do not lead" };
  if (beyond(first)) first = Math.exp(decreasingRoot(log => (beyond(Math.exp(log)) ? 1 : -1), Math.log(first), Math.log(last)));
  return { first, last, kappa, at, formulas: terms };
};

// The step size of another member of the family: for a < 1 it has to fall with the trace, as M^(a - 1).
const stepSizeOf = (M, point, setting) => {
  const a = 2 * toNumber(point.alpha);
  return a > 1 ? setting.gamma : setting.gamma * Math.pow(M / setting.M, a - 1);
};

// Loss against compute C = M t B for a ladder of model sizes, and its lower envelope, up to where the largest of them
// is the best: from there on a still larger one would be better.
const frontierOf = (point, setting, sizes, points = 120) => {
  const curves = [];
  for (const M of sizes) {
    const own = { ...setting, M, gamma: stepSizeOf(M, point, setting) }, found = leadingTerms(point, own);
    if (found.refusal) continue;
    const cost = Math.log10(M * setting.B); // of a step; compute itself may be beyond the largest double
    const excessAt = log => found.at(Math.pow(10, log - cost)).excess;
    curves.push({ M, excessAt, from: cost + Math.log10(found.first), to: cost + Math.log10(found.last) });
  }
  if (!curves.length) return { curves, envelope: [] };
  const from = Math.min(...curves.map(one => one.from)), to = Math.max(...curves.map(one => one.to));
  const envelope = [], largest = curves[curves.length - 1].M;
  for (let k = 0; k <= points; k += 1) {
    const log = from + (to - from) * k / points;
    let best = null;
    for (const { M, excessAt, from: low, to: high } of curves) {
      if (log < low || log > high) continue;
      const excess = excessAt(log);
      if (!best || excess < best.excess) best = { log, excess, M };
    }
    if (best && best.M === largest && envelope.length > 1) break;
    if (best) envelope.push(best);
  }
  return { curves, envelope };
};

const shortNumber = x => {
  if (!Number.isFinite(x)) return "∞";
  const text = x === 0 ? "0" : Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5 ? String(Number(x.toPrecision(4))) : x.toExponential(3);
  return text.replace("e+", "e").replace(/\.?0+e/, "e");
};
