// The decoding loop and the notations, with a scripted LLM: it wants to write given tokens in order.
import { describe, expect, it } from 'vitest';
import { decode, type Continuation, type NextToken } from '../../../src/bridge/decode.ts';
import { digitNotation, slotNotation } from '../../../src/bridge/notation.ts';
import { rational } from '../../../src/bridge/rational.ts';
import { Writer, type WriterOptions, type WritingVocabulary } from '../../../src/bridge/writer.ts';

const end = '</s>';
const tokens = [
  ...[end, '<<', '>>', '=', '####', '\n', ' ', 'left:', 'x'],
  ...Array.from('0123456789+-*/.()'),
  ...['<n0>', '<n1>', '<n2>', '<r0>', '<r1>'],
];
const idOf = (token: string) => tokens.indexOf(token);
const idsLike = (pattern: RegExp) =>
  tokens.flatMap((token, id) => (pattern.test(token) ? [[id, token] as const] : []));
const vocabulary: WritingVocabulary = {
  slots: new Map(idsLike(/^<[nr]\d>$/)),
  expressionIds: new Set(idsLike(/^(<[nr]\d>|[\d+*/.()-])$/).map(([id]) => id)),
  decode: (ids) => ids.map((id) => tokens[id]).join(''),
  encodeInside: (text) => (text.match(/<<|>>|<[nr]\d>|[^]/g) ?? []).map((piece) => idOf(piece)),
};

/** For each token of a text those that the LLM would write, best first. */
type Script = (string | string[])[];

/** One script a row. */
class ScriptedLlm implements Continuation {
  /** What each row has read. */
  readonly read: string[][];
  readonly #scripts: readonly Script[];

  constructor(scripts: readonly Script[]) {
    this.#scripts = scripts;
    this.read = scripts.map(() => []);
  }

  scores(row: number): Float32Array {
    const wishes = [this.#scripts[row]?.[this.read[row]?.length ?? 0] ?? end].flat();
    const scores = new Float32Array(tokens.length);
    for (const [rank, wish] of wishes.entries()) scores[idOf(wish)] = 10 - rank;
    return scores;
  }

  append(next: readonly (NextToken | null)[]): Promise<void> {
    for (const [row, step] of next.entries()) {
      const read = this.read[row] ?? [];
      if (step) read.splice(read.length - step.back, step.back, tokens[step.token] ?? '?');
    }
    return Promise.resolve();
  }
}

const makeWriter = (options: Partial<WriterOptions> = {}) =>
  new Writer({
    notation: slotNotation([rational(12n), rational(5n)], 2, true),
    vocabulary,
    endIds: new Set([idOf(end)]),
    maxNewTokens: 50,
    canTakeBack: true,
    ...options,
  });

async function write(
  script: Script,
  { signal, ...options }: Partial<WriterOptions> & { signal?: AbortSignal } = {},
) {
  const llm = new ScriptedLlm([script]);
  const texts: string[] = [];
  const notation = options.notation ?? slotNotation([rational(12n), rational(5n)], 2, true);
  const writer = makeWriter({ notation, onText: (text) => texts.push(text), ...options });
  await decode(llm, [writer], signal);
  const { text, tokens: count, stop } = writer.written ?? {};
  return { text, count, stop, texts, read: llm.read[0], shown: notation.present(text ?? '') };
}

/** A script that says what it wants letter by letter; the calculator's own tokens are any token. */
const any = 'x';

describe('decode', () => {
  it('writes the best tokens until the end token', async () => {
    const { text, count, stop, texts } = await write(['left:', ' ', '7', end]);
    expect({ text, count, stop }).toEqual({ text: 'left: 7', count: 3, stop: 'end' });
    expect(texts).toEqual(['left:', 'left: ', 'left: 7']);
  });

  it('stops at the limit without computing a token that nobody reads', async () => {
    const { text, stop, read } = await write(['1', '2', '3', '4'], { maxNewTokens: 3 });
    expect({ text, stop }).toEqual({ text: '123', stop: 'length' });
    expect(read).toEqual(['1', '2']);
  });

  it('keeps what is written when it is stopped', async () => {
    const stop = new AbortController();
    const result = await write(['1', '2', '3', '4'], {
      signal: stop.signal,
      onText: (text) => {
        if (text === '12') stop.abort();
      },
    });
    expect(result).toMatchObject({ text: '12', count: 2, stop: 'stopped' });
  });

  it('writes nothing when it was stopped before', async () => {
    const result = await write(['1'], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ text: '', count: 0, stop: 'stopped' });
  });

  it('writes texts side by side, each with its own calculations and its own end', async () => {
    const scripts = [
      ['<<', '<n0>', '+', '<n1>', '=', any, any, 'x', end],
      ['7', end],
      ['<<', '<n0>', '*', '2', '=', any, any, end],
      ['1', '2', '3', '4', '5', '6'],
    ];
    const ended: string[] = [];
    const writers = [10n, 20n, 30n, 40n].map((number, row) =>
      makeWriter({
        notation: slotNotation([rational(number), rational(5n)], 2, true),
        maxNewTokens: row === 3 ? 4 : 50,
        onEnd: ({ text }) => ended.push(text),
      }),
    );
    const llm = new ScriptedLlm(scripts);
    await decode(llm, writers);
    expect(writers.map(({ written }) => written)).toEqual([
      { text: '<<<n0>+<n1>=<r0>>>x', tokens: 8, stop: 'end' },
      { text: '7', tokens: 1, stop: 'end' },
      { text: '<<<n0>*2=<r0>>>', tokens: 7, stop: 'end' },
      { text: '1234', tokens: 4, stop: 'length' },
    ]);
    // In the order of their ends.
    expect(ended).toEqual(['7', '1234', '<<<n0>*2=<r0>>>', '<<<n0>+<n1>=<r0>>>x']);
    expect(llm.read[1]).toEqual(['7']);
  });

  it('keeps what all rows have written when it is stopped', async () => {
    const stop = new AbortController();
    const writers = [
      makeWriter(),
      makeWriter({ onText: (text) => text === '345' && stop.abort() }),
    ];
    await decode(
      new ScriptedLlm([
        ['1', end],
        ['3', '4', '5', '6'],
      ]),
      writers,
      stop.signal,
    );
    expect(writers.map(({ written }) => [written?.text, written?.stop])).toEqual([
      ['1', 'end'],
      ['345', 'stopped'],
    ]);
  });

  it('takes the lowest id among equal scores', async () => {
    const llm = new ScriptedLlm([[]]);
    llm.scores = () => new Float32Array(tokens.length).fill(1);
    const writer = makeWriter({ maxNewTokens: 2, endIds: new Set(), canTakeBack: false });
    await decode(llm, [writer]);
    expect(writer.written?.text).toBe(tokens[0]?.repeat(2));
  });

  it('says so when the scores are no numbers', async () => {
    const llm = new ScriptedLlm([[]]);
    llm.scores = () => new Float32Array(tokens.length).fill(NaN);
    const writer = makeWriter({ notation: digitNotation(true), endIds: new Set() });
    await expect(decode(llm, [writer])).rejects.toMatchObject({ code: 'logits-nan' });
  });
});

describe('second thoughts', () => {
  // 5 - 12 makes no step, and the first operand is the token that was nearly another.
  const backwards: Script = ['<<', ['<n1>', '<n0>'], '-', '<n0>', '=', any, any, end];

  it('take back a step that comes to less than nothing and change its most doubtful token', async () => {
    const { text, read, shown } = await write(
      [...backwards.slice(0, 3), ['<n1>', '<n0>'], ...backwards.slice(4)].with(1, ['2', '<n0>']),
    );
    expect(text).toBe('<<<n0>-<n1>=<r0>>>');
    expect(shown).toBe('<<12-5=7>>');
    expect(read?.join('')).toBe(text);
  });

  it('try one doubt after the other, each with the rest as it was', async () => {
    // 2-12; then 1-12, 2-5, 2/12: only 2*12 makes a step.
    const script = ['<<', ['2', '1'], [...'-+'], ['<n0>', '<n1>'], '=', any, any, end];
    const { text, read } = await write(script);
    expect(text).toBe('<<2+<n0>=<r0>>>');
    expect(read?.join('')).toBe(text);
  });

  it('leave a step as it was when nothing else makes sense', async () => {
    const script = ['<<', ['2', '1'], '-', ['<n0>', '<n1>'], '=', any, any, end];
    const { text, read, shown } = await write(script);
    expect(shown).toBe('<<2-12=-10>>');
    expect(read?.join('')).toBe(text);
  });

  it('doubt fractions that do not end, but not cents', async () => {
    const third = await write(['<<', '<n1>', [...'/+'], '<n0>', '=', any, any, end]);
    expect(third.shown).toBe('<<5+12=17>>');
    const cents = await write(['<<', '<n1>', [...'/+'], '8', '0', '=', any, any, end]);
    expect(cents.shown).toBe('<<5+80=85>>');
    const half = await write(['<<', '<n1>', '/', '2', '=', any, any, end]);
    expect(half.shown).toBe('<<5/2=2.5>>');
  });

  it('doubt a fraction where the question has none, but only close calls of the LLM', async () => {
    const close = await write(['<<', '<n1>', ['/', 'x', '+'], '2', '=', any, any, end]);
    expect(close.shown).toBe('<<5+2=7>>');
    const clear = await write(['<<', '<n1>', ['/', 'x', '\n', '+'], '2', '=', any, any, end]);
    expect(clear.shown).toBe('<<5/2=2.5>>');
    // 2.5 once more is no better.
    const alsoOdd = await write(['<<', '<n1>', '/', ['2', '4'], '=', any, any, end]);
    expect(alsoOdd.shown).toBe('<<5/2=2.5>>');
    const prices = slotNotation([rational(12n), rational(5n), rational(1n, 4n)], 2, true);
    const amongFractions = await write(['<<', '<n1>', [...'/+'], '2', '=', any, any, end], {
      notation: prices,
    });
    expect(amongFractions.shown).toBe('<<5/2=2.5>>');
  });

  it('come for each step anew, and rows do not disturb one another', async () => {
    const later: Script = ['<<', '<n0>', '-', '<n1>', '=', any, any, '\n', ...backwards];
    const llm = new ScriptedLlm([later, ['1', '2', end]]);
    const writers = [makeWriter(), makeWriter()];
    await decode(llm, writers);
    expect(writers.map(({ written }) => written?.text)).toEqual([
      '<<<n0>-<n1>=<r0>>>\n<<<n0>-<n0>=<r1>>>',
      '12',
    ]);
    expect(llm.read[0]?.join('')).toBe(writers[0]?.written?.text);
  });

  it('put only what an expression is made of in the place of a token', async () => {
    const script = ['<<', ['<n1>', 'x', '\n', '<n0>'], '-', '<n0>', '=', any, any, end];
    expect((await write(script)).shown).toBe('<<12-12=0>>');
  });

  it('count against the limit', async () => {
    const { text, stop } = await write(backwards, { maxNewTokens: 6 });
    expect({ text, stop }).toEqual({ text: '<<<n0>-', stop: 'length' });
  });

  it('do not come where the LLM cannot forget, or without the calculator', async () => {
    const { shown } = await write(backwards, { canTakeBack: false });
    expect(shown).toBe('<<5-12=-7>>');
    const slotsOnly = slotNotation([rational(12n), rational(5n)], 2, false);
    expect(slotsOnly.steps).toBeNull();
    const off = await write([...backwards.slice(0, 5), '<r0>', '>>', end], {
      notation: slotsOnly,
    });
    expect(off.shown).toBe('<<5-12=-7>>');
  });
});

describe('slotNotation', () => {
  it('forces the next result and the closing mark after an equals sign, and puts numbers in place', async () => {
    const script = [
      ...['<<', '<n0>', '+', '<n1>', '=', any, any, '\n'],
      ...['<<', '<r0>', '-', '2', '=', any, any, '\n'],
      ...['####', ' ', '<r1>', end],
    ];
    const { text, shown, read } = await write(script);
    expect(text).toBe('<<<n0>+<n1>=<r0>>>\n<<<r0>-2=<r1>>>\n#### <r1>');
    expect(shown).toBe('<<12+5=17>>\n<<17-2=15>>\n#### 15');
    expect(read).toContain('<r0>');
  });

  it('masks slots that the question lacks and results that are not computed', async () => {
    const { text } = await write([['<n2>', '<r0>', '<r1>', '<n1>', '7'], end]);
    expect(text).toBe('<n1>');
  });

  it('allows a result once it is computed', async () => {
    const script = ['<<', '2', '*', '3', '=', any, any, ['<r1>', '<r0>'], end];
    const { shown } = await write(script);
    expect(shown).toBe('<<2*3=6>>6');
  });

  it('closes a calculation without a value empty, and its result stays masked', async () => {
    const script = ['<<', '5', '/', '0', '=', any, ['<r0>', 'x'], end];
    const { text, shown } = await write(script, { canTakeBack: false });
    expect(text).toBe('<<5/0=>>x');
    expect(shown).toBe('<<5/0=>>x');
  });

  it('closes calculations beyond the last result slot empty', async () => {
    const one = (digit: string) => ['<<', digit, '=', any, any];
    const { text } = await write([...one('1'), ...one('2'), '<<', '3', '=', any, end]);
    expect(text).toBe('<<1=<r0>>><<2=<r1>>><<3=>>');
  });

  it('leaves an equals sign outside a calculation alone', async () => {
    const { text } = await write(['x', '=', '7', end]);
    expect(text).toBe('x=7');
  });

  it('without the calculator lets the LLM write the result slot, and only the next', async () => {
    const script = ['<<', '<n0>', '=', ['<r1>', '<r0>'], ['=', '>>'], '>>', '<r0>', end];
    const notation = slotNotation([rational(12n)], 2, false);
    const { text, shown } = await write(script, { notation });
    expect(text).toBe('<<<n0>=<r0>=>><r0>');
    expect(shown).toContain('12');
  });

  it('writes fractions so that an expression still reads right', () => {
    const notation = slotNotation([rational(1n, 3n), rational(3n, 4n)], 2, true);
    expect(notation.present('<<2/<n0>=<r0>>> of <n0> and <n1>')).toBe(
      '<<2/(1/3)=6>> of 0.3333 and 0.75',
    );
  });

  it('presents a text that is cut off anywhere', () => {
    const notation = slotNotation([rational(12n), rational(5n)], 2, true);
    expect(notation.present('<<<n0>')).toBe('<<12');
    expect(notation.present('<<<n0>+')).toBe('<<12+');
    expect(notation.present('<<<n0>+<n1>=')).toBe('<<12+5=');
    expect(notation.present('<<<n0>+<n1>=<r0>')).toBe('<<12+5=17');
  });
});

describe('digitNotation', () => {
  const calculate = ['<<', '4', '8', '/', '5', '='];

  it('forces the digits of the result', async () => {
    const script = [...calculate, any, any, any, any, 'x', end];
    const { text } = await write(script, { notation: digitNotation(true) });
    expect(text).toBe('<<48/5=9.6>>x');
  });

  it('knows no steps: a result below zero is not doubted, and nothing is looked up for it', async () => {
    const doubted: WritingVocabulary = {
      ...vocabulary,
      get expressionIds(): never {
        throw new Error('A token was doubted.');
      },
    };
    for (const calculator of [true, false]) expect(digitNotation(calculator).steps).toBeNull();
    const script = ['<<', ['5', '4'], '-', '8', '=', any, any, any, 'x', end];
    const options = { notation: digitNotation(true), vocabulary: doubted };
    expect((await write(script, options)).text).toBe('<<5-8=-3>>x');
  });

  it('leaves what it cannot compute to the LLM', async () => {
    const script = ['<<', 'x', '=', '7', '>>', end];
    expect((await write(script, { notation: digitNotation(true) })).text).toBe('<<x=7>>');
  });

  it('forces nothing without the calculator', async () => {
    const { text } = await write([...calculate, '1', '>>', end], {
      notation: digitNotation(false),
    });
    expect(text).toBe('<<48/5=1>>');
  });
});
