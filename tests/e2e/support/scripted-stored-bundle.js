// Stands before scripted-worker.js: what is loaded from this device has no alignments, as bundles that have just been put
// together.
const send = self.postMessage.bind(self);
let isStored = false;

self.addEventListener('message', ({ data }) => {
  if (data.type === 'load') isStored = data.url.startsWith('stored:');
});

self.postMessage = (message) => {
  if (message.type === 'loaded' && isStored) {
    const { bundle } = message;
    const own = { alignments: {}, lexicons: {}, description: '', languages: [] };
    send({ ...message, bundle: { ...bundle, manifest: { ...bundle.manifest, ...own } } });
  } else {
    send(message);
  }
};
