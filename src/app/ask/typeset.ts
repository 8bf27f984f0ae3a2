// Calculations as they are printed: `12*5-3` becomes `12 × 5 − 3`.

const signs: Record<string, string> = { '*': '×', '/': '÷', '-': '−', '+': '+' };

/**
 * Sets an expression of the calculator (numbers, `+ - * / ( )`) with the signs and spaces of print.
 * @param expression may be unfinished while it is being written
 */
export function typesetExpression(expression: string): string {
  let printed = '';
  let afterOperand = false;
  for (const character of expression.replace(/\s+/g, '')) {
    const sign = signs[character];
    if (sign === undefined) printed += character;
    // A minus without a number before it belongs to the number after it.
    else printed += afterOperand ? ` ${sign} ` : sign;
    afterOperand = sign === undefined && character !== '(';
  }
  return printed.trimEnd();
}

/** A number with a real minus sign. */
export function typesetNumber(value: string): string {
  return value.replace(/^-/, '−');
}
