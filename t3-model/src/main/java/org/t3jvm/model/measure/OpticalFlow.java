package org.t3jvm.model.measure;

import java.util.List;
import org.t3jvm.tensor.Tasks;

/**
 * Dense optical flow after Lucas and Kanade in a pyramid (B. D. Lucas, T. Kanade: An iterative
 * image registration technique, IJCAI 1981; J.-Y. Bouguet: Pyramidal implementation of the Lucas
 * Kanade feature tracker, 2000), for every pixel: from the coarsest level to the finest, {@value
 * #ITERATIONS} Gauss-Newton steps a level of {@code A d = b}, A and b the sums of the products of
 * the first frame's gradients with each other and with the difference to the warped second frame,
 * over a Gaussian window. A term {@value #RIDGE} on A's diagonal holds pixels without texture where
 * the coarser level put them.
 */
public final class OpticalFlow {
  private static final int ITERATIONS = 8;

  /** Grey levels squared a pixel squared. */
  private static final float RIDGE = 0.1f;

  private static final float[] WINDOW = Smoothing.gaussian(5, 2);

  /** Pixels of the shorter side of the coarsest level, at least. */
  private static final int COARSEST = 12;

  /** A step in pixels of a level is at most this, since gradients hold near a pixel only. */
  private static final float LONGEST_STEP = 1;

  private OpticalFlow() {}

  /**
   * from, to [H, W]: where each pixel of {@code from} lies in {@code to}.
   *
   * @param threads that share the work; no value depends on them
   * @throws IllegalArgumentException if the sizes differ
   */
  public static Flow between(Plane from, Plane to, int threads) {
    from.requireLike(to);
    List<Plane> first = Pyramid.halves(from, COARSEST, threads);
    List<Plane> second = Pyramid.halves(to, COARSEST, threads);
    Plane coarsest = first.getLast();
    Flow flow =
        new Flow(
            Plane.zeros(coarsest.height(), coarsest.width()),
            Plane.zeros(coarsest.height(), coarsest.width()));
    for (int level = first.size() - 1; level >= 0; level--) {
      Plane of = first.get(level);
      if (level < first.size() - 1) {
        flow = new Flow(doubled(flow.down(), of, threads), doubled(flow.right(), of, threads));
      }
      refine(of, second.get(level), flow, threads);
    }
    return flow;
  }

  /** A coarser level's displacements in pixels of this level. */
  private static Plane doubled(Plane coarse, Plane size, int threads) {
    Plane fine = Plane.zeros(size.height(), size.width());
    Tasks.run(
        threads,
        fine.height(),
        y -> {
          for (int x = 0; x < fine.width(); x++) {
            fine.values()[y * fine.width() + x] = 2 * coarse.bilinear(y / 2f, x / 2f);
          }
        });
    return fine;
  }

  private static void refine(Plane from, Plane to, Flow flow, int threads) {
    int height = from.height();
    int width = from.width();
    Plane gradientY = Plane.zeros(height, width);
    Plane gradientX = Plane.zeros(height, width);
    Tasks.run(
        threads,
        height,
        y -> {
          for (int x = 0; x < width; x++) {
            int i = y * width + x;
            gradientY.values()[i] = (from.clamped(y + 1, x) - from.clamped(y - 1, x)) / 2;
            gradientX.values()[i] = (from.clamped(y, x + 1) - from.clamped(y, x - 1)) / 2;
          }
        });
    float[] yy = windowed(gradientY, gradientY, threads);
    float[] xx = windowed(gradientX, gradientX, threads);
    float[] xy = windowed(gradientX, gradientY, threads);
    for (int step = 0; step < ITERATIONS; step++) {
      Plane difference = difference(from, to, flow, threads);
      float[] by = windowed(gradientY, difference, threads);
      float[] bx = windowed(gradientX, difference, threads);
      for (int i = 0; i < yy.length; i++) {
        float a = yy[i] + RIDGE;
        float d = xx[i] + RIDGE;
        float determinant = a * d - xy[i] * xy[i];
        flow.down().values()[i] += limited((d * by[i] - xy[i] * bx[i]) / determinant);
        flow.right().values()[i] += limited((a * bx[i] - xy[i] * by[i]) / determinant);
      }
    }
  }

  private static float limited(float step) {
    return Math.clamp(step, -LONGEST_STEP, LONGEST_STEP);
  }

  /** The first frame less the second one warped to it; 0 where that lies outside of its frame. */
  private static Plane difference(Plane from, Plane to, Flow flow, int threads) {
    Plane difference = Plane.zeros(from.height(), from.width());
    Tasks.run(
        threads,
        from.height(),
        y -> {
          for (int x = 0; x < from.width(); x++) {
            int i = y * from.width() + x;
            float toY = y + flow.down().values()[i];
            float toX = x + flow.right().values()[i];
            if (toY >= 0 && toY <= to.height() - 1 && toX >= 0 && toX <= to.width() - 1) {
              difference.values()[i] = from.values()[i] - to.bilinear(toY, toX);
            }
          }
        });
    return difference;
  }

  private static float[] windowed(Plane a, Plane b, int threads) {
    Plane product = Plane.zeros(a.height(), a.width());
    for (int i = 0; i < product.values().length; i++) {
      product.values()[i] = a.values()[i] * b.values()[i];
    }
    return Smoothing.smooth(product, WINDOW, threads).values();
  }
}
