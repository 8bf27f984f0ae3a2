// Gives a decoder that takes embeddings the table of tokens that was published beside it (`embed_tokens.onnx` of
// transformers.js, `embedding.onnx` of onnxruntime-genai), so that there is one graph again from token ids to scores.
import { create } from '@bufbuild/protobuf';
import { makeNode } from './builder.ts';
import { OnnxError } from './errors.ts';
import { elementTypeOf } from './graph.ts';
import { copyModel, type ModelProto, type ModelWithGraph } from './model.ts';
import { TensorProtoSchema, type GraphProto } from './proto/onnx_pb.js';

/** Of a path of modules, after which the walk over weights (weightWalk.ts) names the table. */
const prefix = '/model/embed_tokens/';
const ids = 'input_ids';
const embeddings = 'inputs_embeds';

/**
 * The decoder behind the model of its embeddings. External files of both are needed by their names.
 * @param decoder takes `inputs_embeds`
 * @param table takes `input_ids` and gives one output
 * @throws OnnxError `unsupported-architecture` when the two are not that
 */
export function withTokenTable(decoder: ModelProto, table: ModelProto): ModelWithGraph {
  const joined = copyModel(decoder);
  const { graph } = joined;
  const lookup = copyModel(table);
  const place = graph.input.findIndex(({ name }) => name === embeddings);
  const wanted = graph.input[place];
  const [given, ...others] = lookup.graph.output;
  const idsInput = lookup.graph.input.find(({ name }) => name === ids);
  if (wanted === undefined || given === undefined || others.length > 0 || idsInput === undefined) {
    throw new OnnxError(
      'unsupported-architecture',
      `The decoder should take "${embeddings}" and the model of its embeddings turn "${ids}" into them; they take ${namesOf(graph)} and ${namesOf(lookup.graph)}.`,
    );
  }
  renameAll(lookup.graph);
  const cast = makeNode({
    opType: 'Cast',
    name: `${prefix}Cast`,
    inputs: [prefix + given.name],
    outputs: [embeddings],
    attributes: { to: { int: elementTypeOf(wanted) } },
  });
  graph.node.unshift(...lookup.graph.node, cast);
  graph.initializer.push(...lookup.graph.initializer);
  graph.input.splice(place, 1, idsInput);
  const known = new Set(joined.opsetImport.map(({ domain }) => domain));
  joined.opsetImport.push(...lookup.opsetImport.filter(({ domain }) => !known.has(domain)));
  return joined;
}

/** Puts the prefix before every name but that of the ids, since two graphs may use the same ones. */
function renameAll(graph: GraphProto): void {
  // An empty name stands for an input that is left out.
  const renamed = (name: string) => (name === '' || name === ids ? name : prefix + name);
  for (const node of graph.node) {
    // No path of its own: the module that a weight belongs to is read from it.
    node.name = prefix + node.name.replaceAll('/', '_');
    node.input = node.input.map(renamed);
    node.output = node.output.map(renamed);
  }
  // Tensors are shared with the model that the graph is a copy of.
  graph.initializer = graph.initializer.map((tensor) =>
    Object.assign(create(TensorProtoSchema), tensor, { name: renamed(tensor.name) }),
  );
}

function namesOf({ input }: GraphProto): string {
  return input.map(({ name }) => name).join(', ');
}
