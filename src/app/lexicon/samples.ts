// The sample lists that the page brings along, and the forms in which a person's own may come.
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { Incoming } from './lexicons.svelte.ts';

interface Sample {
  name: string;
  /** BCP 47 tag. */
  language: string;
  /** Relative to the page. */
  url: string;
}

/** Languages that the shipped alignment does not know. */
export const samples: readonly Sample[] = [
  { name: 'Esperanto', language: 'eo', url: 'lexicons/eo.txt' },
  { name: 'Haitian Creole', language: 'ht', url: 'lexicons/ht.txt' },
];

export function incomingSample({ name, language, url }: Sample): Incoming {
  return { name, language, open: () => fetchFile(url) };
}

export function incomingFiles(files: Iterable<File>): Incoming[] {
  return Array.from(files, (file) => ({ name: file.name, open: () => file }));
}

export function incomingText(text: string): Incoming {
  return { name: 'Pasted words', open: () => new Blob([text]) };
}

/** What the file picker offers. Others can be dropped: the contents decide. */
export const fileTypes = '.txt,.tsv,.csv,.json,.jsonl,.dict,.gz,text/*';

async function fetchFile(url: string): Promise<Blob> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: status ${response.status}`);
    return await response.blob();
  } catch (thrown) {
    throw new LinguaLiftError(
      'sample-missing',
      'The sample list could not be fetched. Check the connection and try again.',
      String(thrown),
    );
  }
}
