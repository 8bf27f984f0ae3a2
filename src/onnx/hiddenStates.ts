// Gives an encoder that was published with the head of its pretraining (fill-mask exports: BERT and RoBERTa with `logits`
// as their only output) the output that the bridge reads, and takes the head off: what enters the head are the last
// hidden states, and no question needs a score for every word of the vocabulary at every position.
import { create } from '@bufbuild/protobuf';
import { makeNode } from './builder.ts';
import { OnnxError } from './errors.ts';
import { GraphView, pruneDeadNodes } from './graph.ts';
import { copyModel, withGraph, type ModelProto } from './model.ts';
import { ValueInfoProtoSchema, type GraphProto, type NodeProto } from './proto/onnx_pb.js';

/** The name of the output, [B, S, D]. */
export const statesOutput = 'last_hidden_state';

/** The first module of each family's head, as exporters write it into the names of its nodes. */
const headModules: readonly string[] = [
  // BertForMaskedLM
  '/cls/predictions/transform/dense/',
  // RobertaForMaskedLM, XLMRobertaForMaskedLM
  '/lm_head/dense/',
];

/** Operators that say the value of their first input in another type: what stands before a quantized layer. */
const restating: ReadonlySet<string> = new Set([
  'Cast',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
  'QuantizeLinear',
]);

/**
 * The model with `last_hidden_state` [B, S, D] as its output; the model itself where it has that already. The head goes
 * with all that nothing else needs; a table that the lookup of tokens shares with it stays. Weights, and external files,
 * are those of the model given.
 * @throws OnnxError `unsupported-architecture` where there is neither that output nor a head that is known
 */
export function withHiddenStates(model: ModelProto): ModelProto {
  const given = withGraph(model).graph;
  if (given.output.some(({ name }) => name === statesOutput)) return model;
  const states = headInput(given);
  const copy = copyModel(model);
  const { graph } = copy;
  const outputs = [statesOutput];
  graph.node.push(
    makeNode({ opType: 'Identity', name: `/${statesOutput}`, inputs: [states], outputs }),
  );
  // Without a type: ONNX Runtime knows that of what is read.
  graph.output = [create(ValueInfoProtoSchema, { name: statesOutput })];
  pruneDeadNodes(graph);
  return copy;
}

/** The value that the head's first layer reads from outside of it. @throws OnnxError as `withHiddenStates` */
function headInput(graph: GraphProto): string {
  const view = new GraphView(graph);
  const computed = computedValues(graph);
  const head = new Set(graph.node.filter(isInHead));
  const entering = new Set<string>();
  for (const { input } of head) {
    for (const name of input) {
      const producer = view.producer(name);
      if (!computed.has(name) || (producer !== undefined && head.has(producer))) continue;
      entering.add(restatedBy(name, view));
    }
  }
  const [states, ...others] = entering;
  if (states === undefined || others.length > 0) throw noStates(graph);
  return states;
}

/** In quantized files parts of a layer have names of their own, and some only the names of what they put out. */
function isInHead({ name, output }: NodeProto): boolean {
  return headModules.some((module) => [name, ...output].some((each) => each.includes(module)));
}

/** The values that follow from the graph's inputs, unlike weights and what is made of weights alone. */
function computedValues({ input, initializer, node }: GraphProto): Set<string> {
  const weights = new Set(initializer.map(({ name }) => name));
  // Old files list their weights among the inputs.
  const computed = new Set(input.map(({ name }) => name).filter((name) => !weights.has(name)));
  for (const each of node) {
    if (each.input.some((name) => computed.has(name))) {
      for (const name of each.output) computed.add(name);
    }
  }
  return computed;
}

/** The value behind its quantized forms: the states as floats. */
function restatedBy(name: string, view: GraphView): string {
  const producer = view.producer(name);
  const [source] = producer?.input ?? [];
  const isRestated = producer !== undefined && restating.has(producer.opType);
  return isRestated && source !== undefined ? restatedBy(source, view) : name;
}

function noStates({ output }: GraphProto): OnnxError {
  const names = output.map(({ name }) => `"${name}"`).join(', ');
  return new OnnxError(
    'unsupported-architecture',
    `The outputs of this encoder are ${names}. It should have "${statesOutput}", or a head for masked words that begins with the nodes ${headModules.join(' or ')}. Choose a model that was exported for feature extraction.`,
  );
}
