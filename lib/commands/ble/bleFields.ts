import { int } from '../../codec/index.js';

/** Connection 0 (`v2`) or 0 to 2. */
export const connection = int(0, 2);
/** Services, characteristics and descriptors count from 1. */
export const index = int(1, 255);
/** Bytes of an attribute's value. */
export const valueLength = int(1, 512);
