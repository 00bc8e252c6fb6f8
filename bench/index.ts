/** `npm run bench`: every benchmark, one after another. */
import './framer.js';
