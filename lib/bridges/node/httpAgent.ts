import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import type { Duplex as NodeDuplex } from 'node:stream';
import { tcp, type TcpConfig } from '../../features/tcp.js';
import type { AtModule } from '../../module/atModule.js';
import { openNodeDuplex } from './openNodeDuplex.js';

/** Links of a module. */
const linkCount = 5;

/** How the agent opens and keeps its links. */
export interface HttpAgentConfig extends AgentOptions {
  /** How every connection of the agent is opened. */
  readonly tcp?: Omit<TcpConfig, 'host' | 'port'>;
}

class ModuleAgent extends Agent {
  constructor(
    private readonly module: AtModule,
    private readonly connection: Omit<TcpConfig, 'host' | 'port'>,
    private readonly lasting: boolean,
    options: AgentOptions,
  ) {
    // A server that is asked to close sends its FIN with the last data, which the firmware (2.0 to 4.2) then does not announce: it is found by
    // asking alone. So none is asked to, and the link is closed from here.
    super({ ...options, keepAlive: true });
  }

  override createConnection({ host, hostname, port }: ClientRequestArgs): NodeDuplex {
    return openNodeDuplex(tcp(this.module, { ...this.connection, host: hostname ?? host ?? 'localhost', port: Number(port ?? 80) }));
  }

  // Those of the base class set options of a net.Socket.
  override keepSocketAlive(): boolean {
    return this.lasting;
  }

  override reuseSocket(): void {
    // Nothing holds the process but what the module's line does.
  }
}

/**
 * An agent for `node:http` whose connections are links of a module: `http.get(url, { agent: httpAgent(module) })`. The module resolves the names. It opens at
 * most five at a time (`maxTotalSockets`); requests beyond that wait for a link, and get one that has become free where it leads to the same server.
 * Otherwise a link is closed behind its answer; `keepAlive: true` keeps it for the next request, until `destroy()`. Servers are asked to keep the
 * connection in both cases.
 * Errors of a connection are the request's `error`. There is no `timeout`, which is an option of a net.Socket: use `signal: AbortSignal.timeout(ms)`.
 */
export const httpAgent = (module: AtModule, { tcp: connection = {}, keepAlive = false, ...options }: HttpAgentConfig = {}): Agent =>
  new ModuleAgent(module, connection, keepAlive, { maxTotalSockets: linkCount, ...options });
