/** Asks the worker. Of patterns that come while it works, only the newest is asked about. */

import type { Outcome, Page, Query, Versions } from "./api";
import type { Reply, Request } from "./worker";

export interface Answer {
  page: Page | null;
  problem: string | null;
  milliseconds: number;
  memory: number;
}

type Waiting = { resolve: (reply: Reply) => void; timer: number };
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/** After this the worker is stopped. The longest pattern takes a second on an idle processor. */
const LIMIT = 20_000;

export class Client {
  private worker = this.start();
  private waiting = new Map<number, Waiting>();
  private lastId = 0;
  private newest: ((isReplaced?: boolean) => void) | null = null;
  private busy = false;

  async versions(): Promise<Versions> {
    const reply = await this.ask({ want: "versions" });
    if (reply.text === null) throw new Error(reply.problem ?? "no answer");
    return JSON.parse(reply.text) as Versions;
  }

  async outcome(query: Query, dialect: number): Promise<Outcome | null> {
    const reply = await this.ask({ want: "outcome", query, dialect });
    return reply.text === null ? null : (JSON.parse(reply.text) as Outcome);
  }

  async code(query: Query, dialect: number): Promise<number[]> {
    const reply = await this.ask({ want: "code", query, dialect });
    return reply.text === null ? [] : (JSON.parse(reply.text) as number[]);
  }

  /** Returns null if a newer pattern took this one's place. */
  explore(query: Query): Promise<Answer | null> {
    return new Promise((resolve) => {
      const run = async (): Promise<void> => {
        this.newest = null;
        this.busy = true;
        const { text, problem, milliseconds, memory } = await this.ask({ want: "explore", query });
        const page = text === null ? null : (JSON.parse(text) as Page);
        resolve({ page, problem, milliseconds, memory });
        this.busy = false;
        this.takeNewest()?.();
      };
      const replaced = this.takeNewest();
      replaced?.(true);
      this.newest = (isReplaced) => {
        if (isReplaced) resolve(null);
        else void run();
      };
      if (!this.busy) this.takeNewest()?.();
    });
  }

  private takeNewest(): ((isReplaced?: boolean) => void) | null {
    const newest = this.newest;
    this.newest = null;
    return newest;
  }

  private ask(request: WithoutId<Request>): Promise<Reply> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      const timer = window.setTimeout(() => this.restart("The compiler was stopped: it took too long."), LIMIT);
      this.waiting.set(id, { resolve, timer });
      this.worker.postMessage({ ...request, id });
    });
  }

  private start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const waiting = this.waiting.get(data.id);
      if (!waiting) return;
      this.waiting.delete(data.id);
      window.clearTimeout(waiting.timer);
      waiting.resolve(data);
    };
    worker.onerror = () => this.restart("The compiler could not be started.");
    return worker;
  }

  private restart(problem: string): void {
    this.worker.terminate();
    this.worker = this.start();
    for (const [id, { resolve, timer }] of this.waiting) {
      window.clearTimeout(timer);
      resolve({ id, text: null, problem, milliseconds: 0, memory: 0 });
    }
    this.waiting.clear();
  }
}
