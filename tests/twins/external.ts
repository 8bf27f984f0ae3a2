// Moves a model's weights into files beside it, one or several, as exports above protobuf's 2 GB have them.
import { create } from '@bufbuild/protobuf';
import { withGraph } from '../../src/onnx/model.ts';
import type { ModelProto } from '../../src/onnx/index.ts';
import {
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from '../../src/onnx/proto/onnx_pb.js';

/** onnxruntime-genai begins tensors on whole pages. */
const alignment = 4096;

/**
 * Moves every initializer of `model` into files, about the same number of bytes into each.
 * @param locations the files' names, as the model spells them
 * @returns the files
 */
export function moveToFiles(model: ModelProto, locations: readonly string[]): Uint8Array[] {
  if (locations.length === 0) return [];
  const { initializer } = withGraph(model).graph;
  const total = initializer.reduce((sum, { rawData }) => sum + rawData.length, 0);
  const files = locations.map(() => ({
    end: 0,
    parts: [] as { bytes: Uint8Array; offset: number }[],
  }));
  let placed = 0;
  for (const tensor of initializer) {
    const bytes = tensor.rawData;
    const index = Math.min(Math.floor((placed / total) * files.length), files.length - 1);
    placed += bytes.length;
    const file = files[index];
    if (!file) continue;
    const offset = Math.ceil(file.end / alignment) * alignment;
    file.end = offset + bytes.length;
    file.parts.push({ bytes, offset });
    const entries = { location: locations[index] ?? '', offset, length: bytes.length };
    tensor.rawData = new Uint8Array(0);
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.externalData = Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value: String(value) }),
    );
  }
  return files.map(({ end, parts }) => {
    const data = new Uint8Array(end);
    for (const { bytes, offset } of parts) data.set(bytes, offset);
    return data;
  });
}
