package org.t3jvm.model.session;

import org.t3jvm.job.Compute;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.prompt.ContextCache;
import org.t3jvm.model.provenance.ModelIdentity;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.tensor.backend.Backend;

/**
 * A model on a backend, as jobs of one {@link Compute} ask for.
 *
 * @param asked what jobs ask for
 * @param budget what a run may take
 */
record Opened(
    Compute asked,
    VideoModel model,
    ModelIdentity identity,
    Backend backend,
    MemoryBudget budget,
    TextToVideo pipeline)
    implements AutoCloseable {
  static Opened of(
      Compute asked,
      VideoModel model,
      ModelIdentity identity,
      Backend backend,
      MemoryBudget budget,
      ContextCache contexts) {
    return new Opened(
        asked, model, identity, backend, budget, new TextToVideo(model, backend, budget, contexts));
  }

  /** True if a job that asks for {@code compute} is served by these parts. */
  boolean serves(Compute compute) {
    return compute.equals(asked) || compute.equals(actual());
  }

  /** What the backend makes of the choices that were left to it. */
  Compute actual() {
    return new Compute(
        backend.name(),
        backend.precision(),
        backend.kernels(),
        asked.weights(),
        asked.loras(),
        asked.lorasLow());
  }

  @Override
  public void close() {
    backend.close();
    model.close();
  }
}
