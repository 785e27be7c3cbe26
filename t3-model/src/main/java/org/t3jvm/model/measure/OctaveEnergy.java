package org.t3jvm.model.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * Energy of luminance by octave of spatial frequency, in grey levels squared a pixel: the squares
 * of the detail coefficients of the orthonormal Haar transform (S. Mallat: A theory for
 * multiresolution signal decomposition, IEEE PAMI 11(7), 1989), all three orientations together.
 * Octave 1 is the finest, from a quarter to half a cycle a pixel; each next one lies at half the
 * frequency. White noise of variance v has {@code 3/4 v}, {@code 3/16 v}, {@code 3/64 v} and so on.
 * A row or column that is left over at an odd extent counts in no octave from there on.
 */
public final class OctaveEnergy {
  /** Octaves at most. */
  public static final int OCTAVES = 5;

  private OctaveEnergy() {}

  /** plane [H, W]: the energy of each octave that it has, the finest first. */
  public static List<Double> of(Plane plane) {
    List<Double> energies = new ArrayList<>();
    Plane rest = plane;
    while (energies.size() < OCTAVES && rest.height() >= 2 && rest.width() >= 2) {
      Plane half = Plane.zeros(rest.height() / 2, rest.width() / 2);
      double details = 0;
      for (int y = 0; y < half.height(); y++) {
        for (int x = 0; x < half.width(); x++) {
          double a = rest.at(2 * y, 2 * x);
          double b = rest.at(2 * y, 2 * x + 1);
          double c = rest.at(2 * y + 1, 2 * x);
          double d = rest.at(2 * y + 1, 2 * x + 1);
          double mean = (a + b + c + d) / 2;
          half.values()[y * half.width() + x] = (float) mean;
          double rows = (a + b - c - d) / 2;
          double columns = (a - b + c - d) / 2;
          double diagonal = (a - b - c + d) / 2;
          details += rows * rows + columns * columns + diagonal * diagonal;
        }
      }
      energies.add(details / plane.values().length);
      rest = half;
    }
    return energies;
  }
}
