// The typed messages between the Models room and its worker: what can be asked, what comes back, what is told meanwhile.
// The worker lists, downloads, imports and deletes models, puts bundles together, and knows what this device can run.
// It opens no model: that is the inference worker's, which takes `addressOf(bundle)` in the place of a URL.
//
// Every message that belongs to a request repeats its id. Nothing is remembered on the page: after any change ask again
// with `overview`. What is stored outlives the tab; what was being downloaded then is `whole: false` and can go on.
import type { FilePhase } from '../src/bundle/hub/downloadFile.ts';
import type { Dtype, ModelKind } from '../src/bundle/hub/dtypes.ts';
import type { Preset } from '../src/bundle/hub/presets.ts';
import type { StorageUse } from '../src/bundle/hub/storage.ts';
import type { Verdict } from '../src/bundle/hub/verdict.ts';
import type { AlignmentName } from '../src/bundle/hub/bundleStore.ts';
import type { ModelPick } from '../src/bundle/hub/storedPart.ts';
import type { Provider, ProviderChoice } from '../src/bridge/types.ts';

export type { AlignmentName, Dtype, ModelKind, ModelPick, Preset, StorageUse, Verdict };

/** A model on this device: one commit of a repository. Models of a folder have the owner `.local`. */
export interface ModelRef {
  repository: string;
  /** 40 hexadecimal digits: the hub's commit, or what the files of a folder hash to. */
  commit: string;
}

/** One format of a stored model. */
export interface StoredDtype {
  dtype: Dtype;
  /** Its graphs and their external data, without the small files that all formats share. */
  bytes: number;
  keptBytes: number;
  /** Everything that this format needs is there and was checked, the shared files too. */
  whole: boolean;
}

/** A model on this device, or on its way to it. */
export interface ModelOnDevice extends ModelRef {
  source: 'hub' | 'folder';
  /** What was asked for, such as `main`; empty for a folder. */
  revision: string;
  /** What its card says, such as `apache-2.0`; `null` where nothing does. */
  licence: string | null;
  /** Milliseconds since 1970. */
  addedAt: number;
  /** `null` where its config tells neither. */
  kind: ModelKind | null;
  dtypes: StoredDtype[];
  files: FileOnDevice[];
  keptBytes: number;
  totalBytes: number;
  whole: boolean;
  /** Ids of the bundles that use it. It cannot be deleted before they are. */
  usedBy: string[];
}

export interface FileOnDevice {
  path: string;
  bytes: number;
  keptBytes: number;
  whole: boolean;
}

/** One format that a repository offers. */
export interface DtypeOffer {
  dtype: Dtype;
  /** Every file that is needed for it: graph, external data, config, tokenizer. */
  files: { path: string; bytes: number }[];
  /** Of all of these. */
  bytes: number;
  /** Of these, what is not on this device yet. */
  missingBytes: number;
  verdict: Verdict;
}

/** A repository at the commit behind what was asked for. */
export interface RepositoryView extends ModelRef {
  revision: string;
  licence: string | null;
  /** `null` where its config tells neither; a person may use it for either, and opening it says whether that works. */
  kind: ModelKind | null;
  /** All its files, whether this page can use them or not. */
  files: { path: string; bytes: number }[];
  /** The formats that this page can load, in the order in which this device prefers them. */
  offers: DtypeOffer[];
  /** The first offer that fits; `null` when none does. */
  recommended: Dtype | null;
  /** What of this very commit is on the device. */
  stored: ModelOnDevice | null;
}

/** A preset beside what is known of it without asking the hub. */
export interface PresetView {
  preset: Preset;
  /** For each format of the table, in the order in which this device prefers them; sizes are the table's, approximate. */
  dtypes: { dtype: Dtype; approximateBytes: number; verdict: Verdict }[];
  /** The first that fits; `null` when none does. */
  recommended: Dtype | null;
  /** The verdict on `recommended`, or on the smallest format when none fits. */
  verdict: Verdict;
  /** Commits of it that are on this device, the newest first. */
  stored: ModelOnDevice[];
}

/** What this device can do. */
export interface CapabilityReport {
  /** `null` where the browser offers no WebGPU adapter. */
  adapter: {
    /** Vendor and architecture as the browser tells them, such as "nvidia ampere". */
    name: string;
    /** Shaders run on the CPU. */
    isSoftware: boolean;
    /** 16-bit arithmetic (`shader-f16`). */
    f16: boolean;
    subgroups: boolean;
    /** Bytes. */
    maxBufferSize: number;
    /** Bytes of one tensor that a shader can see. */
    maxStorageBufferBindingSize: number;
  } | null;
  wasm: {
    threads: number;
    /** Whether the page may share memory between threads. */
    isolated: boolean;
    /** Bytes that WebAssembly can address. */
    maxBytes: number;
  };
  /** Where models run and why there: what the page chooses, until `runOn` tells what the person does. */
  provider: Provider;
}

/** An encoder and an LLM that belong together, with the alignments between them. */
export interface StoredBundle {
  /** Lower-case letters, digits and hyphens. */
  id: string;
  name: string;
  /** Milliseconds since 1970. */
  addedAt: number;
  encoder: ModelPick;
  llm: ModelPick;
  /** The alignments that were imported into it; without any only the route *direct* works. */
  alignments: AlignmentName[];
  /** Bytes of all its files. */
  bytes: number;
  /** Whether every file is there. Deleting models that a bundle uses is refused, so this fails only on damage. */
  whole: boolean;
}

/** An alignment file, and the adapter that the LLM takes with it (PEFT's two files). */
export interface AlignmentFiles {
  alignment: Blob;
  adapter: { config: Blob; weights: Blob } | null;
}

/** Everything that the room shows and that needs no network. */
export interface Overview {
  presets: PresetView[];
  /** The one that was added last first; those that presets name among them. */
  models: ModelOnDevice[];
  bundles: StoredBundle[];
  /** `null` where the browser does not tell. */
  storage: StorageUse | null;
  /** Of `storage.usedBytes`, what models take, parts of them included. */
  modelBytes: number;
  /** The hub's address in use. */
  hubAddress: string;
  /** Whether that is a mirror that the person set. */
  isMirror: boolean;
}

/** How far a download or an import is. */
export interface TransferProgress {
  /** The file that moved, its phase, and how far that is: bytes that are there, or were hashed in the phase `check`. */
  path: string;
  phase: FilePhase;
  bytes: number;
  fileBytes: number;
  /** Over all files: bytes that are there. They get fewer when a server makes a file begin anew. */
  doneBytes: number;
  totalBytes: number;
}

/**
 * Everything that can be asked.
 *
 * Errors are `LinguaLiftError`s; codes of the hub are `hub-address`, `hub-base`, `hub-gated`, `hub-repository`, `hub-revision`,
 * `hub-refused`, `hub-busy`, `hub-answer`, `offline`, `network`; of files `file-missing`, `file-size`, `file-hash`,
 * `file-busy` (another tab has it open), `file-partial`; `storage-full`, `no-storage`, `cancelled`.
 */
export interface ModelsCalls {
  overview: { request: object; result: Overview };
  capabilities: { request: object; result: CapabilityReport };
  /**
   * The person has chosen where the models run: verdicts are about that from now on, as long as the worker lives. `views` is
   * what was looked up before, judged anew without asking the hub, the latest at the end.
   */
  runOn: {
    request: { choice: ProviderChoice };
    result: { capabilities: CapabilityReport; overview: Overview; views: RepositoryView[] };
  };
  /**
   * Asks the hub what a repository holds.
   * `address` is `owner/name`, `hf://owner/name@revision` or the address of a page of the hub or of the mirror in use;
   * for a preset, its `repository` and `revision` as `owner/name@revision`.
   */
  look: { request: { address: string }; result: RepositoryView };
  /**
   * Downloads one format of a repository: what is missing of it, files in parallel. Stopped or failed, what arrived is
   * kept and the same request goes on with it: that is pause and resume. `commit` is that of the `RepositoryView`.
   */
  download: {
    request: { repository: string; revision: string; commit: string; dtype: Dtype };
    progress: TransferProgress;
    result: ModelOnDevice;
  };
  /** Goes on with whatever of a stored model is missing, without asking the hub for the list of files again. */
  resume: { request: ModelRef; progress: TransferProgress; result: ModelOnDevice };
  /** Throws away what has arrived of files that are not whole, and forgets that they were wanted. */
  discardPartial: { request: ModelRef; result: Overview };
  /** Deletes a model. Error `model-in-use` names the bundles that need it; `file-busy` while it is downloaded. */
  deleteModel: { request: ModelRef; result: Overview };
  /**
   * Copies a model out of a folder into the store. Paths are relative to what was dropped or picked
   * (`webkitRelativePath`, or the walk of a dropped folder); folders around the model are found and cut off.
   * Errors: `folder-no-model` says what is missing; a stopped import leaves nothing behind.
   */
  importFolder: {
    request: { name: string; files: { path: string; file: File }[] };
    progress: TransferProgress;
    result: ModelOnDevice;
  };
  /**
   * Puts an encoder and an LLM together. Errors: `file-partial`, `model-unsupported` when a model cannot play its
   * part, `other-models` for an alignment between others. Then nothing is stored.
   */
  putTogether: {
    request: {
      name: string;
      encoder: ModelPick;
      llm: ModelPick;
      alignments: Partial<Record<AlignmentName, AlignmentFiles>>;
    };
    result: StoredBundle;
  };
  renameBundle: { request: { id: string; name: string }; result: Overview };
  deleteBundle: { request: { id: string }; result: Overview };
  /** Imports an alignment into a bundle, in the place of the one that it had. */
  addAlignment: {
    request: { id: string; name: AlignmentName; files: AlignmentFiles };
    result: StoredBundle;
  };
  removeAlignment: { request: { id: string; name: AlignmentName }; result: StoredBundle };
  /** Uses a mirror, or the hub itself (`null`). Error `hub-base` for what is no address; nothing is asked there yet. */
  setHubAddress: { request: { address: string | null }; result: Overview };
}

/** What stands in the place of the URL of a `bundle.json` for a bundle of this device, in `InferenceClient.load` too. */
export function addressOf({ id }: Pick<StoredBundle, 'id'>): string {
  return `${storedScheme}${id}`;
}

/** How the address of a stored bundle begins. */
export const storedScheme = 'stored:';
