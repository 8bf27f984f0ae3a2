// How long a run may take, before it is known.
import { formatTime } from '../shared/format.ts';

/**
 * Items a second of the embedded bundle, eight side by side, on one core of a server (72 built-in problems in three
 * languages over two routes, `npm run evaluate`). Other models and machines differ by a factor of ten, so this is only
 * used before anything was timed.
 */
const typicalPace = 12;

/**
 * A rough time in words.
 * @param pace items a second that were measured in this visit; `null` for none
 */
export function roughTime(items: number, pace: number | null): string {
  const time = formatTime((1000 * items) / (pace ?? typicalPace));
  return pace === null ? `very roughly ${time}` : `about ${time} at the pace of the last run`;
}
