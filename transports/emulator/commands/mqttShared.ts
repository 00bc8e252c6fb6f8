import type { Call } from '../device.js';
import type { Limit } from '../scanner.js';
import { errorCode, Refusal } from '../refusal.js';

/** The codes of document 000 §9.12 that the module itself can raise. */
export const mqttError = {
  noConfigured: 0x6001, notInConfigured: 0x6002, alreadyClean: 0x6003, memory: 0x6005, nullLink: 0x6006, count: 0x6008,
  publish: 0x600c, subscribe: 0x600d, unsubscribe: 0x600e,
  linkId: [0x6010, 0x6011], scheme: [0x6012, 0x6013], clientId: [0x6014, 0x6016], username: [0x6017, 0x6019], password: [0x601a, 0x601c],
  certificate: [0x601d, 0x601e], ca: [0x601f, 0x6020], path: [0x6027, 0x6029], keepAlive: [0x602b, 0x602d], session: [0x602e, 0x602f],
  willTopic: [0x6030, 0x6032], willMessage: [0x6033, 0x6035], willQos: [0x6036, 0x6037], willRetain: [0x6038, 0x6039],
  host: [0x603a, 0x603c], port: [0x603d, 0x603e], reconnect: [0x603f, 0x6040], topic: [0x6041, 0x6043], data: [0x6044, 0x6046],
  qos: [0x6047, 0x6048], retain: [0x6049, 0x604a], length: [0x604b, 0x604c],
} as const;
const hostIsNull = 0x603b;
const topicIsNull = 0x6042;

/** The codes of a parameter: it could not be read, and its value is wrong. */
export type ParameterCodes = readonly [unread: number, wrong: number];

/** Ends the command with an MQTT code. */
export const refuse = (code: number): never => {
  throw new Refusal(errorCode.failed + code);
};

/** Runs a reader of parameters; one that is missing or of the wrong type has the parser's code and an MQTT code (4.1). */
const reading = <T>(unread: number, read: () => T): T => {
  try {
    return read();
  } catch (refused) {
    throw refused instanceof Refusal ? new Refusal(...refused.codes, errorCode.failed + unread) : refused;
  }
};

export const readInt = ({ args }: Call, index: number, [unread, wrong]: ParameterCodes, { min = 0, max = 1 }: Limit = {}): number => {
  const value = reading(unread, () => args.int(index));
  return value < min || value > max ? refuse(wrong) : value;
};

export const readText = ({ args }: Call, index: number, [unread, wrong]: ParameterCodes, max: number): string => {
  const value = reading(unread, () => args.text(index));
  return value.length > max ? refuse(wrong) : value;
};

export const readQos = (call: Call, index: number, codes: ParameterCodes = mqttError.qos): 0 | 1 | 2 => readInt(call, index, codes, { max: 2 }) as 0 | 1 | 2;

/** Topics are at most 64 bytes long on 2.x, 128 later. */
export const topicLimit = ({ device }: Call): number => (device.profile.release < 22 ? 64 : 128);

export const readTopic = (call: Call, index: number): string => readText(call, index, mqttError.topic, topicLimit(call)) || refuse(topicIsNull);

export const readHost = (call: Call, index: number): string => readText(call, index, mqttError.host, 128) || refuse(hostIsNull);

/** There is link 0 only. */
export const readLink = (call: Call): void => {
  readInt(call, 0, mqttError.linkId, { max: 0 });
};

/** Too many parameters; missing ones name themselves, on 2.1 they are counted too. */
export const mqttCounted = ({ args, device }: Call, min: number, max = min): void => {
  if (args.count > max || (args.count < min && device.profile.style.countCodes)) refuse(mqttError.count);
};

/** How long an answer of the broker is waited for: the last parameter from 2.2 on. */
export const readPatience = ({ args, device }: Call, index: number): number =>
  device.profile.release < 22 ? 10_000 : args.maybeInt(index, 15_000, { min: 3000, max: 60_000 });
