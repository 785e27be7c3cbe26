package org.t3jvm.model.dit;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * Chooses T3 windows for any token grid [T, H, W], after the table of the grid that a model was
 * trained at, such as the one that is published for it (SPEC 5). A kind that is each frame by
 * itself, (T, 1, 1), stays that. The other kinds keep the extents of the windows that the weights
 * were trained with, and their tokens, L; how many there are follows the grid:
 *
 * <ol>
 *   <li>The axes are taken one after another, the one that the fewest windows go into first.
 *   <li>Its count is its extent by the window's, rounded to the nearest ratio; at least 1.
 *   <li>What this takes from the window or adds to it, or what an axis shorter than the window
 *       leaves unused, goes to the axes that are left, to each by the same factor, so that the
 *       window holds L tokens again.
 * </ol>
 *
 * <p>So windows hold between L / sqrt(2) and L * sqrt(2) tokens on average, whatever the grid (one
 * window of fewer where the grid has fewer), attention's work grows with the tokens and not with
 * their square but for single frames, and the trained grid gets the trained table. A portrait grid,
 * H above W, has the windows of its transpose, transposed; a landscape one too if the trained one
 * is portrait.
 *
 * <p>With the published tables, 81 frames: tokens a window of kinds 0 to 4, and attention's work
 * beside full attention's.
 *
 * <pre>
 *              16 pixels a token (Wan2.1)              32 pixels a token (Wan2.2-TI2V-5B)
 *  832x480      1560  1365 2048 1820 2048   9.95 %      390  512 1638  910  819  19.99 %
 * 1280x720      3600  1400 2100 1680 2100   4.84 %      920  537 1610  966  805   9.18 %
 * 1920x1080     8160  1360 2142 1587 2040   2.62 %     2040  529 1587  893  765   4.51 %
 * 2560x1440    14400  1375 2160 1680 2160   1.93 %     3600  491 1718  933  720   3.00 %
 * 3840x2160    32640  1344 2142 1680 2040   1.37 %     8160  504 1680  952  765   1.86 %
 * </pre>
 *
 * @param grid the token grid that the weights were trained at
 * @param table the windows that they were trained with
 */
public record T3WindowRule(TokenGrid grid, T3Windows table) {
  /**
   * Checks that the table is one of the grid.
   *
   * @throws IllegalArgumentException if a kind has an empty window over {@code grid}
   */
  public T3WindowRule {
    table.requireFit(grid);
  }

  /**
   * For models whose token covers 16x16 pixels; after Wan2.1-T2V-1.3B at 81 frames of 2176x3840.
   */
  public static final T3WindowRule WAN21 =
      new T3WindowRule(
          new TokenGrid(21, 136, 240), T3Windows.parse("21,1,1;1,17,30;1,8,40;3,17,8;7,8,6"));

  /** For models whose token covers 32x32 pixels; after Wan2.2-TI2V-5B at 81 frames of 2176x3840. */
  public static final T3WindowRule WAN22 =
      new T3WindowRule(
          new TokenGrid(21, 68, 120), T3Windows.parse("21,1,1;1,17,20;1,17,6;3,4,15;7,4,8"));

  private static final int WAN22_TOKEN_PIXELS = 32;

  /** The rule of models whose tokens cover {@code pixels} rows and columns of a frame. */
  public static T3WindowRule forTokensOf(int pixels) {
    return pixels < WAN22_TOKEN_PIXELS ? WAN21 : WAN22;
  }

  /**
   * The grid with the trained rows and columns if it lacks one of each at most, as that of a
   * 3840x2160 video does; else itself. A little more work then gives just the trained windows.
   */
  public TokenGrid roundedUp(TokenGrid of) {
    int h = turned(of) ? grid.w() : grid.h();
    int w = turned(of) ? grid.h() : grid.w();
    return lacksOneAtMost(of.h(), h) && lacksOneAtMost(of.w(), w)
        ? new TokenGrid(of.t(), h, w)
        : of;
  }

  /** Whether just one of the grid and the trained one is portrait. */
  private boolean turned(TokenGrid of) {
    return of.h() > of.w() != grid.h() > grid.w();
  }

  private static boolean lacksOneAtMost(int extent, int trained) {
    return extent == trained || extent == trained - 1;
  }

  /** The windows of a grid, all of them with at least one token. */
  public T3Windows windows(TokenGrid of) {
    return new T3Windows(table.kinds().stream().map(trained -> counts(of, trained)).toList());
  }

  private WindowCounts counts(TokenGrid of, WindowCounts trained) {
    if (trained.equals(new WindowCounts(grid.t(), 1, 1))) {
      return new WindowCounts(of.t(), 1, 1);
    }
    if (turned(of)) {
      WindowCounts transposed = straight(new TokenGrid(of.t(), of.w(), of.h()), trained);
      return new WindowCounts(transposed.t(), transposed.w(), transposed.h());
    }
    return straight(of, trained);
  }

  private WindowCounts straight(TokenGrid of, WindowCounts trained) {
    int[] extents = {of.t(), of.h(), of.w()};
    double[] window = {
      (double) grid.t() / trained.t(),
      (double) grid.h() / trained.h(),
      (double) grid.w() / trained.w()
    };
    List<Integer> axes =
        IntStream.range(0, 3)
            .boxed()
            .sorted(Comparator.comparingDouble(axis -> extents[axis] / window[axis]))
            .toList();
    int[] counts = new int[3];
    for (int i = 0; i < 3; i++) {
      int axis = axes.get(i);
      counts[axis] = Math.min(extents[axis], nearest(extents[axis] / window[axis]));
      double unused = window[axis] * counts[axis] / extents[axis];
      for (int later : axes.subList(i + 1, 3)) {
        window[later] *= i == 0 ? Math.sqrt(unused) : unused;
      }
    }
    return new WindowCounts(counts[0], counts[1], counts[2]);
  }

  /** The whole number, at least 1, that makes the smallest ratio with {@code x}. */
  private static int nearest(double x) {
    int below = Math.max(1, (int) x);
    return x * x <= (double) below * (below + 1) ? below : below + 1;
  }
}
