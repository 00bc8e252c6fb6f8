import type { Observable } from 'rxjs';
import { type AtModule, fs, http, type HttpChunk, mqtt, type MqttMessage, type MqttSession, tcp, udp } from '../../lib/index.js';

declare const module: AtModule;
declare const session: MqttSession;

const opened: Observable<MqttSession> = mqtt(module, { host: 'broker.lab', clientId: 'lamp', carrier: 'tls', verify: 'server' });
const heard: Observable<MqttMessage> = session.topic('lamp/+', { qos: 1, queueLimit: 8, overflow: 'drop-oldest' });
const body: Observable<HttpChunk> = http.get(module, 'http://host/');
const posted: Observable<HttpChunk> = http.post(module, 'http://host/', 'a=b', { contentType: 'form' });

// @ts-expect-error a broker knows its clients by their ids
mqtt(module, { host: 'broker.lab' });
// @ts-expect-error a client needs a broker
mqtt(module, { clientId: 'lamp' });
// @ts-expect-error no such carrier
mqtt(module, { host: 'broker.lab', clientId: 'lamp', carrier: 'quic' });
// @ts-expect-error no such quality of service
session.topic('a', { qos: 3 });
// @ts-expect-error there are three policies
session.topic('a', { overflow: 'block' });
// @ts-expect-error a demand is an Observable of numbers
session.topic('a', { demand: 4 });
// @ts-expect-error a message has a payload
session.publish('a');
// @ts-expect-error no such quality of service
session.publish('a', 'x', { qos: 'once' });
// @ts-expect-error a method is one of five
http.request(module, { method: 'patch', url: 'http://host/' });
// @ts-expect-error a request has a URL
http.request(module, { method: 'get' });
// @ts-expect-error a POST has a body
http.post(module, 'http://host/');
// @ts-expect-error a source says how long it is
http.post(module, 'http://host/', { source: { read: () => body } });
// @ts-expect-error a download is a request with a method
http.download(module, { url: 'http://host/' });
// @ts-expect-error content is bytes or text
fs.write(module, 'name', 12);
// @ts-expect-error a datagram socket drops what comes, not what is there
udp(module, { host: 'h', port: 1, overflow: 'drop-oldest' });
// @ts-expect-error a stream loses nothing in the middle
tcp(module, { host: 'h', port: 1, overflow: 'drop-newest' });
// @ts-expect-error keep-alive is in seconds, not a switch
tcp(module, { host: 'h', port: 1, keepAlive: true });

export { body, heard, opened, posted };
