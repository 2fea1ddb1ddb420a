import type { Cluster } from "./_cluster.ts";
import { Notices } from "./_notices.ts";
import { ConnectionPool } from "./_pool.ts";
import { SchedulerStream } from "./_scheduler_stream.ts";
import { WantedKeys } from "./_wanted.ts";
import { parseAddress } from "./address.ts";
import { type Comm, PATIENCE } from "./comm.ts";
import { connect } from "./connect.ts";
import type { ClientOptions } from "./options.ts";

/** All that a client stands on. */
export interface OpenCluster {
  readonly cluster: Cluster;
  readonly stream: SchedulerStream;
  readonly notices: Notices;
  /** The scheduler's address. */
  readonly address: string;
}

/** Connects to a scheduler, and registers with it under a new name. */
export async function openCluster(
  to: string,
  options: ClientOptions,
): Promise<OpenCluster> {
  const { signal, timeout = PATIENCE, ...others } = options;
  const { text: address } = parseAddress(to);
  const id = `Client-brine-${crypto.randomUUID()}`;
  const open = (to: string, signal?: AbortSignal): Promise<Comm> =>
    connect(to, { ...others, signal, timeout });
  const pool = new ConnectionPool(open, {
    maxConnections: options.maxConnections ?? 128,
    maxPerAddress: options.maxPerAddress ?? 8,
  });
  const tell: Cluster["tell"] = (op, fields) => stream.send(op, fields);
  const cluster: Cluster = {
    id,
    pool,
    wanted: new WantedKeys((op, keys) => tell(op, { keys })),
    read: options.read ?? {},
    layout: options.layout,
    timeout,
    quietly: undefined,
    ask: (op, args, how) =>
      pool.use(address, (comm) => comm.request(op, args, how), how?.signal),
    tell,
  };
  const notices = new Notices(cluster, address);
  const comm = await open(address, signal);
  const stream = await SchedulerStream.open(comm, id, {
    heartbeat: options.heartbeat ?? 5_000,
    events: notices,
    signal,
  });
  return { cluster, stream, notices, address };
}
