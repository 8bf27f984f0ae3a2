// What can be picked as the encoder or as the LLM of a bundle: the presets, and the other models of this device. Made of
// what the worker tells; what a person has picked is in pairing.svelte.ts.
import type {
  Dtype,
  ModelKind,
  ModelOnDevice,
  ModelRef,
  Overview,
  PresetView,
  RepositoryView,
  Verdict,
} from '../../../workers/models-protocol.ts';

/** A model in one of its formats. */
export interface Format {
  dtype: Dtype;
  /** Of all its files where the hub or this device has told, else about that of its weights. */
  bytes: number;
  isExact: boolean;
  /** Of these, what has still to be downloaded. */
  missingBytes: number;
  /** `null` where its needs are not known. */
  verdict: Verdict | null;
  /** Everything is on this device. */
  isWhole: boolean;
}

export interface Choice {
  /** The repository, which is listed once however many commits of it are there. */
  repository: string;
  name: string;
  about: string;
  /** `null` where nobody says. */
  licence: string | null;
  source: 'hub' | 'folder';
  revision: string;
  /** `null` until the hub has told which commit is behind the revision. */
  commit: string | null;
  formats: readonly Format[];
  recommended: Dtype | null;
}

/** What the hub has listed on this visit, by repository. */
export type Listed = Readonly<Record<string, RepositoryView>>;

/** The choices for one part of a bundle, the presets first. */
export function choicesOf(kind: ModelKind, overview: Overview, listed: Listed): Choice[] {
  const presets = overview.presets.filter(({ preset }) => preset.kind === kind);
  const known = new Set(overview.presets.map(({ preset }) => preset.repository));
  const others = overview.models.filter(
    (model) => !known.has(model.repository) && (model.kind === null || model.kind === kind),
  );
  const newest = others.filter(
    ({ repository }, index) =>
      others.findIndex((other) => other.repository === repository) === index,
  );
  return [
    ...presets.map((view) => presetChoice(view, listed[view.preset.repository])),
    ...newest.map((model) => modelChoice(model, listed[model.repository])),
  ];
}

function presetChoice(view: PresetView, listing: RepositoryView | undefined): Choice {
  const { repository, revision, name, about, licence } = view.preset;
  const pinned = view.stored.find(({ commit }) => commit === (listing?.commit ?? revision));
  const stored = pinned ?? (listing ? undefined : view.stored[0]);
  const approximate = view.dtypes.map(({ dtype, approximateBytes, verdict }) => ({
    ...{ dtype, verdict, bytes: approximateBytes, isExact: false },
  }));
  return {
    ...{ repository, name, about, licence, revision, source: 'hub' },
    commit: listing?.commit ?? stored?.commit ?? null,
    formats: formatsOf(listing?.offers.map(exact) ?? approximate, stored),
    recommended: listing?.recommended ?? view.recommended,
  };
}

function modelChoice(model: ModelOnDevice, listing: RepositoryView | undefined): Choice {
  const { repository, revision, licence, source, commit, dtypes } = model;
  const same = listing?.commit === commit ? listing : undefined;
  return {
    ...{ repository, licence, source, revision, commit },
    name: shortName(repository),
    about: source === 'folder' ? 'from a folder of this computer' : 'from the hub, by its id',
    formats: formatsOf(same?.offers.map(exact) ?? [], model),
    recommended: same?.recommended ?? dtypes.find(({ whole }) => whole)?.dtype ?? null,
  };
}

type Offer = Pick<Format, 'dtype' | 'bytes' | 'isExact' | 'verdict'>;

const exact = ({ dtype, bytes, verdict }: RepositoryView['offers'][number]): Offer => ({
  ...{ dtype, bytes, verdict, isExact: true },
});

/** What is offered with what of it is there; formats that are there alone stand behind. */
function formatsOf(offers: readonly Offer[], stored: ModelOnDevice | undefined): Format[] {
  const there = stored?.dtypes ?? [];
  const kept = there.filter(({ dtype }) => !offers.some((offer) => offer.dtype === dtype));
  const all: Offer[] = [
    ...offers,
    ...kept.map(({ dtype, bytes }) => ({ dtype, bytes, isExact: true, verdict: null })),
  ];
  return all.map((offer) => {
    const found = there.find(({ dtype }) => dtype === offer.dtype);
    const isWhole = found?.whole ?? false;
    const bytes = isWhole && found && !offer.isExact ? found.bytes : offer.bytes;
    return {
      ...{ dtype: offer.dtype, verdict: offer.verdict, bytes, isWhole },
      isExact: offer.isExact || isWhole,
      missingBytes: isWhole ? 0 : Math.max(0, bytes - (found?.keptBytes ?? 0)),
    };
  });
}

/** Whether two references are to the same commit of the same repository. */
export const isSame = (a: ModelRef, b: ModelRef) =>
  a.repository === b.repository && a.commit === b.commit;

/** The name of a repository without its owner. */
export function shortName(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}
