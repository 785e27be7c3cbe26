package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;

/**
 * Products of tiles of a {@link TileKind} as machine code. For each number of rows R up to {@link
 * #rows} a function, for a number of blocks of R rows, one below the other:
 *
 * <pre>
 * for each block:
 *   sums[R][2] = adds ? c[R][2 vectors] : 0         lanes of the mask
 *   for each unit of steps:
 *     sums += products of a[R] and b, see the kind's kernel
 *     a += 1 unit; b += 1 unit
 *   c[R][2 vectors] = sums                          lanes of the mask
 *   a += R rows; c += R rows
 * </pre>
 */
public final class TileCode implements AutoCloseable {
  /** Rows of a block at most, for any kind: twelve of two vectors of sums need 24 registers. */
  public static final int ROWS = 12;

  /** Columns of a tile: two vectors of floats. */
  public static final int COLUMNS = 32;

  private static final int ARGUMENTS = 9;
  private static final int VECTOR = Assembler.VECTOR;

  private static final Register A = Register.RAX;
  static final Register A_STRIDE = Register.RBX;
  private static final Register B = Register.RBP;
  private static final Register UNITS = Register.R10;
  private static final Register C = Register.R11;
  private static final Register C_STRIDE = Register.R12;
  private static final Register BLOCKS = Register.R13;
  private static final Register MASK = Register.R14;
  private static final Register ADDS = Register.R15;

  /** First of rows 0, 4 and 8. */
  private static final List<Register> QUADS = List.of(Register.RDI, Register.RSI, Register.RDX);

  private static final Register STRIDES_3 = Register.RCX;
  static final Register NEXT_B = Register.R8;
  private static final Register LEFT = Register.R9;

  private static final int LOWER = 1;
  private static final int UPPER = 2;

  private final ExecutableMemory memory;
  private final TileKind kind;
  private final TileKernel kernel;
  private final MethodHandle[] functions;

  /**
   * Emits the functions.
   *
   * @throws Pages.Refused if the system does not let them be executed
   */
  TileCode(Pages pages, CallingConvention convention, TileKind kind) {
    this.kind = kind;
    this.kernel = kind.kernel();
    functions = new MethodHandle[kernel.rows()];
    Assembler a = new Assembler();
    int[] starts = new int[rows()];
    for (int rows = 1; rows <= rows(); rows++) {
      starts[rows - 1] = a.position();
      emit(a, convention, rows);
    }
    memory = ExecutableMemory.of(a.code(), pages);
    FunctionDescriptor descriptor =
        FunctionDescriptor.ofVoid(
            Collections.nCopies(ARGUMENTS, ValueLayout.JAVA_LONG)
                .toArray(ValueLayout.OfLong[]::new));
    for (int i = 0; i < rows(); i++) {
      functions[i] = memory.function(starts[i], descriptor);
    }
  }

  /** What it multiplies. */
  public TileKind kind() {
    return kind;
  }

  /** Rows of a block at most. */
  public int rows() {
    return functions.length;
  }

  /**
   * Runs the function for {@code rows} rows a block.
   *
   * @param a address of the rows, units one after the other
   * @param aStride bytes from row to row
   * @param b address of the columns: for each unit {@link #COLUMNS} first words, then second ones
   *     and so on
   * @param c address of the sums, rows {@code cStride} bytes apart
   * @param mask the columns that are there
   * @param adds whether sums start from what is there, or from zero
   */
  public void run(
      int rows,
      long a,
      long aStride,
      long b,
      long units,
      long c,
      long cStride,
      long blocks,
      long mask,
      boolean adds) {
    try {
      functions[rows - 1].invokeExact(
          a, aStride, b, units, c, cStride, blocks, mask, adds ? 1L : 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("a tile of %d rows failed: %s".formatted(rows, e), e);
    }
  }

  private void emit(Assembler a, CallingConvention convention, int rows) {
    convention.enter(a, List.of(A, A_STRIDE, B, UNITS, C, C_STRIDE, BLOCKS, MASK, ADDS));
    a.kmovw(LOWER, MASK);
    a.shr(MASK, VECTOR / Float.BYTES);
    a.kmovw(UPPER, MASK);
    Assembler.Label block = new Assembler.Label();
    a.place(block);
    emitStart(a, rows);
    emitSums(a, rows);
    emitRows(a, rows, C, C_STRIDE);
    for (int row = 0; row < rows; row++) {
      Address c = row(row, C_STRIDE);
      a.vmovups(c, 2 * row, LOWER);
      a.vmovups(c.plus(VECTOR), 2 * row + 1, UPPER);
    }
    emitAdvance(a, rows, C, C_STRIDE);
    emitAdvance(a, rows, A, A_STRIDE);
    a.sub(BLOCKS, 1);
    a.jnz(block);
    convention.leave(a);
  }

  private static void emitStart(Assembler a, int rows) {
    Assembler.Label zero = new Assembler.Label();
    Assembler.Label done = new Assembler.Label();
    a.test(ADDS, ADDS);
    a.jz(zero);
    emitRows(a, rows, C, C_STRIDE);
    for (int row = 0; row < rows; row++) {
      Address c = row(row, C_STRIDE);
      a.vmovups(2 * row, c, LOWER);
      a.vmovups(2 * row + 1, c.plus(VECTOR), UPPER);
    }
    // Jumps whether it was zero or not: what was tested has not changed.
    a.test(ADDS, ADDS);
    a.jnz(done);
    a.place(zero);
    for (int sum = 0; sum < 2 * rows; sum++) {
      a.vpxord(sum, sum, sum);
    }
    a.place(done);
  }

  private void emitSums(Assembler a, int rows) {
    emitRows(a, rows, A, A_STRIDE);
    a.mov(NEXT_B, B);
    a.mov(LEFT, UNITS);
    Assembler.Label step = new Assembler.Label();
    a.place(step);
    kernel.emitUnit(a, rows);
    for (int quad = 0; quad < quads(rows); quad++) {
      a.add(QUADS.get(quad), kind.rowUnit());
    }
    a.add(NEXT_B, kind.panelUnit());
    a.sub(LEFT, 1);
    a.jnz(step);
  }

  /** Makes {@link #row} find rows of a matrix. */
  private static void emitRows(Assembler a, int rows, Register matrix, Register stride) {
    a.lea(STRIDES_3, Address.of(stride, stride, 2));
    a.mov(QUADS.getFirst(), matrix);
    for (int quad = 1; quad < quads(rows); quad++) {
      a.lea(QUADS.get(quad), Address.of(QUADS.get(quad - 1), stride, 4));
    }
  }

  /** Where a row of a matrix lies, once {@link #emitRows} has run and while units are added. */
  static Address row(int row, Register stride) {
    Register quad = QUADS.get(row / 4);
    return switch (row % 4) {
      case 0 -> Address.of(quad, 0);
      case 1 -> Address.of(quad, stride, 1);
      case 2 -> Address.of(quad, stride, 2);
      default -> Address.of(quad, STRIDES_3, 1);
    };
  }

  /** Moves a matrix on by so many rows. */
  private static void emitAdvance(Assembler a, int rows, Register matrix, Register stride) {
    for (int row = 0; row < rows; row++) {
      a.add(matrix, stride);
    }
  }

  private static int quads(int rows) {
    return Math.ceilDiv(rows, 4);
  }

  @Override
  public void close() {
    memory.close();
  }
}
