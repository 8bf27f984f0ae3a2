// Lets messages in: on WASM a run of a model blocks this thread, and no timer and no message fires by itself.

/** Resolves in a later task, after messages that are waiting have been delivered. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
