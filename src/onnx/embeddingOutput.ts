// Makes what the first layer of an encoder reads an output of its own: the embeddings of the tokens, before any of them
// has seen another. They hold the spelling of a word that the encoder never learned, where its last states hold
// what the encoder made of it.
import { create } from '@bufbuild/protobuf';
import { makeNode } from './builder.ts';
import { GraphView } from './graph.ts';
import { copyModel, type ModelProto } from './model.ts';
import { ValueInfoProtoSchema } from './proto/onnx_pb.js';

/** The name of the output, [B, S, D]. */
export const embeddingOutput = 'embedding_output';

/** The first layer reads its input as queries, keys and values, and adds it to what comes of them. */
const fewestReaders = 4;

/**
 * The model with `embedding_output` beside its other outputs; the model itself for graphs that are not like BERT's, where
 * the first normalisation is that of the embeddings.
 */
export function withEmbeddingOutput(model: ModelProto): ModelProto {
  const copy = copyModel(model);
  const { graph } = copy;
  const [embeddings] =
    graph.node.find(({ opType }) => opType === 'LayerNormalization')?.output ?? [];
  if (embeddings === undefined) return model;
  if (new GraphView(graph).consumers(embeddings).length < fewestReaders) return model;
  const outputs = [embeddingOutput];
  graph.node.push(
    makeNode({ opType: 'Identity', name: `/${embeddingOutput}`, inputs: [embeddings], outputs }),
  );
  // Without a type: ONNX Runtime knows that of what is read.
  graph.output.push(create(ValueInfoProtoSchema, { name: embeddingOutput }));
  return copy;
}
