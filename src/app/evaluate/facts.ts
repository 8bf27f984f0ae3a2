// What a run's record says of the models that the page has loaded.
import { sha256 } from '../../bundle/integrity.ts';
import type { ModelFacts } from '../../evaluate/record.ts';
import { versions } from '../../evaluate/versions.ts';
import type { LoadedBundle } from '../../../workers/protocol.ts';
import type { Learned } from '../models/models.svelte.ts';

export async function modelFacts(
  { manifest, manifestSha256, provider }: LoadedBundle,
  learned: Learned | null,
): Promise<ModelFacts> {
  const replacement = learned && {
    name: learned.name,
    sha256: await sha256(learned.replacement.alignment),
  };
  const bundle = { bundle: manifest.name, bundleSha256: manifestSha256 };
  return { ...bundle, replacement, provider, versions };
}
