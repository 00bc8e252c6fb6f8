#!/usr/bin/env node
import { run } from './cli.js';
import { processIo } from './processIo.js';

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((done) => {
    if (stream.writable) stream.write('', () => done());
    else done();
  });

const main = async (): Promise<void> => {
  const code = await run(process.argv.slice(2), processIo());
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // An emulated module's timers and sockets would keep the process alive.
  process.exit(code);
};

void main();
