// The lexicon worker: the person's word lists, read, searched and changed away from the page, so that a list of
// 200,000 lines does not hold it up. All it does is to translate lexicon-protocol.ts into calls of src/lexicon.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { LexiconError } from '../src/lexicon/errors.ts';
import { exportList } from '../src/lexicon/importList.ts';
import { IndexedStore } from '../src/lexicon/indexedStore.ts';
import { readText } from '../src/lexicon/readText.ts';
import { parseSentences, type TrainingSentence } from '../src/lexicon/sentences.ts';
import { Shelf, type ListSummary } from '../src/lexicon/shelf.ts';
import { answerCalls, type Handlers } from './answer-calls.ts';
import { previewOf } from './code-switch-preview.ts';
import type { LexiconCalls } from './lexicon-protocol.ts';

/** From the folder of the built worker, and from that of its source. */
const sentencesUrl = new URL('../training/problems.jsonl', self.location.href);
/** More rejected lines than anyone reads are still handed over whole in a file. */
const everything = Number.POSITIVE_INFINITY;

const shelf = Shelf.open(new IndexedStore());
let sentences: Promise<TrainingSentence[]> | null = null;

/** Does something to the shelf, and says which lists there are then. */
async function changed(change: (shelf: Shelf) => Promise<void>): Promise<ListSummary[]> {
  const opened = await shelf;
  await change(opened);
  return opened.summaries();
}

/** Lets a `stop` that has arrived meanwhile be heard. */
async function checkpoint(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  if (signal.aborted) throw new LinguaLiftError('cancelled', 'The file is not read.');
}

const handlers: Handlers<LexiconCalls> = {
  lists: async () => (await shelf).summaries(),
  import: async ({ name, file, language }, { signal }) => {
    const text = await readText(name, file);
    await checkpoint(signal);
    const id = await (await shelf).add(name, text, language);
    return { id, lists: (await shelf).summaries() };
  },
  rename: ({ id, name }) => changed((lists) => lists.rename(id, name)),
  setLanguage: ({ id, language }) => changed((lists) => lists.setLanguage(id, language)),
  swap: ({ id }) => changed((lists) => lists.swap(id)),
  edit: ({ id, before, after }) => changed((lists) => lists.edit(id, before, after)),
  merge: ({ id, other }) => changed((lists) => lists.merge(id, other)),
  remove: ({ id }) => changed((lists) => lists.remove(id)),
  undo: () => changed((lists) => lists.undo()),
  list: async ({ id }) => (await shelf).list(id),
  pairs: async ({ id, search, from, to }) => (await shelf).pairs(id, search, from, to),
  rejected: async ({ id, from, to }) => (await shelf).rejected(id, from, to),
  figures: async ({ id }) => {
    const questions = (await trainingSentences()).map(({ question }) => question);
    return (await shelf).figures(id, questions);
  },
  sample: async ({ id, count }) => {
    const { pairs } = await (await shelf).list(id);
    const step = Math.max(1, pairs.length / count);
    return pairs.filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step));
  },
  exportList: async ({ id }) => textFile(exportList((await (await shelf).list(id)).pairs)),
  exportRejected: async ({ id }) => {
    const { rows } = await (await shelf).rejected(id, 0, everything);
    const lines = rows.map(({ line, reason, text }) => `${line}\t${reason}\t${text}\n`);
    return textFile(`line\treason\ttext\n${lines.join('')}`);
  },
  preview: async ({ settings, weights }) => {
    const lists = weights.map(async ({ id, weight }) => ({
      list: await (await shelf).list(id),
      weight,
    }));
    return previewOf(await trainingSentences(), await Promise.all(lists), settings);
  },
};

/** Fetched once; after a failure the next call tries again. */
function trainingSentences(): Promise<TrainingSentence[]> {
  sentences ??= fetchSentences().catch((thrown: unknown) => {
    sentences = null;
    throw thrown;
  });
  return sentences;
}

async function fetchSentences(): Promise<TrainingSentence[]> {
  try {
    const response = await fetch(sentencesUrl);
    if (!response.ok) throw new Error(`${sentencesUrl.pathname}: status ${response.status}`);
    return parseSentences(await response.text());
  } catch (thrown) {
    throw new LinguaLiftError(
      'sentences-missing',
      'The training sentences could not be fetched. Check the connection and try again.',
      String(thrown),
    );
  }
}

function textFile(text: string): Blob {
  return new Blob([text], { type: 'text/plain;charset=utf-8' });
}

function errorOf(thrown: unknown): LinguaLiftError {
  if (!(thrown instanceof LexiconError)) return LinguaLiftError.from(thrown);
  return new LinguaLiftError(thrown.code, thrown.message, String(thrown.cause ?? ''));
}

answerCalls<LexiconCalls>(async () => handlers, { toError: errorOf });
