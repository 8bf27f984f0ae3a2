// A models worker that a test plays by hand, and what it could tell.
import type { ModelsService } from '../../../../src/app/models/library.svelte.ts';
import type {
  CapabilityReport,
  ModelOnDevice,
  ModelsCalls,
  Overview,
  PresetView,
  RepositoryView,
  StoredBundle,
  TransferProgress,
  Verdict,
} from '../../../../workers/models-protocol.ts';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import { defer, type Deferred } from '../fakes.ts';

type CallName = keyof ModelsCalls;

interface Call<Name extends CallName = CallName> extends Deferred<ModelsCalls[Name]['result']> {
  name: Name;
  request: ModelsCalls[Name]['request'];
  signal: AbortSignal | undefined;
  report: (progress: TransferProgress) => void;
}

export class FakeModelsService implements ModelsService {
  readonly calls: Call[] = [];
  promises = true;

  call: ModelsService['call'] = (name, request, options = {}) => {
    const { signal, onProgress } = options;
    const call = {
      ...defer<ModelsCalls[typeof name]['result']>(),
      ...{ name, request, signal, report: onProgress ?? (() => undefined) },
    };
    // As the worker does: what is stopped fails.
    signal?.addEventListener('abort', () => call.reject(new LinguaLiftError('cancelled', 'No.')));
    this.calls.push(call as unknown as Call);
    return call.promise;
  };

  persist = () => Promise.resolve(this.promises);

  /** The latest call of a name. */
  last<Name extends CallName>(name: Name): Call<Name> {
    const call = this.calls.findLast((candidate) => candidate.name === name);
    if (call === undefined) throw new Error(`Nobody called ${name}.`);
    return call as unknown as Call<Name>;
  }

  /** How often something was called. */
  count(name: CallName): number {
    return this.calls.filter((call) => call.name === name).length;
  }
}

export const commit = 'c0ffee1234c0ffee1234c0ffee1234c0ffee1234';

export const fits: Verdict = { fit: 'fits', reason: 'fits', needBytes: 3e8 };
export const tooLarge: Verdict = {
  fit: 'too-large',
  reason: 'needs 2.1 GB in one buffer, this adapter allows 1 GB',
  needBytes: 2.2e9,
};

/** A preset in 4 and in 32 bits, of which only the first fits. */
export function presetOf(kind: 'encoder' | 'llm', name: string): PresetView {
  return {
    preset: {
      ...{ id: name, name, kind, repository: `owner/${name}`, revision: 'main' },
      about: 'a fake',
      licence: 'mit',
      shape: { vocab: 1, hidden: 1, layers: 1, keyWidth: 1, positions: 1 },
      megabytes: { q4: 100, fp32: 800 },
    },
    dtypes: [
      { dtype: 'q4', approximateBytes: 100e6, verdict: fits },
      { dtype: 'fp32', approximateBytes: 800e6, verdict: tooLarge },
    ],
    recommended: 'q4',
    verdict: fits,
    stored: [],
  };
}

/** A model in 4 bits of which `keptBytes` of 1,000 are there. */
export function modelOf(repository: string, keptBytes = 1000): ModelOnDevice {
  const whole = keptBytes === 1000;
  return {
    ...{ repository, commit, keptBytes, whole, totalBytes: 1000 },
    ...{ source: 'hub', revision: 'main', licence: 'mit', addedAt: 1, kind: null, usedBy: [] },
    dtypes: [{ dtype: 'q4', bytes: 1000, keptBytes, whole }],
    files: [{ path: 'onnx/model_q4.onnx', bytes: 1000, keptBytes, whole }],
  };
}

/** What the hub lists of a repository: one format, of 1,000 bytes. */
export function viewOf(repository: string, stored: ModelOnDevice | null = null): RepositoryView {
  const files = [{ path: 'onnx/model_q4.onnx', bytes: 1000 }];
  return {
    ...{ repository, commit, stored, files, revision: 'main', licence: 'mit', kind: 'llm' },
    offers: [{ dtype: 'q4', files, bytes: 1000, missingBytes: 1000, verdict: fits }],
    recommended: 'q4',
  };
}

export const storedBundle: StoredBundle = {
  ...{ id: 'pair', name: 'Pair', addedAt: 1, alignments: [], bytes: 2000, whole: true },
  encoder: { repository: 'owner/e', commit, dtype: 'q4' },
  llm: { repository: 'owner/l', commit, dtype: 'q4' },
};

export function overviewOf(changes: Partial<Overview> = {}): Overview {
  const { models = [] } = changes;
  const presets = [presetOf('encoder', 'e'), presetOf('llm', 'l')].map((view) => ({
    ...view,
    stored: models.filter(({ repository }) => repository === view.preset.repository),
  }));
  return {
    ...{ presets, models, bundles: [], storage: null, modelBytes: 0 },
    ...{ hubAddress: 'https://huggingface.co', isMirror: false },
    ...changes,
  };
}

export const capabilities: CapabilityReport = {
  adapter: {
    ...{ name: 'nvidia ampere', isSoftware: false, f16: false, subgroups: true },
    ...{ maxBufferSize: 2e9, maxStorageBufferBindingSize: 1e9 },
  },
  wasm: { threads: 4, isolated: true, maxBytes: 2 ** 32 },
  provider: { kind: 'webgpu', detail: 'nvidia ampere', reason: 'It is a real GPU.' },
};
