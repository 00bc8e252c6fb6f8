import { Observable, type SchedulerLike, type Subscription } from 'rxjs';
import { toWire } from '../codec/wireText.js';
import { type MqttMessage, mqttMessage } from './mqttMessage.js';

/** The client's buffer, packet header included (recorded on 4.1). */
const bufferSize = 1024;
/** After a piece that fills the buffer the next one is expected within so many ms; a kilobyte takes 90 at 115200 bit/s. */
const patience = 1000;
/** More bytes are not put together: what there is goes out, the rest comes as messages of its own. */
const longest = 1_048_576;

/** Whether a first piece of this length may be less than the message: the header has a length of 2 to 4 bytes, and from QoS 1 on an identifier. */
export const mayContinue = (topic: string, length: number): boolean => {
  const room = bufferSize - 1 - 2 - toWire(topic).length;
  return [2, 3, 4].some((lengthBytes) => length === room - lengthBytes || length === room - lengthBytes - 2);
};

interface Joining {
  readonly topic: string;
  readonly parts: Uint8Array[];
  length: number;
  timer: Subscription;
}

/**
 * Puts pieces together that belong to one message as far as lengths tell: a first piece that fills the buffer to the byte is followed by pieces of 1024 bytes
 * and a shorter last one. What follows has the topic of the first, or one that nobody has asked for (2.4 and 3.3 print stale bytes there). A message that
 * fills the buffer exactly looks the same and is held for up to a second; another one behind it with the same topic is taken for its rest.
 */
export const joinFragments = (pieces: Observable<MqttMessage>, asked: (topic: string) => boolean, scheduler: SchedulerLike): Observable<MqttMessage> =>
  new Observable<MqttMessage>((subscriber) => {
    let open: Joining | undefined;
    const flush = (): void => {
      const done = open;
      open = undefined;
      done?.timer.unsubscribe();
      if (done !== undefined) subscriber.next(mqttMessage(done.topic, done.parts));
    };
    const take = (piece: MqttMessage): void => {
      const { topic, payload } = piece;
      if (open !== undefined && topic !== open.topic && asked(topic)) flush();
      if (open === undefined) {
        if (!mayContinue(topic, payload.length)) return subscriber.next(piece);
        open = { topic, parts: [payload], length: payload.length, timer: scheduler.schedule(flush, patience) };
        return;
      }
      open.timer.unsubscribe();
      open.parts.push(payload);
      open.length += payload.length;
      if (payload.length < bufferSize || open.length >= longest) return flush();
      open.timer = scheduler.schedule(flush, patience);
    };
    subscriber.add(() => open?.timer.unsubscribe());
    subscriber.add(
      pieces.subscribe({
        next: take,
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          flush();
          subscriber.complete();
        },
      }),
    );
  });
