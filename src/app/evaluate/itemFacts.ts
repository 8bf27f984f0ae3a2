// The small print of an item.
import type { Sample } from '../../evaluate/record.ts';
import { formatCount, formatDuration, formatRate } from '../shared/format.ts';
import { stopNames } from './words.ts';

type Fact = readonly [name: string, value: string];

export function itemFacts(sample: Sample): Fact[] {
  const { softPromptLength, promptTokens, tokens, timings, stop } = sample;
  const bridge: Fact[] =
    softPromptLength === 0 ? [] : [['Soft prompt', `${formatCount(softPromptLength)} positions`]];
  const ending: Fact[] = stop === null ? [] : [['End', stopNames[stop]]];
  return [
    ['Place in the run', formatCount(sample.index + 1)],
    ...bridge,
    ['Prompt', `${formatCount(promptTokens)} positions`],
    ['Written', `${formatCount(tokens)} tokens`],
    ...ending,
    ...(timings === null ? [] : timingFacts(timings, softPromptLength > 0)),
  ];
}

function timingFacts(timings: NonNullable<Sample['timings']>, isBridged: boolean): Fact[] {
  const bridge: Fact[] = isBridged
    ? [
        ['Reading (encoder)', formatDuration(timings.encodeMs)],
        ['Handing over (alignment)', formatDuration(timings.alignMs)],
      ]
    : [];
  return [
    ...bridge,
    ['Taking in the prompt', formatDuration(timings.prefillMs)],
    ['Writing, beside others', formatDuration(timings.decodeMs)],
    ['Speed', formatRate(timings.tokensPerSecond)],
  ];
}
