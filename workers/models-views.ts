// What the Models room shows, made of what is stored and of what the hub lists. Nothing here changes anything.
import type { BundleRecord } from '../src/bundle/hub/bundleStore.ts';
import { dtypeOrder, type Dtype, type ModelKind } from '../src/bundle/hub/dtypes.ts';
import { localOwner } from '../src/bundle/hub/importFolder.ts';
import {
  modelFilesOf,
  pathsOf,
  weightPathsOf,
  type ModelFiles,
} from '../src/bundle/hub/layouts.ts';
import type { HubListing } from '../src/bundle/hub/listing.ts';
import { readModelConfig, type ModelConfig } from '../src/bundle/hub/modelConfig.ts';
import type { SizedModel } from '../src/bundle/hub/needs.ts';
import { presets, type Preset } from '../src/bundle/hub/presets.ts';
import type { ModelStore, StoredModel } from '../src/bundle/hub/store.ts';
import { judge, recommend, unknownVerdict, type ModelDevice } from '../src/bundle/hub/verdict.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { parseJson } from '../src/bundle/files.ts';
import type {
  DtypeOffer,
  ModelOnDevice,
  ModelRef,
  PresetView,
  RepositoryView,
  StoredBundle,
} from './models-protocol.ts';

export const isSame = (a: ModelRef, b: ModelRef) =>
  a.repository === b.repository && a.commit === b.commit;

/** A stored model as the room lists it. */
export async function viewModel(
  model: StoredModel,
  store: ModelStore,
  bundles: readonly BundleRecord[],
): Promise<ModelOnDevice> {
  const { repository, commit, revision, licence, addedAt } = model;
  const { keptBytes, totalBytes, whole } = model;
  const byPath = new Map(model.files.map((file) => [file.path, file]));
  const filesAt = (paths: readonly string[]) => paths.flatMap((path) => byPath.get(path) ?? []);
  const sum = (paths: readonly string[], of: 'bytes' | 'keptBytes') =>
    filesAt(paths).reduce((total, file) => total + file[of], 0);
  return {
    ...{ repository, commit, revision, licence, addedAt, keptBytes, totalBytes, whole },
    source: repository.startsWith(`${localOwner}/`) ? 'folder' : 'hub',
    kind: (await storedConfig(model, store))?.kind ?? null,
    dtypes: modelFilesOf([...byPath.keys()]).map((files) => ({
      dtype: files.dtype,
      bytes: sum(weightPathsOf(files), 'bytes'),
      keptBytes: sum(weightPathsOf(files), 'keptBytes'),
      whole: filesAt(pathsOf(files)).every((file) => file.whole),
    })),
    files: model.files.map((file) => ({
      path: file.path,
      bytes: file.bytes,
      keptBytes: file.keptBytes,
      whole: file.whole,
    })),
    usedBy: bundles
      .filter(({ encoder, llm }) => isSame(encoder, model) || isSame(llm, model))
      .map(({ id }) => id),
  };
}

/** What the config of a stored model says; `null` while it is not there or says nothing that is known. */
async function storedConfig(model: StoredModel, store: ModelStore): Promise<ModelConfig | null> {
  if (!model.files.some(({ path, whole }) => path === 'config.json' && whole)) return null;
  const file = await store.read(model.repository, model.commit, 'config.json');
  return configOf(await file.text(), model.repository);
}

/** What a config.json says, `null` where that is no model that is known. */
export function configOf(text: string, repository: string): ModelConfig | null {
  try {
    return readModelConfig(parseJson('config.json', text), repository);
  } catch (thrown) {
    if (!(thrown instanceof LinguaLiftError)) throw thrown;
    return null;
  }
}

/** All presets, on this device. */
export function viewPresets(models: readonly ModelOnDevice[], device: ModelDevice): PresetView[] {
  return presets.map((preset) => {
    const dtypes = sortDtypes(preset.kind, device, presetDtypes(preset, device));
    const best = recommend(dtypes);
    const smallest = dtypes.reduce((a, b) => (b.approximateBytes < a.approximateBytes ? b : a));
    return {
      preset,
      dtypes,
      recommended: best?.dtype ?? null,
      verdict: (best ?? smallest).verdict,
      stored: models.filter(({ repository }) => repository === preset.repository),
    };
  });
}

function presetDtypes({ kind, shape, megabytes }: Preset, device: ModelDevice) {
  const formats = Object.entries(megabytes).map(([name, size]) => {
    return { kind, shape, dtype: name as Dtype, weightBytes: size * 1e6 };
  });
  return formats.map((format) => ({
    dtype: format.dtype,
    approximateBytes: format.weightBytes,
    verdict: judge(format, device, formats),
  }));
}

/** A repository of the hub, on this device. */
export function viewRepository(
  listing: HubListing,
  config: ModelConfig | null,
  stored: ModelOnDevice | null,
  device: ModelDevice,
): RepositoryView {
  const { repository, commit, revision, licence, files } = listing;
  const kept = new Map(stored?.files.map((file) => [file.path, file.keptBytes]));
  const sizes = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const kind = config?.kind ?? null;
  const sumOf = (paths: readonly string[]) =>
    paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
  const models = modelFilesOf([...sizes.keys()]);
  const sized = (model: ModelFiles): SizedModel[] => {
    if (config === null || kind === null) return [];
    const { dtype, embedTokens } = model;
    const weightBytes = sumOf(weightPathsOf(model));
    const isTableApart = embedTokens !== null;
    return [{ kind, dtype, weightBytes, shape: config.shape, isTableApart }];
  };
  const formats = models.flatMap(sized);
  const offer = (model: ModelFiles): DtypeOffer => {
    const paths = pathsOf(model);
    const [format] = sized(model);
    return {
      dtype: model.dtype,
      files: paths.map((path) => ({ path, bytes: sizes.get(path) ?? 0 })),
      bytes: sumOf(paths),
      missingBytes: paths.reduce(
        (sum, path) => sum + (sizes.get(path) ?? 0) - (kept.get(path) ?? 0),
        0,
      ),
      verdict: format
        ? judge(format, device, formats)
        : unknownVerdict(sumOf(weightPathsOf(model))),
    };
  };
  const offers = sortDtypes(kind, device, models.map(offer));
  return {
    ...{ repository, commit, revision, licence, kind, offers, stored },
    files: files.map(({ path, bytes }) => ({ path, bytes })),
    recommended: recommend(offers)?.dtype ?? null,
  };
}

/** Formats that the device prefers first, the others behind them. */
function sortDtypes<Offer extends { dtype: Dtype }>(
  kind: ModelKind | null,
  device: ModelDevice,
  offers: readonly Offer[],
): Offer[] {
  const order = dtypeOrder(kind ?? 'llm', device);
  const rank = ({ dtype }: Offer) => (order.includes(dtype) ? order.indexOf(dtype) : order.length);
  return offers.toSorted((a, b) => rank(a) - rank(b));
}

/** A bundle as the room lists it. */
export function viewBundle(record: BundleRecord, models: readonly ModelOnDevice[]): StoredBundle {
  const { id, name, addedAt, encoder, llm, alignments } = record;
  const parts = [encoder, llm].map((pick) => {
    const model = models.find((candidate) => isSame(candidate, pick));
    const paths = modelFilesOf(model?.files.map(({ path }) => path) ?? [])
      .filter(({ dtype }) => dtype === pick.dtype)
      .flatMap(pathsOf);
    return model?.files.filter(({ path }) => paths.includes(path)) ?? [];
  });
  const imported = Object.values(alignments).flatMap(({ alignment, adapter }) => [
    alignment,
    ...(adapter ? [adapter.config, adapter.weights] : []),
  ]);
  return {
    ...{ id, name, addedAt, encoder, llm },
    alignments: Object.keys(alignments) as StoredBundle['alignments'],
    bytes: [...parts.flat(), ...imported].reduce((sum, { bytes }) => sum + bytes, 0),
    whole: parts.every((files) => files.length > 0 && files.every((file) => file.whole)),
  };
}
