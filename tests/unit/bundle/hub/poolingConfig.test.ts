// What `1_Pooling/config.json` says, in the forms that sentence-transformers has written.
import { describe, expect, it } from 'vitest';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import { modelFilesOf, pathsOf } from '../../../../src/bundle/hub/layouts.ts';
import { readPoolingConfig } from '../../../../src/bundle/hub/poolingConfig.ts';

/** As versions up to 5 write it, with some of the rules turned on. */
const switches = (...on: string[]) => ({
  word_embedding_dimension: 768,
  ...Object.fromEntries(
    [
      ...['cls_token', 'mean_tokens', 'max_tokens', 'mean_sqrt_len_tokens'],
      ...['weightedmean_tokens', 'lasttoken'],
    ].map((rule) => [`pooling_mode_${rule}`, on.includes(rule)]),
  ),
  include_prompt: true,
});
const read = (json: unknown) => readPoolingConfig(json, 'owner/model');

describe('layouts', () => {
  const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];

  it('take the file along where there is one', () => {
    const pooling = '1_Pooling/config.json';
    expect(modelFilesOf(paths)).toMatchObject([{ pooling: null }]);
    expect(modelFilesOf([...paths, pooling])).toMatchObject([{ pooling }]);
    expect(modelFilesOf([...paths, pooling]).flatMap(pathsOf)).toContain(pooling);
  });
});

describe('readPoolingConfig', () => {
  it.each([
    ['cls_token', 'cls'],
    ['mean_tokens', 'mean'],
    ['max_tokens', 'max'],
    // Another length, the same direction.
    ['mean_sqrt_len_tokens', 'mean'],
  ])('knows the switch %s', (rule, pooling) => {
    expect(read(switches(rule))).toEqual({ pooling, asked: null });
  });

  it.each([
    ['cls', 'cls'],
    ['Mean', 'mean'],
    [['max'], 'max'],
  ])('knows the name %j of newer files', (name, pooling) => {
    const file = { embedding_dimension: 384, pooling_mode: name, include_prompt: true };
    expect(read(file)).toEqual({ pooling, asked: null });
  });

  it('takes a name before switches, and the mean where nothing is said', () => {
    expect(read({ ...switches('mean_tokens'), pooling_mode: 'cls' }).pooling).toBe('cls');
    expect(read({ word_embedding_dimension: 768 })).toEqual({ pooling: 'mean', asked: null });
    expect(read({ pooling_mode_cls_token: false })).toEqual({ pooling: 'mean', asked: null });
  });

  it.each([
    [switches('lasttoken'), 'lasttoken'],
    [switches('weightedmean_tokens'), 'weightedmean_tokens'],
    [switches('cls_token', 'mean_tokens'), 'cls_token + mean_tokens'],
    [{ pooling_mode: ['cls', 'mean'] }, 'cls + mean'],
    [{ pooling_mode: 'attention' }, 'attention'],
    [{ ...switches('mean_tokens'), pooling_mode_new_rule: true }, 'mean_tokens + new_rule'],
    [switches(), 'none'],
  ])('falls back to the mean, and keeps what was asked for: %#', (file, asked) => {
    expect(read(file)).toEqual({ pooling: 'mean', asked });
  });

  it.each([null, 'cls', 7, { pooling_mode_cls_token: 'yes' }, { pooling_mode: 5 }])(
    'refuses %j',
    (json) => {
      expect(() => read(json)).toThrow(LinguaLiftError);
      expect(() => read(json)).toThrow(/1_Pooling\/config\.json of owner\/model does not say/);
    },
  );
});
