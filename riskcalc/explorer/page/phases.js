// Which phase a point lies in, decided in exact numbers; and the same in doubles, for the picture.
// several questions may have one answer
DATA.questions.forEach(one => Object.assign(one, DATA.answers[one.answer]));

const POLYNOMIALS = DATA.polynomials.map(terms => terms.map(([c, i, j]) => ({ exact: BigInt(c), number: Number(c), i, j })));

const polynomialAt = (index, point) => POLYNOMIALS[index].reduce((total, { exact, i, j }) => plus(total, rational(
  exact * point.alpha.top ** BigInt(i) * point.beta.top ** BigInt(j), point.alpha.bottom ** BigInt(i) * point.beta.bottom ** BigInt(j),
)), whole(0));

const polynomialNear = (index, x, y) => {
  let total = 0;
  for (const { number, i, j } of POLYNOMIALS[index]) total += number * x ** i * y ** j;
  return total;
};

// A rational function at a point; null where its denominator vanishes.
const fractionAt = (index, point) => {
  const { top, bottom, times } = DATA.fractions[index], below = polynomialAt(bottom, point);
  if (signOf(below) === 0) return null;
  return product(rational(BigInt(times[0]), BigInt(times[1])), quotient(polynomialAt(top, point), below));
};

const fractionNear = (index, x, y) => {
  const { top, bottom, times } = DATA.fractions[index];
  return Number(times[0]) / Number(times[1]) * polynomialNear(top, x, y) / polynomialNear(bottom, x, y);
};

const someHolds = (region, signAt, least) => region.some(piece => piece.every(([index, side]) => side * signAt(index) >= least));

// {phase} inside one, {tie: [...]} where phases meet, {edge: true} on the edge of what is derived, {} outside of it.
const phaseAt = (question, point) => {
  const known = new Map();
  const signAt = index => {
    if (!known.has(index)) known.set(index, signOf(polynomialAt(index, point)));
    return known.get(index);
  };
  if (!someHolds(question.domain, signAt, 1)) return someHolds(question.domain, signAt, 0) ? { edge: true } : {};
  const phase = question.phases.find(one => someHolds(one.region, signAt, 1));
  if (phase) return { phase };
  return { tie: question.phases.filter(one => someHolds(one.region, signAt, 0)) };
};

// Why nothing is best at a point.
const outsideWords = (question, point) => (phaseAt(question, point).edge
  ? "on the edge of what is derived: riskcalc exponents says what holds there"
  : "outside of what is derived: there is no power law here");

// What is best at a point: the phases that meet there (one inside of it), their terms, the loss exponent; null outside.
const optimumAt = (question, point) => {
  const found = phaseAt(question, point), meeting = found.phase ? [found.phase] : found.tie ?? [];
  const loss = meeting.map(one => one.loss).find(index => fractionAt(index, point) !== null);
  if (loss === undefined) return null;
  return { phase: found.phase ?? null, meeting, balance: [...new Set(meeting.flatMap(one => one.balance))], loss };
};

// The number of the phase, -1 outside; on a boundary that of one side.
const phaseNear = (question, x, y) => {
  const signAt = index => Math.sign(polynomialNear(index, x, y));
  if (!someHolds(question.domain, signAt, 1)) return -1;
  const inside = question.phases.findIndex(one => someHolds(one.region, signAt, 1));
  return inside >= 0 ? inside : question.phases.findIndex(one => someHolds(one.region, signAt, 0));
};
