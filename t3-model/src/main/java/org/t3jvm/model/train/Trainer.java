package org.t3jvm.model.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.optim.GradientSet;
import org.t3jvm.tensor.optim.LearningRate;
import org.t3jvm.tensor.optim.Optimizer;

/**
 * Steps of training: the gradients of some examples, averaged, clipped, and given to an optimiser.
 * Weights are F32 and change in place; the same examples give the same bits on any number of
 * threads and of backends.
 */
public final class Trainer implements AutoCloseable {
  private static final double NANO = 1e-9;

  /** Bytes of examples, outside of the heap, after which those that are done with are freed. */
  private static final long FREED_BYTES = 256L << 20;

  /**
   * An example.
   *
   * @param size which graph it is for
   * @param inputs of that graph
   */
  public record Example(Shape size, Map<String, Tensor> inputs) {}

  /** The examples of a step. */
  @FunctionalInterface
  public interface Examples {
    /** Makes an example, from 0; any thread may ask for any of them. */
    Example at(int index);
  }

  /** The graphs that are trained, one a size, each with the output {@link Objective#LOSS}. */
  @FunctionalInterface
  public interface Graphs {
    /** The graph of a size. */
    Graph of(Shape size);
  }

  /**
   * How steps are taken.
   *
   * @param clip largest norm of all gradients of a step
   * @param recompute whether values within regions are computed twice, for less memory
   * @param threads that add, clip and scale gradients; of an optimiser, see there
   */
  public record Settings(double clip, boolean recompute, int threads) {
    /** As T3's training: norms clipped to 1 (SPEC 21.3). */
    public static Settings usual(int threads) {
      return new Settings(1, false, threads);
    }
  }

  /**
   * What a step did.
   *
   * @param loss mean over its examples
   * @param norm of the gradients before clipping
   * @param rate learning rate
   * @param skipped whether weights were left alone, because a gradient was not finite
   * @param data seconds in which examples were made, of all backends together
   * @param graph seconds in which graphs were compiled and run, of all backends together
   * @param update seconds in which gradients were clipped and weights changed
   */
  public record Report(
      double loss,
      double norm,
      double rate,
      boolean skipped,
      double data,
      double graph,
      double update) {}

  private final List<GradientWorker> workers = new ArrayList<>();
  private final ExecutorService threads;
  private final Map<String, Tensor> weights;
  private final Graphs graphs;
  private final Settings settings;
  private final Map<Shape, Graph> traced = new ConcurrentHashMap<>();
  private final Map<String, Tensor> sums;
  private long exampleBytes;

  /** As {@link #Trainer(List, Parameters, Map, Graphs, Settings)}, on one backend. */
  public Trainer(
      Backend backend,
      Parameters frozen,
      Map<String, Tensor> weights,
      Graphs graphs,
      Settings settings) {
    this(List.of(backend), frozen, weights, graphs, settings);
  }

  /**
   * A trainer of some weights.
   *
   * @param backends that compute examples side by side, which pays where one example is too small
   *     to keep all threads busy; they stay open
   * @param frozen the parameters that stay as they are
   * @param weights what is trained, F32, by the names that the graphs have for them
   */
  public Trainer(
      List<Backend> backends,
      Parameters frozen,
      Map<String, Tensor> weights,
      Graphs graphs,
      Settings settings) {
    this.weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    this.graphs = graphs;
    this.settings = settings;
    this.sums = GradientWorker.like(weights);
    int threadsOfAWorker = Math.max(1, settings.threads() / backends.size());
    backends.forEach(
        backend ->
            workers.add(new GradientWorker(backend, frozen, this.weights, threadsOfAWorker)));
    this.threads =
        Executors.newFixedThreadPool(
            backends.size(), Thread.ofPlatform().daemon().name("trainer-", 0).factory());
  }

  /** What is trained, by name; the tensors change with every step. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /** As {@link #step(int, Examples, Optimizer, LearningRate, RegionListener)}. */
  public Report step(
      List<Example> examples, Optimizer optimizer, LearningRate rate, RegionListener listener) {
    return step(examples.size(), examples::get, optimizer, rate, listener);
  }

  /**
   * One step.
   *
   * @param count of examples, at least one; their gradients count alike
   * @param listener hears of the regions of all backends, on their threads; may throw to stop,
   *     which leaves the weights as they are
   */
  public Report step(
      int count,
      Examples examples,
      Optimizer optimizer,
      LearningRate rate,
      RegionListener listener) {
    double[] losses = new double[count];
    compute(
        new GradientWorker.Step(
            new AtomicInteger(), losses, examples, sums, new OrderedSum(), listener));
    freeExamples();
    long started = System.nanoTime();
    if (count > 1) {
      GradientSet.scale(sums, 1f / count, settings.threads());
    }
    double norm = GradientSet.norm(sums, settings.threads());
    double now = rate.at(optimizer.steps());
    boolean finite = Double.isFinite(norm);
    if (finite) {
      GradientSet.clip(sums, norm, settings.clip(), settings.threads());
      optimizer.step(weights, sums, now);
    }
    long updated = System.nanoTime() - started;
    return new Report(
        Arrays.stream(losses).sum() / count,
        norm,
        now,
        !finite,
        NANO * workers.stream().mapToLong(GradientWorker::dataNanos).sum(),
        NANO * workers.stream().mapToLong(GradientWorker::graphNanos).sum(),
        NANO * updated);
  }

  /**
   * Examples are small on the heap, so that the collector has no reason to look for those that are
   * done with, and what they hold outside of it would rise with every step.
   */
  private void freeExamples() {
    exampleBytes += workers.stream().mapToLong(GradientWorker::exampleBytes).sum();
    if (exampleBytes > FREED_BYTES) {
      System.gc();
      exampleBytes = 0;
    }
  }

  private void compute(GradientWorker.Step step) {
    List<Future<?>> running = new ArrayList<>();
    for (GradientWorker worker : workers.subList(1, workers.size())) {
      running.add(threads.submit(() -> worker.run(step, this::graph)));
    }
    RuntimeException failure = null;
    try {
      workers.getFirst().run(step, this::graph);
    } catch (RuntimeException e) {
      failure = e;
    }
    for (Future<?> each : running) {
      RuntimeException other = failureOf(each);
      failure = failure == null ? other : failure;
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable RuntimeException failureOf(Future<?> future) {
    try {
      future.get();
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new IllegalStateException("interrupted while a step is computed", e);
    }
  }

  /** The graph of a size with its gradients. */
  public Graph graph(Shape size) {
    return traced.computeIfAbsent(
        size,
        key ->
            Gradients.of(
                graphs.of(key), Objective.LOSS, weights.keySet(), region -> settings.recompute()));
  }

  @Override
  public void close() {
    threads.shutdown();
    workers.forEach(GradientWorker::close);
  }
}
