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

  /** A free place, and what has been put there. */
  private record Area(Place place, List<Placed> placed) {
    /** What is there while a value lives, from the end. */
    List<Place> taken(Lifetime value) {
      List<Place> taken = new ArrayList<>();
      // A loop and no stream: plans of large graphs come here millions of times.
      for (Placed other : placed) {
        if (other.value.meets(value)) {
          taken.add(other.place);
        }
      }
      taken.sort(Comparator.comparingLong(place -> -place.end()));
      return taken;
    }
  }

  private record Gap(Area area, Place place) {}

  private LifetimePlanner() {}

  /** The places in the order of the values, or nothing if they do not fit. */
  static Optional<List<Place>> plan(List<Lifetime> values, List<Place> free) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> -values.get(i).elements()));
    @Nullable Place[] places = new @Nullable Place[values.size()];
    List<Area> areas = free.stream().map(place -> new Area(place, new ArrayList<>())).toList();
    for (int i : order) {
      Lifetime value = values.get(i);
      Gap gap = bestGap(value, areas);
      if (gap == null) {
        return Optional.empty();
      }
      places[i] = gap.place();
      gap.area().placed().add(new Placed(value, gap.place()));
    }
    List<Place> result = new ArrayList<>();
    for (Place place : places) {
      if (place != null) {
        result.add(place);
      }
    }
    return Optional.of(result);
  }

  private static @Nullable Gap bestGap(Lifetime value, List<Area> areas) {
    long size = BankMemory.aligned(value.elements());
    Gap best = null;
    long bestSize = Long.MAX_VALUE;
    for (Area area : areas) {
      Place whole = area.place();
      long end = whole.end() / BankMemory.ALIGNMENT * BankMemory.ALIGNMENT;
      for (Place other : area.taken(value)) {
        long gap = end - other.end();
        if (gap >= size && gap < bestSize) {
          best = new Gap(area, new Place(whole.bank(), end - size, size));
          bestSize = gap;
        }
        end = Math.min(end, other.offset());
      }
      long gap = end - whole.offset();
      // What is left of an area is a gap like others, but only if no inner one will do.
      if (gap >= size && best == null) {
        best = new Gap(area, new Place(whole.bank(), end - size, size));
        bestSize = gap;
      }
    }
    return best;
  }
}
