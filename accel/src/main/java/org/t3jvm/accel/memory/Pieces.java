package org.t3jvm.accel.memory;

import java.util.List;

/**
 * Where the rows of a value lie, in order: in one place, or in several, perhaps of several banks.
 * Kernels get what lies in one place each.
 *
 * @param each elements of the value in every place but the last, whole rows
 * @param packed elements of the value in one of the bank
 * @param width elements of a row
 */
public record Pieces(List<Place> places, long each, int packed, long width) {
  public Pieces {
    places = List.copyOf(places);
    if (places.size() > 1 && each % width != 0) {
      throw new IllegalArgumentException(
          "rows of %d elements in pieces of %d elements".formatted(width, each));
    }
  }

  /** A value in one place. */
  public static Pieces of(Place place) {
    return new Pieces(List.of(place), 0, 1, 1);
  }

  /** The same in rows of another width. */
  public Pieces rows(long other) {
    return new Pieces(places, each, packed, other);
  }

  /**
   * The only place.
   *
   * @throws IllegalStateException if there are several
   */
  public Place whole() {
    if (places.size() > 1) {
      throw new IllegalStateException("%d pieces where one is needed".formatted(places.size()));
    }
    return places.getFirst();
  }

  private int piece(long row) {
    return places.size() == 1 ? 0 : Math.toIntExact(row * width / each);
  }

  /** The first row behind the place in which a row lies. */
  public long end(long row) {
    int piece = piece(row);
    return piece == places.size() - 1 ? Long.MAX_VALUE : (piece + 1) * each / width;
  }

  /** Where a row and all behind it in the same place lie. */
  public Place from(long row) {
    Place place = places.get(piece(row));
    long start = (row * width - piece(row) * each) / packed;
    return place.slice(start, place.elements() - start);
  }

  /** Where some rows lie, which are in one place. */
  public Place slice(long row, long rows) {
    if (row + rows > end(row)) {
      throw new IllegalArgumentException("rows %d to %d of %s".formatted(row, row + rows, this));
    }
    return from(row).slice(0, Math.ceilDiv(rows * width, packed));
  }

  /** Some of a value's rows. */
  @FunctionalInterface
  public interface Part {
    /** Takes {@code rows} rows from row {@code start} on. */
    void take(long start, int rows);
  }

  /** All of {@code rows} rows in parts, each of which lies in one place of every operand. */
  public static void parts(long rows, Part part, Pieces... operands) {
    long start = 0;
    while (start < rows) {
      long end = rows;
      for (Pieces operand : operands) {
        end = Math.min(end, operand.end(start));
      }
      part.take(start, Math.toIntExact(end - start));
      start = end;
    }
  }
}
