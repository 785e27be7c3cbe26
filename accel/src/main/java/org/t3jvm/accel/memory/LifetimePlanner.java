package org.t3jvm.accel.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lays values of known lifetimes out in free places so that two overlap only if they never live at
 * the same time. The largest go first, each into the smallest gap that holds it; gaps are taken
 * from their end, since long-lived blocks grow from the start of a bank.
 */
final class LifetimePlanner {
  private record Placed(Lifetime value, Place place) {}

  private LifetimePlanner() {}

  /** The places in the order of the values, or nothing if they do not fit. */
  static Optional<List<Place>> plan(List<Lifetime> values, List<Place> free) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> -values.get(i).elements()));
    @Nullable Place[] places = new @Nullable Place[values.size()];
    List<Placed> placed = new ArrayList<>();
    for (int i : order) {
      Lifetime value = values.get(i);
      Place place = bestGap(value, placed, free);
      if (place == null) {
        return Optional.empty();
      }
      places[i] = place;
      placed.add(new Placed(value, place));
    }
    List<Place> result = new ArrayList<>();
    for (Place place : places) {
      if (place != null) {
        result.add(place);
      }
    }
    return Optional.of(result);
  }

  private static @Nullable Place bestGap(Lifetime value, List<Placed> placed, List<Place> free) {
    long size = BankMemory.aligned(value.elements());
    Place best = null;
    long bestSize = Long.MAX_VALUE;
    for (Place area : free) {
      List<Place> taken =
          placed.stream()
              .filter(other -> other.value().meets(value) && other.place().meets(area))
              .map(Placed::place)
              .sorted(Comparator.comparingLong(place -> -place.end()))
              .toList();
      long end = area.end() / BankMemory.ALIGNMENT * BankMemory.ALIGNMENT;
      for (Place other : taken) {
        long gap = end - other.end();
        if (gap >= size && gap < bestSize) {
          best = new Place(area.bank(), end - size, size);
          bestSize = gap;
        }
        end = Math.min(end, other.offset());
      }
      long gap = end - area.offset();
      // What is left of an area is a gap like others, but only if no inner one will do.
      if (gap >= size && best == null) {
        best = new Place(area.bank(), end - size, size);
        bestSize = gap;
      }
    }
    return best;
  }
}
