// What a builder expects of a Hugging Face config.json, checked before anything is built from it.
import { OnnxError } from './errors.ts';

/** A field that changes what the model computes, and the values that are supported. */
export interface Requirement {
  field: string;
  supported: readonly (string | boolean)[];
  /** What the field means when it is not there. */
  absent?: string | boolean;
}

/**
 * Checks a parsed config.json.
 * @param sizes fields that must be positive numbers
 * @throws OnnxError `bad-config` or `unsupported-architecture`, naming the field
 */
export function checkConfig(
  config: object,
  sizes: readonly string[],
  requirements: readonly Requirement[],
): void {
  const fields = config as Readonly<Record<string, unknown>>;
  for (const { field, supported, absent } of requirements) {
    const value = fields[field] ?? absent;
    if (supported.some((candidate) => candidate === value)) continue;
    throw new OnnxError(
      'unsupported-architecture',
      `config.json: ${field} is ${JSON.stringify(value)}, which is not supported (only ${supported.join(', ')}).`,
    );
  }
  for (const field of sizes) {
    const value = fields[field];
    if (typeof value === 'number' && value > 0) continue;
    throw new OnnxError('bad-config', `config.json: ${field} is no positive number.`);
  }
}
