// Resolves when the frame that shows what was just done has been handed to the compositor.
export const frame = () => new Promise((done) => {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done();
    channel.port2.postMessage(0);
  });
});
