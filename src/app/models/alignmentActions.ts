// What can be done with the alignments of a stored bundle, as a menu has it.
import { routePlans } from '../../bridge/routes.ts';
import { routes } from '../../bridge/types.ts';
import type { AlignmentName } from '../../../workers/models-protocol.ts';
import { routeName } from '../ask/routes.ts';

export interface AlignmentAction {
  kind: 'import' | 'remove';
  alignment: AlignmentName;
  value: string;
  label: string;
}

/** One can be imported for every bridged route, also in the place of another; those that are there can go. */
export function alignmentActions(present: readonly AlignmentName[]): AlignmentAction[] {
  const all = routes.flatMap((route) => routePlans[route].alignment ?? []);
  return [
    ...all.map((alignment) => actionOf('import', alignment, `Import for ${routeName(alignment)}`)),
    ...present.map((alignment) => actionOf('remove', alignment, `Remove ${routeName(alignment)}`)),
  ];
}

function actionOf(kind: AlignmentAction['kind'], alignment: AlignmentName, label: string) {
  return { kind, alignment, value: `${kind}:${alignment}`, label };
}
