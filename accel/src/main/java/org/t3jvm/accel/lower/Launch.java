package org.t3jvm.accel.lower;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.MoveSlots;
import org.t3jvm.accel.slots.Numbers;

/** One run of a kernel: its operands, its numbers and its threads. */
public final class Launch {
  /** Numbers that every kernel gets. */
  public static final int MAX_INTS = 64;

  /** Which of them are the numbers of the first work group along x, y and z, of all parts. */
  public static final int FIRST_X = MAX_INTS - 6;

  public static final int FIRST_Y = FIRST_X + 1;
  public static final int FIRST_Z = FIRST_X + 2;

  /** Which of them is the number of threads along x of all parts. */
  public static final int THREADS = FIRST_X + 3;

  /** Which of them is the number of the launch. */
  public static final int TICKET = MAX_INTS - 2;

  /** Which of them the kernel writes the number of the launch to. */
  public static final int STAMP = MAX_INTS - 1;

  /** Most fractions a kernel takes. */
  public static final int MAX_FLOATS = 4;

  private final DeviceKernel kernel;
  private final List<Place> operands;
  private final int[] ints;
  private final int own;
  private final float[] floats;
  private final Grid grid;

  /**
   * Threads of a launch.
   *
   * @param x threads along x, a multiple of those of a group
   * @param y threads along y, a multiple of those of a group
   * @param z threads along z
   * @param groupX threads of a work group along x
   * @param groupY threads of a work group along y
   */
  public record Grid(int x, int y, int z, int groupX, int groupY) {
    private static final int GROUP = 64;
    private static final int MOST = 1 << 22;

    /** Work groups along x. */
    public int groupsX() {
      return x / groupX;
    }

    /** Work groups along y. */
    public int groupsY() {
      return y / groupY;
    }

    /** Work groups. */
    public long groups() {
      return (long) groupsX() * groupsY() * z;
    }

    /** So many work groups of the same threads. */
    public Grid ofGroups(int countX, int countY, int countZ) {
      return new Grid(countX * groupX, countY * groupY, countZ, groupX, groupY);
    }

    /** Threads that take every n-th of {@code count} elements each. */
    public static Grid elements(long count) {
      long groups = Math.ceilDiv(Math.max(count, 1), (long) GROUP);
      return new Grid((int) Math.min(groups * GROUP, MOST), 1, 1, GROUP, 1);
    }

    /** A work group of 64 for each of {@code count} rows. */
    public static Grid rows(long count) {
      return new Grid(Math.toIntExact(count * GROUP), 1, 1, GROUP, 1);
    }

    /** A work group of 16 x 16 for each tile. */
    public static Grid tiles(long columns, long rows, long batch) {
      return new Grid(
          Math.toIntExact(columns * 16),
          Math.toIntExact(rows * 16),
          Math.toIntExact(batch),
          16,
          16);
    }
  }

  /**
   * @param operands the result first
   * @param numbers of the kernel's slots but those of the operands' offsets, which this fills
   */
  Launch(DeviceKernel kernel, List<Place> operands, Numbers numbers, float[] floats, Grid grid) {
    this.kernel = kernel;
    this.operands = List.copyOf(operands);
    for (int i = 0; i < operands.size(); i++) {
      numbers.set(i, operands.get(i).intOffset());
    }
    int[] table = numbers.table(kernel.slots());
    if (table.length > FIRST_X) {
      throw new IllegalArgumentException(
          "%s takes %d numbers, at most %d fit".formatted(kernel.label(), table.length, FIRST_X));
    }
    this.own = table.length;
    this.ints = Arrays.copyOf(table, TICKET);
    ints[THREADS] = grid.x();
    this.floats = floats.clone();
    this.grid = grid;
  }

  private Launch(Launch whole, int[] ints, Grid grid) {
    this.kernel = whole.kernel;
    this.operands = whole.operands;
    this.ints = ints;
    this.own = whole.own;
    this.floats = whole.floats;
    this.grid = grid;
  }

  /**
   * Some work groups of this launch.
   *
   * @param grid of them
   * @param x number of the first one along x, and y and z likewise
   */
  public Launch part(Grid grid, int x, int y, int z) {
    int[] numbers = ints.clone();
    numbers[FIRST_X] = x;
    numbers[FIRST_Y] = y;
    numbers[FIRST_Z] = z;
    return new Launch(this, numbers, grid);
  }

  /** This launch with another number in a slot of its kernel. */
  public Launch with(int slot, int number) {
    int[] numbers = ints.clone();
    numbers[slot] = number;
    return new Launch(this, numbers, grid);
  }

  /** Copies elements between two places of one size, of the kinds that {@code kernel} is for. */
  public static Launch copy(DeviceKernel kernel, Place to, Place from) {
    return new Launch(
        kernel,
        List.of(to, from),
        new Numbers().set(MoveSlots.Copy.COUNT, Math.toIntExact(from.elements())),
        new float[0],
        Grid.elements(from.elements()));
  }

  public DeviceKernel kernel() {
    return kernel;
  }

  /** Where the operands lie, the result's first. */
  public List<Place> operands() {
    return operands;
  }

  /** The banks of the operands, the result's first: what a compiled kernel is bound to. */
  public List<Bank> banks() {
    return operands.stream().map(Place::bank).toList();
  }

  /** How many ints the kernel gets. */
  public int intCount() {
    return ints.length;
  }

  /** Number i of the kernel's ints. */
  public int intAt(int i) {
    return ints[i];
  }

  /** How many floats the kernel gets. */
  public int floatCount() {
    return floats.length;
  }

  /** Number i of the kernel's floats. */
  public float floatAt(int i) {
    return floats[i];
  }

  public Grid grid() {
    return grid;
  }

  /** As {@code gemm of 64x32x1 threads, numbers [0, 64, 128]}. */
  @Override
  public String toString() {
    return "%s of %dx%dx%d threads, numbers %s"
        .formatted(
            kernel.label(),
            grid.x(),
            grid.y(),
            grid.z(),
            Arrays.stream(ints, 0, own)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", ", "[", "]")));
  }
}
