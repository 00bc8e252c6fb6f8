import type { SerialBindingPort } from './serialBinding.js';

const unsupported = /not implemented|inappropriate ioctl|ENOTTY/i;

/**
 * A question to the port that moves no byte: rejects when the port is gone. Reading its baud rate serves where it exists
 * (serialport 13 has it on Linux and Windows, not on macOS), else its modem lines; a port with neither tells nothing.
 */
export const stillThere = (port: SerialBindingPort): (() => Promise<void>) => {
  const questions: (() => Promise<unknown>)[] = [() => port.getBaudRate(), () => port.get()];
  const ask = async (): Promise<void> => {
    const question = questions[0];
    if (!question) return;
    try {
      await question();
    } catch (cause) {
      if (!(cause instanceof Error && unsupported.test(cause.message))) throw cause;
      questions.shift();
      await ask();
    }
  };
  return ask;
};
