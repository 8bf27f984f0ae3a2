// What the LLM's marks mean while it writes: which slots it may use, what the calculator forces after
// `<<expression=`, and how slots turn into numbers for people. Pure functions of the text so far, so that
// nothing can get out of step with it.
import { calculate, type SlotValues } from './calculator.ts';
import { exactDecimals, formatOperand, formatRational, type Rational } from './rational.ts';

/** How one bundle writes numbers, applied to one question. */
export interface Notation {
  /** Tells which slots must not come next, because they have no value. */
  isMasked(text: string): (slot: string) => boolean;
  /** Text that must come next, as tokens in a row; `null` when the LLM is free. */
  forced(text: string): string[] | null;
  /** The text as people read it. */
  present(text: string): string;
  /** Which calculations can be steps of a problem; `null` where none is ever doubted (secondThoughts.ts). */
  steps: Steps | null;
}

/**
 * `odd`: a fraction where the question has none. Of 52,000 problems written by hand over whole numbers seven in a
 * thousand have one for an answer, of the answers that a small LLM gives them about fifty.
 */
export type StepLook = 'sensible' | 'odd' | 'impossible';

/** What is known of the steps of the problems that a bundle is trained on. */
export interface Steps {
  /** Whether the LLM is writing an expression. */
  isOpen(text: string): boolean;
  /** How an expression's result looks that has just got its `=`. */
  look(text: string): StepLook;
}

/** What an expression is made of, beside slots: the signs of the calculator's grammar. */
export const expressionSigns = '0123456789.+-*/()';

/** An expression right after its `=`, inside `<<`. */
const awaitingResult = /<<((?:[^<>=\n]|<[nr]\d+>)*)=$/;

/** An expression that may go on. */
const openExpression = /<<(?:[^<>=\n]|<[nr]\d+>)*$/;

/** Steps of the problems that bundles with slots are trained on are money at the finest. */
const mostDecimals = 2;

const calculationWithSlots = /<<((?:[^<>=\n]|<[nr]\d+>)*)=(?:(<r\d+>))?/g;
const slot = /<[nr]\d+>/g;

/** Numbers stay digits; the calculator writes out the result of each calculation. */
export function digitNotation(calculator: boolean): Notation {
  return {
    isMasked: () => () => false,
    forced: (text) => {
      const expression = calculator ? awaitingResult.exec(text)?.[1] : undefined;
      const value = expression === undefined ? null : calculate(expression);
      // What cannot be computed is left to the LLM, as it would be without a calculator.
      return value && [formatRational(value), '>>'];
    },
    present: (text) => text,
    // Such a model may count below zero.
    steps: null,
  };
}

/**
 * Numbers are slots: `<nI>` for those of the question, `<rK>` for results, taken in order.
 * @param numerals the question's numbers
 * @param resultSlots how many `<rK>` the vocabulary holds
 * @param calculator without it the LLM itself writes the result slot and `>>`
 */
export function slotNotation(
  numerals: readonly Rational[],
  resultSlots: number,
  calculator: boolean,
): Notation {
  /** Values of all slots, the question's and those computed in `text`. */
  const valuesIn = (text: string): { values: SlotValues; results: number } => {
    const values = new Map(numerals.map((value, index) => [`<n${index}>`, value]));
    let results = 0;
    for (const [, expression = '', result] of text.matchAll(calculationWithSlots)) {
      if (result !== `<r${results}>`) continue;
      results++;
      const value = calculate(expression, values);
      if (value) values.set(result, value);
    }
    return { values, results };
  };

  /** What an expression that has just got its `=` comes to, and how many results there are before it. */
  const resultAfter = (text: string): { value: Rational | null; results: number } | null => {
    const expression = awaitingResult.exec(text)?.[1];
    if (expression === undefined) return null;
    const { values, results } = valuesIn(text);
    return { value: calculate(expression, values), results };
  };

  const areWhole = numerals.every(({ denominator }) => denominator === 1n);
  const steps: Steps = {
    isOpen: (text) => openExpression.test(text),
    look: (text) => {
      const value = resultAfter(text)?.value ?? null;
      const decimals = value && exactDecimals(value);
      if (value === null || value.numerator < 0n) return 'impossible';
      if (decimals === null || decimals > mostDecimals) return 'impossible';
      return decimals > 0 && areWhole ? 'odd' : 'sensible';
    },
  };

  return {
    isMasked: (text) => {
      const { values, results } = valuesIn(text);
      const next = awaitingResult.test(text) ? `<r${results}>` : null;
      return (token) => !values.has(token) && token !== next;
    },

    forced: (text) => {
      const result = calculator ? resultAfter(text) : null;
      if (result === null) return null;
      const { value, results } = result;
      // Without a value, or without a slot to hold it, the calculation is closed empty.
      return value && results < resultSlots ? [`<r${results}>`, '>>'] : ['>>'];
    },

    present: (text) => {
      const { values } = valuesIn(text);
      const write = (format: (value: Rational) => string) => (token: string) => {
        const value = values.get(token);
        return value ? format(value) : '?';
      };
      return text
        .replace(
          calculationWithSlots,
          (_whole, expression: string, result = '') =>
            `<<${expression.replace(slot, write(formatOperand))}=${result}`,
        )
        .replace(slot, write(formatRational));
    },

    // Without the calculator nothing says what a step comes to.
    steps: calculator ? steps : null,
  };
}
