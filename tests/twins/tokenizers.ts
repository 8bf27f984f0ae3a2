// Small tokenizers of the kinds that the presets have: byte-level BPE (SmolLM2, Qwen), WordPiece (LaBSE, mBERT) and
// Unigram (XLM-R, e5, mT5). They know letters and a few words; their steps are those of the published files, but for
// the Unicode table that SentencePiece's normalizer brings, in whose place there is NFKC.
import { chatTemplates } from './chatTemplates.ts';

export interface TokenizerFiles {
  'tokenizer.json': object;
  'tokenizer_config.json': object;
  /** Ids that a config.json names. */
  special: Readonly<Record<string, number>>;
}

interface Special {
  content: string;
  id: number;
}

function addedTokens(specials: readonly Special[]): object[] {
  const flags = {
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
  return specials.map(({ id, content }) => ({ id, content, ...flags }));
}

function file(parts: {
  specials: readonly Special[];
  normalizer: object | null;
  preTokenizer: object;
  postProcessor: object | null;
  decoder: object;
  model: object;
}): object {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(parts.specials),
    normalizer: parts.normalizer,
    pre_tokenizer: parts.preTokenizer,
    post_processor: parts.postProcessor,
    decoder: parts.decoder,
    model: parts.model,
  };
}

/** Puts special tokens around a text: `template` has `$A` where the text is. */
function template(template: readonly string[], ids: Readonly<Record<string, number>>): object {
  const single = template.map((part) =>
    part === '$A'
      ? { Sequence: { id: 'A', type_id: 0 } }
      : { SpecialToken: { id: part, type_id: 0 } },
  );
  const special = template.filter((part) => part !== '$A');
  return {
    type: 'TemplateProcessing',
    single,
    pair: single,
    special_tokens: Object.fromEntries(
      special.map((token) => [token, { id: token, ids: [ids[token]], tokens: [token] }]),
    ),
  };
}

/** GPT-2's characters for the 256 bytes: those that can be printed stand for themselves, the rest from U+0100 on. */
function byteCharacters(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(isPrintable(byte) ? byte : next++),
  );
}

const merges = [
  ['Ġ', 't'], ['h', 'e'], ['Ġt', 'he'], ['i', 'n'], ['a', 'n'], ['Ġ', 'a'], ['Ġa', 'n'], ['Ġan', 'd'],
  ['o', 'w'], ['Ġ', 'm'], ['Ġm', 'an'], ['Ġman', 'y'], ['u', 's'], ['e', 'r'], ['Ċ', 'Ċ'], ['i', 's'], ['Ġ', 'is'],
] as const; // prettier-ignore

interface BpeKind {
  /** Where the special tokens lie: SmolLM2's come first, Qwen's last. */
  specialsFirst: boolean;
  specials: readonly string[];
  normalizer: object | null;
  preTokenizer: object;
  config: object;
}

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true };
const chat = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;
const qwenPattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

function qwen(chatTemplate: string, eos: string, specials: readonly string[] = chat): BpeKind {
  return {
    specialsFirst: false,
    specials,
    normalizer: { type: 'NFC' },
    preTokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: qwenPattern }, behavior: 'Isolated', invert: false },
        { ...byteLevel, use_regex: false },
      ],
    },
    config: {
      tokenizer_class: 'Qwen2Tokenizer',
      add_bos_token: false,
      bos_token: null,
      eos_token: eos,
      pad_token: '<|endoftext|>',
      unk_token: null,
      chat_template: chatTemplate,
    },
  };
}

const bpeKinds = {
  smollm2: {
    specialsFirst: true,
    specials: chat,
    normalizer: null,
    preTokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Digits', individual_digits: true },
        { ...byteLevel, use_regex: true },
      ],
    },
    config: {
      tokenizer_class: 'GPT2Tokenizer',
      bos_token: '<|im_start|>',
      eos_token: '<|im_end|>',
      pad_token: '<|im_end|>',
      unk_token: '<|endoftext|>',
      chat_template: chatTemplates.smollm2,
    },
  },
  'qwen2.5': qwen(chatTemplates['qwen2.5'], '<|im_end|>'),
  'qwen2.5-math': qwen(chatTemplates['qwen2.5-math'], '<|endoftext|>'),
  qwen3: qwen(chatTemplates.qwen3, '<|im_end|>', [...chat, '<think>', '</think>']),
} satisfies Record<string, BpeKind>;

function bpe(kind: BpeKind): TokenizerFiles {
  const pieces = [...byteCharacters(), ...merges.map(([left, right]) => left + right)];
  const all = kind.specialsFirst ? [...kind.specials, ...pieces] : [...pieces, ...kind.specials];
  const special = Object.fromEntries(kind.specials.map((token) => [token, all.indexOf(token)]));
  const vocab = kind.specialsFirst ? all : pieces;
  return {
    'tokenizer.json': file({
      specials: kind.specials.map((content) => ({ content, id: special[content] ?? 0 })),
      normalizer: kind.normalizer,
      preTokenizer: kind.preTokenizer,
      postProcessor: kind.specialsFirst ? null : byteLevel,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: kind.specialsFirst ? null : '',
        end_of_word_suffix: kind.specialsFirst ? null : '',
        fuse_unk: false,
        byte_fallback: false,
        vocab: Object.fromEntries(vocab.map((piece, id) => [piece, id])),
        merges: merges.map((pair) => pair.join(' ')),
      },
    }),
    'tokenizer_config.json': {
      ...kind.config,
      clean_up_tokenization_spaces: false,
      model_max_length: 8192,
    },
    special,
  };
}

/** Letters of the scripts that the tests ask in, digits and marks. */
const letters = [
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZáéíóúñüçабвгдежзиклмнопрстуфхы0123456789.,?!\'"()+-*/=',
];
const words = ['the', 'and', 'many', 'how', 'has', 'apples', 'манзана', 'cuántas'];

/** BERT's: words cut into pieces, of which all but the first begin with `##`. */
function wordPiece(lowercase: boolean): TokenizerFiles {
  const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const pieces = [...specials, ...words, ...letters, ...letters.map((letter) => `##${letter}`)];
  const vocab = Object.fromEntries([...new Set(pieces)].map((piece, id) => [piece, id]));
  return {
    'tokenizer.json': file({
      specials: specials.map((content, id) => ({ content, id })),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase,
      },
      preTokenizer: { type: 'BertPreTokenizer' },
      postProcessor: template(['[CLS]', '$A', '[SEP]'], vocab),
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab,
      },
    }),
    'tokenizer_config.json': {
      tokenizer_class: 'BertTokenizer',
      do_lower_case: lowercase,
      unk_token: '[UNK]',
      sep_token: '[SEP]',
      pad_token: '[PAD]',
      cls_token: '[CLS]',
      mask_token: '[MASK]',
      model_max_length: 512,
    },
    special: vocab,
  };
}

interface UnigramKind {
  specials: readonly string[];
  around: readonly string[];
  config: object;
}

const unigramKinds = {
  'xlm-roberta': {
    specials: ['<s>', '<pad>', '</s>', '<unk>'],
    around: ['<s>', '$A', '</s>'],
    config: {
      tokenizer_class: 'XLMRobertaTokenizer',
      bos_token: '<s>',
      cls_token: '<s>',
      sep_token: '</s>',
    },
  },
  mt5: {
    specials: ['<pad>', '</s>', '<unk>'],
    around: ['$A', '</s>'],
    config: { tokenizer_class: 'T5Tokenizer', extra_ids: 0 },
  },
} satisfies Record<string, UnigramKind>;

/** SentencePiece's: the cut with the highest sum of scores, words begun with `▁`. */
function unigram({ specials, around, config }: UnigramKind): TokenizerFiles {
  const special = Object.fromEntries(specials.map((token, id) => [token, id]));
  const pieces = [...words.map((word) => `▁${word}`), ...words, '▁', ...letters];
  const vocab = [
    ...specials.map((token) => [token, 0]),
    ...pieces.map((piece, rank) => [piece, -2 - rank / 20]),
  ];
  const space = {
    type: 'Metaspace',
    replacement: '▁',
    add_prefix_space: true,
    prepend_scheme: 'always',
  };
  return {
    'tokenizer.json': file({
      specials: specials.map((content, id) => ({ content, id })),
      normalizer: { type: 'NFKC' },
      preTokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, space] },
      postProcessor: template(around, special),
      decoder: space,
      model: { type: 'Unigram', unk_id: special['<unk>'], vocab },
    }),
    'tokenizer_config.json': {
      ...config,
      eos_token: '</s>',
      unk_token: '<unk>',
      pad_token: '<pad>',
      model_max_length: 512,
    },
    special,
  };
}

/** Every kind by name. */
export const tokenizers = {
  smollm2: () => bpe(bpeKinds.smollm2),
  'qwen2.5': () => bpe(bpeKinds['qwen2.5']),
  'qwen2.5-math': () => bpe(bpeKinds['qwen2.5-math']),
  qwen3: () => bpe(bpeKinds.qwen3),
  wordPiece: () => wordPiece(false),
  'xlm-roberta': () => unigram(unigramKinds['xlm-roberta']),
  mt5: () => unigram(unigramKinds.mt5),
} as const;
export type TokenizerKind = keyof typeof tokenizers;
