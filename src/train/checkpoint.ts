// A checkpoint is a run written down between two steps, as one safetensors file: every trained parameter
// `<name>` with AdamW's moments `<name>.m` and `<name>.v`, float32, and in the header's metadata what else the next
// step depends on and which networks it belongs to. The metadata are strings; all but ids and hash are JSON.
//
//   format   `lingualift-checkpoint-1`      encoder, llm   ids
//   steps    taken so far                   alignment      kind, sizes, normEpsilon
//   random   state of sfc32 (random.ts)     adapters       targets, rank and scale of LoRA; absent without
//   data     epoch and position in it       config         as the run keeps it
//   sha256   of the same file without this field, so that no flipped bit is trained on
import * as v from 'valibot';
import { sha256 } from '../bundle/integrity.ts';
import {
  floatSafetensor,
  readSafetensors,
  requireFloat,
  writeSafetensors,
  type Safetensors,
} from '../onnx/safetensors.ts';
import { projections, type ProjectionName } from './adapters.ts';
import type { AlignmentKind, AlignmentSizes } from './alignment.ts';
import { TrainError } from './errors.ts';
import { isRandomState, type RandomState } from './random.ts';
import type { TrainerState, Values } from './state.ts';
import type { TrainerOptions } from './trainer.ts';

/** The networks that a run trains between and in. A checkpoint is of no use to others. */
export interface TrainedBridge extends Pick<TrainerOptions, 'alignment' | 'adapters'> {
  /** Ids as in the bundle. */
  encoder: string;
  llm: string;
}

/** The next example: epochs and their examples count from 0. */
export interface DataPosition {
  epoch: number;
  position: number;
}

export interface Checkpoint {
  bridge: TrainedBridge;
  state: TrainerState;
  random: RandomState;
  data: DataPosition;
  /** Anything that JSON can hold. */
  config: Readonly<Record<string, unknown>>;
}

const formatName = 'lingualift-checkpoint-1';
/** What stands after a parameter's name, by the field of the state. */
const suffixes = { parameters: '', firstMoments: '.m', secondMoments: '.v' } as const;
type Field = keyof typeof suffixes;
const fields = Object.keys(suffixes) as Field[];

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const json = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.pipe(v.string(), v.parseJson(), schema);

/** What an alignment of a kind is made to, for comparing and for people. */
const alignmentTexts: Record<AlignmentKind, (sizes: AlignmentSizes) => string> = {
  linear: (s) => `${s.encoderDim} to ${s.llmDim}`,
  mlp: (s) => `${s.encoderDim} over ${s.hiddenDim} to ${s.llmDim}`,
  latent: (s) =>
    `${s.encoderDim} over ${s.latents} latents of ${s.hiddenDim} with ${s.heads} heads to ${s.llmDim}`,
};

/** What must be the same for a run to go on. */
const described: Record<string, (bridge: TrainedBridge) => string> = {
  encoder: ({ encoder }) => `"${encoder}"`,
  LLM: ({ llm }) => `"${llm}"`,
  alignment: ({ alignment: { kind, sizes, normEpsilon } }) =>
    `${kind}, ${alignmentTexts[kind](sizes)}, norm epsilon ${normEpsilon}`,
  LoRA: ({ adapters }) =>
    adapters
      ? `of rank ${adapters.rank}, scale ${adapters.scale}, on ${adapters.targets.join(', ')}`
      : 'none',
};

const metadataSchema = v.object({
  steps: json(whole),
  encoder: v.string(),
  llm: v.string(),
  alignment: json(
    v.object({
      kind: v.picklist(Object.keys(alignmentTexts) as AlignmentKind[]),
      sizes: v.object({
        encoderDim: count,
        llmDim: count,
        hiddenDim: whole,
        latents: whole,
        heads: whole,
      }),
      normEpsilon: v.number(),
    }),
  ),
  adapters: v.optional(
    json(
      v.object({
        targets: v.array(v.picklist(Object.keys(projections) as ProjectionName[])),
        rank: count,
        scale: v.number(),
      }),
    ),
  ),
  random: json(v.custom<RandomState>(isRandomState, 'is no state of random numbers')),
  data: json(v.object({ epoch: whole, position: whole })),
  config: json(v.record(v.string(), v.unknown())),
});

/** The file of a checkpoint. */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const { bridge, state, random, data, config } = checkpoint;
  const metadata = {
    format: formatName,
    steps: JSON.stringify(state.steps),
    encoder: bridge.encoder,
    llm: bridge.llm,
    alignment: JSON.stringify(bridge.alignment),
    ...(bridge.adapters && { adapters: JSON.stringify(bridge.adapters) }),
    random: JSON.stringify(random),
    data: JSON.stringify(data),
    config: JSON.stringify(config),
  };
  const tensors = new Map(
    Object.entries(state.shapes).flatMap(([name, shape]) =>
      fields.map((field) => {
        const values = state[field][name] as Float32Array;
        return [name + suffixes[field], floatSafetensor(values, [...shape])] as const;
      }),
    ),
  );
  const hash = await sha256(fileOf({ tensors, metadata }));
  return fileOf({ tensors, metadata: { ...metadata, sha256: hash } });
}

/**
 * Reads a checkpoint, whoever it belongs to (`checkBridge`). Its numbers are views of `file`.
 * @throws TrainError `bad-checkpoint`, saying what is wrong
 */
export async function decodeCheckpoint(file: Uint8Array): Promise<Checkpoint> {
  const { tensors, metadata } = readFile(file);
  if (metadata['format'] !== formatName) {
    throw bad(
      `The file is no checkpoint that this page reads: its metadata field "format" is "${metadata['format'] ?? ''}", not "${formatName}".`,
    );
  }
  const { sha256: written, ...hashed } = metadata;
  const found = await sha256(fileOf({ tensors, metadata: hashed }));
  if (found !== written) {
    throw bad(
      `The checkpoint is damaged: its SHA-256 is ${found}, and ${written ?? 'none'} was written.`,
    );
  }
  const parsed = v.safeParse(metadataSchema, hashed);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const field = v.getDotPath(issue) ?? 'metadata';
    throw bad(`The checkpoint's metadata are not understood: ${field}: ${issue.message}`);
  }
  const { steps, encoder, llm, alignment, adapters, random, data, config } = parsed.output;
  return {
    bridge: { encoder, llm, alignment, ...(adapters && { adapters }) },
    state: { steps, ...readTensors({ tensors, metadata }) },
    ...{ random, data, config },
  };
}

/**
 * Refuses a checkpoint that a run on this bridge cannot go on from.
 * @throws TrainError `other-checkpoint`, naming what the checkpoint has and what the run has
 */
export function checkBridge({ bridge }: Checkpoint, run: TrainedBridge): void {
  for (const [part, describe] of Object.entries(described)) {
    const [there, here] = [describe(bridge), describe(run)];
    if (there === here) continue;
    throw new TrainError(
      'other-checkpoint',
      `The checkpoint does not belong to this run: its ${part} is ${there}, the run's is ${here}.`,
    );
  }
}

function readFile(file: Uint8Array): Safetensors {
  try {
    return readSafetensors(file);
  } catch (cause) {
    throw bad(`The checkpoint cannot be read. ${messageOf(cause)}`, cause);
  }
}

/** Every tensor is a parameter, or a moment of one. */
function readTensors(file: Safetensors): Omit<TrainerState, 'steps'> {
  const moments = [suffixes.firstMoments, suffixes.secondMoments];
  const shapes = Object.fromEntries(
    [...file.tensors]
      .filter(([name]) => !moments.some((suffix) => name.endsWith(suffix)))
      .map(([name, { shape }]) => [name, shape]),
  );
  const read = (field: Field): Values =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        requireFloat(file, name + suffixes[field], shape),
      ]),
    );
  try {
    return {
      shapes,
      parameters: read('parameters'),
      firstMoments: read('firstMoments'),
      secondMoments: read('secondMoments'),
    };
  } catch (cause) {
    throw bad(`The checkpoint is not whole. ${messageOf(cause)}`, cause);
  }
}

const fileOf = (contents: Safetensors) => writeSafetensors(contents) as Uint8Array<ArrayBuffer>;

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

const bad = (message: string, cause?: unknown) =>
  new TrainError('bad-checkpoint', message, { cause });
