package org.t3jvm.model.vae;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.warm.ProgramStack;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Carry;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/**
 * Runs chunk after chunk of one sequence and passes the temporal state of each to the next.
 * Programs are compiled once for each chunk length and reused.
 */
public final class ChunkedProgram implements AutoCloseable {
  /** Traces the graph of one chunk. */
  @FunctionalInterface
  public interface ChunkGraph {
    /** The graph for a chunk of {@code frames} frames. */
    Graph trace(int frames, boolean first);
  }

  private record Key(int frames, boolean first) {}

  private final Backend backend;
  private final Parameters parameters;
  private final ChunkGraph chunkGraph;
  private final Carry carry;
  private final Map<Key, Program> programs = new HashMap<>();
  private boolean first = true;

  public ChunkedProgram(Backend backend, Parameters parameters, ChunkGraph chunkGraph) {
    this.backend = backend;
    this.carry = backend.carry();
    this.parameters = parameters;
    this.chunkGraph = chunkGraph;
  }

  /** Forgets the sequence so far: the next chunk is a first one. */
  void reset() {
    carry.restore(Map.of());
    first = true;
  }

  /** The state that the next chunk starts from; empty for a first one. */
  Map<String, Tensor> state() {
    return carry.state();
  }

  /** Copies of a state that {@link #state} gave; the next chunk is the one after it. */
  void restore(Map<String, Tensor> known) {
    reset();
    if (known.isEmpty()) {
      return;
    }
    Map<String, Value> inputs = program(1, false).graph().inputs();
    known.forEach((name, tensor) -> requireFits(name, tensor, inputs.get(name)));
    carry.restore(known);
    first = false;
  }

  private static void requireFits(String name, Tensor known, @Nullable Value value) {
    if (value == null
        || !name.startsWith(TemporalState.PREFIX)
        || known.dtype() != value.dtype()
        || !known.shape().equals(value.shape())) {
      throw new IllegalArgumentException(
          "state '%s' is %s, must be %s"
              .formatted(
                  name, known, value == null ? "absent" : value.dtype() + " " + value.shape()));
    }
  }

  /** All outputs of the next chunk, but the state. */
  public Map<String, Tensor> run(Tensor chunk, int frames, RegionListener listener) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    graph(frames)
        .outputs()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(TemporalState.PREFIX)) {
                results.put(name, Tensor.allocate(value.dtype(), value.shape()));
              }
            });
    run(Map.of(VaeGraphs.INPUT, chunk), results, frames, listener);
    return results;
  }

  /** The graph of the next chunk. */
  public Graph graph(int frames) {
    return next(frames).graph();
  }

  private Program next(int frames) {
    if (!first) {
      closeFirst();
    }
    return program(frames, first);
  }

  /** Runs the next chunk from all inputs, and into all outputs, but the state. */
  public void run(
      Map<String, Tensor> given, Map<String, Tensor> results, int frames, RegionListener listener) {
    carry.run(next(frames), given, results, listener);
    first = false;
  }

  /** Gives back the memory of the programs for a sequence's first chunk. */
  private void closeFirst() {
    programs.forEach(
        (key, program) -> {
          if (key.first) {
            program.close();
          }
        });
    programs.keySet().removeIf(Key::first);
  }

  /** What the first or a later chunk of {@code frames} frames needs. */
  MemoryPlan memoryPlan(int frames, boolean firstChunk) {
    return program(frames, firstChunk).memoryPlan();
  }

  /** The result of the next chunk alone. */
  Tensor result(Tensor chunk, int frames, RegionListener listener) {
    Tensor result = run(chunk, frames, listener).get(VaeGraphs.OUTPUT);
    if (result == null) {
      throw new IllegalStateException("the chunk's graph has no output " + VaeGraphs.OUTPUT);
    }
    return result;
  }

  private Program program(int frames, boolean firstChunk) {
    return programs.computeIfAbsent(
        new Key(frames, firstChunk),
        key -> backend.compile(chunkGraph.trace(key.frames, key.first), parameters));
  }

  @Override
  public void close() {
    try (carry) {
      ProgramStack all = new ProgramStack();
      programs.values().forEach(all::push);
      programs.clear();
      all.close();
    }
  }
}
