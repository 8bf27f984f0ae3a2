// Fetches the text files that the page brings along.
import { LinguaLiftError } from '../../bundle/errors.ts';

/**
 * The text of a file.
 * @param path relative to the page
 * @throws LinguaLiftError `file-missing`
 */
export async function fetchText(path: string): Promise<string> {
  try {
    const response = await fetch(path);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.text();
  } catch (thrown) {
    throw new LinguaLiftError(
      'file-missing',
      'A file of this page could not be fetched. Check the connection and try again.',
      `${path}: ${String(thrown)}`,
    );
  }
}
