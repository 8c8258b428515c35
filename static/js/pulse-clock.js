// A worker: the timers of a hidden tab are slowed to one a minute, those of a worker are not.
const EVERY_MS = 4000;
setInterval(() => postMessage("beat"), EVERY_MS);
