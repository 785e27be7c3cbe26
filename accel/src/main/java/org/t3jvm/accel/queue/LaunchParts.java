package org.t3jvm.accel.queue;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.AttentionSlots.AttentionBf16;
import org.t3jvm.accel.slots.ProductSlots.GemmBf16;

/**
 * A launch in parts that keep to the limits of a device. Each runs some of the work groups, which
 * learn their numbers in the whole from {@link Launch#FIRST_X} and the like.
 */
public final class LaunchParts {
  private LaunchParts() {}

  /** The parts of a launch in their order; itself if it keeps to the limits. */
  public static List<Launch> of(Launch launch, LaunchLimits limits) {
    double parts = LaunchWork.of(launch) / limits.operations();
    return switch (launch.kernel()) {
      case GEMM_BF16 -> ofTakers(launch, GemmBf16.GROUPS, Math.min(parts, perGroup(launch)));
      case ATTENTION_BF16 -> {
        double most = LaunchWork.items(launch) / launch.grid().groups();
        yield ofTakers(launch, AttentionBf16.GROUPS, Math.min(parts, most));
      }
      default -> ofGrid(launch, limits, parts);
    };
  }

  private static double perGroup(Launch launch) {
    int tile = launch.kernel().tile();
    double rows = Math.ceilDiv(launch.intAt(GemmBf16.M), tile);
    return rows * Math.ceilDiv(launch.intAt(GemmBf16.N), tile) / launch.grid().groups();
  }

  /** Of work groups that take one item after the other: as if there were more of them. */
  private static List<Launch> ofTakers(Launch launch, int groupsSlot, double wanted) {
    int parts = (int) Math.ceil(wanted);
    if (parts <= 1) {
      return List.of(launch);
    }
    int groups = launch.intAt(groupsSlot);
    Launch whole = launch.with(groupsSlot, Math.multiplyExact(groups, parts));
    List<Launch> split = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      split.add(whole.part(launch.grid(), i * groups, 0, 0));
    }
    return split;
  }

  private static List<Launch> ofGrid(Launch launch, LaunchLimits limits, double parts) {
    Launch.Grid grid = launch.grid();
    if (parts <= 1 && grid.groupsY() <= limits.groupsY() && grid.z() <= limits.groupsZ()) {
      return List.of(launch);
    }
    long most = Math.max(1, (long) (grid.groups() / Math.max(parts, 1)));
    int x = (int) Math.min(most, grid.groupsX());
    int y = Math.clamp(most / x, 1, Math.min(grid.groupsY(), limits.groupsY()));
    int z = Math.clamp(most / x / y, 1, Math.min(grid.z(), limits.groupsZ()));
    List<Launch> split = new ArrayList<>();
    for (int atZ = 0; atZ < grid.z(); atZ += z) {
      for (int atY = 0; atY < grid.groupsY(); atY += y) {
        for (int atX = 0; atX < grid.groupsX(); atX += x) {
          Launch.Grid part =
              grid.ofGroups(
                  Math.min(x, grid.groupsX() - atX),
                  Math.min(y, grid.groupsY() - atY),
                  Math.min(z, grid.z() - atZ));
          split.add(launch.part(part, atX, atY, atZ));
        }
      }
    }
    return split;
  }
}
