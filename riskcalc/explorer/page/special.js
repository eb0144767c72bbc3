// The functions that the constants of the leading terms are made of.
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

const gammaFunction = x => {
  if (x <= 0 && Number.isInteger(x)) return Infinity;
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gammaFunction(1 - x));
  const z = x - 1, t = z + 7.5;
  const sum = LANCZOS.slice(1).reduce((total, c, k) => total + c / (z + k + 1), LANCZOS[0]);
  return Math.sqrt(2 * Math.PI) * Math.pow(t, z + 0.5) * Math.exp(-t) * sum;
};

// Bernoulli numbers B_2k over (2k)!
const EULER_MACLAURIN = [
  1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600,
];

// sum_{k >= 0} (q + k)^-s, continued in s by the Euler-Maclaurin formula.
const hurwitz = (s, q) => {
  if (s === 1) return Infinity;
  let total = 0;
  for (; q < 20; q += 1) total += Math.pow(q, -s);
  total += Math.pow(q, 1 - s) / (s - 1) + Math.pow(q, -s) / 2;
  let factor = s, power = Math.pow(q, -s - 1);
  EULER_MACLAURIN.forEach((c, k) => {
    total += c * factor * power;
    factor *= (s + 2 * k + 1) * (s + 2 * k + 2);
    power /= q * q;
  });
  return total;
};

const zetaFunction = s => hurwitz(s, 1);

// sum_{j=1}^{v} j^-p/(j^-a + u) for u < -1: the first terms as they are, the rest as a series in j^-a/u.
const resolventSum = (p, a, u, v) => {
  const head = 16;
  let total = 0;
  for (let j = 1; j <= Math.min(head, v); j += 1) total += Math.pow(j, -p) / (Math.pow(j, -a) + u);
  if (v <= head) return total;
  let factor = 1 / u;
  for (let k = 0; k < 5000; k += 1) {
    const s = p + a * k;
    const part = factor * (hurwitz(s, head + 1) - (v === Infinity ? 0 : hurwitz(s, v + 1)));
    total += part;
    if (Math.abs(part) < 1e-17 * Math.abs(total)) break;
    factor /= -u;
  }
  return total;
};

// The tanh-sinh rule on (0, 1).
const UNIT = [...Array(225).keys()].map(k => (k - 112) / 32).map(t => {
  const w = Math.PI / 2 * Math.sinh(t);
  return { y: 1 / (1 + Math.exp(-2 * w)), weight: Math.PI / 128 * Math.cosh(t) / Math.pow(Math.cosh(w), 2) };
}).filter(({ y, weight }) => weight > 0 && y > 0);
const overUnit = f => UNIT.reduce((total, { y, weight }) => total + weight * f(y), 0);

// int_0^end f(x) dx of a function that is a power x^p at 0, in y = (x/end)^(1 + p).
const integral = (f, end) => {
  const least = end * 1e-150;
  const power = Math.log(f(least) / f(least / 10)) / Math.log(10);
  const share = power + 1;
  const smooth = y => {
    const x = Math.max(end * Math.pow(y, 1 / share), least);
    return f(x) * Math.pow(x / end, -power);
  };
  return overUnit(smooth) * end / share;
};

// Where a decreasing function of x crosses 0, between low and high.
const decreasingRoot = (f, low, high) => {
  for (let k = 0; k < 80; k += 1) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) low = middle; else high = middle;
  }
  return (low + high) / 2;
};
