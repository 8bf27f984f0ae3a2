// Finds where a decoder's graph turns token ids into embeddings.
import type { ConstantReader } from './constants.ts';
import { isFloatType } from './dataTypes.ts';
import { rowDequantizer, tableName } from './embeddingTable.ts';
import { OnnxError } from './errors.ts';
import { describeNode, inputName, intAttribute, outputName } from './graph.ts';
import type { NodeProto } from './proto/onnx_pb.js';

/** The node that looks token ids up, and the value that holds the result as float. */
export interface EmbeddingLookup {
  node: NodeProto;
  /** The embeddings [B, S, D], behind the DequantizeLinear or Cast that the lookup feeds. */
  output: string;
  /** Their element type. */
  elementType: number;
  /** The Shape nodes that read the token ids. */
  shapeReaders: NodeProto[];
}

/**
 * Finds the node that looks up `idsName`: a Gather or a GatherBlockQuantized over a constant table, possibly
 * behind a Cast of the ids.
 * @throws OnnxError `unsupported-architecture` when there is none or more than one, or when the graph also
 *   uses the ids for something that embeddings cannot replace; `missing-initializer` when the table is not there
 */
export function findEmbeddingLookup(idsName: string, reader: ConstantReader): EmbeddingLookup {
  const lookups: NodeProto[] = [];
  const shapeReaders: NodeProto[] = [];
  const pending = [idsName];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const node of reader.view.consumers(name)) {
      if (isLookup(node, name, reader)) lookups.push(node);
      else if (node.opType === 'Shape') shapeReaders.push(node);
      else if (node.opType === 'Cast' || node.opType === 'Identity') pending.push(outputName(node));
      else {
        throw new OnnxError(
          'unsupported-architecture',
          `The graph uses "${idsName}" in node ${describeNode(node)}, which embeddings cannot replace.`,
        );
      }
    }
  }
  const [node] = lookups;
  if (!node || lookups.length > 1) {
    throw new OnnxError(
      'unsupported-architecture',
      `The graph looks "${idsName}" up in ${lookups.length} embedding tables where one is expected.`,
    );
  }
  return { node, shapeReaders, ...followToFloat(node, reader) };
}

function isLookup(node: NodeProto, ids: string, reader: ConstantReader): boolean {
  if (node.opType !== 'Gather' && node.opType !== 'GatherBlockQuantized') return false;
  if (node.input[1] !== ids) return false;
  reader.source(tableName(node, reader)); // names a table that is not there, as in broken exports
  return true;
}

/** The rows as float, behind what dequantizes them and behind a Cast, if that alone reads them. */
function followToFloat(node: NodeProto, reader: ConstantReader) {
  const quantized = !isFloatType(reader.source(tableName(node, reader)).dataType);
  const dequantizer =
    quantized && node.opType === 'Gather' ? rowDequantizer(node, reader)?.node : undefined;
  const scaled = dequantizer ?? node;
  let output = outputName(scaled);
  const typeInput = { Gather: 0, DequantizeLinear: 1, GatherBlockQuantized: 2 }[scaled.opType];
  let elementType = reader.elementType(inputName(scaled, typeInput ?? 1));
  const [only, ...others] = reader.view.consumers(output);
  if (only?.opType === 'Cast' && others.length === 0) {
    output = outputName(only);
    elementType = intAttribute(only, 'to');
  }
  return { output, elementType };
}
