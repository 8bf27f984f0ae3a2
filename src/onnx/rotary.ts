// Rotary position embedding: the angles of a config.json, as the cos and sin tables that GroupQueryAttention
// reads. Formulas as in Hugging Face transformers, modeling_rope_utils.py.
import { OnnxError } from './errors.ts';

/** The rope fields of config.json: `rope_parameters` since transformers 5, before that two fields. */
export interface RotaryConfig {
  rope_theta?: number;
  rope_scaling?: RopeScaling | null;
  rope_parameters?: RopeScaling & { rope_theta?: number };
}

interface RopeScaling {
  rope_type?: string;
  /** The older spelling of `rope_type`. */
  type?: string;
  factor?: number;
  low_freq_factor?: number;
  high_freq_factor?: number;
  original_max_position_embeddings?: number;
}

type Scale = (frequency: number, scaling: RopeScaling) => number;

/** What each kind of scaling does to one inverse frequency. */
const scalings: Readonly<Record<string, Scale>> = {
  default: (frequency) => frequency,
  linear: (frequency, scaling) => frequency / required(scaling, 'factor'),
  llama3: scaleLlama3,
};

/** Llama 3.1: long wavelengths are stretched by `factor`, short ones kept, those between interpolated. */
function scaleLlama3(frequency: number, scaling: RopeScaling): number {
  const factor = required(scaling, 'factor');
  const low = required(scaling, 'low_freq_factor');
  const high = required(scaling, 'high_freq_factor');
  const oldContext = required(scaling, 'original_max_position_embeddings');
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength < oldContext / high) return frequency;
  if (wavelength > oldContext / low) return frequency / factor;
  const smooth = (oldContext / wavelength - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

function required(scaling: RopeScaling, field: keyof RopeScaling): number {
  const value = scaling[field];
  if (typeof value === 'number') return value;
  throw new OnnxError('bad-config', `config.json: its rope scaling lacks "${field}".`);
}

/**
 * The tables cos and sin, each [positions, headSize / 2].
 * @throws OnnxError `bad-config` for a kind of scaling that is not known
 */
export function rotaryTables(config: RotaryConfig, headSize: number, positions: number) {
  const scaling = config.rope_parameters ?? config.rope_scaling ?? {};
  const theta = config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10000;
  const kind = scaling.rope_type ?? scaling.type ?? 'default';
  const scale = scalings[kind];
  if (!scale) {
    throw new OnnxError(
      'bad-config',
      `config.json: rope scaling "${kind}" is not supported (only ${Object.keys(scalings).join(', ')}).`,
    );
  }
  const half = headSize / 2;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let i = 0; i < half; i++) {
    const frequency = scale(theta ** (-i / half), scaling);
    for (let position = 0; position < positions; position++) {
      cos[position * half + i] = Math.cos(position * frequency);
      sin[position * half + i] = Math.sin(position * frequency);
    }
  }
  return { cos, sin };
}
