package org.t3jvm.accel.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.accel.run.FakeDevice;
import org.t3jvm.accel.slots.ProductSlots.GemmBf16;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;

/** The parts of a launch run each of its work groups once, within the limits of the device. */
class LaunchPartsTest {
  private static final long BUDGET = 1 << 28;

  /** The launch of a product of [batch, m, k] and [batch, k, n]. */
  private static Launch product(int batch, int m, int n, int k) {
    Tracer g = new Tracer();
    g.output(
        "y",
        g.matMul(
            g.parameter("a", DType.F32, Shape.of(batch, m, k)),
            g.parameter("b", DType.F32, Shape.of(batch, k, n)),
            false));
    return launch(g.graph(), DeviceKernel.GEMM, Precision.F32);
  }

  private static Launch launch(Graph graph, DeviceKernel kernel, Precision precision) {
    FakeDevice device = new FakeDevice(BUDGET);
    Parameters parameters =
        name ->
            Tensor.allocate(
                DType.F32, Objects.requireNonNull(graph.parameters().get(name)).shape());
    try (DeviceBackend backend =
            new DeviceBackend(new DeviceSpace("opencl", device, BUDGET), precision, 1);
        Program program = backend.compile(graph, parameters)) {
      program.run(Map.of());
    }
    return device.launches().stream()
        .filter(each -> each.kernel() == kernel)
        .findFirst()
        .orElseThrow();
  }

  /** Work groups as x, y and z. */
  private static Set<List<Integer>> groups(Launch launch) {
    Set<List<Integer>> groups = new HashSet<>();
    Launch.Grid grid = launch.grid();
    for (int z = 0; z < grid.z(); z++) {
      for (int y = 0; y < grid.groupsY(); y++) {
        for (int x = 0; x < grid.groupsX(); x++) {
          groups.add(
              List.of(
                  launch.intAt(Launch.FIRST_X) + x,
                  launch.intAt(Launch.FIRST_Y) + y,
                  launch.intAt(Launch.FIRST_Z) + z));
        }
      }
    }
    return groups;
  }

  @Test
  void everyWorkGroupRunsOnceWithinTheLimits() {
    Launch launch = product(5, 300, 200, 8);
    double whole = LaunchWork.of(launch);
    Set<List<Integer>> all = groups(launch);
    assertThat(all).hasSize(4 * 5 * 5);
    for (int grid : List.of(1, 2, 3, 4, 7)) {
      for (double share : List.of(1000.0, 17.0, 5.0, 2.5, 1.0, 0.1)) {
        LaunchLimits limits = new LaunchLimits(grid, grid, whole / share);
        List<Launch> parts = LaunchParts.of(launch, limits);
        Set<List<Integer>> seen = new HashSet<>();
        for (Launch part : parts) {
          assertThat(part.grid().groupsY()).isLessThanOrEqualTo(grid);
          assertThat(part.grid().z()).isLessThanOrEqualTo(grid);
          assertThat((double) part.grid().groups())
              .as("groups of a part, %s", limits)
              .isLessThanOrEqualTo(Math.max(1, all.size() / share));
          assertThat(part.intAt(Launch.THREADS)).isEqualTo(launch.grid().x());
          groups(part).forEach(group -> assertThat(seen.add(group)).as("%s", group).isTrue());
        }
        assertThat(seen).isEqualTo(all);
      }
    }
  }

  /** Rows beyond what CUDA takes along y, 65,535 tiles of 64. */
  @Test
  void moreRowsThanCudaTakesAreTwoParts() {
    Launch launch = product(1, 64 * 65_536, 1, 1);
    List<Launch> parts =
        LaunchParts.of(launch, new LaunchLimits(65_535, 65_535, Double.POSITIVE_INFINITY));
    assertThat(parts.stream().map(part -> part.grid().groupsY())).containsExactly(65_535, 1);
    assertThat(parts.stream().map(part -> part.intAt(Launch.FIRST_Y))).containsExactly(0, 65_535);
  }

  @Test
  void aLaunchWithinTheLimitsIsItself() {
    Launch launch = product(2, 70, 70, 3);
    assertThat(LaunchParts.of(launch, LaunchLimits.NONE)).containsExactly(launch);
    LaunchLimits enough = new LaunchLimits(2, 2, LaunchWork.of(launch));
    assertThat(LaunchParts.of(launch, enough)).containsExactly(launch);
  }

  /** Work groups that take tiles in turn: every tile is taken once, by whichever part. */
  @Test
  void everyTileOfTensorCoresIsTakenOnce() {
    Tracer g = new Tracer();
    int rows = 128 * 300;
    g.output(
        "y",
        g.linear(
            g.parameter("x", DType.F32, Shape.of(rows, 32)),
            g.parameter("w", DType.F32, Shape.of(384, 32)),
            null));
    Launch launch = launch(g.graph(), DeviceKernel.GEMM_BF16, Precision.BF16);
    int tiles = 300 * 3;
    LaunchLimits limits = new LaunchLimits(1, 1, LaunchWork.of(launch) / 2.5);
    List<Launch> parts = LaunchParts.of(launch, limits);
    assertThat(parts).hasSize(3);
    List<Integer> taken =
        parts.stream()
            .flatMap(
                part ->
                    Stream.iterate(0, x -> x < part.grid().groupsX(), x -> x + 1)
                        .flatMap(
                            x ->
                                Stream.iterate(
                                    part.intAt(Launch.FIRST_X) + x,
                                    tile -> tile < tiles,
                                    tile -> tile + part.intAt(GemmBf16.GROUPS))))
            .sorted()
            .toList();
    assertThat(taken).isEqualTo(Stream.iterate(0, i -> i < tiles, i -> i + 1).toList());
  }
}
