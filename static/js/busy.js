// The bar at the head of the page while something is asked of the server.
let waiting = 0;
export const busy = (step) => { waiting = Math.max(0, waiting + step); document.body.classList.toggle("rp-busy", waiting > 0); };
