package org.t3jvm.model.vae;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/**
 * Runs chunk after chunk of one sequence and hands the temporal state of each to the next. Programs
 * are compiled once for each chunk length and reused.
 */
final class ChunkedProgram implements AutoCloseable {
  /** Traces the graph of one chunk. */
  @FunctionalInterface
  interface ChunkGraph {
    /** The graph for a chunk of {@code frames} frames. */
    Graph trace(int frames, boolean first);
  }

  private record Key(int frames, boolean first) {}

  private final Backend backend;
  private final Parameters parameters;
  private final ChunkGraph chunkGraph;
  private final Map<Key, Program> programs = new HashMap<>();
  private final Map<String, Tensor> state = new HashMap<>();
  private final Map<String, Tensor> spares = new HashMap<>();
  private boolean first = true;

  ChunkedProgram(Backend backend, Parameters parameters, ChunkGraph chunkGraph) {
    this.backend = backend;
    this.parameters = parameters;
    this.chunkGraph = chunkGraph;
  }

  /** Forgets the sequence so far: the next chunk is a first one. */
  void reset() {
    state.clear();
    first = true;
  }

  /** The state that the next chunk starts from; empty for a first one. */
  Map<String, Tensor> state() {
    return Map.copyOf(state);
  }

  /** Copies of a state that {@link #state} gave; the next chunk is the one after it. */
  void restore(Map<String, Tensor> known) {
    reset();
    if (known.isEmpty()) {
      return;
    }
    program(1, false)
        .graph()
        .inputs()
        .forEach(
            (name, value) -> {
              if (!name.equals(VaeGraphs.INPUT)) {
                state.put(name, copied(name, value, known.get(name)));
              }
            });
    first = false;
  }

  private static Tensor copied(String name, Value value, @Nullable Tensor known) {
    if (known == null || known.dtype() != value.dtype() || !known.shape().equals(value.shape())) {
      throw new IllegalArgumentException(
          "decoder state '%s' is %s, must be %s %s"
              .formatted(name, known == null ? "absent" : known, value.dtype(), value.shape()));
    }
    Tensor copy = Tensor.allocate(known.dtype(), known.shape());
    copy.copyFrom(known);
    return copy;
  }

  /** All outputs of the next chunk, but the state. */
  Map<String, Tensor> run(Tensor chunk, int frames, RegionListener listener) {
    if (!first) {
      closeFirst();
    }
    Program program = program(frames, first);
    Map<String, Tensor> inputs = new HashMap<>();
    program
        .graph()
        .inputs()
        .forEach(
            (name, value) ->
                inputs.put(name, name.equals(VaeGraphs.INPUT) ? chunk : previous(name, value)));
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    program.graph().outputs().forEach((name, value) -> outputs.put(name, spare(name, value)));
    program.run(inputs, outputs, listener);
    Map<String, Tensor> results = new LinkedHashMap<>();
    outputs.forEach(
        (name, tensor) -> {
          if (!name.startsWith(TemporalState.PREFIX)) {
            results.put(name, tensor);
            return;
          }
          Tensor old = state.put(name, tensor);
          if (old != null) {
            spares.put(name, old);
          }
        });
    first = false;
    return results;
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

  /** A state that the chunk before left, or zeros if there was none. */
  private Tensor previous(String name, Value value) {
    Tensor known = state.get(name);
    return known != null ? known : Tensor.allocate(value.dtype(), value.shape());
  }

  /** Memory for an output: of a state, the chunk before last's. */
  private Tensor spare(String name, Value value) {
    Tensor old = spares.remove(name);
    return old != null ? old : Tensor.allocate(value.dtype(), value.shape());
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
    programs.values().forEach(Program::close);
  }
}
