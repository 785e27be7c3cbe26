package org.t3jvm.accel.slots;

import java.lang.reflect.Field;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The numbers of a launch, put into their slots by name; each slot is filled once. */
public final class Numbers {
  /** The slot that what is repeated for each axis begins at; the last one. */
  private static final String AXIS = "AXIS";

  private final SortedMap<Integer, Integer> values = new TreeMap<>();

  public Numbers set(int slot, int value) {
    if (values.putIfAbsent(slot, value) != null) {
      throw new IllegalArgumentException("slot %d is filled twice".formatted(slot));
    }
    return this;
  }

  /** 1 or 0. */
  public Numbers set(int slot, boolean flag) {
    return set(slot, flag ? 1 : 0);
  }

  /** Some numbers from a slot on. */
  public Numbers from(int slot, int... numbers) {
    for (int i = 0; i < numbers.length; i++) {
      set(slot + i, numbers[i]);
    }
    return this;
  }

  /**
   * The table of a kernel's ints.
   *
   * @param slots the interface that names them
   * @throws IllegalArgumentException if other slots are filled than the kernel has, naming them
   */
  public int[] table(Class<?> slots) {
    SortedMap<Integer, String> names = names(slots);
    names.forEach(
        (slot, name) -> {
          if (!values.containsKey(slot) && !name.equals(AXIS)) {
            throw new IllegalArgumentException(
                "slot %s of %s is not filled".formatted(name, slots.getSimpleName()));
          }
        });
    boolean repeats = AXIS.equals(names.get(names.lastKey()));
    for (int slot : values.keySet()) {
      if (!names.containsKey(slot) && !(repeats && slot > names.lastKey())) {
        throw new IllegalArgumentException(
            "%s has no slot %d, it has %s".formatted(slots.getSimpleName(), slot, names));
      }
    }
    int[] table = new int[values.lastKey() + 1];
    values.forEach((slot, value) -> table[slot] = value);
    return table;
  }

  /** The place of a kernel's slot. */
  public static int slot(Class<?> slots, String name) {
    return names(slots).entrySet().stream()
        .filter(slot -> slot.getValue().equals(name))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** The names of a kernel's slots by their places. */
  public static SortedMap<Integer, String> names(Class<?> slots) {
    return NAMES.get(slots);
  }

  private static final ClassValue<SortedMap<Integer, String>> NAMES =
      new ClassValue<>() {
        @Override
        protected SortedMap<Integer, String> computeValue(Class<?> slots) {
          SortedMap<Integer, String> names = new TreeMap<>();
          for (Field slot : slots.getFields()) {
            String other = names.put(place(slot), slot.getName());
            if (other != null) {
              throw new IllegalStateException("%s is also %s".formatted(slot, other));
            }
          }
          return Collections.unmodifiableSortedMap(names);
        }
      };

  private static int place(Field slot) {
    try {
      return slot.getInt(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(slot + " is not public", e);
    }
  }
}
