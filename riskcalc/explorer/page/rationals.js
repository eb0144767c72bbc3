// Exact numbers: what the reader types and what the phases are decided by.
const greatestCommonDivisor = (a, b) => {
  a = a < 0n ? -a : a; b = b < 0n ? -b : b;
  while (b) [a, b] = [b, a % b];
  return a;
};

const rational = (top, bottom = 1n) => {
  if (bottom < 0n) { top = -top; bottom = -bottom; }
  const common = greatestCommonDivisor(top, bottom) || 1n;
  return { top: top / common, bottom: bottom / common };
};

const plus = (x, y) => rational(x.top * y.bottom + y.top * x.bottom, x.bottom * y.bottom);
const minus = (x, y) => plus(x, { top: -y.top, bottom: y.bottom });
const product = (x, y) => rational(x.top * y.top, x.bottom * y.bottom);
const quotient = (x, y) => rational(x.top * y.bottom, x.bottom * y.top);
const whole = n => ({ top: BigInt(n), bottom: 1n });
const signOf = x => (x.top > 0n ? 1 : x.top < 0n ? -1 : 0);
const compare = (x, y) => signOf(minus(x, y));
const toNumber = x => Number(x.top) / Number(x.bottom);
const toText = x => (x.bottom === 1n ? `${x.top}` : `${x.top}/${x.bottom}`);

// "17/5", "3.4", "1e-3": exactly; null for anything else.
const readRational = text => {
  const match = /^\s*([+-]?)(\d{0,20})(?:\.(\d{0,20}))?(?:e([+-]?\d{1,2}))?\s*(?:\/\s*(\d{1,20}))?\s*$/i.exec(text);
  if (!match) return null;
  const [, sign, before, after = "", exponent = "0", below = "1"] = match;
  if (before + after === "" || BigInt(below) === 0n) return null;
  const power = Number(exponent) - after.length;
  const top = BigInt(before + after) * 10n ** BigInt(Math.max(power, 0));
  const bottom = BigInt(below) * 10n ** BigInt(Math.max(-power, 0));
  return rational(sign === "-" ? -top : top, bottom);
};
