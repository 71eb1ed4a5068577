import { ArtifactStore } from './artifacts/artifact-store.ts';
import { RowKinds } from './artifacts/row-kinds.ts';
import { RunFollower } from './follow/run-follower.ts';
import { RunStarter } from './follow/run-starter.ts';
import type { LiveRun } from './model/live-run.ts';
import type { Snapshot } from './model/messages.ts';
import { pageFiles } from './page-files.ts';
import { PlanKeeper, type PipelineSource } from './plan/plan-keeper.ts';
import { routes } from './routes.ts';
import { RunHistory } from './runs/run-history.ts';
import { EventStreams } from './server/event-streams.ts';
import { openHttpServer } from './server/http-server.ts';

export interface ServeOptions {
  readonly source: PipelineSource;
  /** The folder of the product. */
  readonly home: string;
  readonly port: number;
  readonly signal: AbortSignal;
  /** Called once the page can be opened. */
  readonly onReady: (address: string) => void;
}

/** Serves the page until the signal is aborted; then stops a run of its own, and ends when that has been recorded. */
export async function serve({ source, home, port, signal, onReady }: ServeOptions): Promise<void> {
  const streams = new EventStreams();
  const keeper = new PlanKeeper(source, (view) => {
    streams.send('plan', view);
  });
  const starter = new RunStarter(source, (state) => {
    streams.send('request', state);
  });
  let latest: LiveRun | undefined;
  const { runs, lockPath } = keeper.workspace;
  const follower = new RunFollower({
    runs,
    lockPath,
    owns: (run) => starter.owns(run),
    onRun(run) {
      latest = run;
      streams.send('run', run);
    },
    onEntries(run, entries) {
      latest = run;
      streams.send('events', { run: run.run, entries });
    },
    onEnd() {
      void keeper.refresh();
    },
  });
  const workspace = (): PlanKeeper['workspace'] => keeper.workspace;
  const artifacts = new ArtifactStore(workspace, () => keeper.view);
  const snapshot = (): Snapshot => ({
    folder: keeper.workspace.folder,
    file: source.file,
    ...(source.profile !== undefined && { profile: source.profile }),
    plan: keeper.view,
    ...(latest !== undefined && { run: latest }),
    request: starter.state,
  });
  const handle = routes({
    page: await pageFiles(home),
    streams,
    starter,
    history: new RunHistory(workspace),
    artifacts,
    kinds: new RowKinds(
      artifacts,
      () => keeper.pipeline,
      () => keeper.view,
    ),
    snapshot,
  });
  const server = await openHttpServer(port, handle);
  follower.start();
  onReady(server.address);
  try {
    await keeper.watch(signal);
  } finally {
    follower.close();
    streams.close();
    await Promise.all([server.close(), starter.close()]);
  }
}
