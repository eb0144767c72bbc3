// What a schedule that moves adds to the leading terms: the noise that its whole run leaves at its end.
const LEAST = 1e-100; // of the share of the run that is left: the profile is its leading power long before

// The profile over its leading power r^p, and its integral from 0 to r over r^(p + 1), in the piece that ends at 0.
const profileShare = (shape, r) => shape.profile(Math.max(r, LEAST)) / Math.pow(Math.max(r, LEAST), shape.endPower);
const spentShare = (shape, r) => overUnit(w => profileShare(shape, r * Math.pow(w, 1 / (shape.endPower + 1)))) / (shape.endPower + 1);

// (Gamma(2 - 1/a)/a) 2^-(2 - 1/a) int_0^1 phi^2 (int_0^r phi)^-(2 - 1/a)/(1 - kappa(gamma phi)) dr, for a < p + 1: D17.
const noiseConstants = new Map();
const noiseAtTheEnd = (shape, a, gamma, B) => {
  const key = `${shape.name} ${a} ${gamma} ${B}`;
  if (!noiseConstants.has(key)) noiseConstants.set(key, noiseOfTheRun(shape, a, gamma, B));
  return noiseConstants.get(key);
};

const noiseOfTheRun = (shape, a, gamma, B) => {
  const power = 2 - 1 / a, share = (shape.endPower + 1) / a - 1; // the integrand is r^(share - 1) at 0
  const amplified = r => 1 / (1 - kernelMass(a, gamma * shape.profile(Math.max(r, LEAST)), B, Infinity));
  const places = [...shape.kinks, 1], end = places[0];
  const near = y => {
    const r = end * Math.pow(y, 1 / share);
    return Math.pow(profileShare(shape, r), 2) * Math.pow(spentShare(shape, r), -power) * amplified(r);
  };
  let total = overUnit(near) * Math.pow(end, share) / share, spent = spentShare(shape, end) * Math.pow(end, shape.endPower + 1);
  for (let k = 1; k < places.length; k += 1) {
    const low = places[k - 1], wide = places[k] - low, before = spent;
    const spentAt = r => before + (r - low) * overUnit(y => shape.profile(low + (r - low) * y));
    total += wide * overUnit(y => {
      const r = low + wide * y;
      return Math.pow(shape.profile(r), 2) * Math.pow(spentAt(r), -power) * amplified(r);
    });
    spent = spentAt(places[k]);
  }
  return gammaFunction(power) / a * Math.pow(2, -power) * total;
};

// Why a schedule has no leading order with constants at this spectrum, or null.
const refusalOf = (shape, name, a, b) => {
  if (shape === null) return `the ${name} schedule has derived exponents but no constants`;
  if (!(a > 1)) return "for a < 1 the constants are derived at constant step size only";
  if (shape.endPower > 0 && a === shape.endPower + 1) return `a = ${a} is a boundary where the noise of the ${name} schedule carries a logarithm`;
  if (b > a + 1 && !shape.startsAtPeak) return "after a warmup the noise from the early bias has no derived constant";
  return null;
};
