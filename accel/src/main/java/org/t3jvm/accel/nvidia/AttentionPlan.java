package org.t3jvm.accel.nvidia;

import static org.t3jvm.accel.nvidia.CudnnAttribute.HEURISTICS_GRAPH;
import static org.t3jvm.accel.nvidia.CudnnAttribute.HEURISTICS_MODE;
import static org.t3jvm.accel.nvidia.CudnnAttribute.HEURISTICS_RESULTS;
import static org.t3jvm.accel.nvidia.CudnnAttribute.PACK_ADDRESSES;
import static org.t3jvm.accel.nvidia.CudnnAttribute.PACK_IDS;
import static org.t3jvm.accel.nvidia.CudnnAttribute.PACK_WORKSPACE;
import static org.t3jvm.accel.nvidia.CudnnAttribute.PLAN_CONFIGURATION;
import static org.t3jvm.accel.nvidia.CudnnAttribute.PLAN_HANDLE;
import static org.t3jvm.accel.nvidia.CudnnAttribute.PLAN_WORKSPACE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.t3jvm.accel.nvidia.CudnnBackend.Descriptor;
import org.t3jvm.accel.nvidia.CudnnBackend.Kind;

/** How cuDNN computes attention of one shape. */
final class AttentionPlan implements AutoCloseable {
  /** {@code cudnnBackendHeurMode_t}: what is expected to be fast, then what is general. */
  private static final int[] MODES = {3, 2};

  /** Proposals that are looked at. */
  private static final int PROPOSALS = 16;

  private final CudnnBackend backend;
  private final CudnnBackend.Scope scope;
  private final AttentionShape shape;
  private final Descriptor plan;
  private final long workspace;

  private AttentionPlan(
      CudnnBackend backend, CudnnBackend.Scope scope, AttentionShape shape, Descriptor plan) {
    this.backend = backend;
    this.scope = scope;
    this.shape = shape;
    this.plan = plan;
    this.workspace = plan.number(PLAN_WORKSPACE);
  }

  /**
   * Asks cuDNN how to compute a shape.
   *
   * @throws LibraryException if it has no plan
   */
  static AttentionPlan make(CudnnBackend backend, long handle, AttentionShape shape) {
    CudnnBackend.Scope scope = backend.new Scope(shape);
    try {
      Descriptor graph = AttentionGraph.of(scope, handle, shape);
      for (int mode : MODES) {
        for (Descriptor proposal : proposals(scope, graph, mode)) {
          Descriptor plan =
              scope.make(Kind.PLAN).set(PLAN_HANDLE, handle).set(PLAN_CONFIGURATION, proposal);
          if (plan.finishes()) {
            return new AttentionPlan(backend, scope, shape, plan);
          }
        }
      }
      throw new LibraryException("cuDNN has no plan for attention of " + shape);
    } catch (LibraryException e) {
      scope.close();
      throw e;
    }
  }

  private static List<Descriptor> proposals(CudnnBackend.Scope scope, Descriptor graph, int mode) {
    Descriptor heuristics =
        scope.make(Kind.HEURISTICS).set(HEURISTICS_GRAPH, graph).set(HEURISTICS_MODE, mode);
    if (!heuristics.finishes()) {
      return List.of();
    }
    List<Descriptor> room =
        IntStream.range(0, PROPOSALS).mapToObj(i -> scope.make(Kind.CONFIGURATION)).toList();
    return room.subList(0, heuristics.fill(HEURISTICS_RESULTS, room));
  }

  /** Bytes of device memory that it works in. */
  long workspace() {
    return workspace;
  }

  /** Puts it on the stream of a handle. */
  void run(long handle, long y, long q, long k, long v, long workspace) {
    try (Arena arena = Arena.ofConfined();
        CudnnBackend.Scope call = backend.new Scope(shape)) {
      MemorySegment scale = arena.allocateFrom(ValueLayout.JAVA_FLOAT, shape.scale());
      Descriptor pack =
          call.make(Kind.PACK)
              .set(
                  PACK_IDS,
                  AttentionGraph.Q,
                  AttentionGraph.K,
                  AttentionGraph.V,
                  AttentionGraph.Y,
                  AttentionGraph.SCALE)
              .set(PACK_ADDRESSES, q, k, v, y, scale.address())
              .set(PACK_WORKSPACE, workspace)
              .finish();
      backend.execute(shape, handle, plan.address(), pack.address());
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
