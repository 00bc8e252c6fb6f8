import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import type { Duplex as NodeDuplex } from 'node:stream';
import { tcp, type TcpConfig } from '../../features/tcp.js';
import type { AtModule } from '../../module/atModule.js';
import { openNodeDuplex } from './openNodeDuplex.js';

/** Links of a module. */
const linkCount = 5;

export interface HttpAgentConfig extends AgentOptions {
  /** How every connection of the agent is opened. */
  readonly tcp?: Omit<TcpConfig, 'host' | 'port'>;
}

class ModuleAgent extends Agent {
  constructor(
    private readonly module: AtModule,
    private readonly connection: Omit<TcpConfig, 'host' | 'port'>,
    options: AgentOptions,
  ) {
    super(options);
  }

  override createConnection({ host, hostname, port }: ClientRequestArgs): NodeDuplex {
    return openNodeDuplex(tcp(this.module, { ...this.connection, host: hostname ?? host ?? 'localhost', port: Number(port ?? 80) }));
  }

  // Those of the base class set options of a net.Socket.
  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {
    // Nothing holds the process but what the module's line does.
  }
}

/**
 * An agent for `node:http` whose connections are links of a module: `http.get(url, { agent: httpAgent(module) })`. The module resolves the names. It opens at
 * most five at a time (`maxTotalSockets`); requests beyond that wait. `keepAlive: true` keeps links for the next request; `destroy()` closes those.
 * Errors of a connection are the request's `error`. There is no `timeout`, which is an option of a net.Socket: use `signal: AbortSignal.timeout(ms)`.
 */
export const httpAgent = (module: AtModule, { tcp: connection = {}, ...options }: HttpAgentConfig = {}): Agent =>
  new ModuleAgent(module, connection, { maxTotalSockets: linkCount, ...options });
