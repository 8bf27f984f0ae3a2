// Times rivals side by side: in turns, several rounds, so that a busy moment hits them all; the median counts.

export interface Subject {
  name: string;
  /** Does the work so many times and resolves when all of it is done, on the device too. */
  run(times: number): Promise<void>;
}

export interface Timing {
  name: string;
  /** Median over the rounds, per run. */
  milliseconds: number;
  /** Fastest and slowest round, per run. */
  spread: [number, number];
}

const rounds = 5;
/** A round repeats the work until it takes about this long, so that waiting for the device hardly counts. */
const roundMilliseconds = 300;

/** Times every subject. */
export async function compare(subjects: readonly Subject[]): Promise<Timing[]> {
  const repeats = new Map<Subject, number>();
  for (const subject of subjects) {
    await subject.run(1); // compiles, uploads
    const once = await milliseconds(() => subject.run(2));
    repeats.set(subject, Math.max(1, Math.round((2 * roundMilliseconds) / once)));
  }
  const times = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) {
      const count = repeats.get(subject) ?? 1;
      times.get(subject)?.push((await milliseconds(() => subject.run(count))) / count);
    }
  }
  return subjects.map((subject) => {
    const sorted = (times.get(subject) ?? []).sort((a, b) => a - b);
    const at = (index: number) => sorted[index] ?? NaN;
    return {
      name: subject.name,
      milliseconds: at(Math.floor(sorted.length / 2)),
      spread: [at(0), at(sorted.length - 1)],
    };
  });
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
