package org.t3jvm.accel.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.t3jvm.accel.memory.Bank.Kind;

/**
 * What of the banks is taken. Long-lived blocks are reserved from the start of a bank; what is free
 * serves the values of one run after the other. Not for use by several threads at once.
 */
public final class BankMemory {
  /** Blocks start at multiples of this many elements: 64 bytes. */
  public static final long ALIGNMENT = 16;

  private static final long ENDLESS = 1L << 60;

  private final long budget;
  private final List<Bank> banks;
  private final Set<Bank> opened = new HashSet<>();
  private final List<Place> reserved = new ArrayList<>();

  /**
   * @param budget bytes that the opened banks may have together
   * @param banks those that may be opened, smallest first within each kind
   */
  public BankMemory(long budget, List<Bank> banks) {
    this.budget = budget;
    this.banks = List.copyOf(banks);
  }

  /** The same banks with the same in them; what is done to one does not show in the other. */
  public BankMemory copy() {
    BankMemory copy = new BankMemory(budget, banks);
    copy.opened.addAll(opened);
    copy.reserved.addAll(reserved);
    return copy;
  }

  /** The same banks with nothing in them. */
  public BankMemory empty() {
    return new BankMemory(budget, banks);
  }

  /** Bytes that may be used. */
  public long budget() {
    return budget;
  }

  /**
   * Closes all banks if nothing is reserved.
   *
   * @return whether banks were open and now are closed
   */
  public boolean close() {
    boolean closes = reserved.isEmpty() && !opened.isEmpty();
    if (closes) {
      opened.clear();
    }
    return closes;
  }

  /** Bytes of the open banks. */
  public long openedBytes() {
    return opened.stream().mapToLong(Bank::bytes).sum();
  }

  /** Reserves a block until it is {@link #release}d, or nothing if no bank has room for it. */
  public Optional<Place> reserve(Kind kind, long elements) {
    long size = aligned(elements);
    Optional<Place> found =
        gap(bank -> bank.kind() == kind && opened.contains(bank), size)
            .or(() -> gap(bank -> bank.kind() == kind && mayOpen(bank), size));
    found.ifPresent(place -> opened.add(place.bank()));
    found.ifPresent(reserved::add);
    return found;
  }

  private Optional<Place> gap(Predicate<Bank> among, long size) {
    return banks.stream()
        .filter(among)
        .flatMap(bank -> gaps(bank).stream())
        .filter(gap -> gap.elements() >= size)
        .findFirst()
        .map(gap -> gap.slice(0, size));
  }

  /** Reserves these places, in which values are planned, until they are {@link #release}d. */
  public void reserve(List<Place> places) {
    reserved.addAll(places);
  }

  /** Gives a reserved block back. */
  public void release(Place place) {
    reserved.remove(place);
  }

  /** Whether no reserved block lies in a place. */
  public boolean isFree(Place place) {
    return reserved.stream().noneMatch(place::meets);
  }

  /**
   * Plans values in what is free: in one bank if one holds them all, since kernels are compiled for
   * the banks they use; else over as few as it takes. Opens the banks that are used.
   *
   * @return the places in the order of the values, or nothing if they do not fit
   */
  public Optional<List<Place>> plan(Kind kind, List<Lifetime> values) {
    if (values.isEmpty()) {
      return Optional.of(List.of());
    }
    long extent = extent(values);
    List<Place> free = freePlaces(kind);
    List<Place> largest = new ArrayList<>();
    long left = budget - openedBytes();
    for (Place next : free.reversed()) {
      // The smallest bank that is enough beside the largest ones leaves most to others.
      for (Place last : free) {
        if (!largest.contains(last) && opens(last) <= left) {
          List<Place> together = new ArrayList<>(largest);
          together.add(last);
          Optional<List<Place>> places =
              together.stream().mapToLong(Place::elements).sum() < extent
                  ? Optional.empty()
                  : LifetimePlanner.plan(values, together);
          if (places.isPresent()) {
            return Optional.of(open(places.get()));
          }
        }
      }
      if (opens(next) <= left) {
        largest.add(next);
        left -= opens(next);
      }
    }
    return Optional.empty();
  }

  /** Bytes that using a place opens. */
  private long opens(Place place) {
    return opened.contains(place.bank()) ? 0 : place.bank().bytes();
  }

  /** Elements that values of these lifetimes take in one piece of memory. */
  public static long extent(List<Lifetime> values) {
    Place endless = new Place(new Bank(Kind.FLOATS, 0, ENDLESS), 0, ENDLESS);
    return LifetimePlanner.plan(values, List.of(endless)).stream()
        .flatMap(List::stream)
        .mapToLong(place -> ENDLESS - place.offset())
        .max()
        .orElse(0);
  }

  private List<Place> open(List<Place> places) {
    places.forEach(place -> opened.add(place.bank()));
    return places;
  }

  /** The largest free place of each bank of a kind, smallest first. */
  private List<Place> freePlaces(Kind kind) {
    List<Place> free = new ArrayList<>();
    for (Bank bank : banks) {
      if (bank.kind() == kind && mayOpen(bank)) {
        gaps(bank).stream().max(Comparator.comparingLong(Place::elements)).ifPresent(free::add);
      }
    }
    free.sort(Comparator.comparingLong(Place::elements));
    return free;
  }

  private boolean mayOpen(Bank bank) {
    return opened.contains(bank) || openedBytes() + bank.bytes() <= budget;
  }

  private List<Place> gaps(Bank bank) {
    List<Place> taken =
        reserved.stream()
            .filter(place -> place.bank().equals(bank))
            .sorted(Comparator.comparingLong(Place::offset))
            .toList();
    List<Place> gaps = new ArrayList<>();
    long at = 0;
    for (Place place : taken) {
      if (place.offset() > at) {
        gaps.add(new Place(bank, at, place.offset() - at));
      }
      at = place.end();
    }
    if (at < bank.elements()) {
      gaps.add(new Place(bank, at, bank.elements() - at));
    }
    return gaps;
  }

  static long aligned(long elements) {
    return Math.ceilDiv(Math.max(elements, 1), ALIGNMENT) * ALIGNMENT;
  }
}
