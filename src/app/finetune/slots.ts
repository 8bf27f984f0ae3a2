// A person's own problems as the models read them: numbers become slots where the bundle has slots, in the
// question as at inference (src/bridge/numerals.ts) and in the solution's calculations.
import { calculate } from '../../bridge/calculator.ts';
import { slotNotation } from '../../bridge/notation.ts';
import { readNumerals, slotNumerals } from '../../bridge/numerals.ts';
import { equals, formatRational, parseDecimal, type Rational } from '../../bridge/rational.ts';
import type { BundleManifest } from '../../bundle/manifest.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import { fillSlots } from '../../lexicon/sentences.ts';
import type { TrainingSentence } from '../../train/stageRun.ts';

/** How a bundle writes numbers. */
export type Numbers = Pick<BundleManifest, 'numerals' | 'slots'>;

/** A problem of the built-in file: in slots, with what stands in them. */
export interface SlottedProblem {
  question: string;
  values: readonly string[];
  solution: string;
}

/** A number of a solution: `48/2` is two of them, where a question would have a fraction. */
const number = /\d+(?:,\d{3})*(?:\.\d+)?/g;
const calculation = /<<([^<>=\n]+)=([^<>\n]*)>>/g;

/** A built-in problem for a bundle. */
export function builtInSentence(
  { question, values, solution }: SlottedProblem,
  { numerals }: Numbers,
): TrainingSentence {
  if (numerals === 'slots') return { text: question, solution };
  const text = fillSlots(question, values);
  // As they are written: "5,400", "3/4".
  const numbers = values.flatMap((value) => readNumerals(value)).map(({ value }) => value);
  return { text, solution: slotNotation(numbers, Infinity, true).present(solution) };
}

/**
 * A person's own problem for a bundle.
 * @returns with `solution: null` where the bundle's LLM cannot learn from the answer: with slots that is
 *   every answer without calculations
 * @throws LinguaLiftError `too-many-numerals`, `wrong-calculation`
 */
export function ownSentence(
  question: string,
  answer: string,
  { numerals, slots }: Numbers,
): TrainingSentence {
  if (numerals === 'digits' || slots === undefined) return { text: question, solution: answer };
  const { text, numerals: found } = slotNumerals(question, slots.question);
  const calculations = [...answer.matchAll(calculation)];
  if (calculations.length === 0) return { text, solution: null };
  if (calculations.length > slots.result) {
    throw new LinguaLiftError(
      'too-many-numerals',
      `the answer has ${calculations.length} calculations, and this model can keep track of ${slots.result}`,
    );
  }
  const known = new Map(found.map(({ value }, index) => [`<n${index}>`, value]));
  return { text, solution: slottedSolution(answer, known) };
}

/** The solution with slots; `known` gets the results. */
function slottedSolution(answer: string, known: Map<string, Rational>): string {
  const { length: questionSlots } = [...known];
  let slotted = '';
  let end = 0;
  for (const match of answer.matchAll(calculation)) {
    const [whole, expression = '', result = ''] = match;
    const value = calculate(expression);
    if (value === null || !agrees(result, value)) {
      throw new LinguaLiftError(
        'wrong-calculation',
        value === null
          ? `${expression} cannot be calculated`
          : `${expression} is ${formatRational(value)}, and the answer says ${result.trim()}`,
      );
    }
    const slot = `<r${known.size - questionSlots}>`;
    slotted += `${withSlots(answer.slice(end, match.index), known)}<<${withSlots(expression, known)}=${slot}>>`;
    known.set(slot, value);
    end = match.index + whole.length;
  }
  slotted += withSlots(answer.slice(end), known);
  const last = `<r${known.size - questionSlots - 1}>`;
  return slotted.includes('####') ? slotted : `${slotted.trimEnd()}\n#### ${last}`;
}

/** The text with each number that a slot holds replaced by it; the first such slot is taken. */
function withSlots(text: string, known: ReadonlyMap<string, Rational>): string {
  return text.replace(number, (written) => {
    const value = parseDecimal(written.replaceAll(',', ''));
    return [...known].find(([, held]) => equals(held, value))?.[0] ?? written;
  });
}

/** Whether a written result is the value, as exactly as it is written. */
function agrees(written: string, value: Rational): boolean {
  const [numeral] = readNumerals(written.trim().replace(/^[$€£]/, ''));
  if (numeral === undefined) return false;
  const difference =
    Number(numeral.value.numerator) / Number(numeral.value.denominator) -
    Math.abs(Number(value.numerator) / Number(value.denominator));
  return Math.abs(difference) <= 0.01;
}
