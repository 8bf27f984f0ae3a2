// Numerals in the world's scripts and conventions.
import { describe, expect, it } from 'vitest';
import { readNumerals, slotNumerals } from '../../../src/bridge/numerals.ts';
import { formatOperand } from '../../../src/bridge/rational.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';

const read = (text: string) =>
  readNumerals(text.normalize('NFC')).map((n) => formatOperand(n.value));

describe('readNumerals', () => {
  it.each([
    ['12 and 5', ['12', '5']],
    ['٣٥ تفاحة', ['35']],
    ['۳۵ سیب', ['35']],
    ['२५ आम', ['25']],
    ['২৫টি আম', ['25']],
    ['౨౫ మామిడి', ['25']],
    ['มี ๑๒ ผล', ['12']],
    ['１２個', ['12']],
    ['𝟏𝟐 bold', ['12']],
    ['有12个苹果和3个梨', ['12', '3']],
  ])('reads the digits of %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['$1,234', ['1234']],
    ['1.234 Euro', ['1234']],
    ['20.000', ['20000']],
    ['1,234,567.89', ['1234567.89']],
    ['1.234.567,89', ['1234567.89']],
    ['1\u00A0234 567', ['1234', '567']],
    ['12\u202F500', ['12500']],
    ["1'250 Franken", ['1250']],
    ['₹1,23,456.50', ['123456.5']],
    ['১,২৩,৪৫৬', ['123456']],
    ['١٬٢٣٤٫٥', ['1234.5']],
    ['१२,५०० रुपये', ['12500']],
    ['１，２３４．５円', ['1234.5']],
  ])('reads thousands separators in %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['2.5 kg', ['2.5']],
    ['2,5 kg', ['2.5']],
    ['$18.00', ['18']],
    ['0,125 l', ['0.125']],
    ['0.500', ['0.5']],
    ['12.3456', ['12.3456']],
    ['٢٫٥', ['2.5']],
    ['costs $.50 each', ['0.5']],
    ['He has 5.Then 6.', ['5', '6']],
    ['5, 6 and 7.', ['5', '6', '7']],
  ])('reads decimals in %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['3/4 cup', ['0.75']],
    ['1/3', ['(1/3)']],
    ['½ Liter', ['0.5']],
    ['2½ cups', ['2.5']],
    ['2 1/2 cups', ['2.5']],
    ['১/৪ অংশ', ['0.25']],
    ['12 5/4', ['12', '1.25']],
    ['5/0', ['5', '0']],
    ['on 1/2/2020', ['1', '2', '2020']],
  ])('reads fractions in %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['1,2,3', ['1', '2', '3']],
    ['1.2.3', ['1', '2', '3']],
    ['1,234,56', ['1', '234', '56']],
    ['89、71、92', ['89', '71', '92']],
    ['2:5', ['2', '5']],
    ['30-50', ['30', '50']],
    ['10:45', ['10', '45']],
    ['12，13', ['12', '13']],
  ])('keeps the numbers of %j apart', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(['三个苹果', '፫ ብርቱካን', 'three', 'm²', '', 'no. of'])('finds none in %j', (text) => {
    expect(read(text)).toEqual([]);
  });
});

describe('slotNumerals', () => {
  it.each([
    ['Ana has 12 apples and 5 pears.', 'Ana has <n0> apples and <n1> pears.'],
    ['20% of $1,500', '<n0>% of $<n1>'],
    ['a 3-year-old, -4 °C, 5kg', 'a <n0>-year-old, -<n1> °C, <n2>kg'],
    ['有12个', '有<n0>个'],
    ['5 and 5', '<n0> and <n1>'],
    ['<n0> 7', '<n<n0>> <n1>'],
  ])('turns %j into %j', (text, slotted) => {
    expect(slotNumerals(text, 16).text).toBe(slotted);
  });

  it('composes letters first, so that places and words agree with the tokenizer', () => {
    const { text, numerals } = slotNumerals('cafe\u0301 3', 16);
    expect(text).toBe('caf\u00E9 <n0>');
    expect(numerals[0]?.start).toBe(5);
  });

  it('says how many numbers are too many', () => {
    const act = () => slotNumerals('1 2 3', 2);
    expect(act).toThrow(LinguaLiftError);
    expect(act).toThrow(/3 numbers.*track of 2/);
  });
});
